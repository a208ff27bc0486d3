"""Which tasks the list shows: by words, status, kind and priority."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from invite_desktop.domain.tasks import Priority, TaskKind, TaskStatus
from invite_desktop.ui.translations import tr, tr_n
from invite_desktop.ui.widgets.choices import Choice
from invite_desktop.ui.widgets.layouts import line
from invite_desktop.ui.widgets.pieces import label
from invite_desktop.ui.wording import titled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from invite_desktop.engine.views import TaskView
    from invite_desktop.ui.settings import SettingsStore


class TaskFilter(QWidget):
    """A row of fields; ``changed`` says that other tasks pass now."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.search = QLineEdit(clearButtonEnabled=True)
        self.search.setObjectName("task_search")
        statuses = [each for each in TaskStatus if each is not TaskStatus.DRAFT]
        self.status: Choice[TaskStatus | None] = Choice(_status_words, [None, *statuses])
        self.kind: Choice[TaskKind | None] = Choice(_kind_words, [None, *TaskKind])
        by_rank = sorted(Priority, reverse=True)
        self.priority: Choice[Priority | None] = Choice(_priority_words, [None, *by_rank])
        self.count = label("muted")
        row = line(self.search, *self._choices, self.count)
        row.setStretch(0, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row)
        self.search.textChanged.connect(self.changed)
        for choice in self._choices:
            choice.currentIndexChanged.connect(self.changed)
        self.retranslate()

    @property
    def active(self) -> bool:
        """Return whether anything is asked for."""
        chosen = [choice.currentIndex() > 0 for choice in self._choices]
        return bool(self.search.text().strip()) or any(chosen)

    def passes(self, view: TaskView) -> bool:
        """Return whether a task is wanted; every word has to be in its name, chat or audience."""
        task = view.task
        wanted = (
            (self.status.chosen, task.status),
            (self.kind.chosen, task.kind),
            (self.priority.chosen, task.priority),
        )
        if any(each not in (None, own) for each, own in wanted):
            return False
        title = task.chat.title if task.chat else ""
        words = f"{task.name} {title} {view.audience_name}".casefold()
        return all(word in words for word in self.search.text().casefold().split())

    def clear(self) -> None:
        """Ask for nothing."""
        self.search.clear()
        for choice in self._choices:
            choice.setCurrentIndex(0)

    def remember(self, settings: SettingsStore, key: str) -> None:
        """Choose what was chosen in the last run, and keep it from now on; the words are new."""
        choices: Sequence[Choice[Any]] = self._choices
        for choice, name in zip(choices, str(settings.value(key, "")).split(","), strict=False):
            found = [value for value in choice.values if value is not None and value.name == name]
            choice.choose(found[0] if found else None)

        def keep() -> None:
            chosen = [choice.chosen for choice in choices]
            settings.setValue(key, ",".join(each.name if each else "" for each in chosen))

        for choice in choices:
            choice.currentIndexChanged.connect(keep)

    def show_count(self, found: int, everything: int) -> None:
        """Say how many tasks pass."""
        self.count.setText(
            tr("{found} of {all}", found=found, all=everything)
            if self.active
            else tr_n("{count} task", "{count} tasks", everything)
        )

    def retranslate(self) -> None:
        """Write every text anew."""
        self.search.setPlaceholderText(tr("Search by name, chat or audience"))
        self.search.setAccessibleName(tr("Search the tasks by name, chat or audience"))
        self.status.setAccessibleName(tr("Only tasks with this status"))
        self.kind.setAccessibleName(tr("Only tasks of this kind"))
        self.priority.setAccessibleName(tr("Only tasks of this priority"))
        for choice in self._choices:
            choice.retranslate()

    @property
    def _choices(
        self,
    ) -> tuple[Choice[TaskStatus | None], Choice[TaskKind | None], Choice[Priority | None]]:
        return self.status, self.kind, self.priority


def _status_words(status: TaskStatus | None) -> str:
    return tr("Any status") if status is None else titled(status)


def _kind_words(kind: TaskKind | None) -> str:
    if kind is None:
        return tr("Any kind")
    return tr("Messages") if kind is TaskKind.MESSAGE else tr("Invitations")


def _priority_words(priority: Priority | None) -> str:
    return tr("Any priority") if priority is None else priority_words(priority)


def priority_words(priority: Priority) -> str:
    """Return a priority as it is chosen from a list."""
    return {
        Priority.LOW: tr("Low priority"),
        Priority.NORMAL: tr("Normal priority"),
        Priority.HIGH: tr("High priority"),
    }[priority]
