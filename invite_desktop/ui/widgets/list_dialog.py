"""A list in a dialog, with buttons for what can be done with the chosen rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout

from invite_desktop.ui.theme import Space
from invite_desktop.ui.translations import language_changed, tr
from invite_desktop.ui.widgets.columns import Row
from invite_desktop.ui.widgets.dialog import Dialog
from invite_desktop.ui.widgets.layouts import line
from invite_desktop.ui.widgets.pieces import EmptyState, FieldError, button, label
from invite_desktop.ui.widgets.tables import Table, TableOrEmpty

if TYPE_CHECKING:
    from collections.abc import Coroutine, Sequence
    from typing import Any

    from PySide6.QtWidgets import QPushButton, QWidget

    from invite_desktop.ui.widgets.rows_model import RowsModel
    from invite_desktop.ui.work import Work


class ListDialog(Dialog, Generic[Row]):
    """Lives until it is closed; call ``show_contents``.

    Subclasses fetch the rows, set the texts, and say which buttons make sense for a choice.
    """

    def __init__(
        self, work: Work, parent: QWidget, model: RowsModel[Row], empty: EmptyState
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._work = work
        self.model = model
        self.table = Table(model)
        self.empty = empty
        self.words = label("muted", wrapped=True)
        self.error = FieldError()
        self.close_button = button()
        self.close_button.setText(tr("Close"))
        self.close_button.clicked.connect(self.reject)
        self.table.selection_changed.connect(self.choice_changed)
        self.finished.connect(self.deleteLater)
        language_changed().changed.connect(self.retranslate)

    def retranslate(self) -> None:
        """Write every text anew; subclasses write theirs besides."""
        self.model.retranslate()

    async def fetch(self) -> Sequence[Row]:
        """Return the rows."""
        raise NotImplementedError

    def choice_changed(self) -> None:
        """Allow what makes sense for the rows that are chosen now."""
        raise NotImplementedError

    def show_contents(self) -> None:
        """Open, and fetch the rows."""
        self.open()
        self.run(self.load())

    async def load(self) -> None:
        """Fetch the rows anew; one of them is always chosen."""
        self.model.replace(await self.fetch())
        self.choice_changed()
        if self.model.rowCount() and not self.table.chosen():
            self.table.choose_position(0)

    def run(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something whose refusal is shown inside."""
        self.error.clear()
        self._work.start(work, type(self).__name__, self.error.refuse)

    def lay_out(self, buttons: Sequence[QPushButton], columns: int, rows: int) -> QVBoxLayout:
        """Put everything in its place, so many letters wide and high; return the column."""
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.LARGE, Space.LARGE, Space.LARGE, Space.LARGE)
        column.setSpacing(Space.MEDIUM)
        column.addWidget(self.words)
        column.addWidget(TableOrEmpty(self.table, self.empty), 1)
        column.addWidget(self.error)
        column.addLayout(line(*buttons, None, self.close_button))
        letter = self.fontMetrics().averageCharWidth()
        self.resize(letter * columns, letter * rows)
        return column
