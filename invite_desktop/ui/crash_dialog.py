"""The report window for a bug of ours: what happened, without anybody's data, ready to copy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout

from invite_desktop.ui.theme import Space
from invite_desktop.ui.translations import language_changed, tr
from invite_desktop.ui.widgets.dialog import Dialog
from invite_desktop.ui.widgets.layouts import line
from invite_desktop.ui.widgets.pieces import button, label

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


class CrashDialog(Dialog):
    """One report, to be read and copied; whoever made it has kept personal data out of it."""

    def __init__(self, report: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        words = label("", wrapped=True)
        words.setText(
            tr(
                "This is a mistake in the program, not yours. Nothing that was done is lost, and "
                "you can go on. The report below holds no personal data: copy it and send it "
                "to those who look after the program."
            )
        )
        self.report = QPlainTextEdit(report, readOnly=True)
        self.report.setTabChangesFocus(True)
        self.copy_button = button("copy", primary=True)
        self.copy_button.setText(tr("C&opy the report"))
        self.close_button = button()
        self.close_button.setText(tr("Close"))
        self.copy_button.clicked.connect(self._copy)
        self.close_button.clicked.connect(self.accept)
        self.finished.connect(self.deleteLater)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.LARGE, Space.LARGE, Space.LARGE, Space.LARGE)
        column.setSpacing(Space.MEDIUM)
        column.addWidget(words)
        column.addWidget(self.report, 1)
        column.addLayout(line(None, self.close_button, self.copy_button))
        language_changed().changed.connect(self.retranslate)
        self.retranslate()
        self.resize(640, 400)

    def retranslate(self) -> None:
        """Write anew what is not written on a label or a button."""
        self.setWindowTitle(tr("Something in the program went wrong"))
        self.report.setAccessibleName(tr("Report"))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.report.toPlainText())
        self.copy_button.setText(tr("Copied"))
