"""The program on the desktop: tray, notifications, pausing everything, and the way it closes."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

from invite_desktop.domain.tasks import ACTIVE_STATUSES, TaskReason, TaskStatus
from invite_desktop.ui.notifications import Act, Notification
from invite_desktop.ui.theme import Tone
from invite_desktop.ui.translations import show, tr, tr_n
from invite_desktop.ui.tray import Tray, needs_attention
from invite_desktop.ui.wording import titled
from invite_desktop.ui.work import Refresher

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from invite_desktop.domain.messages import Message
    from invite_desktop.engine.views import TaskView
    from invite_desktop.ui.context import ScreenContext
    from invite_desktop.ui.notifications import Notifier
    from invite_desktop.ui.settings import SettingsStore

CLOSING_KEY = "window/closing"
CONTINUE_KEY = "desktop/continue_after_restart"

_REST = 1.0
"""Seconds between two looks at all tasks; a rehearsal changes them ten times a second."""


class Closing(StrEnum):
    """What closing the window does while tasks run."""

    ASK = "ask"
    KEEP_WORKING = "keep_working"
    QUIT = "quit"
    CANCEL = "cancel"


def closing_choice(kept: object) -> Closing:
    """Return what the settings say of closing; anything unknown asks."""
    return Closing(str(kept)) if kept in (Closing.KEEP_WORKING, Closing.QUIT) else Closing.ASK


def continues_after_restart(settings: SettingsStore) -> bool:
    """Return whether running tasks go on at the next start; yes if nothing was chosen."""
    return str(settings.value(CONTINUE_KEY, "true")).lower() != "false"


class Presence(QObject):
    """Watches the tasks for those who do not look at the window.

    ``views_changed``: all tasks, at most once a second. ``followed``: the Notification that the
    user clicks. ``window`` is what is brought forward; notices need no answer from it.
    ``notifier`` shows notifications with buttons; where there is none the tray shows them, and a
    click leads on.
    """

    views_changed = Signal(object)
    followed = Signal(object)

    def __init__(
        self, context: ScreenContext, window: QWidget, notifier: Notifier | None = None
    ) -> None:
        super().__init__(window)
        self._context = context
        self._window = window
        self._notifier = notifier
        self._statuses: dict[int, TaskStatus] | None = None
        self._asking = False
        self.views: Sequence[TaskView] = ()
        self.tray = Tray(window)
        self._look = Refresher(context.work, self._load, "tasks watched", _REST)
        context.bridge.tasks_changed.connect(self._look.request)
        context.bridge.attention_needed.connect(self._attention_needed)
        self.tray.pause_all_requested.connect(self.pause_all)
        self.tray.resume_all_requested.connect(self.resume_all)
        self.tray.clicked_through.connect(self._follow)

    def begin(self) -> None:
        """Appear in the tray and look at the tasks."""
        self.tray.show()
        self._look.request()

    def pause_all(self) -> None:
        """Pause every task that runs or waits."""
        self._context.work.start(self._pause_all(), "all tasks paused")

    def resume_all(self) -> None:
        """Go on with every task that the user paused, or that was interrupted."""
        self._context.work.start(self._resume_all(), "paused tasks resumed")

    async def how_to_close(self, wish: Closing) -> Closing:
        """Return QUIT, KEEP_WORKING or CANCEL; ask while tasks run, unless ``wish`` decides."""
        active = await self._active()
        if not active:
            return Closing.QUIT
        if wish is not Closing.ASK:
            return wish
        if self._asking:
            return Closing.CANCEL
        self._asking = True
        try:
            return await self._ask(len(active))
        finally:
            self._asking = False

    def keep_working(self) -> None:
        """Take the window away and go on: into the tray, or small where there is none."""
        if self.tray.is_there and self.tray.icon.isVisible():
            self._window.hide()
        else:
            self._window.showMinimized()

    async def _ask(self, running: int) -> Closing:
        later = (
            tr("They stop before the next person, and go on when the program is opened again.")
            if continues_after_restart(self._context.settings)
            else tr("They stop before the next person, and wait for you at the next start.")
        )
        stay = (
            tr("&Keep working in the tray")
            if self.tray.is_there
            else tr("&Keep working, make the window small")
        )
        ways = (Closing.KEEP_WORKING, Closing.QUIT, Closing.CANCEL)
        place, remember = await self._context.notices.choose_and_remember(
            tr_n("{count} task is running", "{count} tasks are running", running),
            tr("What about the tasks when you quit? {later}", later=later),
            (stay, tr("&Pause and quit"), tr("Cancel")),
            tr("Do not ask again"),
        )
        if remember and ways[place] is not Closing.CANCEL:
            self._context.settings.setValue(CLOSING_KEY, ways[place].value)
        return ways[place]

    async def _active(self) -> list[int]:
        views = await self._context.engine.tasks.views()
        return [view.task.id for view in views if view.task.status in ACTIVE_STATUSES]

    async def _pause_all(self) -> None:
        engine = self._context.engine
        result = await engine.bulk.each(await self._active(), engine.tasks.pause)
        if (refusal := result.refusal) is not None:
            raise refusal

    async def _resume_all(self) -> None:
        engine = self._context.engine
        paused = [
            view.task.id
            for view in await engine.tasks.views()
            if view.task.status is TaskStatus.PAUSED and not needs_attention(view)
        ]
        result = await engine.bulk.each(paused, engine.tasks.resume)
        if (refusal := result.refusal) is not None:
            raise refusal

    async def _load(self) -> None:
        self.views = await self._context.engine.tasks.views()
        self.tray.show_views(self.views)
        before, self._statuses = self._statuses, {v.task.id: v.task.status for v in self.views}
        if before is not None:
            for view in self.views:
                if before.get(view.task.id, view.task.status) is not view.task.status:
                    self._status_changed(view)
        self.views_changed.emit(self.views)

    def _status_changed(self, view: TaskView) -> None:
        name, task_id = view.task.name, view.task.id
        if view.task.status is TaskStatus.COMPLETED:
            done = tr_n(
                "{count} person was dealt with.",
                "{count} people were dealt with.",
                view.counters.processed,
            )
            headline = tr("Finished: {task}", task=name)
            button = tr("Open report")
            self._tell(Notification(headline, done, Tone.GOOD, Act.REPORT, task_id, button))
        elif needs_attention(view):
            reason = view.task.situation.reason
            why = titled(reason) if reason is not TaskReason.NONE else ""
            headline = tr("Needs you: {task}", task=name)
            button = tr("Open task")
            self._tell(Notification(headline, why, Tone.BAD, Act.TASK, task_id, button))

    def _attention_needed(self, matter: Message) -> None:
        headline, button = tr("Invite Desktop needs you"), tr("Open the window")
        self._tell(Notification(headline, show(matter), Tone.BAD, button=button))

    def _tell(self, told: Notification) -> None:
        """Notify those who look elsewhere; the window says the same by itself."""
        if not self._window.isActiveWindow():
            self._context.work.start(self._notify(told), "notification")

    async def _notify(self, told: Notification) -> None:
        if self._notifier is not None and await self._notifier.show(
            told, lambda: self._follow(told)
        ):
            return
        if not self.tray.notify(told):
            QApplication.alert(self._window)

    def _follow(self, told: Notification) -> None:
        self.tray.open_requested.emit()
        self.followed.emit(told)
