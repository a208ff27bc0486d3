"""An account that administers a chat and can be asked about it now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from invite_desktop.domain.chats import Standing
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.domain.outcomes import Outcome
from invite_desktop.domain.words import words_for
from invite_desktop.engine.task_chats import see_chat_of

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Awaitable, Callable, Sequence

    from invite_desktop.domain.accounts import Account
    from invite_desktop.domain.tasks import ChatRef
    from invite_desktop.engine.account_states import AccountStates
    from invite_desktop.engine.account_turns import AccountTurns
    from invite_desktop.engine.ports.telegram import ChatPeer, ChatSight, Messenger
    from invite_desktop.engine.setup import Ports

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class ChatAdmin:
    """One account with its connection, the chat as it addresses it, and how many are in it."""

    account_id: int
    messenger: Messenger
    chat: ChatPeer
    members: int
    turn: asyncio.Lock

    async def ask(
        self, call: Callable[[Messenger, ChatPeer], Awaitable[_T | Outcome]]
    ) -> _T | Outcome:
        """Make one call about the chat when it is the account's turn."""
        async with self.turn:
            return await call(self.messenger, self.chat)


class ChatAdmins:
    """Asks the accounts that are ready, the preferred one first, until one may invite there."""

    def __init__(self, ports: Ports, accounts: AccountStates, turns: AccountTurns) -> None:
        self._ports = ports
        self._accounts = accounts
        self._turns = turns

    async def find(self, chat: ChatRef, preferred: int | None = None) -> ChatAdmin:
        """Return an administrator of a chat. Raises KnownError when none can be asked now."""
        for account in self._ready(preferred):
            try:
                messenger = await self._ports.gateway.open(account.id)
            except KnownError:
                # The keyring refuses this one; another account may still answer.
                continue
            if isinstance(messenger, Outcome):
                await self._accounts.suffer(account.id, messenger)
                continue
            turn = self._turns.turn(account.id)
            async with turn:
                sight = await see_chat_of(messenger, chat)
            if isinstance(sight, Outcome):
                await self._accounts.suffer(account.id, sight)
            elif admin := _admin(account, messenger, sight, turn):
                return admin
        raise KnownError(
            message("No account that administers “{title}” can be asked now.", title=chat.title),
            message("Look at the Accounts tab: which of them rest, and until when?"),
        )

    async def refused(self, admin: ChatAdmin, answer: Outcome) -> KnownError:
        """Draw the consequences of an answer that is none; return it in words."""
        await self._accounts.suffer(admin.account_id, answer)
        return KnownError(
            message("Telegram did not answer that: {trouble}.", trouble=words_for(answer.code)),
            message("What was read so far is kept. It goes on by itself, or try again later."),
        )

    def _ready(self, preferred: int | None) -> Sequence[Account]:
        now = self._ports.clock.now()
        ready = [account for account in self._accounts.all() if account.is_ready(now)]
        return sorted(ready, key=lambda account: account.id != preferred)


def _admin(
    account: Account, messenger: Messenger, sight: ChatSight, turn: asyncio.Lock
) -> ChatAdmin | None:
    if sight.standing is not Standing.READY_ADMIN or sight.peer is None:
        return None
    members = sight.info.members if sight.info else 0
    return ChatAdmin(account.id, messenger, sight.peer, members, turn)
