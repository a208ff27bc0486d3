"""From the ordinary window to the rehearsal and back, with the programs themselves."""

from __future__ import annotations

import asyncio
import gc
import sys
import weakref
from typing import TYPE_CHECKING

import psutil
import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox

from invite_desktop.app import event_loop, switching
from invite_desktop.app.arguments import Arguments
from invite_desktop.app.paths import choose_profile
from invite_desktop.app.single_instance import SingleInstance
from invite_desktop.app.window import WindowProgram
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.statistics import Counters
from invite_desktop.domain.tasks import TaskStatus
from invite_desktop.engine.views import TaskView
from invite_desktop.ui.first_start import Step
from tests.fakes.engine import a_task

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from pathlib import Path

    from PySide6.QtWidgets import QApplication

    from invite_desktop.ui.main_window import MainWindow

    Visit = Callable[[MainWindow], Coroutine[None, None, None]]

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")


def test_the_other_window_works_on_the_same_profile_in_the_same_language(tmp_path: Path):
    arguments = Arguments("window", profile=tmp_path, language="ru")
    there = switching.other_arguments(arguments, rehearsal=True)
    assert there == ["--rehearsal", "--profile", str(tmp_path), "--language", "ru"]
    back = switching.other_arguments(arguments, rehearsal=False)
    assert back == ["--profile", str(tmp_path), "--language", "ru"]


def test_a_server_of_the_command_line_is_left_behind(tmp_path: Path):
    arguments = Arguments("window", server=("127.0.0.1", 1), server_key=tmp_path, rehearsal=True)
    assert switching.other_arguments(arguments, rehearsal=False) == []


def test_a_packaged_program_starts_itself(monkeypatch: pytest.MonkeyPatch):
    assert switching.program_command() == [sys.executable, "-m", "invite_desktop"]
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert switching.program_command() == [sys.executable]


