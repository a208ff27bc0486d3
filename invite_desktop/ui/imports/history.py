"""Earlier imports, each opening its report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout

from invite_desktop.ui.theme import Space
from invite_desktop.ui.translations import tr, translator
from invite_desktop.ui.widgets.columns import Column
from invite_desktop.ui.widgets.pieces import label
from invite_desktop.ui.widgets.rows_model import RowsModel
from invite_desktop.ui.widgets.screen import Screen
from invite_desktop.ui.widgets.tables import Table
from invite_desktop.ui.wording import titled

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from invite_desktop.domain.audiences import ImportReport
    from invite_desktop.ui.context import ScreenContext


QWIDGETSIZE_MAX = 16_777_215
"""Qt's own word for: as high as it likes."""


class ImportHistory(Screen):
    """The list of imports, newest first; not there before the first one."""

    opened = Signal(int)

    def __init__(self, context: ScreenContext) -> None:
        super().__init__(context, "import_history")
        self._title = label("heading")
        self.model: RowsModel[ImportReport] = RowsModel(
            _columns(context.engine.clock.now), key=lambda report: report.import_id
        )
        self.table = Table(self.model)
        self.table.setObjectName("imports")
        self.table.row_opened.connect(lambda report: self.opened.emit(report.import_id))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.SMALL)
        column.addWidget(self._title)
        column.addWidget(self.table, 1)
        context.bridge.audiences_changed.connect(self.refresh)
        self._show_or_hide()
        self.retranslate()

    def retranslate(self) -> None:
        """Write every text anew."""
        self._title.setText(tr("Earlier imports"))
        self.table.setAccessibleName(tr("Earlier imports"))
        self.table.setToolTip(tr("Double-click opens the report"))
        self.model.retranslate()

    async def load(self) -> None:
        """Fetch the history."""
        self.model.replace(await self.context.engine.imports.history())
        self._show_or_hide()

    def _show_or_hide(self) -> None:
        there = self.model.rowCount() > 0
        self._title.setVisible(there)
        self.table.setVisible(there)
        self.setMaximumHeight(QWIDGETSIZE_MAX if there else 0)


def _columns(now: Callable[[], datetime]) -> Sequence[Column[ImportReport]]:
    return (
        Column(
            lambda: tr("When"), lambda report: translator().moment(report.finished_at, now()), 13
        ),
        Column(lambda: tr("Audience"), lambda report: report.audience.name, 0),
        Column(lambda: tr("Basis"), lambda report: titled(report.audience.basis), 28),
        Column(lambda: tr("Files"), lambda report: ", ".join(report.files), 20),
        _count(lambda: tr("Rows"), lambda report: report.counts.read),
        _count(lambda: tr("New"), lambda report: report.counts.new),
        _count(lambda: tr("Invalid"), lambda report: report.counts.invalid),
    )


def _count(title: Callable[[], str], number: Callable[[ImportReport], int]) -> Column[ImportReport]:
    return Column(title, lambda report: translator().number(number(report)), 7, number=True)
