"""The import form over another screen: a file dropped there becomes an audience there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout

from invite_desktop.ui.imports.import_form import ImportForm
from invite_desktop.ui.theme import Space
from invite_desktop.ui.translations import language_changed, tr
from invite_desktop.ui.widgets.dialog import Dialog

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from invite_desktop.domain.audiences import ImportReport
    from invite_desktop.ui.context import ScreenContext


class ImportDialog(Dialog):
    """Open it with ``import_files``; ``imported`` carries the ImportReport."""

    imported = Signal(object)

    def __init__(self, context: ScreenContext, parent: QWidget) -> None:
        super().__init__(parent)
        self.form = ImportForm(context)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.LARGE, Space.LARGE, Space.LARGE, Space.LARGE)
        column.addWidget(self.form)
        self.form.imported.connect(self._imported)
        self.form.left.connect(self._left)
        self.finished.connect(self.deleteLater)
        language_changed().changed.connect(self.retranslate)
        self.retranslate()
        self.resize(860, 520)

    def retranslate(self) -> None:
        """Write the title anew; the form writes its own texts."""
        self.setWindowTitle(tr("Import a list of people"))

    def import_files(self, paths: Sequence[Path], *, ours: bool = False) -> None:
        """Open with files to look at."""
        self.open()
        self.form.offer(paths, ours=ours)

    def reject(self) -> None:
        """Stop an import under way; close when there is none, with nothing left behind."""
        if self.form.busy:
            self.form.progress.cancel_requested.emit()
        else:
            self.form.fields.leave_requested.emit()

    def _left(self) -> None:
        super().reject()

    def _imported(self, report: ImportReport) -> None:
        self.accept()
        self.imported.emit(report)
