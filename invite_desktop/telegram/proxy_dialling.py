"""Reaching a server through a SOCKS5 or HTTP proxy, and what can go wrong on the way."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING

from python_socks import ProxyConnectionError as UnreachableError
from python_socks import ProxyError, ProxyType
from python_socks import ProxyTimeoutError as SilentError

from invite_desktop.engine.ports.proxy import ProxyKind

if TYPE_CHECKING:
    import socket

    from invite_desktop.engine.ports.proxy import Proxy

_TYPES = {ProxyKind.SOCKS5: ProxyType.SOCKS5, ProxyKind.HTTP: ProxyType.HTTP}
_HTTP_LOGIN_REQUIRED = 407


class ProxyTrouble(Enum):
    """Where the way through a proxy ended."""

    UNREACHABLE = auto()
    LOGIN_REFUSED = auto()
    WAY_REFUSED = auto()
    NOT_SUCH_A_PROXY = auto()


class ProxyTroubleError(ConnectionError):
    """The way through a proxy ended early; for everything else it is a lost connection."""

    def __init__(self, trouble: ProxyTrouble) -> None:
        super().__init__(trouble.name)
        self.trouble = trouble


async def dial(
    proxy: Proxy,
    host: str,
    port: int,
    timeout: float | None,  # noqa: ASYNC109 - handed on to the library
) -> socket.socket:
    """Return a socket that leads through the proxy. Raises ProxyTroubleError."""
    from python_socks.async_.asyncio import Proxy as Dialler  # noqa: PLC0415 - takes 50 ms: not at start-up

    dialler = Dialler(
        _TYPES[proxy.kind],
        proxy.host,
        proxy.port,
        proxy.username or None,
        proxy.password if proxy.username else None,
        rdns=False,
    )
    try:
        return await dialler.connect(dest_host=host, dest_port=port, timeout=timeout)
    except (UnreachableError, SilentError, OSError) as error:
        raise ProxyTroubleError(ProxyTrouble.UNREACHABLE) from error
    except ProxyError as error:
        raise ProxyTroubleError(_trouble(error)) from error


def _trouble(error: ProxyError) -> ProxyTrouble:
    # The library has no error of its own for a refused name or password; only its words tell.
    if error.error_code == _HTTP_LOGIN_REQUIRED or "authentication" in str(error).lower():
        return ProxyTrouble.LOGIN_REFUSED
    if error.error_code is not None:
        return ProxyTrouble.WAY_REFUSED
    return ProxyTrouble.NOT_SUCH_A_PROXY
