"""The base of every screen: re-translates itself, loads when seen, never when hidden."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from invite_desktop.ui.translations import language_changed
from invite_desktop.ui.work import Refresher

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent

    from invite_desktop.ui.context import ScreenContext


class Screen(QWidget):
    """A part of the window with contents from the engine.

    Subclasses write their texts in ``retranslate`` and fetch their contents in ``load``, which
    runs again ``rest`` seconds later at the earliest.
    """

    def __init__(self, context: ScreenContext, name: str, rest: float = 0.0) -> None:
        super().__init__()
        self.setObjectName(name)
        self.context = context
        self._stale = True
        self._refresher = Refresher(context.work, self.load, f"{name} loads", rest)
        language_changed().changed.connect(self.retranslate)

    def retranslate(self) -> None:
        """Write every text anew in the language in force."""
        raise NotImplementedError

    async def load(self) -> None:
        """Fetch the contents and show them."""
        raise NotImplementedError

    def refresh(self) -> None:
        """Load now, or when the screen is next seen."""
        self._stale = not self.isVisible()
        if not self._stale:
            self._refresher.request()

    def showEvent(self, event: QShowEvent) -> None:
        """Load what changed while the screen was hidden."""
        super().showEvent(event)
        if self._stale:
            self.refresh()
