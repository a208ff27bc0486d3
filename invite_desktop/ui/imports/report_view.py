"""The report of one import: counts that add up, and every row that named nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from invite_desktop.ui.theme import Space
from invite_desktop.ui.translations import language_changed, tr, tr_n, translator
from invite_desktop.ui.widgets.columns import Column
from invite_desktop.ui.widgets.layouts import line
from invite_desktop.ui.widgets.pieces import EmptyState, Tile, button, label
from invite_desktop.ui.widgets.rows_model import RowsModel
from invite_desktop.ui.widgets.tables import Table, TableOrEmpty
from invite_desktop.ui.wording import named, titled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from invite_desktop.domain.audiences import ImportCounts, ImportReport, InvalidRow


class ReportView(QWidget):
    """Shows a report and the ways on from it."""

    left = Signal()
    task_requested = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._report: ImportReport | None = None
        self.title = label("heading", wrapped=True)
        self.facts = label("muted", wrapped=True)
        self.tiles = [Tile() for _ in range(6)]
        self.sum = label("", wrapped=True)
        self.keys = label("muted", wrapped=True)
        self.back_button = button("back")
        self.task_button = button("add", primary=True)
        self.model: RowsModel[InvalidRow] = RowsModel(_COLUMNS, key=lambda row: row)
        self.table = Table(self.model)
        self._all_valid = EmptyState("check")
        self.back_button.clicked.connect(self.left)
        self.task_button.clicked.connect(self._request_task)
        self._lay_out()
        language_changed().changed.connect(self.retranslate)
        self.retranslate()

    def show_report(self, report: ImportReport) -> None:
        """Show another report."""
        self._report = report
        self.model.start_over(report.invalid_rows)
        self.retranslate()

    def retranslate(self) -> None:
        """Write every text anew."""
        self.back_button.setText(tr("&Back to import"))
        self.task_button.setText(tr("&Task with this audience"))
        self.table.setAccessibleName(tr("Rows that named nobody"))
        self._all_valid.say(
            tr("Every row named somebody"), tr("No row of the list had to be left out.")
        )
        self.model.retranslate()
        if self._report is not None:
            self._write(self._report)

    def _write(self, report: ImportReport) -> None:
        audience = report.audience
        self.title.setText(tr("“{name}” is imported", name=audience.name))
        self.facts.setText(
            "  ·  ".join(
                (
                    ", ".join(report.files),
                    translator().moment(report.finished_at),
                    tr("basis: {basis}", basis=named(audience.basis)),
                    tr_n("{count} person", "{count} people", audience.people),
                )
            )
        )
        for tile, (number, caption) in zip(self.tiles, _numbers(report.counts), strict=True):
            tile.say(translator().number(number), caption)
        self.sum.setText(_sum(report.counts))
        self.keys.setText(_keys(report.counts))
        self.keys.setVisible(bool(self.keys.text()))
        self.task_button.setEnabled(audience.basis.allows_sending and audience.people > 0)

    def _request_task(self) -> None:
        if self._report is not None:
            self.task_requested.emit(self._report.audience.id)

    def _lay_out(self) -> None:
        tiles = QGridLayout()
        tiles.setSpacing(Space.SMALL)
        for position, tile in enumerate(self.tiles):
            tiles.addWidget(tile, 0, position)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.SMALL)
        head = line(self.back_button, self.title, self.task_button)
        head.setStretch(1, 1)
        column.addLayout(head)
        column.addWidget(self.facts)
        column.addLayout(tiles)
        column.addWidget(self.sum)
        column.addWidget(self.keys)
        column.addWidget(TableOrEmpty(self.table, self._all_valid), 1)


_COLUMNS: Sequence[Column[InvalidRow]] = (
    Column(lambda: tr("Row"), lambda row: translator().number(row.number), 10, number=True),
    Column(lambda: tr("Reason"), lambda row: titled(row.problem), 52),
    Column(lambda: tr("Content"), lambda row: row.content, 0),
)


def _numbers(counts: ImportCounts) -> Sequence[tuple[int, str]]:
    return (
        (counts.read, tr("Rows read")),
        (counts.new, tr("New people")),
        (counts.updated, tr("Updated")),
        (counts.duplicate, tr("Duplicates")),
        (counts.invalid, tr("Invalid rows")),
        (counts.opted_out, tr("Opted out")),
    )


def _sum(counts: ImportCounts) -> str:
    """Return the sum in words, so that anybody can check that no row was lost."""
    return tr(
        "{read} rows = {new} new + {updated} updated + {duplicate} duplicates "
        "+ {invalid} invalid + {opted_out} opted out",
        read=counts.read,
        new=counts.new,
        updated=counts.updated,
        duplicate=counts.duplicate,
        invalid=counts.invalid,
        opted_out=counts.opted_out,
    )


def _keys(counts: ImportCounts) -> str:
    """Return how well the people can be found on Telegram."""
    parts = [
        tr("{count} with a username (found best)", count=counts.by_username)
        if counts.by_username
        else "",
        tr("{count} by phone only (Telegram answers few look-ups)", count=counts.by_phone)
        if counts.by_phone
        else "",
        tr("{count} by id only (found only if your accounts met them)", count=counts.by_id)
        if counts.by_id
        else "",
    ]
    return "  ·  ".join(part for part in parts if part)
