"""The task's own invite link: made by an admin account when first asked for, then copied."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from invite_desktop.ui.theme import Space
from invite_desktop.ui.translations import language_changed, tr
from invite_desktop.ui.widgets.pieces import button

if TYPE_CHECKING:
    from invite_desktop.ui.context import ScreenContext


class InviteLink(QWidget):
    """A button that fetches the link, and afterwards the link with a copy button."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__()
        self._context = context
        self._task_id = 0
        self.get_button = button("link")
        self.address = QLineEdit(readOnly=True)
        self.copy_button = button("copy")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.SMALL)
        for part in (self.get_button, self.address, self.copy_button):
            row.addWidget(part)
        self.address.setMinimumWidth(self.fontMetrics().horizontalAdvance("n") * 32)
        self.get_button.clicked.connect(self._get)
        self.copy_button.clicked.connect(self._copy)
        language_changed().changed.connect(self.retranslate)
        self.retranslate()

    def open_task(self, task_id: int) -> None:
        """Show another task's link, once it is asked for."""
        self._task_id = task_id
        self._show("")

    def retranslate(self) -> None:
        """Write every text anew."""
        self.get_button.setText(tr("Invite &link"))
        self.get_button.setToolTip(tr("For those whom Telegram does not let you add"))
        self.copy_button.setText(tr("C&opy"))
        self.copy_button.setAccessibleName(tr("Copy the invite link"))
        self.address.setAccessibleName(tr("Invite link of the task"))

    def _show(self, link: str) -> None:
        self.address.setText(link)
        self.address.setCursorPosition(0)
        self.address.setVisible(bool(link))
        self.copy_button.setVisible(bool(link))
        self.get_button.setVisible(not link)
        self.get_button.setEnabled(True)

    def _get(self) -> None:
        self.get_button.setEnabled(False)
        self._context.work.start(self._fetch(self._task_id), "invite link")

    async def _fetch(self, task_id: int) -> None:
        try:
            link = await self._context.engine.tasks.invite_link(task_id)
        finally:
            self.get_button.setEnabled(True)
        if task_id == self._task_id:
            self._show(link)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.address.text())
        self.copy_button.setText(tr("Copied"))
