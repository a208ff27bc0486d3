"""The proxy for reaching Telegram: read from a form or a link, tried out, kept."""

from __future__ import annotations

import base64
import binascii
import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.engine.ports.proxy import Proxy, ProxyKind

if TYPE_CHECKING:
    from invite_desktop.engine.ports.proxy import ProxyGateway

_HOST = re.compile(r"[A-Za-z0-9._:-]{1,253}")
_KIND_OF_LINK = {"proxy": ProxyKind.MTPROXY, "socks": ProxyKind.SOCKS5, "http": ProxyKind.HTTP}
_LINK_HOSTS = frozenset({"t.me", "telegram.me", "www.t.me"})
_SECRET_LENGTH = 16
_PADDED, _DISGUISED = 0xDD, 0xEE
"""The first byte of MTProxy secrets that ask for padding, and for looking like TLS."""


class ProxySetting:
    """One setting for everything: log-ins and accounts use it from their next connection on."""

    def __init__(self, gateway: ProxyGateway) -> None:
        self._gateway = gateway

    async def current(self) -> Proxy | None:
        """Return the proxy in use, None for a direct connection. Raises KnownError."""
        return await self._gateway.current()

    async def use(self, proxy: Proxy | None) -> None:
        """Keep the setting in the keyring, and use it. Raises KnownError."""
        await self._gateway.use(proxy)

    async def try_out(self, proxy: Proxy | None) -> float:
        """Reach Telegram through a proxy; return the seconds it took. Raises KnownError."""
        return await self._gateway.try_out(proxy)


def make_proxy(
    kind: ProxyKind, host: str, port: str, username: str = "", password: str = ""
) -> Proxy:
    """Return a proxy from what was typed. Raises KnownError for what cannot be right."""
    host = host.strip().strip("[]")
    if not _HOST.fullmatch(host):
        raise KnownError(
            message("Type the address of the proxy: a name or an IP address."),
            message("For example 203.0.113.7 or proxy.example.org."),
        )
    number = int(port) if port.strip().isascii() and port.strip().isdigit() else 0
    if not 0 < number < 65536:
        raise KnownError(message("The port is a number between 1 and 65535."))
    if kind is ProxyKind.MTPROXY:
        return Proxy(kind, host, number, password=mtproxy_secret(password))
    if ":" in username and kind is ProxyKind.HTTP:
        raise KnownError(message("The user name of an HTTP proxy cannot contain a colon."))
    if password and not username:
        raise KnownError(message("A password needs a user name."))
    return Proxy(kind, host, number, username, password)


def read_proxy_link(text: str) -> Proxy | None:
    """Return the proxy of a tg:// or t.me link, None for any other text. Raises KnownError."""
    link = urlsplit(text.strip())
    word = link.netloc if link.scheme == "tg" else link.path.strip("/")
    if link.scheme != "tg" and link.netloc not in _LINK_HOSTS:
        return None
    kind = _KIND_OF_LINK.get(word)
    if kind is None:
        return None
    said = {name: values[0] for name, values in parse_qs(link.query).items()}
    opening = said.get("secret" if kind is ProxyKind.MTPROXY else "pass", "")
    return make_proxy(
        kind, said.get("server", ""), said.get("port", ""), said.get("user", ""), opening
    )


def mtproxy_secret(text: str) -> str:
    """Return an MTProxy's secret as 32 hex digits. Raises KnownError for what is none."""
    secret = _secret_bytes(text.strip())
    if len(secret) > _SECRET_LENGTH and secret[0] == _DISGUISED:
        raise KnownError(
            message("This MTProxy disguises itself as a web site, which is not supported here."),
            message("Use an MTProxy whose secret begins with dd, or a SOCKS5 proxy."),
        )
    if len(secret) == _SECRET_LENGTH + 1 and secret[0] == _PADDED:
        secret = secret[1:]
    if len(secret) != _SECRET_LENGTH:
        raise KnownError(
            message("The secret of an MTProxy has 32 letters and digits from 0 to f."),
            message("Copy it again, or paste the whole link of the proxy."),
        )
    return secret.hex()


def _secret_bytes(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        pass
    try:
        padded = text + "=" * (-len(text) % 4)
        return base64.b64decode(padded, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return b""
