"""Changing when a task starts and works, and asking about a start that was missed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from invite_desktop.domain.tasks import TaskStatus
from invite_desktop.ui.tasks.schedule_field import ScheduleField
from invite_desktop.ui.translations import tr, translator
from invite_desktop.ui.widgets.small_form import SmallForm

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from invite_desktop.domain.tasks import InviteTask
    from invite_desktop.ui.context import ScreenContext

_DAY = timedelta(days=1)


def ask_for_schedule(context: ScreenContext, task: InviteTask, parent: QWidget) -> SmallForm:
    """Open the dialog that changes a task's schedule."""
    form = SmallForm(context.work, parent, tr("Schedule of “{task}”", task=task.name))
    field = ScheduleField(context.engine.clock.now)
    field.show_schedule(task.schedule)
    field.start.setVisible(task.status is TaskStatus.READY)
    form.add_row("", field)

    async def change() -> None:
        await context.engine.tasks.change_schedule(task.id, field.schedule())

    form.ask(tr("Change"), change)
    return form


async def ask_about_missed_start(context: ScreenContext, task_id: int) -> None:
    """Ask what to do about a start that was missed, and do it."""
    tasks, now = context.engine.tasks, context.engine.clock.now()
    task = (await tasks.view(task_id)).task
    missed = task.schedule.start_at
    if missed is None or task.status is not TaskStatus.READY:
        return
    chosen = await context.notices.choose(
        tr("The task “{task}” missed its start", task=task.name),
        tr(
            "It should have started {moment}, but the program was not running.",
            moment=translator().moment(missed, now),
        ),
        (tr("Start now"), tr("Tomorrow at the same time"), tr("Leave it")),
    )
    if chosen == 0:
        await tasks.start(task_id)
    elif chosen == 1:
        later = missed + _DAY * max(1, -((missed - now) // _DAY))
        await tasks.change_schedule(task_id, replace(task.schedule, start_at=later))
