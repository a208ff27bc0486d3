"""Small dialogs of the window itself; their modules load when they are asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invite_desktop import __version__
from invite_desktop.ui.translations import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from PySide6.QtGui import QAction
    from PySide6.QtWidgets import QWidget

    from invite_desktop.ui.context import ScreenContext


def tell_about(context: ScreenContext) -> None:
    """Say what this program is, and which version."""
    words = tr(
        "Brings your own list of people into your Telegram chat, at a pace Telegram "
        "tolerates. It uses the Telegram API and is not made by Telegram."
    )
    headline = tr("Invite Desktop {version}", version=__version__)
    context.work.start(context.notices.tell(headline, words), "about told")


def show_shortcuts(
    actions: Iterable[QAction], tabs: Callable[[], Sequence[str]], window: QWidget
) -> None:
    """List every shortcut of the window; ``tabs`` returns the names of its tabs."""
    from invite_desktop.ui.shortcuts import (  # noqa: PLC0415 - seldom needed
        ShortcutsDialog,
        action_shortcuts,
        common_shortcuts,
    )

    ShortcutsDialog(lambda: [*action_shortcuts(actions), *common_shortcuts(tabs())], window).open()


def ask_about_start(context: ScreenContext, task_id: int) -> None:
    """Ask what to do about a start that was missed."""
    from invite_desktop.ui.tasks.schedule_dialog import ask_about_missed_start  # noqa: PLC0415 - seldom needed

    context.work.start(ask_about_missed_start(context, task_id), f"task {task_id}: missed start")
