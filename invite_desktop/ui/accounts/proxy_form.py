"""The fields of a proxy; which of them are there depends on its kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from invite_desktop.domain.messages import message
from invite_desktop.engine.ports.proxy import Proxy, ProxyKind
from invite_desktop.engine.proxy import make_proxy, read_proxy_link
from invite_desktop.ui.accounts.login_steps import secret_field
from invite_desktop.ui.theme import Space
from invite_desktop.ui.translations import show, tr
from invite_desktop.ui.widgets.choices import Choice
from invite_desktop.ui.widgets.pieces import label

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtWidgets import QLabel

    from invite_desktop.domain.messages import Message

_WORDS: Mapping[ProxyKind | None, Message] = {
    None: message("No proxy"),
    ProxyKind.SOCKS5: message("SOCKS5"),
    ProxyKind.HTTP: message("HTTP"),
    ProxyKind.MTPROXY: message("MTProxy"),
}


class ProxyForm(QWidget):
    """Reads what was typed, and a whole link of Telegram pasted into the address."""

    def __init__(self) -> None:
        super().__init__()
        self.kind: Choice[ProxyKind | None] = Choice(lambda kind: show(_WORDS[kind]))
        self.host = QLineEdit(maxLength=1024)
        self.port = QLineEdit(maxLength=5)
        self.username = QLineEdit(maxLength=255)
        self.password = secret_field()
        self.secret = secret_field()
        self._rows: list[tuple[QLabel, QWidget]] = []
        self._lay_out()
        self.kind.set_values([None, *ProxyKind])
        self.kind.currentIndexChanged.connect(self._show_fields)
        self._show_fields()

    def write(self) -> None:
        """Write every text."""
        texts = (
            tr("&Kind"),
            tr("A&ddress"),
            tr("P&ort"),
            tr("&User name"),
            tr("Pass&word"),
            tr("Se&cret"),
        )
        for (name, field), text in zip(self._rows, texts, strict=True):
            name.setText(text)
            field.setAccessibleName(text.replace("&", ""))
        self.kind.retranslate()
        self.host.setPlaceholderText(tr("host, or a link tg://proxy…, t.me/socks…"))

    def read(self) -> Proxy | None:
        """Return the proxy, None for a direct connection. Raises KnownError."""
        kind = self.kind.chosen
        if kind is None:
            return None
        opening = self.secret if kind is ProxyKind.MTPROXY else self.password
        username = "" if kind is ProxyKind.MTPROXY else self.username.text()
        return make_proxy(kind, self.host.text(), self.port.text(), username, opening.text())

    def fill(self, proxy: Proxy | None) -> None:
        """Show a proxy."""
        self.kind.choose(proxy.kind if proxy else None)
        if proxy is None:
            return
        self.host.setText(proxy.host)
        self.port.setText(str(proxy.port))
        self.username.setText(proxy.username)
        is_mtproxy = proxy.kind is ProxyKind.MTPROXY
        self.secret.setText(proxy.password if is_mtproxy else "")
        self.password.setText("" if is_mtproxy else proxy.password)

    def read_link(self, text: str) -> None:
        """Fill the fields from a whole link. Raises KnownError for one that cannot be right."""
        if "server=" not in text:
            return
        proxy = read_proxy_link(text)
        if proxy is not None:
            self.fill(proxy)

    def _show_fields(self) -> None:
        kind = self.kind.chosen
        opens_by_name = kind in {ProxyKind.SOCKS5, ProxyKind.HTTP}
        wanted = {
            self.host: kind is not None,
            self.port: kind is not None,
            self.username: opens_by_name,
            self.password: opens_by_name,
            self.secret: kind is ProxyKind.MTPROXY,
        }
        for name, field in self._rows:
            for part in (name, field):
                part.setVisible(wanted.get(field, True))  # type: ignore[call-overload] # any widget may be asked for

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(Space.MEDIUM)
        grid.setVerticalSpacing(Space.SMALL)
        fields = (self.kind, self.host, self.port, self.username, self.password, self.secret)
        for row, field in enumerate(fields):
            name = label("strong")
            name.setBuddy(field)
            grid.addWidget(name, row, 0)
            grid.addWidget(field, row, 1)
            self._rows.append((name, field))
        grid.setColumnStretch(1, 1)
