"""The pages of the log-in dialog, each with one thing to type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from invite_desktop.ui.theme import Space
from invite_desktop.ui.widgets.pieces import FieldError, label

if TYPE_CHECKING:
    from collections.abc import Sequence


class LoginPage(QWidget):
    """Words, fields with their names, and the refusal under them."""

    def __init__(self, fields: Sequence[QLineEdit]) -> None:
        super().__init__()
        self.fields = tuple(fields)
        self.words = label("", wrapped=True)
        self.hint = label("small", wrapped=True)
        self.error = FieldError()
        self._names = [label("strong") for _ in fields]
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.SMALL)
        column.addWidget(self.words)
        for name, field in zip(self._names, self.fields, strict=True):
            name.setBuddy(field)
            column.addWidget(name)
            column.addWidget(field)
        column.addWidget(self.error)
        column.addWidget(self.hint)
        column.addStretch(1)

    def say(self, words: str, *names: str) -> None:
        """Write what to do, and the names of the fields."""
        self.words.setText(words)
        for name, field, text in zip(self._names, self.fields, names, strict=True):
            name.setText(text)
            field.setAccessibleName(text.replace("&", ""))

    def say_hint(self, hint: str) -> None:
        """Write a help under the fields, or nothing."""
        self.hint.setText(hint)
        self.hint.setVisible(bool(hint))

    def begin(self) -> None:
        """Stand ready for typing."""
        self.error.clear()
        if self.fields:
            self.fields[0].setFocus()
            self.fields[0].selectAll()


def secret_field() -> QLineEdit:
    """Make a field whose letters nobody sees."""
    return QLineEdit(echoMode=QLineEdit.EchoMode.Password)
