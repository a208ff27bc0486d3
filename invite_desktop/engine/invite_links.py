"""Each invite task's own link."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.domain.outcomes import Outcome
from invite_desktop.domain.words import words_for

if TYPE_CHECKING:
    from invite_desktop.domain.chats import ChatAddress
    from invite_desktop.engine.chat_check import ChatChecks
    from invite_desktop.engine.setup import Ports

TITLE_LENGTH = 32
"""The longest title of an invite link at Telegram."""


class InviteLinks:
    """Links are made once, by an account that may, and kept with their task."""

    def __init__(self, ports: Ports, checks: ChatChecks) -> None:
        self._ports = ports
        self._checks = checks

    async def of_task(self, task_id: int) -> str:
        """Return the link of a task. Raises KnownError when no account can make one."""
        if link := await self._ports.tasks.link(task_id):
            return link
        task = await self._ports.tasks.task(task_id)
        if task.chat is None:
            raise KnownError(message("A task that sends messages has no invite link."))
        link = await self._make(task.chat.address, task.name[:TITLE_LENGTH])
        await self._ports.tasks.keep_link(task_id, link)
        return link

    async def _make(self, address: ChatAddress, title: str) -> str:
        examination = await self._checks.examine(address)
        problem = message("No account can make a link for this chat now.")
        for row in examination.check.admins:
            peer = examination.sights[row.account.id].peer
            messenger = await self._ports.gateway.open(row.account.id)
            if peer is None or isinstance(messenger, Outcome):
                continue
            answer = await messenger.create_invite_link(peer, title)
            if isinstance(answer, str):
                return answer
            problem = message(
                "The link could not be made: {trouble}.", trouble=words_for(answer.code)
            )
        raise KnownError(problem)
