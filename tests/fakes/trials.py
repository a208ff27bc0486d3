"""Trials and dry runs of tasks that come out as a test tells them to."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from invite_desktop.domain.fates import Fate
from invite_desktop.domain.outcomes import TargetState
from invite_desktop.engine.task_dry_run import TaskDryRun

if TYPE_CHECKING:
    from pathlib import Path

    from invite_desktop.domain.errors import KnownError
    from invite_desktop.domain.tasks import InviteTask
    from invite_desktop.engine.ports.ledger import Target

TRIAL = 900


class FakeTrials:
    """Implements engine.trials.Trials; ``refusal`` is raised by the next one."""

    def __init__(self, engine: Any) -> None:
        self._engine = engine
        self.tried: list[object] = []
        self.refusal: KnownError | None = None
        self.state = TargetState.JOINED

    async def of_target(self, task_id: int, target_id: int) -> InviteTask:
        return self._begun(task_id, target_id)

    async def of_key(self, task_id: int, text: str, name: str = "") -> InviteTask:
        return self._begun(task_id, (text, name))

    async def result(self, trial_id: int) -> Target:
        assert trial_id == TRIAL
        (first, *_) = next(iter(self._engine.tasks.people.values()))
        return replace(first, state=self.state)

    def _begun(self, task_id: int, whom: object) -> InviteTask:
        if self.refusal is not None:
            raise self.refusal
        self.tried.append(whom)
        task = self._engine.tasks.rows[task_id]
        return replace(task, id=TRIAL, name=f"Test of “{task.name}”")


class FakeTaskDryRuns:
    """Implements engine.task_dry_run.TaskDryRuns."""

    def __init__(self) -> None:
        self.counts = {Fate.AT_ONCE: 30, Fate.LOOK_UP_NAME: 1_208, Fate.OPTED_OUT: 2}
        self.asked = 0
        self.refusal: KnownError | None = None
        self.saved: list[Path] = []

    async def of_task(self, task_id: int) -> TaskDryRun:
        if self.refusal is not None:
            raise self.refusal
        return TaskDryRun(task_id, self.counts, self.asked)

    async def save(self, run: TaskDryRun, path: Path) -> int:
        self.saved.append(path)
        return run.people
