"""The rehearsal server in a process of its own, with its door for trouble."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.kills.worker import ACCOUNTS

if TYPE_CHECKING:
    from collections.abc import Iterator

_WITHOUT_WAITS = (
    "[flood_waits]\nshare = 0.0\n[limits]\non = false\n[answers]\nshare = 0.0\n"
    "[leaving]\nwithin_day = 0.0\nwithin_week = 0.0\nwithin_month = 0.0\n"
)
_HOST = "127.0.0.1"

CONTACTS = ("channels.inviteToChannel", "messages.sendMessage", "messages.sendMedia")


@dataclass(slots=True)
class Server:
    """A running server. ``journal`` is complete only after its end."""

    port: int
    key: Path
    journal: Path
    _door: socket.socket
    _token: str

    def drop_next(self, method: str, what: str) -> None:
        """Break the connection at each account's next call, before or after its effect."""
        self._ask("trouble", add={"what": what, "method": method, "calls": [1]})

    def drop_all(self) -> None:
        """Break every connection now."""
        self._ask("drop")

    def be_slow(self, answer: float, contact: float) -> None:
        """Let every answer take so long, and those after somebody was contacted even longer."""
        self._ask("latency", seconds=answer)
        for method in CONTACTS:
            rule = {"what": "latency", "method": method, "rate": 1, "seconds": contact}
            self._ask("trouble", add=rule)

    def be_well(self) -> None:
        """Let everything go right again, and fast."""
        self._ask("clear")
        self._ask("latency", seconds=0)

    def _ask(self, command: str, **more: object) -> None:
        line = json.dumps({"token": self._token, "command": command, **more}).encode() + b"\n"
        self._door.sendall(line)
        answer = b""
        while not answer.endswith(b"\n"):
            answer += self._door.recv(1 << 16)
        assert json.loads(answer)["ok"], answer


@contextmanager
def serving(directory: Path, seed: int) -> Iterator[Server]:
    """Run a server until the block ends."""
    scenario, journal = directory / "scenario.toml", directory / "journal.jsonl"
    scenario.write_text(_WITHOUT_WAITS, encoding="utf-8")
    command = [sys.executable, "-m", "invite_desktop.rehearsal", "--control", "0"]
    command += ["--state", str(directory / "server"), "--log", str(journal)]
    command += ["--scenario", str(scenario), "--seed", str(seed), "--accounts", str(ACCOUNTS)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    said: dict[str, str] = {}
    try:
        while "control" not in said:
            line = process.stdout.readline()
            assert line, "the server ended before it listened"
            name, _, rest = line.partition("listening on" if line[0] == "l" else ":")
            said[name or "port"] = rest.strip()
        address, _, token = said["control"].partition(" token: ")
        with socket.create_connection((_HOST, int(address.rpartition(":")[2]))) as door:
            yield Server(
                int(said["port"].rpartition(":")[2]),
                Path(said["key"]),
                journal,
                door,
                Path(token).read_text(encoding="utf-8"),
            )
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate()