def test_a_program_that_does_not_start_is_told_in_words(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(switching, "program_command", lambda: ["/nowhere/invite-desktop"])
    with pytest.raises(KnownError, match="could not be opened"):
        switching.start_program([])


def test_an_open_profile_is_recognised(tmp_path: Path):
    profile = choose_profile(tmp_path)
    assert not switching.is_open(profile)
    with SingleInstance(profile):
        assert switching.is_open(profile)
    assert not switching.is_open(profile)


def test_the_look_goes_along_and_nothing_else(tmp_path: Path):
    settings = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    settings.setValue("window/language", "ru")
    settings.setValue("window/first_start", "seen")
    profile = choose_profile(tmp_path, rehearsal=True)
    profile.make()
    switching.lend_look(settings, profile)
    other = QSettings(str(profile.settings), QSettings.Format.IniFormat)
    assert other.allKeys() == ["window/language"]
    assert other.value("window/language") == "ru"


async def until(holds: Callable[[], object]) -> None:
    async with asyncio.timeout(60):
        while not holds():  # noqa: ASYNC110 - the file system and Qt tell no event
            await asyncio.sleep(0.05)


def _command(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


async def test_the_program_really_starts_on_the_other_profile(tmp_path: Path):
    profile = choose_profile(tmp_path, rehearsal=True)
    arguments = Arguments("window", profile=tmp_path, language="en")
    switching.start_program(switching.other_arguments(arguments, rehearsal=True))
    (process,) = [each for each in psutil.process_iter() if str(tmp_path) in _command(each)]
    try:
        await until(lambda: profile.database.exists() and switching.is_open(profile))
    finally:
        process.terminate()
    await until(lambda: not switching.is_open(profile))
    assert not choose_profile(tmp_path).database.exists()


class Starts:
    """Notes the command lines of the windows that would open."""

    def __init__(self) -> None:
        self.given: list[list[str]] = []

    def __call__(self, given: list[str]) -> None:
        self.given.append(given)


@pytest.fixture
def starts() -> Starts:
    return Starts()


@pytest.fixture
def open_window(qapp: QApplication, tmp_path: Path, starts: Starts) -> Callable[..., None]:
    """Run the program until its window is closed, with a visitor who does that."""

    def open_it(visit: Visit, *, rehearsal: bool = False) -> None:
        arguments = Arguments("window", profile=tmp_path, language="en", rehearsal=rehearsal)
        profile = choose_profile(tmp_path, rehearsal=rehearsal)
        profile.make()
        program = WindowProgram(arguments, profile, starts)

        async def main() -> int:
            life = asyncio.ensure_future(program.run())
            try:
                async with asyncio.timeout(60):
                    while program.window is None or not program.window.isVisible():
                        assert not life.done(), life.exception()
                        await asyncio.sleep(0.02)
                    await visit(program.window)
            except BaseException:
                program.stop()
                await life
                raise
            return await life

        qapp.setQuitOnLastWindowClosed(False)
        with SingleInstance(profile):
            assert event_loop.run(main(), qapp) == 0

    return open_it


async def close(window: MainWindow) -> None:
    window.close()


async def rehearse_first(window: MainWindow) -> None:
    first = window.first_start
    assert first is not None
    assert first.isVisible()
    assert not window.tabs.isVisible()
    if first.step is Step.WELCOME:
        QTest.mouseClick(first.next_button, Qt.MouseButton.LeftButton)
    QTest.mouseClick(first.rehearse_button, Qt.MouseButton.LeftButton)


def test_the_first_start_leads_to_the_rehearsal(
    open_window: Callable[..., None], starts: Starts, tmp_path: Path
):
    open_window(rehearse_first)
    assert starts.given == [["--rehearsal", "--profile", str(tmp_path), "--language", "en"]]


@pytest.fixture
def steps(open_window: Callable[..., None]) -> Callable[..., list[Step | None]]:
    """Open a window once more, do something, and return the steps seen so far."""
    seen: list[Step | None] = []

    def look(visit: Visit = close, *, rehearsal: bool = False) -> list[Step | None]:
        async def look_and_do(window: MainWindow) -> None:
            seen.append(window.first_start.step if window.first_start else None)
            await visit(window)

        open_window(look_and_do, rehearsal=rehearsal)
        return seen

    return look


def test_the_first_start_goes_on_where_it_was_left(steps: Callable[..., list[Step | None]]):
    steps()
    steps(rehearse_first)
    steps(rehearsal=True)
    assert steps() == [Step.WELCOME, Step.WELCOME, Step.AUDIENCE, Step.ACCOUNT]


def test_a_first_start_that_was_skipped_is_over(steps: Callable[..., list[Step | None]]):
    async def skip(window: MainWindow) -> None:
        assert window.first_start is not None
        QTest.mouseClick(window.first_start.skip_button, Qt.MouseButton.LeftButton)
        window.close()

    steps(skip)
    assert steps() == [Step.WELCOME, None]


def test_a_rehearsal_begins_without_the_first_page(open_window: Callable[..., None]):
    async def look_and_close(window: MainWindow) -> None:
        assert window.first_start is None
        window.close()

    open_window(look_and_close, rehearsal=True)


def test_leaving_the_rehearsal_opens_the_ordinary_window(
    open_window: Callable[..., None], starts: Starts, tmp_path: Path
):
    async def leave(window: MainWindow) -> None:
        window.menus.other_window.trigger()

    open_window(leave, rehearsal=True)
    assert starts.given == [["--profile", str(tmp_path), "--language", "en"]]


def test_an_ordinary_window_that_is_open_is_not_opened_twice(
    open_window: Callable[..., None], starts: Starts, tmp_path: Path
):
    async def leave(window: MainWindow) -> None:
        window.menus.other_window.trigger()

    ordinary = choose_profile(tmp_path)
    ordinary.make()
    with SingleInstance(ordinary):
        open_window(leave, rehearsal=True)
    assert starts.given == []


def test_a_rehearsal_that_is_open_is_not_opened_twice(
    open_window: Callable[..., None], starts: Starts, tmp_path: Path
):
    async def open_it_again(window: MainWindow) -> None:
        window.menus.other_window.trigger()
        await until(lambda: window.findChildren(QMessageBox))
        box = window.findChild(QMessageBox)
        assert box.text() == "The rehearsal is open already."
        box.close()
        window.close()

    rehearsal = choose_profile(tmp_path, rehearsal=True)
    rehearsal.make()
    with SingleInstance(rehearsal):
        open_window(open_it_again)
    assert starts.given == []


def test_a_window_whose_tasks_run_stays_open(
    open_window: Callable[..., None], starts: Starts, monkeypatch: pytest.MonkeyPatch
):
    async def one_is_running() -> list[TaskView]:
        return [TaskView(a_task(1, TaskStatus.RUNNING), Counters({}), "guests")]

    async def open_the_rehearsal(window: MainWindow) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(window.context.engine.tasks, "views", one_is_running)
            window.menus.other_window.trigger()
            await until(lambda: window.findChildren(QMessageBox))
        box = window.findChild(QMessageBox)
        assert "this window stays open" in box.informativeText()
        assert window.isVisible()
        box.close()
        window.close()

    open_window(open_the_rehearsal)
    assert len(starts.given) == 1


def test_the_rehearsal_is_shown_before_its_server_is_there(open_window: Callable[..., None]):
    async def look_and_close(window: MainWindow) -> None:
        assert window.band is not None
        assert "starts" in window.band.words.text()
        await until(lambda: "starts" not in window.band.words.text())
        window.close()

    open_window(look_and_close, rehearsal=True)


class Knot:
    """Something that only a collection of garbage can take away."""

    itself: Knot


@pytest.mark.parametrize("rehearsal", [True, False])
def test_garbage_is_collected_again_once_the_window_is_there(
    open_window: Callable[..., None], rehearsal: bool
):
    async def wait_and_close(window: MainWindow) -> None:
        gone: list[weakref.ref[Knot]] = []

        def one_is_gone() -> bool:
            knot = Knot()
            knot.itself = knot
            gone.append(weakref.ref(knot))
            return any(one() is None for one in gone)

        held = [[number] for number in range(100_000)]
        await until(one_is_gone)
        assert not gc.isenabled()
        assert held
        window.close()

    gc.disable()
    try:
        open_window(wait_and_close, rehearsal=rehearsal)
    finally:
        gc.enable()
