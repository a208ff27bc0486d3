"""The settings: everything takes effect at once, or says when it does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QVBoxLayout

from invite_desktop.domain.errors import KnownError
from invite_desktop.ui.imports.regions import REGIONS, region_words
from invite_desktop.ui.presence import (
    CLOSING_KEY,
    CONTINUE_KEY,
    Closing,
    closing_choice,
    continues_after_restart,
)
from invite_desktop.ui.theme import Space, ThemeChoice, theme_choice, theme_words
from invite_desktop.ui.translations import LANGUAGES, language_changed, tr, translator
from invite_desktop.ui.widgets.choices import Choice
from invite_desktop.ui.widgets.dialog import Dialog
from invite_desktop.ui.widgets.layouts import line
from invite_desktop.ui.widgets.pieces import FieldError, button, label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from invite_desktop.ui.settings import SettingsStore

REGION_KEY = "import/region"
"""The import form remembers its country in the same place."""

_CLOSINGS = (Closing.ASK, Closing.KEEP_WORKING, Closing.QUIT)


class Autostart(Protocol):
    """Whether the program starts when the user logs in."""

    def is_on(self) -> bool:
        """Return whether it does."""
        ...

    def set_on(self, on: bool, /) -> None:  # noqa: FBT001 - it is the setting itself
        """Change that. Raises KnownError."""
        ...


class SettingsDialog(Dialog):
    """One page of settings; the window does what the signals ask.

    ``autostart`` is None in a rehearsal, which nobody wants to open at log-in.
    """

    language_chosen = Signal(str)
    theme_chosen = Signal(str)
    proxy_requested = Signal()

    def __init__(
        self, settings: SettingsStore, autostart: Autostart | None, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._settings = settings
        self._autostart = autostart
        self.language: Choice[str] = Choice(LANGUAGES.__getitem__, tuple(LANGUAGES))
        self.theme: Choice[ThemeChoice] = Choice(theme_words, tuple(ThemeChoice))
        self.region: Choice[str] = Choice(region_words, REGIONS)
        self.closing: Choice[Closing] = Choice(_closing_words, _CLOSINGS)
        self.go_on, self.at_login = QCheckBox(), QCheckBox()
        self.at_login_error = FieldError()
        self.go_on_note = label("muted", wrapped=True)
        self.proxy_button, self.close_button = button(), button()
        self._labels = [label() for _ in range(4)]
        self._show_what_is_kept()
        self._lay_out()
        self._connect()
        self.retranslate()

    def retranslate(self) -> None:
        """Write every text anew."""
        self.setWindowTitle(tr("Settings"))
        names = (
            tr("&Language"),
            tr("&Theme"),
            tr("Ph&ones are from"),
            tr("&When the window is closed while tasks run"),
        )
        for field, shown, name in zip(self._fields(), self._labels, names, strict=True):
            shown.setText(name)
            field.setAccessibleName(name.replace("&", ""))
            field.retranslate()
        self.go_on.setText(tr("&Go on with running tasks when the program is opened again"))
        self.go_on_note.setText(tr("Otherwise they wait for you. Holds from the next start on."))
        self.at_login.setText(tr("Open the program when I log &in to the computer"))
        self.proxy_button.setText(tr("Pro&xy…"))
        self.close_button.setText(tr("&Close"))

    def _fields(self) -> Sequence[Choice[Any]]:
        return self.language, self.theme, self.region, self.closing

    def _show_what_is_kept(self) -> None:
        kept = self._settings
        self.language.choose(translator().language)
        self.theme.choose(theme_choice())
        self.region.choose(str(kept.value(REGION_KEY, "")))
        self.closing.choose(closing_choice(kept.value(CLOSING_KEY)))
        self.go_on.setChecked(continues_after_restart(kept))
        self.at_login.setHidden(self._autostart is None)
        self.at_login.setChecked(self._autostart is not None and self._autostart.is_on())

    def _connect(self) -> None:
        keep = self._settings.setValue
        self.language.activated.connect(lambda: self.language_chosen.emit(self.language.chosen))
        self.theme.activated.connect(lambda: self.theme_chosen.emit(self.theme.chosen.value))
        self.region.activated.connect(lambda: keep(REGION_KEY, self.region.chosen))
        self.closing.activated.connect(lambda: keep(CLOSING_KEY, self.closing.chosen.value))
        self.go_on.toggled.connect(lambda on: keep(CONTINUE_KEY, "true" if on else "false"))
        self.at_login.clicked.connect(self._change_autostart)
        self.proxy_button.clicked.connect(self._go_to_proxy)
        self.close_button.clicked.connect(self.accept)
        self.finished.connect(self.deleteLater)
        language_changed().changed.connect(self.retranslate)

    def _change_autostart(self, on: bool) -> None:  # noqa: FBT001 - a signal's argument
        if self._autostart is None:
            return
        self.at_login_error.say("")
        try:
            self._autostart.set_on(on)
        except KnownError as refusal:
            self.at_login.setChecked(not on)
            self.at_login_error.refuse(refusal)

    def _go_to_proxy(self) -> None:
        self.accept()
        self.proxy_requested.emit()

    def _lay_out(self) -> None:
        form = QGridLayout()
        form.setHorizontalSpacing(Space.MEDIUM)
        form.setVerticalSpacing(Space.SMALL)
        form.setColumnStretch(1, 1)
        for row, (shown, field) in enumerate(zip(self._labels, self._fields(), strict=True)):
            shown.setBuddy(field)
            form.addWidget(shown, row, 0)
            form.addWidget(field, row, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.LARGE, Space.LARGE, Space.LARGE, Space.LARGE)
        column.setSpacing(Space.MEDIUM)
        column.addLayout(form)
        for each in (self.go_on, self.go_on_note, self.at_login, self.at_login_error):
            column.addWidget(each)
        column.addStretch(1)
        column.addLayout(line(self.proxy_button, None, self.close_button))
        self.resize(600, self.sizeHint().height())


def _closing_words(choice: Closing) -> str:
    return {
        Closing.ASK: tr("Ask what to do"),
        Closing.KEEP_WORKING: tr("Keep working in the tray"),
        Closing.QUIT: tr("Pause and quit"),
    }[choice]
