"""The report of one import: counts that add up, each opening its rows; saving and undoing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QStackedWidget, QVBoxLayout, QWidget

from invite_desktop.domain.audiences import FileCounts, RowKind
from invite_desktop.ui.imports.count_tile import CountTile
from invite_desktop.ui.imports.report_rows import ReportRows
from invite_desktop.ui.imports.report_saving import ReportSaving
from invite_desktop.ui.imports.report_words import facts_of, keys_of, sum_of
from invite_desktop.ui.imports.undoing import undo_import
from invite_desktop.ui.theme import Space
from invite_desktop.ui.translations import language_changed, tr, translator
from invite_desktop.ui.widgets.columns import Column
from invite_desktop.ui.widgets.layouts import line
from invite_desktop.ui.widgets.pieces import EmptyState, button, label
from invite_desktop.ui.widgets.rows_model import RowsModel
from invite_desktop.ui.widgets.tables import Table, TableOrEmpty

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from invite_desktop.domain.audiences import ImportReport
    from invite_desktop.ui.context import ScreenContext

_KINDS = (
    RowKind.NEW,
    RowKind.UPDATED,
    RowKind.DUPLICATE,
    RowKind.INVALID,
    RowKind.OPTED_OUT,
)
_READ, _REMARKS = 0, len(_KINDS) + 1
"""Places of the tiles before and after those of the kinds."""


class ReportView(QWidget):
    """Shows a report and the ways on from it."""

    left = Signal()
    task_requested = Signal(int)

    def __init__(self, context: ScreenContext) -> None:
        super().__init__()
        self._context = context
        self._report: ImportReport | None = None
        self.title = label("heading", wrapped=True)
        self.facts = label("muted", wrapped=True)
        self.tiles = [CountTile() for _ in range(_REMARKS + 1)]
        self.sum = label("", wrapped=True)
        self.keys = label("muted", wrapped=True)
        self.back_button = button("back")
        self.undo_button = button("undo")
        self.task_button = button("add", primary=True)
        self.saving = ReportSaving(context, self)
        self.model = ReportRows(context)
        self.table = Table(self.model)
        self.table.remember_columns(context.settings, "imports/report_columns")
        self.files: RowsModel[FileCounts] = RowsModel(_FILE_COLUMNS, key=lambda row: row.file)
        self.files_table = Table(self.files)
        self.files_table.remember_columns(context.settings, "imports/files_columns")
        self._no_rows = EmptyState("check")
        self._pages = QStackedWidget()
        self._lay_out()
        self._connect()
        self.retranslate()

    def show_report(self, report: ImportReport) -> None:
        """Show another report, with the rows that most need looking at."""
        self._report = report
        self.saving.report = report
        self.files.start_over(_by_file(report))
        self.retranslate()
        counts = report.counts
        first = RowKind.INVALID if counts.invalid or not counts.remarks else None
        self.show_kind(first if counts.invalid or counts.remarks else RowKind.NEW)

    def show_kind(self, kind: RowKind | None) -> None:
        """Show the rows behind one count, None: the remarks."""
        if self._report is None:
            return
        self.tiles[_REMARKS if kind is None else 1 + _KINDS.index(kind)].setChecked(True)
        self.saving.kind = kind
        self.model.show_kind(self._report, kind)
        self.table.setColumnHidden(1, len(self._report.files) == 1)
        self._pages.setCurrentIndex(0)

    def show_files(self) -> None:
        """Show how the rows are spread over the files."""
        self._pages.setCurrentIndex(1)

    def retranslate(self) -> None:
        """Write every text anew."""
        self.back_button.setText(tr("&Back to import"))
        self.undo_button.setText(tr("&Undo this import…"))
        self.task_button.setText(tr("&Task with this audience"))
        self.saving.retranslate()
        self.table.setAccessibleName(tr("Rows behind the count that is chosen"))
        self.files_table.setAccessibleName(tr("Rows of each file"))
        self.model.retranslate()
        self.files.retranslate()
        if self._report is not None:
            self._write(self._report)

    def _write(self, report: ImportReport) -> None:
        undone = report.undone_at is not None
        name = report.audience.name
        self.title.setText(
            tr("The import of “{name}” was undone", name=name)
            if undone
            else tr("“{name}” is imported", name=name)
        )
        self.facts.setText(facts_of(report))
        self.facts.setToolTip("\n".join(report.files))
        counts = report.counts
        numbers = (
            (counts.read, tr("Rows read")),
            (counts.new, tr("New people")),
            (counts.updated, tr("Updated")),
            (counts.duplicate, tr("Duplicates")),
            (counts.invalid, tr("Invalid rows")),
            (counts.opted_out, tr("Opted out")),
            (counts.remarks, tr("Remarks")),
        )
        for tile, (number, caption) in zip(self.tiles, numbers, strict=True):
            tile.say(translator().number(number), caption)
            tile.setEnabled(not undone)
        self.tiles[_REMARKS].setVisible(counts.remarks > 0)
        self.sum.setText(sum_of(counts))
        self.keys.setText(keys_of(counts))
        self.keys.setVisible(bool(self.keys.text()) and not undone)
        usable = report.audience.basis.allows_sending and report.audience.people > 0
        self.task_button.setEnabled(usable and not undone)
        self.undo_button.setEnabled(not undone)
        self._no_rows.say(
            tr("Nothing is kept of this import") if undone else tr("There are no such rows"),
            tr("The people whom it brought are gone; what was sent to them is still known.")
            if undone
            else tr("Choose another count above to see its rows."),
        )

    def _request_task(self) -> None:
        if self._report is not None:
            self.task_requested.emit(self._report.audience.id)

    def _undo(self) -> None:
        if self._report is not None:
            self._context.work.start(
                undo_import(self._context, self._report, self.show_report), "import undone"
            )

    def _connect(self) -> None:
        self.back_button.clicked.connect(self.left)
        self.undo_button.clicked.connect(self._undo)
        self.task_button.clicked.connect(self._request_task)
        self.tiles[_READ].clicked.connect(self.show_files)
        self.tiles[_REMARKS].clicked.connect(lambda: self.show_kind(None))
        for tile, kind in zip(self.tiles[1:], _KINDS, strict=False):
            tile.clicked.connect(lambda _=False, kind=kind: self.show_kind(kind))
        language_changed().changed.connect(self.retranslate)

    def _lay_out(self) -> None:
        tiles = QGridLayout()
        tiles.setSpacing(Space.SMALL)
        for position, tile in enumerate(self.tiles):
            tiles.addWidget(tile, 0, position)
        self._pages.addWidget(TableOrEmpty(self.table, self._no_rows))
        self._pages.addWidget(self.files_table)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.SMALL)
        head = line(
            *(self.back_button, self.title, self.undo_button),
            *(self.saving.button, self.task_button),
        )
        head.setStretch(1, 1)
        column.addLayout(head)
        for part in (self.facts, self.saving.told):
            column.addWidget(part)
        column.addLayout(tiles)
        for part in (self.sum, self.keys):
            column.addWidget(part)
        column.addWidget(self._pages, 1)


def _by_file(report: ImportReport) -> Sequence[FileCounts]:
    """Return the counts of each file; a report of one list has them for all of it."""
    counts = report.counts
    name = report.files[0] if report.files else report.audience.source
    whole = FileCounts(name, counts.read, counts.new, counts.updated, counts.invalid)
    return report.by_file or (whole,)


def _count(title: Callable[[], str], number: Callable[[FileCounts], int]) -> Column[FileCounts]:
    return Column(title, lambda row: translator().number(number(row)), 12, number=True)


_FILE_COLUMNS: Sequence[Column[FileCounts]] = (
    Column(lambda: tr("File"), lambda row: row.file, 0, hint=lambda row: row.file),
    _count(lambda: tr("Rows read"), lambda row: row.read),
    _count(lambda: tr("New people"), lambda row: row.new),
    _count(lambda: tr("Updated"), lambda row: row.updated),
    _count(lambda: tr("Invalid rows"), lambda row: row.invalid),
    _count(
        lambda: tr("Duplicates, opted out"),
        lambda row: row.read - row.new - row.updated - row.invalid,
    ),
)
