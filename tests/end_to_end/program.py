"""The program and its server as processes of their own, as a user starts them."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

SAMPLES = Path(__file__).parents[1] / "data" / "samples"
BROKEN = SAMPLES / "broken"


@dataclass(frozen=True)
class Finished:
    """How a run of the program ended."""

    code: int
    out: str
    err: str

    @property
    def result(self):
        return json.loads(self.out)


def environment(home: Path, **more: str) -> dict[str, str]:
    """An environment without a screen and without this user's own data; the keyring stays."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name in {"PATH", "DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR", "COVERAGE_PROCESS_START"}
    }
    return {
        **kept,
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "LANGUAGE": "en",
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHONWARNINGS": "error::ResourceWarning",
        **more,
    }


def start(home: Path, *arguments: object, **more: str) -> subprocess.Popen[str]:
    """Start the program."""
    return subprocess.Popen(
        [sys.executable, "-m", "invite_desktop", *map(str, arguments)],
        env=environment(home, **more),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(home: Path, *arguments: object, timeout: float = 200, **more: str) -> Finished:
    """Run the program to its end."""
    process = start(home, *arguments, **more)
    try:
        out, err = process.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        process.kill()
        out, err = process.communicate()
        raise AssertionError(f"still running after {timeout} s\n{out}\n{err}") from None
    return Finished(process.returncode, out, err)


@dataclass
class Server:
    """The rehearsal server in a process of its own."""

    port: int
    key: Path
    log: Path

    @property
    def options(self) -> tuple[str, ...]:
        return ("--telegram-server", f"127.0.0.1:{self.port}", "--telegram-key", str(self.key))

    def executed(self, method: str) -> list[dict]:
        """Every request of one method that took effect, as the server wrote it down."""
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        return [entry for line in lines if (entry := json.loads(line))["method"] == method]

    def invited_people(self) -> list[int]:
        """The ids of everybody in every executed invitation, with repetitions."""
        calls = [*self.executed("channels.inviteToChannel"), *self.executed("messages.addChatUser")]
        return [user["id"] for call in calls for user in call["users"]]

    def written_to(self) -> list[int]:
        """The ids of everybody who got a message, with repetitions."""
        methods = ("messages.sendMessage", "messages.sendMedia")
        return [call["to"]["id"] for method in methods for call in self.executed(method)]


@contextlib.contextmanager
def serving(directory: Path, *options: object):
    """Run the rehearsal server by itself until the block ends."""
    log = directory / "server-log.jsonl"
    state = directory / "server-state"
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "invite_desktop.rehearsal", "--port", "0"),
            *("--state", str(state), "--log", str(log), *map(str, options)),
        ],
        env=environment(directory),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        port, key = None, None
        while port is None or key is None:
            line = process.stdout.readline()
            assert line, "the server ended before it listened"
            if line.startswith("listening on"):
                port = int(line.rsplit(":", 1)[1])
            if line.startswith("key:"):
                key = Path(line.partition(":")[2].strip())
        yield Server(port, key, log)
    finally:
        process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)
        process.kill()
        process.wait()
        process.stdout.close()


def kill_after(process: subprocess.Popen[str], seconds: float) -> bool:
    """Kill the program with SIGKILL after a time; False when it had ended by itself."""
    deadline = time.monotonic() + seconds
    while process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.005)
    alive = process.poll() is None
    process.kill()
    process.communicate()
    return alive
