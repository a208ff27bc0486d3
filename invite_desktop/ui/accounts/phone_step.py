"""The page of the phone: a country, the number, and the other way in."""

from __future__ import annotations

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.ui.accounts.countries import usual_country
from invite_desktop.ui.accounts.country_picker import CountryPicker
from invite_desktop.ui.accounts.login_steps import LoginPage
from invite_desktop.ui.accounts.phone_field import PhoneField
from invite_desktop.ui.translations import tr
from invite_desktop.ui.widgets.pieces import button, label


class PhonePage(LoginPage):
    """Country and number follow each other; the QR code and the api_id are offered besides."""

    def __init__(self) -> None:
        region = usual_country()
        self.country = CountryPicker(region)
        self.phone = PhoneField(region)
        super().__init__([self.country, self.phone])
        self.unchecked = label("small", wrapped=True)
        self.qr_button = button()
        self.api_button = button("key")
        self.proxy_button = button("server")
        self.column.insertWidget(self.column.indexOf(self.hint), self.unchecked)
        self.put(self.qr_button, self.api_button, self.proxy_button, None, above=self.hint)
        self.country.picked.connect(self._country_picked)
        self.phone.region_found.connect(self.country.choose)

    def write(self) -> None:
        """Write every text."""
        self.say(
            tr("Telegram sends a code to the account of this phone."),
            tr("C&ountry"),
            tr("&Phone"),
        )
        self.qr_button.setText(tr("Log in by &QR code"))
        self.api_button.setText(tr("Change &api_id"))
        self.proxy_button.setText(tr("Pro&xy…"))

    def number(self) -> str:
        """Return the phone in E.164. Raises KnownError for what cannot be one."""
        phone = self.phone.phone
        if phone is None:
            raise KnownError(message("Type the phone with its country code: +7 900 000-00-00."))
        return phone

    def focus(self) -> None:
        """Let the number be typed on where it ends."""
        self.phone.setFocus()
        self.phone.end(False)  # noqa: FBT003 - Qt's own signature

    def say_unchecked(self, text: str) -> None:
        """Say that nobody has checked api_id and api_hash, or nothing."""
        self.unchecked.setText(text)
        self.unchecked.setVisible(bool(text))

    def _country_picked(self, region: str) -> None:
        self.phone.change_country(region)
        self.focus()
