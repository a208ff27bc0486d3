"""The one place where facts of the engine become Qt signals, bursts folded together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from invite_desktop.engine.events import (
    AccountChanged,
    AttentionNeeded,
    AudiencesChanged,
    ImportAdvanced,
    ImportWaiting,
    RepliesHeard,
    StartMissed,
    TargetChanged,
    TaskChanged,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from invite_desktop.engine.event_bus import EventBus
    from invite_desktop.engine.events import Event

GATHER_MS = 100
"""Milliseconds of facts that become one signal; a rehearsal makes a thousand facts a second."""


class EngineBridge(QObject):
    """Listens to the bus and tells the screens what changed, at most ten times a second.

    ``tasks_changed``: frozenset of task ids whose status or counters changed;
    ``targets_changed``: dict of task id to frozenset of target ids; ``accounts_changed``:
    frozenset of account ids; ``import_advanced``: rows so far; ``import_waiting``: until when an
    import from Telegram waits, ``attention_needed``: a Message and ``start_missed``: a task id, all
    three at once.
    """

    tasks_changed = Signal(object)
    targets_changed = Signal(object)
    accounts_changed = Signal(object)
    audiences_changed = Signal()
    import_advanced = Signal(int)
    import_waiting = Signal(object)
    attention_needed = Signal(object)
    start_missed = Signal(int)

    def __init__(self, bus: EventBus, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks: set[int] = set()
        self._targets: dict[int, set[int]] = {}
        self._accounts: set[int] = set()
        self._audiences = False
        self._rows: int | None = None
        self._timer = QTimer(self, singleShot=True, interval=GATHER_MS)
        self._timer.timeout.connect(self.flush)
        self._unsubscribe: Callable[[], None] | None = bus.subscribe(self._heard)

    def close(self) -> None:
        """Stop listening."""
        if self._unsubscribe is not None:
            self._unsubscribe()
            self._unsubscribe = None
        self._timer.stop()

    def flush(self) -> None:
        """Tell now what was gathered."""
        tasks, targets, accounts = self._tasks, self._targets, self._accounts
        audiences, rows = self._audiences, self._rows
        self._tasks, self._targets, self._accounts = set(), {}, set()
        self._audiences, self._rows = False, None
        if rows is not None:
            self.import_advanced.emit(rows)
        if audiences:
            self.audiences_changed.emit()
        if accounts:
            self.accounts_changed.emit(frozenset(accounts))
        if targets:
            self.targets_changed.emit({task: frozenset(ids) for task, ids in targets.items()})
        if tasks:
            self.tasks_changed.emit(frozenset(tasks))

    def _heard(self, event: Event) -> None:
        match event:
            case TargetChanged(task_id, target_id):
                self._tasks.add(task_id)
                self._targets.setdefault(task_id, set()).add(target_id)
            case TaskChanged(task_id):
                self._tasks.add(task_id)
            case AccountChanged(account_id):
                self._accounts.add(account_id)
            case AudiencesChanged():
                self._audiences = True
            case ImportAdvanced(rows):
                self._rows = rows
            case RepliesHeard():
                self._audiences = True
            case _:
                self._tell_at_once(event)
        if not self._timer.isActive():
            self._timer.start()

    def _tell_at_once(self, event: Event) -> None:
        match event:
            case ImportWaiting(until):
                self.flush()  # what was read before the wait
                self.import_waiting.emit(until)
            case StartMissed(task_id):
                self.start_missed.emit(task_id)
            case AttentionNeeded(text):
                self.attention_needed.emit(text)
