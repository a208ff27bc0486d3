"""The report window for a bug of ours: what happened, without anybody's data, ready to copy."""

from __future__ import annotations

import platform
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QPlainTextEdit, QVBoxLayout

from invite_desktop import __version__
from invite_desktop.ui.theme import Space
from invite_desktop.ui.translations import tr
from invite_desktop.ui.widgets.layouts import line
from invite_desktop.ui.widgets.pieces import button, label

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

_PACKAGE_DEPTH = 3
"""Parts of a file's path that are told: enough to find it, none of the user's folders."""


def crash_report(error: BaseException) -> str:
    """Return a bug's kind and place. Its message is left out: it may hold a person's data."""
    lines = [
        f"Invite Desktop {__version__}",
        (
            f"Python {platform.python_version()}, Qt {qVersion()}, "
            f"{platform.system()} {platform.release()}"
        ),
        "",
    ]
    for each in _chain(error):
        lines.append(f"{type(each).__module__}.{type(each).__qualname__}")
        for frame in traceback.extract_tb(each.__traceback__):
            place = "/".join(Path(frame.filename).parts[-_PACKAGE_DEPTH:])
            lines.append(f"  {place}:{frame.lineno} in {frame.name}")
    return "\n".join(lines)


class CrashReports:
    """Shows each distinct bug once, so that a bug in a loop does not bury the window."""

    def __init__(self, window: QWidget) -> None:
        self._window = window
        self._seen: set[str] = set()

    def show(self, error: BaseException) -> CrashDialog | None:
        """Open the report window; None when this bug was shown before."""
        report = crash_report(error)
        if report in self._seen:
            return None
        self._seen.add(report)
        dialog = CrashDialog(report, self._window)
        dialog.open()
        return dialog


class CrashDialog(QDialog):
    """One report, to be read and copied."""

    def __init__(self, report: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Something in the program went wrong"))
        words = label("", wrapped=True)
        words.setText(
            tr(
                "This is a mistake in the program, not yours. Nothing that was done is lost, and "
                "you can go on. The report below holds no personal data: copy it and send it "
                "to those who look after the program."
            )
        )
        self.report = QPlainTextEdit(report, readOnly=True)
        self.report.setAccessibleName(tr("Report"))
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
        self.resize(640, 400)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.report.toPlainText())
        self.copy_button.setText(tr("Copied"))


def _chain(error: BaseException) -> list[BaseException]:
    chain: list[BaseException] = []
    current: BaseException | None = error
    while current is not None and current not in chain:
        chain.append(current)
        current = current.__cause__ or current.__context__
    return chain
