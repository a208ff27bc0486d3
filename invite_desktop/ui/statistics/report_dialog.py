"""Saving a report or the execution log: where to, how it goes, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QProgressBar, QVBoxLayout

from invite_desktop.ui.theme import Space
from invite_desktop.ui.translations import language_changed, tr, tr_n
from invite_desktop.ui.widgets.dialog import Dialog
from invite_desktop.ui.widgets.layouts import line
from invite_desktop.ui.widgets.pieces import FieldError, button, label
from invite_desktop.ui.widgets.save_dialog import choose_place
from invite_desktop.ui.work import Latest

if TYPE_CHECKING:
    from collections.abc import Coroutine, Mapping
    from pathlib import Path
    from typing import Any

    from PySide6.QtWidgets import QWidget

    from invite_desktop.domain.errors import KnownError
    from invite_desktop.domain.tasks import InviteTask
    from invite_desktop.engine.ports.ledger import LedgerFilter
    from invite_desktop.ui.context import ScreenContext


def ask_for_report(context: ScreenContext, parent: QWidget, task: InviteTask | None) -> None:
    """Ask where the report of a task, or (None) over all of them, is to be saved, and save it."""
    name = tr("Report: {task}", task=task.name) if task else tr("Report: all tasks")

    def chosen(path: Path) -> None:
        ReportDialog(context, parent.window()).save(task, path)

    choose_place(parent, tr("Save the report"), name, chosen, report_kinds())


def ask_for_log(context: ScreenContext, parent: QWidget, wanted: LedgerFilter) -> None:
    """Ask where the wanted calls of the execution log are to be saved, and save them."""
    choose_place(
        parent,
        tr("Save the log"),
        tr("Execution log"),
        lambda path: ReportDialog(context, parent.window()).save_log(wanted, path),
    )


def report_kinds() -> Mapping[str, str]:
    """Return the formats of reports by the words of their filter."""
    return {
        tr("Excel workbook (*.xlsx)"): "xlsx",
        tr("Page for the browser (*.html)"): "html",
        tr("PDF for printing (*.pdf)"): "pdf",
        tr("CSV table (*.csv)"): "csv",
    }


class ReportDialog(Dialog):
    """Lives until it is closed; call ``save`` or ``save_log``. Closing it stops the saving."""

    def __init__(self, context: ScreenContext, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self._path: Path | None = None
        self._of_log = False
        self._saving = Latest(context.work, "report saved")
        self.words = label(wrapped=True)
        self.bar = QProgressBar(textVisible=False)
        self.bar.setRange(0, 0)
        self.error = FieldError()
        self.open_button = button("file")
        self.folder_button = button("folder")
        self.close_button = button()
        self._lay_out()
        self.open_button.clicked.connect(self._open_file)
        self.folder_button.clicked.connect(self._open_folder)
        self.close_button.clicked.connect(self.reject)
        self.finished.connect(self._saving.cancel)
        language_changed().changed.connect(self.retranslate)
        self.retranslate()

    def retranslate(self) -> None:
        """Write anew what labels and buttons do not say anew themselves."""
        self.setWindowTitle(tr("Execution log") if self._of_log else tr("Report"))
        self.bar.setAccessibleName(tr("Saving"))

    def save(self, task: InviteTask | None, path: Path) -> None:
        """Open, and save the report of a task, or (None) over all of them."""
        self._begin(path, self._save(task, path))

    def save_log(self, wanted: LedgerFilter, path: Path) -> None:
        """Open, and save the wanted calls of the execution log."""
        self._of_log = True
        self.retranslate()
        self._begin(path, self._save_log(wanted, path))

    def _begin(self, path: Path, saving: Coroutine[Any, Any, None]) -> None:
        self._path = path
        self.words.setText(tr("Saving “{name}”…", name=path.name))
        self.open()
        self._saving.start(saving, self._refused)

    async def _save_log(self, wanted: LedgerFilter, path: Path) -> None:
        rows = await self._context.engine.exports.log(wanted, path)
        self._saved(
            tr_n(
                "The log is saved as “{name}”, with {count} call.",
                "The log is saved as “{name}”, with {count} calls.",
                rows,
                name=path.name,
            )
        )

    async def _save(self, task: InviteTask | None, path: Path) -> None:
        reports = self._context.engine.reports
        if task is None:
            rows = await reports.overall(path)
            told = tr_n(
                "The report is saved as “{name}”, with {count} task.",
                "The report is saved as “{name}”, with {count} tasks.",
                rows,
                name=path.name,
            )
        else:
            rows = await reports.task(task.id, path)
            told = tr_n(
                "The report is saved as “{name}”, with {count} person.",
                "The report is saved as “{name}”, with {count} people.",
                rows,
                name=path.name,
            )
        self._saved(told)

    def _saved(self, told: str) -> None:
        self.words.setText(told)
        self.open_button.show()
        self.folder_button.show()
        self._end()
        self.open_button.setFocus()

    def _refused(self, error: KnownError) -> None:
        self.words.setText(
            tr("The log was not saved.") if self._of_log else tr("The report was not saved.")
        )
        self.error.refuse(error)
        self._end()
        self.close_button.setFocus()

    def _end(self) -> None:
        self.bar.hide()
        self.close_button.setText(tr("Close"))
        self.words.setAccessibleName(self.words.text())

    def _open_file(self) -> None:
        if self._path is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._path)))

    def _open_folder(self) -> None:
        if self._path is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._path.parent)))

    def _lay_out(self) -> None:
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.open_button.setText(tr("&Open"))
        self.folder_button.setText(tr("Show the &folder"))
        self.close_button.setText(tr("Cancel"))
        for later in (self.open_button, self.folder_button):
            later.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.LARGE, Space.LARGE, Space.LARGE, Space.LARGE)
        column.setSpacing(Space.MEDIUM)
        for part in (self.words, self.bar, self.error):
            column.addWidget(part)
        column.addStretch(1)
        column.addLayout(line(self.open_button, self.folder_button, None, self.close_button))
        # Not the dialog's own: it grows with the buttons that come at the end.
        self.words.setMinimumWidth(self.fontMetrics().averageCharWidth() * 60)
