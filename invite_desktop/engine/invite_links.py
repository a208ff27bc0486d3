"""Each invite task's own link: made, counted, revoked."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from functools import partial
from typing import TYPE_CHECKING

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.domain.outcomes import Outcome, OutcomeCode
from invite_desktop.engine.events import AttentionNeeded, TaskChanged
from invite_desktop.engine.ports.links import NewLink

if TYPE_CHECKING:
    from invite_desktop.domain.tasks import ChatRef, InviteTask
    from invite_desktop.engine.chat_admins import ChatAdmin, ChatAdmins
    from invite_desktop.engine.event_bus import EventBus
    from invite_desktop.engine.ports.links import LinkCounts, TaskLink
    from invite_desktop.engine.ports.telegram import ChatPeer, JoinersPage, Messenger
    from invite_desktop.engine.setup import Ports

_logger = logging.getLogger(__name__)

TITLE_LENGTH = 32
"""The longest title of an invite link at Telegram."""


class InviteLinks:
    """Links are made once, by an account that may, and kept with their task.

    What only one account could do waits for it; every refusal is a KnownError in words.
    """

    def __init__(self, ports: Ports, admins: ChatAdmins, bus: EventBus) -> None:
        self._ports = ports
        self._store = ports.links
        self._admins = admins
        self._bus = bus
        self._turns: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def of_task(self, task_id: int) -> TaskLink | None:
        """Return a task's link, None before one was made and after it was revoked."""
        return await self._store.of_task(task_id)

    async def make(self, task_id: int, *, by_request: bool = False) -> TaskLink:
        """Return the task's link; if there is none, an administrator account makes it.

        ``by_request``: whoever uses it waits until somebody lets her in.
        """
        async with self._turns[task_id]:
            if link := await self._store.of_task(task_id):
                return link
            task = await self._ports.tasks.task(task_id)
            admin = await self._admins.find(chat_of(task))
            title = task.name[:TITLE_LENGTH]
            made = await admin.ask(
                lambda m, chat: m.create_invite_link(chat, title, by_request=by_request)
            )
            if isinstance(made, Outcome):
                raise await self._admins.refused(admin, made)
            now = self._ports.clock.now()
            link = await self._store.keep(NewLink(task_id, made, admin.account_id, now, by_request))
        self._bus.publish(TaskChanged(task_id))
        return link

    async def revoke(self, task_id: int) -> None:
        """Let a task's link lead nowhere from now on; another one may be made then."""
        async with self._turns[task_id]:
            link = await self._store.of_task(task_id)
            if link is None:
                return
            admin = await self._admin_for(link)
            await self._read(link, admin)
            address = link.address
            answer = await admin.ask(lambda m, chat: m.revoke_invite_link(chat, address))
            if isinstance(answer, Outcome):
                raise await self._admins.refused(admin, answer)
            await self._store.revoke(link.id, self._ports.clock.now())
        self._bus.publish(TaskChanged(task_id))

    async def counts(self, task_id: int) -> LinkCounts:
        """Return how many people came by a task's links, as far as Telegram was asked."""
        return await self._store.counts(task_id)

    async def count_now(self, task_id: int) -> LinkCounts:
        """Ask Telegram who came by a task's link, and return how many that are.

        A reading that is cut off goes on where it ended, also in the next run of the program. A
        link that somebody has revoked in Telegram itself is the task's no more.
        """
        async with self._turns[task_id]:
            new, closed = 0, False
            if link := await self._store.of_task(task_id):
                admin = await self._admin_for(link)
                new = await self._read(link, admin)
                closed = await self._is_closed(link, admin)
                if closed:
                    await self._store.revoke(link.id, self._ports.clock.now())
        if closed:
            await self._tell_closed(task_id)
        if new:
            _logger.info("%d people more have come by the link of task %d", new, task_id)
            self._bus.publish(TaskChanged(task_id))
        return await self._store.counts(task_id)

    async def _admin_for(self, link: TaskLink) -> ChatAdmin:
        """Return an administrator to ask about a link, the one who made it if possible."""
        task = await self._ports.tasks.task(link.task_id)
        return await self._admins.find(chat_of(task), link.account_id)

    async def _is_closed(self, link: TaskLink, admin: ChatAdmin) -> bool:
        """Return whether a link leads nowhere any more, as only who made it surely knows."""
        if admin.account_id != link.account_id:
            return False
        address = link.address
        answer = await admin.ask(lambda m, chat: m.is_link_open(chat, address))
        if isinstance(answer, Outcome):
            raise await self._admins.refused(admin, answer)
        return not answer

    async def _tell_closed(self, task_id: int) -> None:
        task = await self._ports.tasks.task(task_id)
        self._bus.publish(TaskChanged(task_id))
        self._bus.publish(
            AttentionNeeded(
                message(
                    "The invite link of “{task}” was revoked in Telegram and leads nowhere any "
                    "more. Make a new one on the tab “Link”.",
                    task=task.name,
                )
            )
        )

    async def _read(self, link: TaskLink, admin: ChatAdmin) -> int:
        """Read what is new in the list of those who came; return how many they are.

        Of a link that was deleted in Telegram nothing can be read any more.
        """
        new = 0
        # A reading that was cut off first goes on to its end; what came since stands at the top.
        beginnings = [link.next_page, ""] if link.next_page else [""]
        for page in beginnings:
            following: str | None = page
            while following is not None:
                answer = await admin.ask(partial(_joiners, link.address, following))
                if isinstance(answer, Outcome) and answer.code is OutcomeCode.NOT_FOUND:
                    return new
                if isinstance(answer, Outcome):
                    raise await self._admins.refused(admin, answer)
                new += await self._store.keep_joiners(link.id, answer, self._ports.clock.now())
                kept = await self._store.of_task(link.task_id)
                following = kept.next_page or None if kept else None
        return new


def chat_of(task: InviteTask) -> ChatRef:
    """Return the chat that a task fills. Raises KnownError for a task that has none."""
    if task.chat is None:
        raise KnownError(message("A task that sends messages has no invite link."))
    return task.chat


async def _joiners(
    address: str, page: str, messenger: Messenger, chat: ChatPeer
) -> JoinersPage | Outcome:
    return await messenger.link_joiners(chat, address, page)
