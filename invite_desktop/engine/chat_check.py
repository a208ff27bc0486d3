"""What is this link, and which accounts can invite there?"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from invite_desktop.domain.accounts import RETURNING_STATES, AccountState
from invite_desktop.domain.attempts import Action
from invite_desktop.domain.chats import Standing, parse_chat_address
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.domain.outcomes import Outcome, OutcomeCode
from invite_desktop.domain.pace import PaceReason
from invite_desktop.domain.words import words_for
from invite_desktop.engine.ports.telegram import ChatSight
from invite_desktop.engine.task_chats import address_by_id
from invite_desktop.engine.views import AccountStanding, ChatCheck

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from invite_desktop.domain.accounts import Account
    from invite_desktop.domain.chats import ChatAddress, ChatInfo
    from invite_desktop.domain.messages import Message
    from invite_desktop.domain.tasks import ChatRef
    from invite_desktop.engine.account_pace import Pace
    from invite_desktop.engine.account_states import AccountStates
    from invite_desktop.engine.setup import Ports

CACHED_FOR = timedelta(minutes=2)
AT_ONCE = 10
"""So many accounts are asked at the same time."""

Answer = ChatSight | Outcome | KnownError | None
"""What an account sees, why it does not, why it cannot be opened, or None: it was not asked."""

_UNSEEN = message("None of your accounts can see this chat. Check the link.")
_UNASKED = message(
    "None of your accounts can look at this chat now. See on the Accounts tab what keeps them from "
    "it."
)

_ASKED = RETURNING_STATES | {AccountState.READY}


@dataclass(frozen=True, slots=True)
class Examination:
    """A check with what the accounts saw, for the engine's own use."""

    check: ChatCheck
    sights: Mapping[int, ChatSight]


class ChatChecks:
    """Asks all accounts that can be asked, at the same time."""

    def __init__(self, ports: Ports, accounts: AccountStates, pace: Pace) -> None:
        self._ports = ports
        self._accounts = accounts
        self._pace = pace
        self._seen: dict[ChatAddress, tuple[datetime, ChatCheck]] = {}
        accounts.watch(lambda _account_id: self._seen.clear())

    async def check(self, text: str) -> ChatCheck:
        """Return the answer for a chat as the user typed it; it may be two minutes old.

        Raises KnownError when the text is no address of a chat.
        """
        address = parse_chat_address(text)
        if (known := self._seen.get(address)) is not None:
            at, check = known
            if timedelta() <= self._ports.clock.now() - at < CACHED_FOR:
                return check
        return await self.recheck(address)

    async def recheck(self, address: ChatAddress) -> ChatCheck:
        """Return the answer of this moment."""
        return (await self.examine(address)).check

    async def examine(self, address: ChatAddress) -> Examination:
        """Return the answer of this moment, with what each account saw."""
        limit = asyncio.Semaphore(AT_ONCE)

        async def ask(account: Account) -> tuple[AccountStanding, Answer]:
            async with limit:
                answer = await self._ask(account, address)
            return await self._row(account, answer), answer

        asked = await asyncio.gather(*[ask(account) for account in self._accounts.all()])
        rows = [row for row, _ in asked]
        sights = {row.account.id: answer for row, answer in asked if isinstance(answer, ChatSight)}
        told = any(_tells_of_the_chat(answer) for _, answer in asked)
        info = next((sight.info for sight in sights.values() if sight.info), None)
        check = ChatCheck(address, info, rows, chat_problem(info, rows, asked=told))
        if not any(_may_change_soon(answer) for _, answer in asked):
            self._seen[address] = (self._ports.clock.now(), check)
        return Examination(check, sights)

    async def examine_chat(self, chat: ChatRef) -> Examination:
        """Return what the accounts see of a task's chat, by its id if its link leads nowhere.

        A link that leads to another chat is left to be asked about.
        """
        examination = await self.examine(chat.address)
        by_id = address_by_id(chat)
        if examination.check.info or not chat.chat_id or by_id == chat.address:
            return examination
        otherwise = await self.examine(by_id)
        return examination if otherwise.check.info is None else otherwise

    async def _ask(self, account: Account, address: ChatAddress) -> Answer:
        if account.state_at(self._ports.clock.now()) not in _ASKED:
            return None
        try:
            messenger = await self._ports.gateway.open(account.id)
        except KnownError as error:
            return error
        answer = messenger if isinstance(messenger, Outcome) else await messenger.see_chat(address)
        if isinstance(answer, Outcome):
            await self._accounts.suffer(account.id, answer)
        else:
            await self._accounts.reached(account.id)
        return answer

    async def _row(self, asked: Account, answer: Answer) -> AccountStanding:
        account = self._accounts.find(asked.id) or asked
        state = account.state_at(self._ports.clock.now())
        if answer is None:
            return AccountStanding(account, Standing.UNKNOWN, ready=False, why=words_for(state))
        if isinstance(answer, KnownError):
            why = answer.explanation
            return AccountStanding(account, Standing.UNKNOWN, ready=False, why=why)
        if isinstance(answer, Outcome):
            why, until = words_for(answer.code), None
            if answer.code is OutcomeCode.LOOK_UPS_SPENT:
                until = await self._pace.next_free_look_up(account.id)
            return AccountStanding(account, Standing.UNKNOWN, ready=False, why=why, until=until)
        if answer.standing is not Standing.READY_ADMIN or answer.peer is None:
            why = words_for(answer.standing)
            return AccountStanding(account, answer.standing, ready=False, why=why)
        return await self._admin(account, state)

    async def _admin(self, account: Account, state: AccountState) -> AccountStanding:
        """Return the row of an administrator: ready, resting, or with today's limit used up."""
        standing = Standing.READY_ADMIN
        if state is not AccountState.READY:
            why = words_for(state)
            return AccountStanding(account, standing, ready=False, why=why, until=account.until)
        decision = await self._pace.next_allowed(account.id, Action.INVITE)
        if decision.reason is PaceReason.DAY:
            why = words_for(decision.reason)
            return AccountStanding(account, standing, ready=False, why=why, until=decision.at)
        return AccountStanding(account, standing, ready=True)


def _may_change_soon(answer: Answer) -> bool:
    """Return whether asking again may bring another answer: that there is no such name stays."""
    if isinstance(answer, Outcome):
        return answer.is_about_account
    return isinstance(answer, KnownError)


def _tells_of_the_chat(answer: Answer) -> bool:
    """Return whether an answer is about the chat, not about an account that could not be asked."""
    if isinstance(answer, Outcome):
        return not answer.is_about_account
    return isinstance(answer, ChatSight)


def chat_problem(
    info: ChatInfo | None, rows: Sequence[AccountStanding], *, asked: bool = True
) -> Message | None:
    """Return why nobody can be invited there now, None when somebody can.

    ``asked``: at least one account could be asked what it sees.
    """
    if not rows:
        return message("There is no account yet. Add one on the Accounts tab.")
    if info is None:
        return _UNSEEN if asked else _UNASKED
    if info.link_only:
        return message(
            "This channel has {members} subscribers. From 200 on Telegram lets nobody be added "
            "by hand: send people its link.",
            members=info.members,
        )
    if any(row.ready for row in rows):
        return None
    if any(row.standing is Standing.READY_ADMIN for row in rows):
        return message("The accounts that may invite there cannot act at the moment.")
    return message(
        "None of your accounts is an administrator of this chat with the right to invite."
    )
