"""Whom the accounts have added to chats in a time that a restored backup has forgotten."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from invite_desktop.domain.outcomes import Outcome
from invite_desktop.domain.tasks import FINAL_STATUSES, TaskKind
from invite_desktop.engine.ports.restores import FoundInvitation
from invite_desktop.engine.task_chats import address_by_id

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from invite_desktop.domain.chats import ChatInfo
    from invite_desktop.domain.tasks import InviteTask
    from invite_desktop.engine.ports.chat_history import Invitations
    from invite_desktop.engine.ports.restores import Restore
    from invite_desktop.engine.ports.telegram import Messenger
    from invite_desktop.engine.setup import Ports


@dataclass(frozen=True, slots=True)
class DoubtfulTask:
    """A task of which Telegram cannot tell any more whom it has invited since the backup.

    ``people`` are those who still stand to be invited: some of them may have come and left again.
    """

    task_id: int
    name: str
    people: int


class ForgottenInvitations:
    """Reads what Telegram remembers of every chat that one of the accounts administers.

    Who is in the chat is seen before she is invited; this is about those who have left since.
    """

    def __init__(self, ports: Ports, own: Mapping[int, int], since: datetime) -> None:
        self._ports = ports
        self._own = own
        self._since = since
        self._known_since: dict[int, datetime | None] = {}
        self.people: set[int] = set()

    async def read(self, messenger: Messenger) -> Outcome | None:
        """Read the chats of one account that no other one has read; return what came between."""
        chats = await messenger.administered_chats()
        if isinstance(chats, Outcome):
            return chats
        for chat in chats:
            if chat.chat_id not in self._known_since:
                trouble = await self._read_chat(messenger, chat)
                if trouble is not None:
                    return trouble
        return None

    async def doubtful(self, restore: Restore) -> Sequence[DoubtfulTask]:
        """Return the tasks of the backup that may have invited people whom nobody remembers."""
        await self._ports.ledger.release_stale_claims(self._ports.clock.now())
        found = []
        for task in await self._ports.tasks.tasks():
            if not self._may_have_gone_on(task, restore):
                continue
            pending = (await self._ports.tasks.counters(task.id)).pending
            if pending:
                found.append(DoubtfulTask(task.id, task.name, pending))
        return found

    def _may_have_gone_on(self, task: InviteTask, restore: Restore) -> bool:
        if task.kind is not TaskKind.INVITE or task.chat is None or task.id > restore.last_task:
            return False
        return task.status not in FINAL_STATUSES and not self._is_known(task.chat.chat_id)

    def _is_known(self, chat_id: int) -> bool:
        if chat_id not in self._known_since:
            return False
        known_since = self._known_since[chat_id]
        return known_since is None or known_since <= self._since

    async def _read_chat(self, messenger: Messenger, chat: ChatInfo) -> Outcome | None:
        """Keep what Telegram tells of one chat; a chat that tells nothing stays unknown."""
        sight = await messenger.see_chat(address_by_id(chat))
        if isinstance(sight, Outcome) or sight.peer is None:
            return sight if isinstance(sight, Outcome) and sight.is_about_account else None
        told = await messenger.invitations_since(sight.peer, self._since)
        if isinstance(told, Outcome):
            return told if told.is_about_account else None
        await self._keep(sight.peer.chat_id, told)
        return None

    async def _keep(self, chat_id: int, told: Invitations) -> None:
        now = self._ports.clock.now()
        self._known_since[chat_id] = None if told.kept_for is None else now - told.kept_for
        await self._ports.restores.keep_invitations(
            [
                FoundInvitation(chat_id, each.user_id, self._own.get(each.inviter_id), each.at)
                for each in told.found
            ]
        )
        self.people |= {each.user_id for each in told.found if each.inviter_id in self._own}
