"""Every connection that this process opens, heard where its sockets are opened."""

from __future__ import annotations

import contextlib
import socket
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextlib.contextmanager
def hosts_asked() -> Iterator[set[str]]:
    """Collect the hosts that are connected to or looked up; sockets of files do not count.

    Not by an audit hook, which stays for ever: on Python 3.11 a thread that is born while another
    one's hook runs cannot be traced, and dies before it has done anything.
    """
    hosts: set[str] = set()

    def hear_connection(call: Callable[..., object]) -> Callable[..., object]:
        def connect(opened: socket.socket, address: object) -> object:
            if isinstance(address, tuple):
                hosts.add(str(address[0]))
            return call(opened, address)

        return connect

    def hear_name(host: object, *rest: object, **options: object) -> object:
        hosts.add(str(host))
        return look_up(host, *rest, **options)  # type: ignore[arg-type]

    look_up = socket.getaddrinfo
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex"):
            patch.setattr(socket.socket, name, hear_connection(getattr(socket.socket, name)))
        patch.setattr(socket, "getaddrinfo", hear_name)
        yield hosts
