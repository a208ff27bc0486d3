"""Whether a task still needs an audience, and whether it may use it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.domain.tasks import ACTIVE_STATUSES, TaskStatus

if TYPE_CHECKING:
    from invite_desktop.domain.audiences import Basis
    from invite_desktop.domain.tasks import InviteTask
    from invite_desktop.engine.ports.stores import AudienceStore, TaskStore

_FINISHED = frozenset({TaskStatus.COMPLETED, TaskStatus.CANCELLED, TaskStatus.FAILED})


async def refuse_while_in_use(tasks: TaskStore, audience_id: int) -> None:
    """Raise KnownError when a task that is not finished uses an audience."""
    for task in await tasks.tasks():
        if task.audience_id == audience_id and task.situation.status not in _FINISHED:
            raise KnownError(
                message("The task “{task}” uses this audience.", task=task.name),
                message("Wait until the task is finished, or cancel it first."),
            )


async def refuse_while_active(tasks: TaskStore, audience_id: int) -> None:
    """Raise KnownError when a task is contacting the people of an audience."""
    for task in await tasks.tasks():
        if task.audience_id == audience_id and task.status in ACTIVE_STATUSES:
            raise KnownError(
                message("The task “{task}” is contacting these people now.", task=task.name),
                message("Pause the task first."),
            )


async def basis_of(task: InviteTask, audiences: AudienceStore) -> Basis:
    """Return why a task's people may be contacted, also after their audience was deleted."""
    return (await audiences.audience(task.audience_id)).basis


def require_basis(basis: Basis) -> None:
    """Raise KnownError when nobody knows why people may be contacted."""
    if not basis.allows_sending:
        raise KnownError(
            message("It is not known why the people of this audience may be contacted."),
            message("Choose an audience of people who agreed, or give people a link."),
        )
