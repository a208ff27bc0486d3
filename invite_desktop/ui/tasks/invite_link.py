"""The place of a task's invite link on its page, filled when it is first looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from invite_desktop.ui.tasks.link_panel import LinkPanel
from invite_desktop.ui.translations import language_changed

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent

    from invite_desktop.ui.context import ScreenContext


class InviteLink(QWidget):
    """Shows one task's link at a time; ``open_task`` says which."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__()
        self._context = context
        self._task_id = 0
        self.panel: LinkPanel | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        language_changed().changed.connect(self.retranslate)

    def open_task(self, task_id: int) -> None:
        """Show another task's link."""
        self._task_id = task_id
        self._renew()

    def retranslate(self) -> None:
        """Write every text anew; the part that is shown stays the one that is shown."""
        part = self.panel.tabs.currentIndex() if self.panel is not None else 0
        self._renew()
        if self.panel is not None:
            self.panel.tabs.setCurrentIndex(part)

    def _renew(self) -> None:
        if self.panel is not None:
            self._column.removeWidget(self.panel)
            self.panel.leave()
            self.panel = None
        if self.isVisible():
            self._fill()

    def _fill(self) -> None:
        if self.panel is None and self._task_id:
            self.panel = LinkPanel(self._context, self._task_id)
            self._column.addWidget(self.panel)

    def showEvent(self, event: QShowEvent) -> None:
        """Ask for the link when it is looked at."""
        super().showEvent(event)
        self._fill()
