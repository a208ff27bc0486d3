"""The end of a task: nobody is left, and what can be verified was."""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING

from invite_desktop.domain.accounts import AccountState
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.outcomes import AccountEffect, Outcome, OutcomeCode
from invite_desktop.domain.tasks import TaskKind
from invite_desktop.engine.events import TargetChanged, TaskChanged
from invite_desktop.engine.ports.telegram import ChatPeer, Membership
from invite_desktop.engine.situation import LIVE_STATES, candidates
from invite_desktop.engine.task_chats import see_chat_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from invite_desktop.engine.account_states import AccountStates
    from invite_desktop.engine.event_bus import EventBus
    from invite_desktop.engine.ports.ledger import Claim
    from invite_desktop.engine.ports.telegram import Messenger
    from invite_desktop.engine.setup import Ports
    from invite_desktop.engine.task_work import TaskWork

_logger = logging.getLogger(__name__)

_MAY_RETURN = LIVE_STATES | {AccountState.SWITCHED_OFF, AccountState.LOGGED_OUT}
_CANNOT_ANSWER = frozenset({AccountState.FROZEN, AccountState.BANNED, AccountState.LOGGED_OUT})


class Completion:
    """Ends the targets that nobody can work on, and checks the memberships once more.

    ``is_calling`` tells whether an account has a call under way, whose end is still to come.
    """

    def __init__(self, ports: Ports, accounts: AccountStates, bus: EventBus) -> None:
        self._ports = ports
        self._accounts = accounts
        self._bus = bus
        self.is_calling: Callable[[int], bool] = lambda _account_id: False

    async def is_all_ended(self, work: TaskWork) -> bool:
        """Return whether every target has its end, after ending those nobody can work on."""
        counters = await self._ports.tasks.counters(work.task.id)
        changed = False
        if counters.pending and self._all_have_looked(work):
            changed = await self._fail_unaddressable(work)
        elif not counters.pending and counters.in_work:
            changed = await self._give_up_lost(work)
        if changed:
            self._bus.publish(TaskChanged(work.task.id))
            counters = await self._ports.tasks.counters(work.task.id)
        work.open_targets = counters.pending + counters.in_work
        return work.open_targets == 0

    async def verify(self, work: TaskWork) -> Outcome | None:
        """Look once more who became a member.

        Return the trouble when the connection is missing, or the answer one that nobody knows: then
        verify again later. For people whose account cannot be asked another one reads the list of
        members; whom it does not find stays as she is.
        """
        if work.task.kind is not TaskKind.INVITE:
            return None
        by_account: dict[int, list[Claim]] = {}
        for claim in await self._ports.ledger.to_verify(work.task.id):
            by_account.setdefault(claim.account_id, []).append(claim)
        unknown: Outcome | None = None
        for account_id, claims in by_account.items():
            trouble = await self._ask(account_id, work, partial(self._look, claims))
            if trouble is not None and trouble.rule.account is AccountEffect.BACK_OFF:
                return trouble
            unknown = await self._suffer(account_id, trouble) or unknown
        unasked = [
            claim
            for account_id, claims in by_account.items()
            if not self._is_ready(account_id)
            for claim in claims
        ]
        return (await self._verify_by_list(unasked, work) if unasked else None) or unknown

    async def _verify_by_list(self, claims: Sequence[Claim], work: TaskWork) -> Outcome | None:
        """Look for people in the list of members, with an account that did not invite them."""
        ready = [account.id for account in self._accounts.all() if self._is_ready(account.id)]
        # Those who work in the chat come first: they surely see who is in it.
        unknown: Outcome | None = None
        for account_id in sorted(ready, key=lambda account_id: account_id not in work.peers):
            left = list(claims)
            trouble = await self._ask(account_id, work, partial(self._find_in_list, left))
            if trouble is not None and trouble.rule.account is AccountEffect.BACK_OFF:
                return trouble
            unknown = await self._suffer(account_id, trouble) or unknown
            if trouble is None and not left:
                return None
        return unknown

    async def _suffer(self, account_id: int, trouble: Outcome | None) -> Outcome | None:
        """Let an account bear a trouble of its own; return one that is not."""
        if trouble is None or not trouble.is_about_account:
            return trouble
        await self._accounts.suffer(account_id, trouble)
        return None

    def _is_ready(self, account_id: int) -> bool:
        account = self._accounts.find(account_id)
        return account is not None and account.is_ready(self._ports.clock.now())

    async def _ask(
        self,
        account_id: int,
        work: TaskWork,
        question: Callable[[Messenger, ChatPeer, TaskWork], Awaitable[Outcome | None]],
    ) -> Outcome | None:
        """Put a question to Telegram if an account is ready for it; return what came between."""
        if not self._is_ready(account_id):
            return None
        try:
            messenger = await self._ports.gateway.open(account_id)
        except KnownError:
            _logger.warning("account %s was not asked: the keyring refused", account_id)
            return None
        if isinstance(messenger, Outcome):
            return messenger
        chat = await self._chat_of(account_id, messenger, work)
        if not isinstance(chat, ChatPeer):
            return chat
        return await question(messenger, chat, work)

    async def _find_in_list(
        self, claims: list[Claim], messenger: Messenger, chat: ChatPeer, work: TaskWork
    ) -> Outcome | None:
        """Settle those who are in the list; ``claims`` is empty when it could be read."""
        members = await messenger.members(chat)
        if isinstance(members, Outcome):
            return members if members.stops_asking else None
        inside = {member.user_id for member in members}
        for claim in claims:
            if work.active and claim.peer is not None and claim.peer.user_id in inside:
                await self._settle_as_joined(claim)
        claims.clear()
        return None

    async def _look(
        self, claims: Sequence[Claim], messenger: Messenger, chat: ChatPeer, work: TaskWork
    ) -> Outcome | None:
        unknown: Outcome | None = None
        for claim in claims:
            if not work.active:
                return None
            if claim.peer is None:
                continue
            seen = await messenger.membership(chat, claim.peer)
            if isinstance(seen, Outcome) and seen.is_about_account:
                return seen
            if isinstance(seen, Outcome) and seen.stops_asking:
                # It is about this person alone, perhaps; the others get their answer before it.
                unknown = unknown or seen
            if seen is Membership.MEMBER:
                await self._settle_as_joined(claim)
        return unknown

    async def _chat_of(
        self, account_id: int, messenger: Messenger, work: TaskWork
    ) -> ChatPeer | Outcome | None:
        """Return the chat as the account addresses it, None when it is not in it."""
        if account_id in work.peers or work.task.chat is None:
            return work.peers.get(account_id)
        sight = await see_chat_of(messenger, work.task.chat)
        if isinstance(sight, Outcome):
            return sight if sight.stops_asking else None
        return sight.peer

    async def _settle_as_joined(self, claim: Claim) -> None:
        joined = Outcome(OutcomeCode.JOINED)
        await self._ports.ledger.settle_target(claim.target_id, joined, self._ports.clock.now())
        self._bus.publish(TargetChanged(claim.task_id, claim.target_id))

    def _all_have_looked(self, work: TaskWork) -> bool:
        live = candidates(work, self._accounts.all(), self._ports.clock.now())
        return bool(live) and all(account.id in work.exhausted for account in live)

    async def _fail_unaddressable(self, work: TaskWork) -> bool:
        now = self._ports.clock.now()
        possible = [
            account.id
            for account in self._accounts.all()
            if work.may_act(account.id) is not False and account.state_at(now) in _MAY_RETURN
        ]
        return await self._ports.ledger.fail_unaddressable(work.task.id, possible, now) > 0

    async def _give_up_lost(self, work: TaskWork) -> bool:
        """Call uncertain what accounts began that can no longer be asked."""
        lost = [
            settlement.attempt
            for settlement in await self._ports.ledger.unsettled()
            if settlement.attempt.task_id == work.task.id
            and self._cannot_answer(settlement.attempt.account_id)
        ]
        for attempt in lost:
            outcome = Outcome(OutcomeCode.UNCERTAIN)
            await self._ports.ledger.finish(attempt, outcome, self._ports.clock.now())
        return bool(lost)

    def _cannot_answer(self, account_id: int) -> bool:
        if self.is_calling(account_id):
            return False
        account = self._accounts.find(account_id)
        return account is None or account.state in _CANNOT_ANSWER
