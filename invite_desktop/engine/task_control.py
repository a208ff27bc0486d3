"""Starting and stopping tasks, in the store and among the runners alike."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.domain.outcomes import RULES
from invite_desktop.domain.tasks import TaskMove, TaskReason, TaskStatus
from invite_desktop.engine.restored import require_confirmed
from invite_desktop.engine.task_use import basis_of, require_basis

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from invite_desktop.domain.schedule import Schedule
    from invite_desktop.domain.statistics import Counters
    from invite_desktop.domain.tasks import InviteTask, Priority
    from invite_desktop.engine.preflight import Preflight
    from invite_desktop.engine.setup import Ports
    from invite_desktop.engine.task_board import TaskBoard
    from invite_desktop.engine.task_states import TaskStates


_MAY_START_BY_ITSELF = frozenset({TaskStatus.DRAFT, TaskStatus.READY})


class TaskControl:
    """Makes the moves that the user asks for; raises KnownError when they are not possible."""

    def __init__(
        self, ports: Ports, board: TaskBoard, states: TaskStates, preflight: Preflight
    ) -> None:
        self._ports = ports
        self._board = board
        self._states = states
        self._preflight = preflight
        # Between the state of a task and the runners' work on it nobody else comes in.
        self._turn = asyncio.Lock()

    async def set_going(self, task_id: int, move: TaskMove) -> None:
        """Start or resume a task after the preflight."""
        await self._board.write_pauses()
        await self._states.require(task_id, move)
        await require_confirmed(self._ports.restores)
        sights = await self._preflight.clear(await self._ports.tasks.task(task_id))
        async with self._turn:
            # It may have been taken back since the task was made.
            task = await self._ports.tasks.task(task_id)
            require_basis(await basis_of(task, self._ports.audiences))
            # Asked before the move: a store that refuses leaves the task where it stood.
            open_targets = await self._board.open_targets(task_id)
            task = await self._states.move(task_id, move)
            self._board.put(task, sights, open_targets)

    async def stop(self, task_id: int, move: TaskMove) -> None:
        """Pause or cancel a task before its next action."""
        reason = TaskReason.BY_USER if move is TaskMove.PAUSE else TaskReason.NONE
        async with self._turn, self._taken_off(task_id):
            await self._states.move(task_id, move, reason)

    async def halt(self, task_id: int) -> None:
        """Pause a task before its next action if it is active."""
        async with self._turn, self._taken_off(task_id):
            await self._states.move_if_allowed(task_id, TaskMove.PAUSE, TaskReason.BY_USER)

    @contextlib.asynccontextmanager
    async def _taken_off(self, task_id: int) -> AsyncIterator[None]:
        """Let nothing begin for a task any more, unless the change of its state fails."""
        work = self._board.drop(task_id)
        try:
            await self._board.write_pauses()
            yield
        except BaseException:
            if work is not None:
                self._board.restore(work)
            raise

    async def reopen(self, task_id: int) -> int:
        """Make a finished task ready again; return how many targets are pending again by that.

        Targets that a cancelled task never came to are pending still, and do not count.
        """
        await self._states.require(task_id, TaskMove.REOPEN)
        counters = await self._ports.tasks.counters(task_id)
        if not (counters.pending or _retryable(counters)):
            raise KnownError(message("There is nobody in this task who could be tried again."))
        await self._states.move(task_id, TaskMove.REOPEN)
        return await self._ports.tasks.reopen_retryable(task_id, self._ports.clock.now())

    async def change_schedule(self, task_id: int, schedule: Schedule) -> None:
        """Give a task another schedule; a start that was missed is forgotten by that."""
        task = await self._ports.tasks.task(task_id)
        if schedule.start_at is not None and task.status not in _MAY_START_BY_ITSELF:
            raise KnownError(message("Only a task that was not started yet can start by itself."))
        task = await self._ports.tasks.change_schedule(task_id, schedule)
        if task.status is TaskStatus.READY and task.situation.reason:
            task = await self._states.move(task_id, TaskMove.MISS_START)
        self._board.update(task)

    async def change_priority(self, task_id: int, priority: Priority) -> None:
        """Give a task another priority; accounts follow it at their next choice."""
        self._board.update(await self._ports.tasks.change_priority(task_id, priority))

    def update(self, task: InviteTask) -> None:
        """Work on with what was changed of a task."""
        self._board.update(task)

    def is_paused_in_memory(self, task_id: int) -> bool:
        """Return whether a pause is in force that could not be written yet."""
        return self._board.unwritten_situation(task_id) is not None


def _retryable(counters: Counters) -> int:
    return sum(
        count
        for (_, code), count in counters.by_reason.items()
        if code is not None and RULES[code].retryable
    )
