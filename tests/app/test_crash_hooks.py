"""Every uncaught exception arrives at one place."""

from __future__ import annotations

import asyncio
import sys
import threading

import pytest

from invite_desktop import __version__
from invite_desktop.app.crash_hooks import CrashHooks, crash_report


@pytest.fixture
def reported() -> list[BaseException]:
    return []


@pytest.fixture
def hooks(reported: list[BaseException], monkeypatch: pytest.MonkeyPatch) -> CrashHooks:
    for owner, name in ((sys, "excepthook"), (sys, "unraisablehook"), (threading, "excepthook")):
        monkeypatch.setattr(owner, name, getattr(owner, name))
    hooks = CrashHooks(reported.append)
    hooks.install()
    return hooks


def _failure(words: str) -> Exception:
    try:
        raise ValueError(words)
    except ValueError as error:
        return error


@pytest.mark.usefixtures("hooks")
def test_an_exception_of_the_interpreter_is_reported(reported: list[BaseException]):
    error = _failure("x")
    sys.excepthook(type(error), error, error.__traceback__)
    assert reported == [error]


@pytest.mark.usefixtures("hooks")
def test_an_exception_of_a_thread_is_reported(reported: list[BaseException]):
    def fail() -> None:
        raise ValueError("in a thread")

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    assert [str(error) for error in reported] == ["in a thread"]


@pytest.mark.usefixtures("hooks")
def test_a_thread_that_exits_is_no_crash(reported: list[BaseException]):
    thread = threading.Thread(target=sys.exit)
    thread.start()
    thread.join()
    assert reported == []


async def test_an_exception_of_a_callback_is_reported(
    hooks: CrashHooks, reported: list[BaseException]
):
    def fail() -> None:
        raise ValueError("in a callback")

    loop = asyncio.get_running_loop()
    hooks.watch(loop)
    loop.call_soon(fail)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert [str(error) for error in reported] == ["in a callback"]


async def test_a_complaint_of_the_loop_without_exception_is_reported(
    hooks: CrashHooks, reported: list[BaseException]
):
    loop = asyncio.get_running_loop()
    hooks.watch(loop)
    loop.call_exception_handler({"message": "Task was destroyed but it is pending!"})
    assert [str(error) for error in reported] == ["Task was destroyed but it is pending!"]


@pytest.mark.usefixtures("qapp", "hooks")
def test_an_exception_of_a_slot_is_reported(reported: list[BaseException]):
    from PySide6.QtCore import QObject, Signal  # noqa: PLC0415

    class Sender(QObject):
        sent = Signal()

    def fail() -> None:
        raise ValueError("in a slot")

    sender = Sender()
    sender.sent.connect(fail)
    sender.sent.emit()
    assert [str(error) for error in reported] == ["in a slot"]


def test_the_same_failure_is_reported_once(hooks: CrashHooks, reported: list[BaseException]):
    for _ in range(3):
        hooks.caught(_failure("again"))
    hooks.caught(_failure("another"))
    assert [str(error) for error in reported] == ["again", "another"]


def test_every_failure_is_logged(hooks: CrashHooks, caplog: pytest.LogCaptureFixture):
    for _ in range(3):
        hooks.caught(_failure("again"))
    assert caplog.messages == ["Uncaught exception"] * 3


def test_a_report_that_fails_itself_is_told_on_the_terminal(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
):
    def fail(_error: BaseException) -> None:
        raise OSError("no window")

    CrashHooks(fail).caught(_failure("x"))
    assert "no window" in capsys.readouterr().err
    assert "The report itself failed" in caplog.messages


@pytest.mark.usefixtures("hooks")
def test_control_c_is_no_crash(reported: list[BaseException], capsys: pytest.CaptureFixture[str]):
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert reported == []
    assert "KeyboardInterrupt" in capsys.readouterr().err


def test_the_hooks_are_given_back(hooks: CrashHooks):
    hooks.remove()
    assert sys.excepthook is sys.__excepthook__
    assert threading.excepthook is threading.__excepthook__
    assert sys.unraisablehook is sys.__unraisablehook__


def test_a_report_names_versions_and_trace_but_no_values():
    report = crash_report(_failure("no such person 'Anna Petrova' +79001234567"))
    assert report.startswith(f"Invite Desktop {__version__}\nPython 3.")
    assert "PySide6_Essentials 6." in report
    assert "ValueError" in report
    assert "in _failure" in report
    assert "Anna" not in report
    assert "79001234567" not in report
