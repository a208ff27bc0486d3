"""The icon in the tray: what goes on, the way to pause everything, and notifications."""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRectF, Signal
from PySide6.QtGui import QAction, QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QMenu, QSystemTrayIcon, QWidget

from invite_desktop.domain.tasks import TaskReason, TaskStatus
from invite_desktop.ui.icons import app_icon
from invite_desktop.ui.theme import Tone, theme_changed, tone_colours
from invite_desktop.ui.translations import language_changed, tr, tr_n, translator

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from invite_desktop.engine.views import TaskView
    from invite_desktop.ui.notifications import Notification

_SHOWN_MS = 10_000
_SIZES = (16, 22, 24, 32, 48, 64)


class Mood(StrEnum):
    """What the icon says, the most pressing first."""

    ATTENTION = "attention"
    WORKING = "working"
    WAITING = "waiting"
    PAUSED = "paused"
    IDLE = "idle"


_TONES = {
    Mood.ATTENTION: Tone.BAD,
    Mood.WORKING: Tone.GOOD,
    Mood.WAITING: Tone.ACTIVE,
    Mood.PAUSED: Tone.CARE,
}


def needs_attention(view: TaskView) -> bool:
    """Return whether a task stands still for a reason that only the user can set right."""
    status, reason = view.task.status, view.task.situation.reason
    return status is TaskStatus.FAILED or (
        status is TaskStatus.PAUSED and reason not in (TaskReason.BY_USER, TaskReason.INTERRUPTED)
    )


def mood_of(views: Sequence[TaskView]) -> Mood:
    """Return what goes on over all tasks; failed ones are history and press nobody."""
    statuses = {view.task.status for view in views}
    if any(view.task.status is TaskStatus.PAUSED and needs_attention(view) for view in views):
        return Mood.ATTENTION
    for status, mood in (
        (TaskStatus.RUNNING, Mood.WORKING),
        (TaskStatus.WAITING, Mood.WAITING),
        (TaskStatus.PAUSED, Mood.PAUSED),
    ):
        if status in statuses:
            return mood
    return Mood.IDLE


def mood_words(views: Sequence[TaskView]) -> str:
    """Return what goes on in one line, with the next moment when everything waits."""
    mood = mood_of(views)
    if mood is Mood.WAITING:
        coming = [view.next_action_at for view in views if view.next_action_at is not None]
        if coming:
            return tr("Waiting until {moment}", moment=translator().moment(min(coming)))
    running = sum(view.task.status is TaskStatus.RUNNING for view in views)
    words: dict[Mood, Callable[[], str]] = {
        Mood.ATTENTION: lambda: tr("A task needs you"),
        Mood.WORKING: lambda: tr_n("{count} task is running", "{count} tasks are running", running),
        Mood.WAITING: lambda: tr("The tasks wait"),
        Mood.PAUSED: lambda: tr("The tasks are paused"),
        Mood.IDLE: lambda: tr("Nothing to do"),
    }
    return words[mood]()


class Tray(QObject):
    """Stands in the tray where the desktop has one; without one every call does nothing.

    ``clicked_through``: the user follows the last Notification.
    """

    open_requested = Signal()
    pause_all_requested = Signal()
    resume_all_requested = Signal()
    quit_requested = Signal()
    clicked_through = Signal(object)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._views: Sequence[TaskView] = ()
        self._told: Notification | None = None
        self.menu = QMenu(window)
        self.state = QAction(self, enabled=False)
        self.open = self._action(self.open_requested.emit)
        self.pause_all = self._action(self.pause_all_requested.emit)
        self.resume_all = self._action(self.resume_all_requested.emit)
        self.quit = self._action(self.quit_requested.emit)
        self.menu.addAction(self.state)
        self.menu.addSeparator()
        self.menu.addActions([self.open, self.pause_all, self.resume_all])
        self.menu.addSeparator()
        self.menu.addAction(self.quit)
        self.icon = QSystemTrayIcon(app_icon(), self)
        self.icon.setContextMenu(self.menu)
        self.icon.activated.connect(self._activated)
        self.icon.messageClicked.connect(self._message_clicked)
        language_changed().changed.connect(self.retranslate)
        theme_changed().changed.connect(self._draw)
        self.retranslate()

    @property
    def is_there(self) -> bool:
        """Return whether this desktop has a tray now."""
        return QSystemTrayIcon.isSystemTrayAvailable()

    def show(self) -> None:
        """Appear, where there is a tray."""
        if self.is_there:
            self.icon.show()
            self._draw()

    def hide(self) -> None:
        """Go away."""
        self.icon.hide()

    def show_views(self, views: Sequence[TaskView]) -> None:
        """Show what goes on over all tasks."""
        self._views = views
        self.retranslate()

    def notify(self, told: Notification) -> bool:
        """Show a notification; return whether there is a place for it."""
        if not (self.is_there and self.icon.isVisible() and self.icon.supportsMessages()):
            return False
        self._told = told
        picture = _badged(_dot(told.tone))
        self.icon.showMessage(told.headline, told.words, picture, _SHOWN_MS)
        return True

    def retranslate(self) -> None:
        """Write every text anew."""
        words = mood_words(self._views)
        self.state.setText(words)
        self.icon.setToolTip(tr("Invite Desktop: {state}", state=words))
        self.open.setText(tr("&Open Invite Desktop"))
        self.pause_all.setText(tr("Pa&use all tasks"))
        self.resume_all.setText(tr("&Resume the paused tasks"))
        self.quit.setText(tr("&Quit"))
        statuses = {view.task.status for view in self._views}
        self.pause_all.setEnabled(bool(statuses & {TaskStatus.RUNNING, TaskStatus.WAITING}))
        self.resume_all.setEnabled(TaskStatus.PAUSED in statuses)
        self._draw()

    def _draw(self) -> None:
        if not self.icon.isVisible():
            return
        tone = _TONES.get(mood_of(self._views))
        self.icon.setIcon(_badged(_dot(tone) if tone else ""))

    def _action(self, chosen: Callable[[], None]) -> QAction:
        action = QAction(self)
        action.triggered.connect(chosen)
        return action

    def _activated(self, how: QSystemTrayIcon.ActivationReason) -> None:
        reason = QSystemTrayIcon.ActivationReason
        if how in (reason.Trigger, reason.DoubleClick):
            self.open_requested.emit()

    def _message_clicked(self) -> None:
        if self._told is not None:
            self.clicked_through.emit(self._told)


def _dot(tone: Tone) -> str:
    return tone_colours(tone)[0].name()


@lru_cache(maxsize=16)
def _badged(dot: str) -> QIcon:
    """Return the program's icon with a dot of a colour in its corner, or without one."""
    found = QIcon()
    for size in _SIZES:
        picture: QPixmap = app_icon().pixmap(size, size)
        if dot:
            painter = QPainter(picture)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            ring = QRectF(size * 0.5, size * 0.5, size * 0.48, size * 0.48)
            painter.setPen(QColor("white"))
            painter.setBrush(QColor(dot))
            painter.drawEllipse(ring)
            painter.end()
        found.addPixmap(picture)
    return found
