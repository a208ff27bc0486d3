"""The pages of the log-in dialog, each with one thing to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QCheckBox, QLineEdit, QVBoxLayout, QWidget

from invite_desktop.ui.theme import Space
from invite_desktop.ui.translations import tr
from invite_desktop.ui.widgets.layouts import line
from invite_desktop.ui.widgets.pieces import FieldError, button, label

if TYPE_CHECKING:
    from collections.abc import Sequence

API_SITE = "https://my.telegram.org/apps"


class LoginPage(QWidget):
    """Words, fields with their names, the refusal under them, and a help at the bottom."""

    def __init__(self, fields: Sequence[QWidget] = ()) -> None:
        super().__init__()
        self.fields = tuple(fields)
        self.words = label("", wrapped=True)
        self.hint = label("small", wrapped=True)
        self.error = FieldError()
        self._names = [label("strong") for _ in fields]
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(Space.SMALL)
        self.column.addWidget(self.words)
        for name, field in zip(self._names, self.fields, strict=True):
            name.setBuddy(field)
            self.column.addWidget(name)
            self.column.addWidget(field)
        self.column.addWidget(self.error)
        self.column.addWidget(self.hint)
        self.column.addStretch(1)

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

    def put(self, *parts: QWidget | None, above: QWidget | None = None) -> None:
        """Put widgets side by side in front of the refusal, or of another part."""
        place = self.column.indexOf(above or self.error)
        self.column.insertLayout(place, line(*parts))

    def begin(self) -> None:
        """Stand ready for typing."""
        self.error.clear()
        self.focus()

    def focus(self) -> None:
        """Give the keyboard to what is to be typed."""
        typed = [field for field in self.fields if isinstance(field, QLineEdit)]
        if typed:
            typed[0].setFocus()
            typed[0].selectAll()


class ApiPage(LoginPage):
    """api_id and api_hash, with the way to get them."""

    def __init__(self) -> None:
        self.api_id = QLineEdit(maxLength=12)
        self.api_hash = secret_field()
        super().__init__([self.api_id, self.api_hash])
        self.site = button("link")
        self.put(self.site, None, above=self._names[0])
        self.site.clicked.connect(lambda: QDesktopServices.openUrl(QUrl(API_SITE)))

    def write(self) -> None:
        """Write every text."""
        self.say(
            tr(
                "Open my.telegram.org, choose “API development tools”, and copy api_id and "
                "api_hash here. They stay in your system's keyring."
            ),
            tr("&api_id"),
            tr("api_ha&sh"),
        )
        self.site.setText(tr("&Open my.telegram.org"))


class PasswordPage(LoginPage):
    """The two-step password, its owner's hint, and what to do when it is forgotten."""

    def __init__(self) -> None:
        self.password = secret_field()
        super().__init__([self.password])
        self.shown = QCheckBox()
        self.owners_hint = label("", wrapped=True)
        self.forgotten = label("small", wrapped=True)
        self.put(self.shown, None)
        self.column.insertWidget(self.column.indexOf(self._names[0]), self.owners_hint)
        self.column.insertWidget(self.column.indexOf(self.hint), self.forgotten)
        self.shown.toggled.connect(self._show_letters)

    def write(self) -> None:
        """Write every text."""
        self.say(
            tr("This account is protected by a password of its own (two-step verification)."),
            tr("&Password"),
        )
        self.shown.setText(tr("&Show the password"))
        self.forgotten.setText(
            tr(
                "Forgotten? Only Telegram can help: in its app open Settings, Privacy and "
                "Security, Two-Step Verification, “Forgot password?”. Then come back here."
            )
        )

    def say_owners_hint(self, hint: str) -> None:
        """Write the hint that the owner gave herself, or nothing."""
        self.owners_hint.setText(tr("Your own hint: {hint}", hint=hint) if hint else "")
        self.owners_hint.setVisible(bool(hint))

    def begin(self) -> None:
        """Stand ready for typing, the letters covered."""
        self.password.clear()
        self.shown.setChecked(False)
        super().begin()

    def _show_letters(self, shown: bool) -> None:  # noqa: FBT001 - Qt's signal
        modes = QLineEdit.EchoMode
        self.password.setEchoMode(modes.Normal if shown else modes.Password)


def secret_field() -> QLineEdit:
    """Make a field whose letters nobody sees."""
    return QLineEdit(echoMode=QLineEdit.EchoMode.Password)
