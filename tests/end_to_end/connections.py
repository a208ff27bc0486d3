"""Every connection that this process opens, by Python's own audit of its sockets."""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_listeners: list[set[str]] = []


def _heard(event: str, values: tuple[object, ...]) -> None:
    if event == "socket.connect" and isinstance(values[1], tuple):
        for hosts in _listeners:
            hosts.add(str(values[1][0]))
    if event == "socket.getaddrinfo":
        for hosts in _listeners:
            hosts.add(str(values[0]))


sys.addaudithook(_heard)  # it cannot be taken away again


@contextlib.contextmanager
def hosts_asked() -> Iterator[set[str]]:
    """Collect the hosts that are connected to or looked up; sockets of files do not count."""
    hosts: set[str] = set()
    _listeners.append(hosts)
    try:
        yield hosts
    finally:
        _listeners.remove(hosts)
