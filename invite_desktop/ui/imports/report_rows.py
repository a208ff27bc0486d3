"""The rows behind one count of a report, page by page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invite_desktop.domain.audiences import RowKind
from invite_desktop.ui.translations import tr, tr_n, translator
from invite_desktop.ui.widgets.columns import Column
from invite_desktop.ui.widgets.paged_model import PagedModel
from invite_desktop.ui.wording import titled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from invite_desktop.domain.audiences import ImportedRow, ImportReport
    from invite_desktop.ui.context import ScreenContext

MOST_INVALID = 10_000
"""Invalid and opted-out rows, and remarks, that an import keeps."""


class ReportRows(PagedModel["ImportedRow"]):
    """What stands behind one kind of rows, None: behind the remarks about cells.

    One line may stand for several rows of a person, so the table's length is known only when its
    end was looked at.
    """

    def __init__(self, context: ScreenContext) -> None:
        super().__init__(_COLUMNS, lambda row: (row.file, row.number), self._page, context.work)
        self._imports = context.engine.imports
        self._import_id = 0
        self._kind: RowKind | None = None

    def show_kind(self, report: ImportReport, kind: RowKind | None) -> None:
        """Show the rows of another kind."""
        self._import_id, self._kind = report.import_id, kind
        self.start_over(0 if report.undone_at is not None else _at_most(report, kind))

    async def _page(self, offset: int, limit: int) -> Sequence[ImportedRow]:
        asked = self._import_id, self._kind
        if self._kind is None:
            rows = await self._imports.remarks(self._import_id, offset, limit)
        else:
            rows = await self._imports.rows(self._import_id, self._kind, offset, limit)
        ended = len(rows) < limit and offset + len(rows) < self.rowCount()
        if ended and asked == (self._import_id, self._kind):
            self.set_total(offset + len(rows))
        return rows


def _at_most(report: ImportReport, kind: RowKind | None) -> int:
    counts = report.counts
    if kind is None:
        return min(counts.remarks, MOST_INVALID)
    count = int(getattr(counts, kind.value))
    return min(count, MOST_INVALID) if kind in (RowKind.INVALID, RowKind.OPTED_OUT) else count


def _reason(row: ImportedRow) -> str:
    if row.problem is not None:
        return titled(row.problem)
    return tr_n("{count} row", "{count} rows", row.rows) if row.rows > 1 else ""


def _content(row: ImportedRow) -> str:
    return row.person.label if row.person is not None else row.content


_COLUMNS: Sequence[Column[ImportedRow]] = (
    Column(lambda: tr("Row"), lambda row: translator().number(row.number), 9, number=True),
    Column(lambda: tr("File"), lambda row: row.file, 22, hint=lambda row: row.file),
    Column(lambda: tr("Person or content"), _content, 0, hint=_content),
    Column(lambda: tr("Remark"), _reason, 40, hint=_reason),
)
