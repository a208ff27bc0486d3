"""A task tried on one person: she is really invited or written to, once and for ever."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import TYPE_CHECKING

from invite_desktop.domain.audiences import Basis, Origin
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.domain.outcomes import Outcome, OutcomeCode, TargetState
from invite_desktop.domain.schedule import ANY_TIME
from invite_desktop.domain.tasks import Priority, TaskKind, refuse_from_bin
from invite_desktop.engine.events import AudiencesChanged, TargetChanged
from invite_desktop.engine.person_editing import any_key
from invite_desktop.engine.ports.audiences import NewAudience
from invite_desktop.engine.ports.files import PersonRow
from invite_desktop.engine.ports.stores import NewImport, TargetFilter
from invite_desktop.engine.restored import require_confirmed
from invite_desktop.engine.task_copies import decisions_of
from invite_desktop.engine.task_use import basis_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from invite_desktop.domain.audiences import Audience
    from invite_desktop.domain.messages import Message
    from invite_desktop.domain.tasks import InviteTask
    from invite_desktop.engine.audiences import Audiences
    from invite_desktop.engine.event_bus import EventBus
    from invite_desktop.engine.ports.ledger import Target
    from invite_desktop.engine.preflight import Preflight
    from invite_desktop.engine.setup import Ports
    from invite_desktop.engine.task_board import TaskBoard
    from invite_desktop.engine.tasks import Tasks

_PENDING = frozenset({TargetState.PENDING})
_DONE_BY_TRIAL = Outcome(OutcomeCode.ALREADY_INVITED, detail="Trial")


class Trials:
    """A trial is a task of its own for one person, with the pace and the laws of every other.

    Whoever stands in the tried task ends there before the trial begins, so that no task contacts
    her twice. ``namer`` writes names in the user's language.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - the parts that a task passes through, and no more
        self,
        ports: Ports,
        tasks: Tasks,
        audiences: Audiences,
        board: TaskBoard,
        preflight: Preflight,
        bus: EventBus,
        namer: Callable[[Message], str],
        region: str,
    ) -> None:
        self._ports = ports
        self._tasks = tasks
        self._audiences = audiences
        self._board = board
        self._preflight = preflight
        self._bus = bus
        self._namer = namer
        self._region = region

    async def of_target(self, task_id: int, target_id: int) -> InviteTask:
        """Try a task on one of its people; return the trial, which is on its way.

        Raises KnownError when she is not pending any more, or when no account could act now.
        """
        task = await self._checked(task_id)
        target = await self._ports.tasks.target(target_id)
        if target.state is not TargetState.PENDING:
            raise KnownError(message("This person has had her turn already."))
        basis = await basis_of(task, self._ports.audiences)
        new = NewAudience(self._name(task), basis, task.name, Origin.TASK, self._ports.clock.now())
        audience = await self._ports.audiences.make_audience(new, [target.person.id])
        return await self._begin(task, audience, target)

    async def of_key(self, task_id: int, text: str, name: str = "") -> InviteTask:
        """Try a task on anybody by her username, link or phone, as one of the user's own team.

        ``name`` is what the message calls her. Raises KnownError for a text that is no key, when a
        message needs more of her than that, and when no account could act now.
        """
        task = await self._checked(task_id)
        keys = any_key(text, self._ports.files, self._region)
        if keys is None:
            raise KnownError(
                message("“{text}” is no username, link or phone number.", text=text.strip()[:60]),
                message("Write @name, t.me/name or a phone number with its country code."),
            )
        title, now, name = self._name(task), self._ports.clock.now(), name.strip()
        new = NewImport(title, Basis.TEAM, task.name, (), secrets.token_hex(16), now)
        row = PersonRow(1, keys, full_name=name, first_name=name.partition(" ")[0])
        report = await self._ports.audiences.import_people(
            new, [row], lambda _: None, lambda: False
        )
        people = await self._ports.audiences.people(report.audience.id, 0, 1)
        wanted = TargetFilter(_PENDING, text=str(keys.identities[0][1]))
        found = await self._ports.tasks.targets(task_id, wanted, 0, 50)
        ids = {person.id for person in people}
        target = next((each for each in found if each.person.id in ids), None)
        return await self._begin(task, report.audience, target)

    async def result(self, trial_id: int) -> Target:
        """Return how a trial has ended for its person, or stands if it was paused."""
        await self._tasks.wait_until_idle(trial_id)
        (target,) = await self._ports.tasks.targets(trial_id, TargetFilter(), 0, 1)
        return target

    async def _checked(self, task_id: int) -> InviteTask:
        task = await self._ports.tasks.task(task_id)
        refuse_from_bin(task)
        await require_confirmed(self._ports.restores)
        await self._preflight.clear(task)
        return task

    async def _begin(
        self, task: InviteTask, audience: Audience, target: Target | None
    ) -> InviteTask:
        self._bus.publish(AudiencesChanged())
        try:
            trial = await self._make(task, audience)
        except BaseException:
            await self._audiences.delete(audience.id)
            raise
        try:
            await self._take_out(task, target)
        except BaseException:
            await self._tasks.cancel(trial.id)
            raise
        await self._tasks.start(trial.id)
        return trial

    async def _make(self, task: InviteTask, audience: Audience) -> InviteTask:
        new = replace(
            decisions_of(task),
            name=audience.name,
            audience_id=audience.id,
            priority=Priority.HIGH,
            schedule=ANY_TIME,
        )
        # The last paragraph of a stored text is its line on how to stop.
        stop_line = task.text.rsplit("\n\n", 1)[-1] if task.kind is TaskKind.MESSAGE else None
        return await self._tasks.create(new, stop_line)

    async def _take_out(self, task: InviteTask, target: Target | None) -> None:
        """End the person's place in the tried task. Raises KnownError when it is her turn now."""
        if target is None:
            return
        endings = {target.id: _DONE_BY_TRIAL}
        if not await self._ports.ledger.end_pending(endings, self._ports.clock.now()):
            raise KnownError(message("This person has had her turn already."))
        if (work := self._board.find(task.id)) is not None:
            self._board.target_ended(work)
        self._bus.publish(TargetChanged(task.id, target.id))

    def _name(self, task: InviteTask) -> str:
        return self._namer(message("Test of “{task}”", task=task.name))
