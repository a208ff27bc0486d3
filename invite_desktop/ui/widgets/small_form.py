"""A few fields over a screen: what is wrong is said inside, and only success closes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFormLayout, QLabel, QVBoxLayout

from invite_desktop.ui.theme import Space
from invite_desktop.ui.translations import Said, anew, language_changed, tr
from invite_desktop.ui.widgets.dialog import Dialog
from invite_desktop.ui.widgets.layouts import line
from invite_desktop.ui.widgets.pieces import FieldError, button, label

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from typing import Any

    from PySide6.QtWidgets import QWidget

    from invite_desktop.domain.errors import KnownError
    from invite_desktop.ui.work import Work


class SmallForm(Dialog):
    """Add rows, then ``ask``; it lives until it is closed.

    Texts of the translations are said anew in another language.
    """

    def __init__(self, work: Work, parent: QWidget, title: str, words: str = "") -> None:
        super().__init__(parent)
        self._work = work
        self._busy = False
        self._title = title
        self._fields: list[tuple[str, QWidget]] = []
        self._submit: Callable[[], Coroutine[Any, Any, None]] | None = None
        self.rows = QFormLayout()
        self.rows.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
        self.rows.setSpacing(Space.HAIR)
        self.error = FieldError()
        self.cancel_button = button()
        self.yes_button = button(primary=True)
        self.yes_button.setDefault(True)
        self.words = label("muted", wrapped=True)
        self.words.setText(words)
        self.words.setVisible(bool(words))
        self._lay_out()
        self.cancel_button.setText(tr("Cancel"))
        self.cancel_button.clicked.connect(self.reject)
        self.yes_button.clicked.connect(self._go)
        self.finished.connect(self.deleteLater)
        self.setMinimumWidth(self.fontMetrics().averageCharWidth() * 64)
        self.setWindowTitle(title)
        language_changed().changed.connect(self.retranslate)

    @property
    def size_name(self) -> str:
        """Return the title in English: forms that are put together on the spot have no class."""
        title = self._title
        return title.item.text if isinstance(title, Said) else super().size_name

    def retranslate(self) -> None:
        """Write every text anew."""
        self.setWindowTitle(anew(self._title))
        for title, field in self._fields:
            self._name(field, anew(title))

    def add_row(self, title: str, field: QWidget) -> None:
        """Add a field under its title, which an ampersand gives a key; without a title alone."""
        if not title:
            self.rows.addRow(field)
            self._fields.append((title, field))
            return
        shown = label()
        shown.setBuddy(field)
        # A title is nearer to its own field than to the one above.
        shown.setContentsMargins(0, Space.SMALL if self._fields else 0, 0, 0)
        self.rows.addRow(shown, field)
        self._fields.append((title, field))
        self._name(field, title)

    def ask(self, yes: str, submit: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Open; ``yes`` names what is done, ``submit`` makes the coroutine that does it.

        A refusal is shown inside, and the form stays.
        """
        self._submit = submit
        self.yes_button.setText(yes)
        self.fit_height()
        self.open()
        if self._fields:
            self._fields[0][1].setFocus()

    def reject(self) -> None:
        """Close, but not while what was asked for is being done."""
        if not self._busy:
            super().reject()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.LARGE, Space.LARGE, Space.LARGE, Space.LARGE)
        column.setSpacing(Space.MEDIUM)
        column.addWidget(self.words)
        column.addLayout(self.rows)
        column.addWidget(self.error)
        column.addStretch(1)
        column.addLayout(line(None, self.cancel_button, self.yes_button))

    def _name(self, field: QWidget, title: str) -> None:
        field.setAccessibleName(title.replace("&", ""))
        if isinstance(shown := self.rows.labelForField(field), QLabel):
            shown.setText(title)

    def _go(self) -> None:
        if self._submit is not None:
            self.error.clear()
            self._set_busy(busy=True)
            self._work.start(self._run(self._submit()), "small form", self._refused)

    async def _run(self, submitted: Coroutine[Any, Any, None]) -> None:
        await submitted
        self.accept()

    def _refused(self, error: KnownError) -> None:
        self._set_busy(busy=False)
        self.error.refuse(error)

    def _set_busy(self, *, busy: bool) -> None:
        self._busy = busy
        self.yes_button.setEnabled(not busy)
        self.cancel_button.setEnabled(not busy)
