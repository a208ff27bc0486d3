"""What was typed into the form for a new task, kept until the task is made or Reset is pressed."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime, time
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.schedule import ANY_TIME, Schedule, WorkingHours
from invite_desktop.domain.tasks import Priority, TaskKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from invite_desktop.domain.tasks import InviteTask
    from invite_desktop.ui.settings import SettingsStore

_KEY = "tasks/draft"
_REST_MS = 400
"""Milliseconds without a key until what was typed is kept."""


@dataclass(frozen=True, slots=True)
class FormDraft:
    """The fields of the form. An empty ``stop_line`` is the usual one."""

    address: str = ""
    kind: TaskKind = TaskKind.INVITE
    audience_id: int = 0
    text: str = ""
    stop_line: str = ""
    attachment: str = ""
    link_preview: bool = True
    priority: Priority = Priority.NORMAL
    schedule: Schedule = ANY_TIME


NOTHING = FormDraft()


def draft_like(task: InviteTask) -> FormDraft:
    """Return everything of a task but its audience and its start time."""
    text, _, stop_line = task.text.rpartition("\n\n")
    messages = task.kind is TaskKind.MESSAGE
    return FormDraft(
        address=str(task.chat.address) if task.chat else "",
        kind=task.kind,
        text=text if messages else "",
        stop_line=stop_line if messages else "",
        attachment=task.attachment,
        link_preview=task.link_preview,
        priority=task.priority,
        schedule=Schedule(hours=task.schedule.hours),
    )


class DraftKeeper(QObject):
    """Keeps what ``read`` returns, a moment after the last key; ``flush`` does so at once.

    It ends with its ``owner``, whose fields it reads.
    """

    def __init__(
        self, owner: QObject, settings: SettingsStore, read: Callable[[], FormDraft]
    ) -> None:
        super().__init__(owner)
        self._settings = settings
        self._read = read
        self._touched = False
        self._timer = QTimer(self, singleShot=True, interval=_REST_MS)
        self._timer.timeout.connect(self.flush)

    def touch(self) -> None:
        """Take note that something was typed."""
        self._touched = True
        self._timer.start()

    def flush(self) -> None:
        """Keep what was typed, if anything was since the last time."""
        self._timer.stop()
        if self._touched:
            self._touched = False
            keep_draft(self._settings, self._read())


def keep_draft(settings: SettingsStore, draft: FormDraft) -> None:
    """Remember a draft, or forget the last one when nothing was typed."""
    written = "" if draft == NOTHING else json.dumps(_written(draft), ensure_ascii=False)
    settings.setValue(_KEY, written)


def kept_draft(settings: SettingsStore) -> FormDraft:
    """Return the draft that was kept; nothing typed when there is none that can be read."""
    try:
        fields = json.loads(str(settings.value(_KEY) or "{}"))
        return _read(fields)
    except (ValueError, TypeError, KeyError, AttributeError, KnownError):
        return NOTHING


def _written(draft: FormDraft) -> dict[str, Any]:
    fields = asdict(draft)
    schedule, hours = draft.schedule, draft.schedule.hours
    fields["schedule"] = {
        "start_at": schedule.start_at.isoformat() if schedule.start_at else None,
        "hours": hours
        and {
            "weekdays": sorted(hours.weekdays),
            "begins": hours.begins.isoformat(),
            "ends": hours.ends.isoformat(),
            "zone": hours.zone,
        },
    }
    return fields


def _read(fields: dict[str, Any]) -> FormDraft:
    if not fields:
        return NOTHING
    schedule = fields["schedule"]
    start, hours = schedule["start_at"], schedule["hours"]
    return FormDraft(
        address=str(fields["address"]),
        kind=TaskKind(fields["kind"]),
        audience_id=int(fields["audience_id"]),
        text=str(fields["text"]),
        stop_line=str(fields["stop_line"]),
        attachment=str(fields["attachment"]),
        link_preview=bool(fields["link_preview"]),
        priority=Priority(fields["priority"]),
        schedule=Schedule(
            datetime.fromisoformat(start) if start else None,
            WorkingHours(
                frozenset(hours["weekdays"]),
                time.fromisoformat(hours["begins"]),
                time.fromisoformat(hours["ends"]),
                hours["zone"],
            )
            if hours
            else None,
        ),
    )
