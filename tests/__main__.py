"""Runs the tests with all that they need: ``python -m tests [--long] [--partial] [pytest …]``.

With ``--around COMMAND…`` it is not pytest but that command that gets the same surroundings.

On Linux it brings a virtual X screen, a session bus and an unlocked keyring, all of them its own
and gone afterwards; the user's screen, keyring and home are not touched. ``--long`` adds the tests
that take minutes. ``--partial`` goes on where a program is missing, without the tests that need it.
Everything else is handed to pytest. A run of all tests has two workers a processor, because they
wait for other programs half of the time; ``-n 0`` runs them one by one.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

_WORKERS = 2 * (os.cpu_count() or 1)

_PROGRAMS = {
    "Xvfb": "xvfb",
    "xdotool": "xdotool",
    "import": "imagemagick",
    "dbus-daemon": "dbus",
    "dbus-send": "dbus",
    "gnome-keyring-daemon": "gnome-keyring",
}
"""Program → the Debian package that has it."""

_ROOT = Path(__file__).resolve().parents[1]
_FOREIGN_VARIABLES = (
    "DBUS_SESSION_BUS_ADDRESS",
    "DBUS_SESSION_BUS_PID",
    "DISPLAY",
    "GNOME_KEYRING_CONTROL",
    "LANGUAGE",
    "QT_QPA_PLATFORM",
    "SSH_AUTH_SOCK",
    "WAYLAND_DISPLAY",
    "XAUTHORITY",
)
_ONE_BY_ONE = frozenset(
    {"-s", "--capture", "--co", "--collect-only", "--pdb", "--trace", "--version"}
)
"""Options with which tests are not spread over processes unasked."""
_PATIENCE = 20.0
"""Seconds within which a screen, bus or keyring has to be there."""


class _NotThereError(Exception):
    """A part of the surroundings did not come up."""


class Surroundings:
    """A home, a session bus, a keyring and a screen that live as long as this object is open."""

    def __init__(self) -> None:
        self._ends = contextlib.ExitStack()
        self._complaints = Path(os.devnull)
        self.environment = {
            name: value for name, value in os.environ.items() if name not in _FOREIGN_VARIABLES
        }

    def __enter__(self) -> Surroundings:
        with contextlib.ExitStack() as ends:
            self._ends = ends
            self._make_home()
            self._start_screen()
            self._start_bus()
            self._start_keyring()
            self._ends = ends.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._ends.close()

    def _make_home(self) -> None:
        # Short, because the path of a Unix socket has at most 107 characters.
        home = Path(tempfile.mkdtemp(prefix="invite-"))
        self._ends.callback(shutil.rmtree, home, ignore_errors=True)
        self._complaints = home / "complaints.txt"
        for name, folder in {"HOME": "home", "XDG_RUNTIME_DIR": "run", "TMPDIR": "tmp"}.items():
            (home / folder).mkdir(mode=0o700)
            self.environment[name] = str(home / folder)
        for name in [name for name in self.environment if name.startswith("XDG_")]:
            if name != "XDG_RUNTIME_DIR":
                del self.environment[name]
        self.environment |= {"LC_ALL": "C.UTF-8", "INVITE_DESKTOP_FULL_TESTS": "1"}

    def _start_screen(self) -> None:
        ours, theirs = os.pipe()
        screen = ["-screen", "0", "1280x900x24", "-nolisten", "tcp", "-noreset"]
        self._start(["Xvfb", "-displayfd", str(theirs), *screen], pass_fds=(theirs,))
        os.close(theirs)
        with os.fdopen(ours) as answer:
            number = answer.readline().strip()
        if not number:
            raise self._not_there("The virtual screen (Xvfb)")
        self.environment["DISPLAY"] = f":{number}"

    def _start_bus(self) -> None:
        ours, theirs = os.pipe()
        self._start(
            ["dbus-daemon", "--session", "--nofork", f"--print-address={theirs}"],
            pass_fds=(theirs,),
        )
        os.close(theirs)
        with os.fdopen(ours) as answer:
            address = answer.readline().strip()
        if not address:
            raise self._not_there("The session bus (dbus-daemon)")
        self.environment["DBUS_SESSION_BUS_ADDRESS"] = address

    def _start_keyring(self) -> None:
        keyring = self._start(
            ["gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets"],
            stdin=subprocess.PIPE,
        )
        assert keyring.stdin is not None
        keyring.stdin.write(b"only for tests")
        keyring.stdin.close()
        end = time.monotonic() + _PATIENCE
        while not self._keyring_answers():
            if keyring.poll() is not None or time.monotonic() > end:
                raise self._not_there("The keyring (gnome-keyring-daemon)")
            time.sleep(0.1)

    def _keyring_answers(self) -> bool:
        question = [
            *("dbus-send", "--session", "--print-reply", "--reply-timeout=2000"),
            *("--dest=org.freedesktop.DBus", "/", "org.freedesktop.DBus.NameHasOwner"),
            "string:org.freedesktop.secrets",
        ]
        answer = subprocess.run(question, env=self.environment, capture_output=True, check=False)
        return b"boolean true" in answer.stdout

    def _start(self, command: list[str], **options: object) -> subprocess.Popen[bytes]:
        with self._complaints.open("ab") as complaints:
            process = subprocess.Popen(  # type: ignore[call-overload]
                command,
                env=self.environment,
                cwd=self.environment["HOME"],
                stdout=subprocess.DEVNULL,
                stderr=complaints,
                start_new_session=True,  # an interrupted run stops pytest first, then these
                **options,
            )
        self._ends.callback(_stop, process)
        return process

    def _not_there(self, part: str) -> _NotThereError:
        said = self._complaints.read_text(encoding="utf-8", errors="replace").strip()
        return _NotThereError(f"{part} did not start. {said}".strip())


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _missing_packages() -> list[str]:
    return sorted({package for name, package in _PROGRAMS.items() if not shutil.which(name)})


def _command(given: list[str]) -> list[str]:
    if given[:1] == ["--around"]:
        return given[1:]
    wanted = [word for word in given if word not in ("--partial", "--long")]
    long = ["-m", "long or not long", "--hypothesis-profile=long"] if "--long" in given else []
    side_by_side = ["-n", str(_WORKERS)] if _is_whole_run(wanted) else []
    return [sys.executable, "-m", "pytest", *long, *side_by_side, *wanted]


def _is_whole_run(words: list[str]) -> bool:
    """Return whether no test was named and nobody watches one: then every processor helps."""
    named = any((_ROOT / word.partition("::")[0]).exists() for word in words if word)
    options = {word.partition("=")[0] for word in words}
    counted = any(word.startswith("-n") for word in words)
    return not (named or counted or options & _ONE_BY_ONE)


def _run(command: list[str], environment: dict[str, str]) -> int:
    with subprocess.Popen(command, cwd=_ROOT, env=environment) as running:
        while True:
            try:
                return running.wait()
            except KeyboardInterrupt:
                continue  # pytest got it too, and says what it has seen so far
            except SystemExit:
                running.terminate()
                raise


def _complain(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")


def main(given: list[str]) -> int:
    """Run the command with its surroundings and return its exit code; 2 when they are missing."""
    command, partial = _command(given), "--partial" in given
    missing = _missing_packages() if sys.platform == "linux" else []
    if sys.platform != "linux" or (missing and partial):
        return _run(command, dict(os.environ))
    if missing:
        _complain(
            f"Programs that the tests need are missing. On Debian or Ubuntu: apt-get install "
            f"{' '.join(missing)}. With --partial the other tests run without them."
        )
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        with Surroundings() as surroundings:
            return _run(command, surroundings.environment)
    except _NotThereError as error:
        _complain(f"{error} The tests need it, so they were not run.")
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
