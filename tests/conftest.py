"""What holds for every test: no outside world, no user's data, no skipped promise."""

from __future__ import annotations

import gc
import os
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from pytestqt.qtbot import QtBot

from tests.examples import register_profiles

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from PySide6.QtWidgets import QApplication

FULL = os.environ.get("INVITE_DESKTOP_FULL_TESTS") == "1"
"""Set by ``python -m tests``, which brings a screen and a keyring: then nothing may be skipped."""

_NEEDING_THE_MACHINE = ("keyring", "screen")
_HERE = ("127.0.0.1", "::1", "localhost", "", None, b"127.0.0.1", b"localhost")
_HOME_VARIABLES = ("HOME", "USERPROFILE")
_DATA_VARIABLES = (
    "XDG_DATA_HOME",
    "XDG_CONFIG_HOME",
    "XDG_CACHE_HOME",
    "XDG_STATE_HOME",
    "APPDATA",
    "LOCALAPPDATA",
)

# The same pictures everywhere, and no window in the way of whoever runs the tests.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

register_profiles()


_TESTS_BETWEEN_ROUNDS = 20
_tests_since = 0


def pytest_collection_finish() -> None:
    """Leave modules and tests, which stay anyway, out of every later search for garbage."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown() -> None:
    """Collect garbage between tests only: in another thread it could destroy objects of Qt's."""
    global _tests_since  # noqa: PLW0603 - a counter of this process
    _tests_since += 1
    if _tests_since >= _TESTS_BETWEEN_ROUNDS:
        _tests_since = 0
        gc.collect()
    gc.disable()


class PatientBot(QtBot):
    """Waits as long as a busy machine may need; what comes in time costs nothing."""

    def waitUntil(  # noqa: N802 - pytest-qt's own name
        self, callback: Callable[[], bool | None], *, timeout: int = 60_000
    ) -> None:
        super().waitUntil(callback, timeout=timeout)

    def waitSignal(self, *given: object, timeout: int = 60_000, **more: object) -> object:  # noqa: N802 - the same
        return super().waitSignal(*given, timeout=timeout, **more)

    def waitExposed(self, widget: object, *, timeout: int = 60_000) -> object:  # noqa: N802 - the same
        return super().waitExposed(widget, timeout=timeout)


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> PatientBot:
    """Stand in for pytest-qt's own, which gives up after five seconds."""
    return PatientBot(request)


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give every test a home of its own, so that none sees or changes the user's data."""
    home = tmp_path_factory.mktemp("home")
    for name in _HOME_VARIABLES:
        monkeypatch.setenv(name, str(home))
    for name in _DATA_VARIABLES:
        monkeypatch.setenv(name, str(home / name.lower()))


@pytest.fixture(autouse=True)
def own_keyring(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Keep the session bus, and with it the keyring, from tests that do not ask for it."""
    if request.node.get_closest_marker("keyring") is None:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "disabled:")
        yield
        return
    if reason := _no_keyring():
        pytest.skip(reason)
    _forget_the_chosen_keyring()
    yield
    _forget_the_chosen_keyring()


@pytest.fixture(autouse=True)
def own_screen(request: pytest.FixtureRequest) -> None:
    """Skip tests of a real screen where there is none."""
    if request.node.get_closest_marker("screen") and not os.environ.get("DISPLAY"):
        pytest.skip("no X screen; python -m tests brings one")


@pytest.fixture(autouse=True)
def own_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse to look up the name of any other machine; pytest-socket refuses the connection."""
    look_up = socket.getaddrinfo

    def look_up_here(host: object, *rest: object, **options: object) -> object:
        if host not in _HERE:
            raise AssertionError(f"a test asked for the address of {host!r}")
        return look_up(host, *rest, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", look_up_here)


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run a test of the real screen in a process of its own: a process has one platform of Qt."""
    if pyfuncitem.get_closest_marker("screen") is None or os.environ["QT_QPA_PLATFORM"] == "xcb":
        return None
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-m", "", pyfuncitem.nodeid],
        cwd=pyfuncitem.config.rootpath,
        env={**os.environ, "QT_QPA_PLATFORM": "xcb"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        pytest.fail(done.stdout, pytrace=False)
    if "1 passed" not in done.stdout:
        pytest.skip(done.stdout)
    return True


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn the skip of a test that the machine was prepared for into a failure."""
    report = yield
    if FULL and report.skipped and not hasattr(report, "wasxfail") and _marked(item):
        report.outcome = "failed"
        report.longrepr = f"skipped, though everything it needs should be here: {report.longrepr}"
    return report


def _forget_the_chosen_keyring() -> None:
    """Let the library choose anew: it keeps for ever what it found in the first test."""
    if core := sys.modules.get("keyring.core"):
        core._keyring_backend = None  # type: ignore[attr-defined]
        choices = core.backend.get_all_keyring  # type: ignore[attr-defined]
        vars(choices).pop("saved_result", None)


def _marked(item: pytest.Item) -> bool:
    return any(item.get_closest_marker(name) for name in _NEEDING_THE_MACHINE)


def _no_keyring() -> str | None:
    """Say why keyring tests cannot run here, or None."""
    address = os.environ.get("DBUS_SESSION_BUS_ADDRESS", "")
    if sys.platform != "linux" or not address:
        return "no session bus with a Secret Service; python -m tests brings one"
    if "/run/user/" in address:
        return "this would write into your own keyring; python -m tests brings another"
    return None
