"""Whether a task still needs an audience."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.domain.tasks import TaskStatus

if TYPE_CHECKING:
    from invite_desktop.engine.ports.stores import TaskStore

_FINISHED = frozenset({TaskStatus.COMPLETED, TaskStatus.CANCELLED, TaskStatus.FAILED})


async def refuse_while_in_use(tasks: TaskStore, audience_id: int) -> None:
    """Raise KnownError when a task that is not finished uses an audience."""
    for task in await tasks.tasks():
        if task.audience_id == audience_id and task.situation.status not in _FINISHED:
            raise KnownError(
                message("The task “{task}” uses this audience.", task=task.name),
                message("Wait until the task is finished, or cancel it first."),
            )
