"""How many of those who joined by a task are still there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from invite_desktop.ui.theme import Space
from invite_desktop.ui.translations import tr, tr_n, translator
from invite_desktop.ui.widgets.columns import Column
from invite_desktop.ui.widgets.pieces import label
from invite_desktop.ui.widgets.rows_model import RowsModel
from invite_desktop.ui.widgets.tables import Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from invite_desktop.domain.retention import RetentionCount
    from invite_desktop.ui.context import ScreenContext


class StayTab(QWidget):
    """A row for each of the days on which it is looked."""

    def __init__(self, context: ScreenContext, task_id: int) -> None:
        super().__init__()
        self._context = context
        self._task_id = task_id
        self.model: RowsModel[RetentionCount] = RowsModel(_COLUMNS, key=lambda row: row.days)
        self.table = Table(self.model)
        self.table.remember_columns(context.settings, "stays/columns")
        self.table.setAccessibleName(tr("Who stayed"))
        words = label("muted", wrapped=True)
        words.setText(
            tr(
                "It is looked by itself 1, 7 and 30 days after somebody joined, later if the "
                "program was closed then. Who was gone at a look that came too late counts as "
                "not known. Only those whom the task added are counted."
            )
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, Space.SMALL, 0, 0)
        column.setSpacing(Space.SMALL)
        column.addWidget(words)
        column.addWidget(self.table, 1)

    async def load(self) -> None:
        """Fetch the counts."""
        self.model.replace(await self._context.engine.retention.of_task(self._task_id))


def _share(row: RetentionCount) -> str:
    return "–" if row.share is None else translator().percent(row.share)


def _number(value: int) -> str:
    return translator().number(value)


_COLUMNS: Sequence[Column[RetentionCount]] = (
    Column(
        lambda: tr("When"), lambda r: tr_n("After {count} day", "After {count} days", r.days), 0
    ),
    Column(lambda: tr("Stayed"), lambda r: _number(r.stayed), 12, number=True),
    Column(lambda: tr("Left"), lambda r: _number(r.left), 12, number=True),
    Column(lambda: tr("Share who stayed"), _share, 20, number=True),
    Column(lambda: tr("Not known"), lambda r: _number(r.unknown), 14, number=True),
    Column(lambda: tr("Still to be looked at"), lambda r: _number(r.coming), 20, number=True),
)
