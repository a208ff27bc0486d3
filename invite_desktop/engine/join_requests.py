"""People who ask to be let into the chat of a task, held against the task's list."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.domain.outcomes import Outcome
from invite_desktop.engine.events import TaskChanged
from invite_desktop.engine.invite_links import chat_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from invite_desktop.engine.chat_admins import ChatAdmin, ChatAdmins
    from invite_desktop.engine.event_bus import EventBus
    from invite_desktop.engine.ports.links import TaskLink
    from invite_desktop.engine.ports.telegram import (
        ChatPeer,
        Joiner,
        JoinersPage,
        Messenger,
        TelegramPerson,
    )
    from invite_desktop.engine.setup import Ports

_logger = logging.getLogger(__name__)

MOST = 2_000
"""Requests that are read at once, the latest; answered ones make room for the others."""


@dataclass(frozen=True, slots=True)
class JoinRequest:
    """Somebody who waits to be let in, as one account sees her; ``listed``: the task names her."""

    person: TelegramPerson
    at: datetime
    listed: bool
    account_id: int


class JoinRequests:
    """Asked for anew each time: Telegram's own list is the only truth about who waits.

    It is that of the whole chat, whichever link brought them. Letting somebody in who asked
    contacts nobody; who opted out may join by her own wish.
    """

    def __init__(self, ports: Ports, admins: ChatAdmins, bus: EventBus) -> None:
        self._ports = ports
        self._admins = admins
        self._bus = bus

    async def of_task(self, task_id: int) -> Sequence[JoinRequest]:
        """Return who waits to be let into a task's chat, the latest first. Raises KnownError."""
        return await self._waiting(task_id, await self._admin(task_id))

    async def answer(self, task_id: int, requests: Sequence[JoinRequest], *, let_in: bool) -> int:
        """Let people in, or turn them away; return how many still waited.

        Raises KnownError at the first trouble; whoever was answered before stays answered.
        """
        preferred = requests[0].account_id if requests else None
        admin = await self._admin(task_id, preferred)
        if any(request.account_id != admin.account_id for request in requests):
            # What one account knows how to address is of no use to another.
            wanted = {request.person.peer.user_id for request in requests}
            waiting = await self._waiting(task_id, admin)
            requests = [one for one in waiting if one.person.peer.user_id in wanted]
        answered = 0
        try:
            for request in requests:
                answered += await self._answer(admin, request, let_in=let_in)
        finally:
            if answered:
                self._bus.publish(TaskChanged(task_id))
        return answered

    async def let_listed_in(self, task_id: int, *, wanted: bool) -> None:
        """Let people of the task in without a click from now on, or no more; off at first."""
        link = await self._ports.links.of_task(task_id)
        if link is None:
            raise KnownError(
                message("The task has no invite link yet."), message("Make the link first.")
            )
        await self._ports.links.let_listed_in(link.id, wanted=wanted)
        self._bus.publish(TaskChanged(task_id))

    async def let_in_now(self, link: TaskLink) -> int:
        """Let everybody in who waits and stands on the task's list; return how many."""
        waiting = await self.of_task(link.task_id)
        listed = [request for request in waiting if request.listed]
        answered = await self.answer(link.task_id, listed, let_in=True) if listed else 0
        if answered:
            _logger.info("%d people of task %d were let in", answered, link.task_id)
        return answered

    async def _admin(self, task_id: int, preferred: int | None = None) -> ChatAdmin:
        task = await self._ports.tasks.task(task_id)
        link = await self._ports.links.of_task(task_id)
        made_by = link.account_id if link else None
        return await self._admins.find(chat_of(task), preferred or made_by)

    async def _waiting(self, task_id: int, admin: ChatAdmin) -> Sequence[JoinRequest]:
        found: dict[int, Joiner] = {}
        page: str | None = ""
        while page is not None and len(found) < MOST:
            answer = await admin.ask(partial(_requests, page))
            if isinstance(answer, Outcome):
                raise await self._admins.refused(admin, answer)
            found.update({each.person.peer.user_id: each for each in answer.joiners})
            page = answer.next_page
        people = [joiner.person for joiner in found.values()]
        listed = await self._ports.links.listed(task_id, people)
        return [
            JoinRequest(joiner.person, joiner.at, user_id in listed, admin.account_id)
            for user_id, joiner in found.items()
        ]

    async def _answer(self, admin: ChatAdmin, request: JoinRequest, *, let_in: bool) -> bool:
        peer = request.person.peer
        answer = await admin.ask(lambda m, chat: m.answer_join_request(chat, peer, let_in=let_in))
        if isinstance(answer, Outcome):
            raise await self._admins.refused(admin, answer)
        return answer


async def _requests(page: str, messenger: Messenger, chat: ChatPeer) -> JoinersPage | Outcome:
    return await messenger.join_requests(chat, page)
