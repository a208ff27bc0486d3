"""What those who look elsewhere are told, and what they can do about it right there."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from invite_desktop.ui.theme import Tone

if TYPE_CHECKING:
    from collections.abc import Callable


class Act(StrEnum):
    """What a click on a notification leads to."""

    WINDOW = "window"
    TASK = "task"
    REPORT = "report"


@dataclass(frozen=True, slots=True)
class Notification:
    """One notification. ``button`` is what ``act`` is called; without it there is no button."""

    headline: str
    words: str
    tone: Tone = Tone.QUIET
    act: Act = Act.WINDOW
    task_id: int | None = None
    button: str = ""


class Notifier(Protocol):
    """A desktop's own way to notify, with buttons."""

    async def show(self, told: Notification, followed: Callable[[], None]) -> bool:
        """Show a notification; return whether this desktop could.

        ``followed`` is called when its button or the notification itself is clicked.
        """
        ...
