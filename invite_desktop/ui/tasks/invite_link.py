"""The door from a task's page to its invite link and to those who stayed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QWidget

from invite_desktop.ui.tasks.link_dialog import LinkDialog
from invite_desktop.ui.translations import language_changed, tr
from invite_desktop.ui.widgets.pieces import button

if TYPE_CHECKING:
    from invite_desktop.ui.context import ScreenContext


class InviteLink(QWidget):
    """A button that opens everything about one task's link."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__()
        self._context = context
        self._task_id = 0
        self.open_button = button("link")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.open_button)
        self.open_button.clicked.connect(self._open)
        language_changed().changed.connect(self.retranslate)
        self.retranslate()

    def open_task(self, task_id: int) -> None:
        """Concern another task from now on."""
        self._task_id = task_id

    def retranslate(self) -> None:
        """Write every text anew."""
        self.open_button.setText(tr("Invite &link…"))
        self.open_button.setToolTip(
            tr("Link and QR code, join requests, and whom only a link reaches")
        )

    def _open(self) -> None:
        LinkDialog(self._context, self.window(), self._task_id).open()
