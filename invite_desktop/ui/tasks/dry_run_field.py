"""What the task would come to: asked for by a button, told in a few lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from invite_desktop.ui.translations import tr, tr_n
from invite_desktop.ui.widgets.layouts import button_and_words, field_column
from invite_desktop.ui.widgets.pieces import FieldError, button, label
from invite_desktop.ui.work import Latest

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from typing import Any

    from invite_desktop.engine.dry_run import DryRun
    from invite_desktop.ui.context import ScreenContext


class DryRunField(QWidget):
    """Shows the latest dry run until the form changes."""

    requested = Signal()

    def __init__(self, context: ScreenContext) -> None:
        super().__init__()
        self.button = button("check")
        self.hint = label("small", wrapped=True)
        self.result = label("", wrapped=True)
        self.error = FieldError()
        self._shown: DryRun | None = None
        self._running = Latest(context.work, "dry run")
        self.button.clicked.connect(self.requested)
        column = field_column(self)
        column.addLayout(button_and_words(self.button, self.hint))
        column.addWidget(self.result)
        column.addWidget(self.error)
        self.clear()

    def run(self, asking: Coroutine[Any, Any, DryRun]) -> None:
        """Show what a dry run finds, or its refusal."""
        self.clear()
        self._running.start(self._fetch(asking), self.error.refuse)

    def clear(self) -> None:
        """Forget what was found; the form says something else now."""
        self._running.cancel()
        self._shown = None
        self.error.clear()
        self._show()

    def retranslate(self) -> None:
        """Write every text anew."""
        self.button.setText(tr("&Dry run"))
        self.hint.setText(tr("Tries everybody without sending anything."))
        self._show()

    async def _fetch(self, asking: Coroutine[Any, Any, DryRun]) -> None:
        self._shown = await asking
        self._show()

    def _show(self) -> None:
        words = "" if self._shown is None else "\n".join(dry_run_lines(self._shown))
        self.result.setText(words)
        self.result.setAccessibleName(words)
        self.result.setVisible(bool(words))


def dry_run_lines(run: DryRun) -> list[str]:
    """Return what a dry run found, one finding a line; what concerns nobody is left out."""
    use, reach = run.use, run.reach
    failing = run.texts.failing if run.texts else 0
    findings = (
        (
            reach.known,
            tr_n("{count} can be reached at once", "{count} can be reached at once", reach.known),
        ),
        (
            reach.by_username,
            tr_n(
                "{count} must be looked up by username first",
                "{count} must be looked up by username first",
                reach.by_username,
            ),
        ),
        (
            reach.by_phone,
            tr_n(
                "{count} must be looked up by phone first; Telegram answers few of these",
                "{count} must be looked up by phone first; Telegram answers few of these",
                reach.by_phone,
            ),
        ),
        (
            reach.by_nothing,
            tr_n(
                "{count} cannot be reached: a bare id, and no account has met this person",
                "{count} cannot be reached: bare ids, and no account has met these people",
                reach.by_nothing,
            ),
        ),
        (use.opted_out, tr("opted out: {count}", count=use.opted_out)),
        (use.already_contacted, tr("already contacted: {count}", count=use.already_contacted)),
        (use.refused_before, tr("refused before: {count}", count=use.refused_before)),
        (
            failing,
            tr_n(
                "For {count} person the message cannot be made",
                "For {count} people the message cannot be made",
                failing,
            ),
        ),
    )
    whole = tr_n("{count} person can be used", "{count} people can be used", use.usable)
    return [f"{whole}:", *(f"•  {words}" for count, words in findings if count)]
