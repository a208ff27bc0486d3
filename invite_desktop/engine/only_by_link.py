"""People of a task whom nobody can add: the user sends them the link, or a message task does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invite_desktop.domain.audiences import Origin
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.domain.reach import REACHED_BY_LINK
from invite_desktop.domain.tasks import NewTask, TaskKind, TaskReason
from invite_desktop.engine.events import AudiencesChanged, TaskChanged
from invite_desktop.engine.ports.audiences import NewAudience
from invite_desktop.engine.ports.links import LinkWish
from invite_desktop.engine.task_use import basis_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence
    from pathlib import Path

    from invite_desktop.domain.audiences import Basis
    from invite_desktop.domain.messages import Message
    from invite_desktop.domain.tasks import InviteTask
    from invite_desktop.engine.event_bus import EventBus
    from invite_desktop.engine.exports import Exports
    from invite_desktop.engine.ports.ledger import Target
    from invite_desktop.engine.setup import Ports
    from invite_desktop.engine.tasks import Tasks

_PAGE = 500


class OnlyByLink:
    """Who opted out, who came by the link, and who got it by a message are not among them.

    ``namer`` turns a message into text in the user's language where a text is stored.
    """

    def __init__(
        self,
        ports: Ports,
        tasks: Tasks,
        exports: Exports,
        bus: EventBus,
        namer: Callable[[Message], str],
    ) -> None:
        self._ports = ports
        self._tasks = tasks
        self._exports = exports
        self._bus = bus
        self._namer = namer

    async def count(self, task_id: int) -> int:
        """Return how many people of a task only its link reaches."""
        return len(await self._ports.links.only_by_link(await self._wish(task_id)))

    async def people(self, task_id: int, offset: int = 0, limit: int = 200) -> Sequence[Target]:
        """Return a page of them, in order, with the reason why they cannot be added."""
        found = await self._ports.links.only_by_link(await self._wish(task_id))
        ids = [target_id for target_id, _ in found[offset : offset + limit]]
        return await self._ports.links.targets(ids)

    async def export(self, task_id: int, path: Path) -> int:
        """Save all of them with the link, as ``Exports`` saves; return how many."""
        task = await self._ports.tasks.task(task_id)
        link = await self._ports.links.of_task(task_id)
        address = link.address if link else ""
        return await self._exports.only_by_link(task.name, address, self._everybody(task_id), path)

    async def basis(self, task_id: int) -> Basis:
        """Return why these people may be contacted."""
        return await basis_of(await self._ports.tasks.task(task_id), self._ports.audiences)

    async def message_task(
        self, task_id: int, text: str, stop_line: str | None = None
    ) -> InviteTask:
        """Make a message task, not started, that sends these people the link.

        It is a message task like any other: its pace, its stop line, its laws. Raises KnownError
        when the basis forbids writing, nobody is left, or the text does not hold the link.
        """
        task = await self._ports.tasks.task(task_id)
        basis = await self.basis(task_id)
        if not basis.allows_sending:
            raise KnownError(
                message("It is not known why these people may be written to."),
                message("Save them as a file, and send the link to those whom you know."),
            )
        link = await self._ports.links.of_task(task_id)
        if link is None or link.address not in text:
            raise KnownError(
                message("The text does not hold the link of the task."),
                message("Put the link into the text; the tab “Link” has it."),
            )
        people = [person for _, person in await self._found(task_id)]
        name = self._namer(message("{task}: by link", task=task.name))
        now = self._ports.clock.now()
        new = NewAudience(name, basis, task.name, Origin.TASK, now)
        audience = await self._ports.audiences.make_audience(new, people)
        await self._ports.links.note_letters(task_id, audience.id)
        self._bus.publish(AudiencesChanged())
        made = await self._tasks.create(
            NewTask(TaskKind.MESSAGE, audience.id, text=text, name=name), stop_line
        )
        self._bus.publish(TaskChanged(task_id))
        return made

    async def _everybody(self, task_id: int) -> AsyncIterator[Target]:
        found = await self._ports.links.only_by_link(await self._wish(task_id))
        for first in range(0, len(found), _PAGE):
            ids = [target_id for target_id, _ in found[first : first + _PAGE]]
            for target in await self._ports.links.targets(ids):
                yield target

    async def _found(self, task_id: int) -> Sequence[tuple[int, int]]:
        found = await self._ports.links.only_by_link(await self._wish(task_id))
        if not found:
            raise KnownError(message("There is nobody whom only the link would reach."))
        return found

    async def _wish(self, task_id: int) -> LinkWish:
        """Return whom to look for: those who wait, too, once a chat takes nobody by hand."""
        task = await self._ports.tasks.task(task_id)
        link_only = task.situation.reason is TaskReason.LINK_ONLY
        return LinkWish(task_id, REACHED_BY_LINK, also_pending=link_only)
