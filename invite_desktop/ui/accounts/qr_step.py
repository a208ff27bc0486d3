"""The page of the QR code: what to scan, and how."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout

from invite_desktop.ui.accounts.login_steps import LoginPage
from invite_desktop.ui.theme import Space
from invite_desktop.ui.translations import tr
from invite_desktop.ui.widgets.layouts import line
from invite_desktop.ui.widgets.pieces import button, label
from invite_desktop.ui.widgets.qr_code import QrPicture

if TYPE_CHECKING:
    from invite_desktop.engine.ports.login import QrCode


class QrPage(LoginPage):
    """The code beside the three steps to scan it; it is exchanged while the page is open."""

    def __init__(self) -> None:
        super().__init__()
        self.picture = QrPicture()
        self.steps = [label("", wrapped=True) for _ in range(3)]
        self.renewal = label("small", wrapped=True)
        self.again_button = button("retry")
        self.scan_button = button()
        self.scan_button.hide()
        self.again_button.hide()
        beside = line(self.picture, spacing=Space.LARGE)
        beside.addLayout(self._steps_column(), 1)
        self.column.insertLayout(self.column.indexOf(self.error), beside)
        self.put(self.again_button, None, above=self.hint)

    def write(self) -> None:
        """Write every text."""
        self.say(tr("Scan this code with Telegram on the phone of the account."))
        steps = (
            tr("1. Open Telegram on the phone."),
            tr("2. Choose Settings, Devices, “Link Desktop Device”."),
            tr("3. Point the phone at this code and confirm."),
        )
        for part, text in zip(self.steps, steps, strict=True):
            part.setText(text)
        self.renewal.setText(tr("The code changes by itself about every half minute."))
        self.picture.setAccessibleName(tr("QR code for logging in"))
        self.picture.setAccessibleDescription(" ".join(steps))
        self.again_button.setText(tr("Show a new co&de"))
        self.scan_button.setText(tr("&Scan it as the demo phone"))

    def show_code(self, code: QrCode | None) -> None:
        """Show a code, or an empty square."""
        self.picture.show_text(code.url if code else "")
        self.again_button.hide()

    def offer_again(self) -> None:
        """Offer a new code after a refusal; the old one is worth nothing."""
        self.picture.show_text("")
        self.again_button.show()

    def focus(self) -> None:
        """There is nothing to type here."""

    def _steps_column(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(Space.MEDIUM)
        column.addStretch(1)
        for part in (*self.steps, self.renewal):
            column.addWidget(part)
        column.addWidget(self.scan_button, alignment=Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        return column
