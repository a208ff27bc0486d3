"""The one proxy through which Telegram is reached, if there is one."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol


class ProxyKind(StrEnum):
    """The kinds that Telegram's own programs know too."""

    SOCKS5 = "socks5"
    HTTP = "http"
    MTPROXY = "mtproxy"


@dataclass(frozen=True, slots=True)
class Proxy:
    """Where a proxy is and what opens it. An MTProxy has its secret (hex) as ``password``."""

    kind: ProxyKind
    host: str
    port: int
    username: str = field(default="", repr=False)
    password: str = field(default="", repr=False)


class ProxyGateway(Protocol):
    """The setting, kept in the keyring as a whole, and a way to try it out."""

    async def current(self) -> Proxy | None:
        """Return the proxy in use, None for a direct connection. Raises KnownError."""
        ...

    async def use(self, proxy: Proxy | None) -> None:
        """Keep the setting and use it from the next connection on. Raises KnownError."""
        ...

    async def try_out(self, proxy: Proxy | None) -> float:
        """Reach Telegram through a proxy, or directly; return how many seconds it took.

        Nobody is logged in and no api_id is needed. Raises KnownError with what went wrong.
        """
        ...


def is_of_this_computer(host: str) -> bool:
    """Return whether a host is this computer's own loopback address."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
