"""The Import tab: a place to drop lists, the form, the report, the history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from invite_desktop.domain.errors import KnownError
from invite_desktop.ui.imports.history import ImportHistory
from invite_desktop.ui.imports.import_form import ImportForm
from invite_desktop.ui.imports.report_view import ReportView
from invite_desktop.ui.imports.sources import choose_files, choose_folder, paste_list
from invite_desktop.ui.theme import Space
from invite_desktop.ui.translations import language_changed, tr
from invite_desktop.ui.widgets.drop_area import DropArea
from invite_desktop.ui.widgets.pieces import button

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from invite_desktop.domain.audiences import ImportReport
    from invite_desktop.ui.context import ScreenContext


class ImportScreen(QWidget):
    """One page at a time: the drop area with the history, the form, or a report."""

    task_requested = Signal(int)
    telegram_requested = Signal()

    def __init__(self, context: ScreenContext) -> None:
        super().__init__()
        self.setObjectName("import_screen")
        self._context = context
        self.drop_area = DropArea()
        self.folder_button = button("folder")
        self.telegram_button = button("accounts")
        self.history = ImportHistory(context)
        self.form = ImportForm(context)
        self.report = ReportView(context)
        self._pages = QStackedWidget()
        self._start_page = QWidget()
        self._lay_out()
        self._connect()
        self.retranslate()

    def offer(self, paths: Sequence[Path], *, ours: bool = False) -> None:
        """Load files and folders into the form."""
        if not paths:
            return
        self._pages.setCurrentWidget(self.form)
        self.form.offer(paths, ours=ours)

    def choose(self) -> None:
        """Let the user choose files."""
        choose_files(self, self.offer)

    def choose_folder(self) -> None:
        """Let the user choose a folder, of which every list is taken."""
        choose_folder(self, self.offer)

    def paste(self) -> None:
        """Take the list that is on the clipboard."""
        try:
            paths, ours = paste_list(self._context.temporary)
        except KnownError as error:
            self._context.notices.refused(error)
        else:
            self.offer(paths, ours=ours)

    def show_report(self, report: ImportReport) -> None:
        """Show what an import did."""
        self._show_report(report)

    def retranslate(self) -> None:
        """Write every text anew."""
        self.folder_button.setText(tr("Choose a fol&der…"))
        self.folder_button.setToolTip(tr("Every list inside it, also in its own folders"))
        self.telegram_button.setText(tr("From &Telegram…"))
        self.telegram_button.setToolTip(
            tr("Members of your chats, people of your dialogues, your contacts")
        )
        self.drop_area.say(
            tr("Drop lists of people here"),
            tr("CSV, TSV, XLSX, XLS, ODS, JSON or TXT: one file, several, or a whole folder"),
            tr("&Choose files…"),
            tr("&Paste a list"),
        )

    def _show_report(self, report: ImportReport) -> None:
        self.report.show_report(report)
        self._pages.setCurrentWidget(self.report)

    def _open_report(self, import_id: int) -> None:
        self._context.work.start(self._fetch_report(import_id), "import report")

    async def _fetch_report(self, import_id: int) -> None:
        self._show_report(await self._context.engine.imports.report(import_id))

    def _show_start(self) -> None:
        self._pages.setCurrentWidget(self._start_page)

    def _connect(self) -> None:
        self.drop_area.paths_dropped.connect(self.offer)
        self.drop_area.choose_requested.connect(self.choose)
        self.drop_area.paste_requested.connect(self.paste)
        self.folder_button.clicked.connect(self.choose_folder)
        self.telegram_button.clicked.connect(self.telegram_requested)
        self.form.imported.connect(self._show_report)
        self.form.left.connect(self._show_start)
        self.report.left.connect(self._show_start)
        self.report.task_requested.connect(self.task_requested)
        self.history.opened.connect(self._open_report)
        language_changed().changed.connect(self.retranslate)

    def _lay_out(self) -> None:
        self.drop_area.add_button(self.telegram_button)
        self.drop_area.add_button(self.folder_button)
        start = QVBoxLayout(self._start_page)
        start.setContentsMargins(0, 0, 0, 0)
        start.setSpacing(Space.LARGE)
        start.addWidget(self.drop_area, 3)
        start.addWidget(self.history, 2)
        for page in (self._start_page, self.form, self.report):
            self._pages.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.LARGE, Space.LARGE, Space.LARGE, Space.LARGE)
        column.addWidget(self._pages)
