"""A field that writes a phone as people of its country do, while it is typed."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit

from invite_desktop.ui.accounts.phone_typing import (
    Typed,
    calling_code,
    edited,
    region_of,
    to_e164,
    with_country,
)

_LONGEST = 64
"""Letters; room for what is pasted around a number."""


class PhoneField(QLineEdit):
    """``region_found`` tells the country (ISO 3166) that the typed calling code belongs to."""

    region_found = Signal(str)

    def __init__(self, region: str) -> None:
        super().__init__(maxLength=_LONGEST)
        self._region = region
        self._before = ""
        self.textEdited.connect(self._edited)
        self.begin_with(region)

    @property
    def phone(self) -> str | None:
        """Return the phone in E.164, None while it cannot be one."""
        return to_e164(self.text(), self._region)

    def begin_with(self, region: str) -> None:
        """Stand ready for the number inside a country."""
        self._region = region
        self.setText(f"+{calling_code(region)} ")
        self._before = self.text()

    def change_country(self, region: str) -> None:
        """Exchange the calling code and keep the digits after it."""
        self.setText(with_country(self.text(), self._region, region))
        self._before, self._region = self.text(), region

    def _edited(self, text: str) -> None:
        typed = Typed(text, self.cursorPosition())
        result = edited(self._before, typed, self._region)
        if result.text != text:
            self.setText(result.text)
            self.setCursorPosition(result.cursor)
        self._before = self.text()
        found = region_of(self.text(), self._region)
        if found is not None and found != self._region:
            self._region = found
            self.region_found.emit(found)
