"""Another MTProto server in Telegram's place, for rehearsals and tests."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message

if TYPE_CHECKING:
    from pathlib import Path

DATA_CENTRE = 2
"""The number by which a session knows the server; Telegram's own starting one."""


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """Where the server listens (IPv4) and the file with its public RSA key (PEM, PKCS#1)."""

    host: str
    port: int
    key_file: Path

    def trust(self) -> None:
        """Make Telethon accept the server's key. Raises KnownError when it cannot be read."""
        from telethon.crypto import rsa  # noqa: PLC0415 - an address is named before Telethon loads

        try:
            rsa.add_key(self.key_file.read_bytes(), old=False)
        except (OSError, ValueError) as error:
            raise KnownError(
                message(
                    "The key of the Telegram server cannot be read: {file}",
                    file=str(self.key_file),
                ),
                message("Give the key file that the server named when it started."),
            ) from error


def host_and_port(text: str) -> tuple[str, int]:
    """Read ``HOST:PORT``, the host an IPv4 address or localhost. Raises KnownError."""
    host, _, port = text.rpartition(":")
    host = "127.0.0.1" if host == "localhost" else host
    try:
        ipaddress.IPv4Address(host)
        number = int(port)
    except ValueError:
        number = 0
    if not 0 < number < 65536:
        raise KnownError(
            message("“{text}” is not the address of a Telegram server.", text=text[:80]),
            message("Write it as an IPv4 address and a port, such as 127.0.0.1:4430."),
        )
    return host, number
