"""Saving a report and the rows behind its counts as tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu

from invite_desktop.domain.audiences import RowKind
from invite_desktop.ui.translations import tr, tr_n
from invite_desktop.ui.widgets.pieces import FieldError, button
from invite_desktop.ui.widgets.save_dialog import choose_place
from invite_desktop.ui.work import Latest

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from invite_desktop.domain.audiences import ImportReport
    from invite_desktop.domain.errors import KnownError
    from invite_desktop.ui.context import ScreenContext


class ReportSaving(QObject):
    """A button with a menu, and the line that says what came of it."""

    def __init__(self, context: ScreenContext, parent: QWidget) -> None:
        super().__init__(parent)
        self.report: ImportReport | None = None
        self.kind: RowKind | None = None
        self._parent = parent
        self._exports = context.engine.exports
        self._saving = Latest(context.work, "report saved")
        self.button = button("file")
        self.told = FieldError()
        self.told.setProperty("role", "good")
        menu = QMenu(self.button)
        self.rows_action = menu.addAction("")
        self.all_action = menu.addAction("")
        self.report_action = menu.addAction("")
        self.button.setMenu(menu)
        self.rows_action.triggered.connect(lambda: self._choose(self._save_rows))
        self.all_action.triggered.connect(lambda: self._choose(self._save_all))
        self.report_action.triggered.connect(lambda: self._choose(self._save_report))

    def retranslate(self) -> None:
        """Write every text anew."""
        self.button.setText(tr("Sav&e"))
        self.button.setToolTip(tr("As a workbook (XLSX) or CSV"))
        self.rows_action.setText(tr("The rows shown below…"))
        self.all_action.setText(tr("All rows with their results…"))
        self.report_action.setText(tr("The report…"))
        self.told.clear()

    def _choose(self, save: Callable[[int, Path], Awaitable[int]]) -> None:
        report = self.report
        if report is None:
            return
        name = tr("Import of {name}", name=report.audience.name)

        def chosen(path: Path) -> None:
            self._saving.start(self._save(save, report.import_id, path), self._refused)

        choose_place(self._parent, tr("Save as a table"), name, chosen)

    async def _save(
        self, save: Callable[[int, Path], Awaitable[int]], import_id: int, path: Path
    ) -> None:
        self._say(tr("Saving “{name}”…", name=path.name), role="muted")
        rows = await save(import_id, path)
        self._say(
            tr_n(
                "{count} row was saved as “{name}”.",
                "{count} rows were saved as “{name}”.",
                rows,
                name=path.name,
            ),
            role="good",
        )

    def _refused(self, error: KnownError) -> None:
        self._say("", role="error")
        self.told.refuse(error)

    def _say(self, text: str, *, role: str) -> None:
        self.told.setProperty("role", role)
        self.told.style().unpolish(self.told)
        self.told.style().polish(self.told)
        self.told.say(text)

    async def _save_rows(self, import_id: int, path: Path) -> int:
        kinds = () if self.kind is None else (self.kind,)
        return await self._exports.import_rows(import_id, kinds, path, remarks=self.kind is None)

    async def _save_all(self, import_id: int, path: Path) -> int:
        return await self._exports.import_rows(import_id, tuple(RowKind), path, remarks=True)

    async def _save_report(self, import_id: int, path: Path) -> int:
        return await self._exports.import_report(import_id, path)
