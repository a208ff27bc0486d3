"""Earlier imports, each opening its report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout

from invite_desktop.ui.imports.report_words import files_of
from invite_desktop.ui.imports.undoing import undo_import
from invite_desktop.ui.theme import Space, Tone
from invite_desktop.ui.translations import tr, translator
from invite_desktop.ui.widgets.columns import Column
from invite_desktop.ui.widgets.layouts import line
from invite_desktop.ui.widgets.pieces import button, label
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
        self.open_button = button("file")
        self.undo_button = button("undo")
        self.model: RowsModel[ImportReport] = RowsModel(
            _columns(context.engine.clock.now), key=lambda report: report.import_id
        )
        self.table = Table(self.model)
        self.table.setObjectName("imports")
        self.table.remember_columns(context.settings, "imports/columns")
        self.table.row_opened.connect(lambda report: self.opened.emit(report.import_id))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.SMALL)
        column.addLayout(line(self._title, None, self.open_button, self.undo_button))
        column.addWidget(self.table, 1)
        self.table.selection_changed.connect(self._offer_actions)
        self.open_button.clicked.connect(self._open_chosen)
        self.undo_button.clicked.connect(self._undo_chosen)
        context.bridge.audiences_changed.connect(self.refresh)
        self._show_or_hide()
        self.retranslate()

    def retranslate(self) -> None:
        """Write every text anew."""
        self._title.setText(tr("Earlier imports"))
        self.table.setAccessibleName(tr("Earlier imports"))
        self.table.setToolTip(tr("Double-click opens the report"))
        self.open_button.setText(tr("&Open the report"))
        self.undo_button.setText(tr("&Undo…"))
        self.undo_button.setAccessibleName(tr("Undo the import that is chosen"))
        self.model.retranslate()
        self._offer_actions()

    async def load(self) -> None:
        """Fetch the history."""
        self.model.replace(await self.context.engine.imports.history())
        self._show_or_hide()
        self._offer_actions()

    @property
    def _chosen(self) -> ImportReport | None:
        found = self.table.chosen()
        report: ImportReport | None = found[0] if len(found) == 1 else None
        return report

    def _offer_actions(self) -> None:
        chosen = self._chosen
        self.open_button.setEnabled(chosen is not None)
        self.undo_button.setEnabled(chosen is not None and chosen.undone_at is None)

    def _open_chosen(self) -> None:
        if (report := self._chosen) is not None:
            self.opened.emit(report.import_id)

    def _undo_chosen(self) -> None:
        if (report := self._chosen) is not None:
            self.context.work.start(
                undo_import(self.context, report, lambda _: self.refresh()), "import undone"
            )

    def _show_or_hide(self) -> None:
        there = self.model.rowCount() > 0
        for part in (self._title, self.open_button, self.undo_button, self.table):
            part.setVisible(there)
        self.setMaximumHeight(QWIDGETSIZE_MAX if there else 0)


def _columns(now: Callable[[], datetime]) -> Sequence[Column[ImportReport]]:
    return (
        Column(
            lambda: tr("When"), lambda report: translator().moment(report.finished_at, now()), 13
        ),
        Column(lambda: tr("Audience"), lambda report: report.audience.name, 0),
        Column(lambda: tr("Basis"), lambda report: titled(report.audience.basis), 24),
        Column(
            lambda: tr("Taken from"),
            origin_of,
            20,
            hint=lambda report: ", ".join(report.files) or origin_of(report),
        ),
        _count(lambda: tr("Rows"), lambda report: report.counts.read),
        _count(lambda: tr("New"), lambda report: report.counts.new),
        _count(lambda: tr("Invalid"), lambda report: report.counts.invalid),
        Column(
            lambda: tr("State"),
            lambda report: tr("undone") if report.undone_at else tr("kept"),
            9,
            tone=lambda report: Tone.QUIET if report.undone_at else Tone.GOOD,
        ),
    )


def origin_of(report: ImportReport) -> str:
    """Return the files of an import, or what of Telegram it took in."""
    return files_of(report) if report.files else titled(report.origin)


def _count(title: Callable[[], str], number: Callable[[ImportReport], int]) -> Column[ImportReport]:
    return Column(title, lambda report: translator().number(number(report)), 7, number=True)
