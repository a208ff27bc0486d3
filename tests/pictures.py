"""Every screen as a picture: ``python -m tests.pictures FOLDER [WORD…]``.

In Russian and English, light, dark and high contrast, at 1024x640, 1440x900 and at 200 %. Words
such as ``ru``, ``dark`` or ``1024x640`` leave out what has none of them in its kind.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication, QDialog, QMenu

from invite_desktop.app import event_loop
from invite_desktop.app.crash_hooks import crash_report
from invite_desktop.domain.accounts import AccountState
from invite_desktop.domain.audiences import Audience, Basis
from invite_desktop.domain.outcomes import OutcomeCode, TargetState
from invite_desktop.domain.tasks import TaskStatus
from invite_desktop.engine.background import BackgroundScope
from invite_desktop.ui.crash_dialog import CrashDialog
from invite_desktop.ui.first_start import Step
from invite_desktop.ui.main_window import MainWindow, Surroundings
from invite_desktop.ui.statistics.report_dialog import ReportDialog
from invite_desktop.ui.theme import ThemeChoice, set_theme
from invite_desktop.ui.translations import load_translator, set_translator
from tests.fakes.engine import NOW, FakeEngine, a_task, an_account
from tests.fakes.server_view import FakeServer
from tests.ui.conftest import Speeds
from tests.ui.test_accessibility import SCREENS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QPixmap
    from PySide6.QtWidgets import QWidget

    Show = Callable[[MainWindow], object]

LANGUAGES = ("ru", "en")
THEMES = ("light", "dark", "contrast")
SIZES = ("1024x640", "1440x900", "200%")
SCREEN = """{"screens": [{"name": "large", "x": 0, "y": 0, "width": 2880, "height": 1800,
"logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}]}"""
"""Qt's screenless platform has 800 pixels otherwise, and boxes are made to fit them."""

SETTLING = 0.25
"""Seconds in which a screen loads what it shows."""


def main(given: Sequence[str]) -> int:
    """Draw in processes of their own: Qt learns of a scale only at its start."""
    if not given:
        sys.stderr.write(f"{__doc__}\n")
        return 2
    folder, *words = given
    drawn = 0
    with tempfile.TemporaryDirectory() as place:
        screen = Path(place) / "screen.json"
        screen.write_text(SCREEN, encoding="utf-8")
        for size in _chosen(SIZES, words):
            surroundings = {**os.environ, "QT_QPA_PLATFORM": f"offscreen:configfile={screen}"}
            surroundings["QT_SCALE_FACTOR"] = "2" if size == "200%" else "1"
            command = [sys.executable, "-m", "tests.pictures", folder, "--draw", size, *words]
            drawn = max(drawn, subprocess.run(command, env=surroundings, check=False).returncode)
    return drawn


def _chosen(kind: Sequence[str], words: Sequence[str]) -> Sequence[str]:
    return [each for each in kind if each in words] or kind


def draw(folder: Path, size: str, words: Sequence[str]) -> int:
    """Draw every screen at one size."""

    application = QApplication([])
    application.setQuitOnLastWindowClosed(False)
    return event_loop.run(_draw_all(folder, size, words), application)


async def _draw_all(folder: Path, size: str, words: Sequence[str]) -> int:

    count = 0
    for language, theme in itertools.product(_chosen(LANGUAGES, words), _chosen(THEMES, words)):
        set_translator(load_translator(language))
        set_theme(ThemeChoice(theme))
        into = folder / f"{language}_{theme}_{size.rstrip('%')}"
        into.mkdir(parents=True, exist_ok=True)
        for number, (name, show, rehearses) in enumerate(_screens()):
            await _draw_one(into / f"{number:02}_{name}.png", size, show, rehearses=rehearses)
            count += 1
    sys.stdout.write(f"{size}: {count} pictures in {folder}\n")
    return 0


def _screens() -> list[tuple[str, Show, bool]]:

    dialogs: dict[str, Show] = {
        "first_start": lambda _window: None,
        "first_start_account": lambda window: window.first_start.show_step(Step.ACCOUNT),
        "first_start_list": lambda window: window.first_start.show_step(Step.AUDIENCE),
        "settings": lambda window: window.menus.settings.trigger(),
        "shortcuts": lambda window: window.menus.shortcuts.trigger(),
        "add_account": lambda window: window.menus.add_account.trigger(),
        "proxy": lambda window: window.menus.proxy.trigger(),
        "closing": lambda window: window.close(),
        "about": lambda window: window.menus.about.trigger(),
        "report": _report,
        "crash": _crash,
        "tray": lambda window: window.presence.tray.menu.popup(window.pos()),
    }
    return [
        *((screen.__name__, screen, True) for screen in SCREENS),
        *((name, show, False) for name, show in dialogs.items()),
    ]


def _report(window: MainWindow) -> None:
    ReportDialog(window.context, window).save(a_task(1), Path("report.xlsx"))


def _crash(window: MainWindow) -> None:

    CrashDialog(crash_report(RuntimeError("an example")), window).open()


async def _draw_one(path: Path, size: str, show: Show, *, rehearses: bool) -> None:

    bugs: list[BaseException] = []
    engine = FakeEngine(bugs.append)
    _fill(engine)
    scope = BackgroundScope(bugs.append)
    with tempfile.TemporaryDirectory() as folder:
        settings = QSettings(f"{folder}/window.ini", QSettings.Format.IniFormat)
        info = replace(Speeds().rehearsal(), server=FakeServer()) if rehearses else None
        first = Step.WELCOME if "first_start" in path.stem else None
        around = Surroundings(settings, Path(folder), info, first_start=first)
        window = MainWindow(engine, scope, around)
        picture = await _grabbed(window, size, show)
        await scope.close()
        window.allow_close()
        window.close()
        window.deleteLater()
    if bugs:
        raise bugs[0]
    if not picture.save(str(path)):
        raise OSError(f"not saved: {path}")


async def _grabbed(window: MainWindow, size: str, show: Show) -> QPixmap:
    width, height = (int(part) for part in ("1024x640" if "%" in size else size).split("x"))
    window.resize(width, height)
    window.show()
    window.presence.begin()
    await asyncio.sleep(SETTLING)
    show(window)
    await asyncio.sleep(SETTLING)
    return _front(window).grab()


def _front(window: MainWindow) -> QWidget:
    """Return what lies above the window, or the window itself."""

    above = [each for each in window.findChildren(QDialog) if each.isVisible()]
    menus = [each for each in window.findChildren(QMenu) if each.isVisible()]
    return [window, *above, *menus][-1]


def _fill(engine: FakeEngine) -> None:
    """Put in what a few weeks of work leave behind."""

    states = (AccountState.READY, AccountState.RESTING, AccountState.LIMITED)
    for number, state in enumerate((*states, AccountState.LOGGED_OUT), start=1):
        engine.accounts.put(an_account(number, state))
    for number, status in enumerate(TaskStatus, start=1):
        engine.tasks.put(a_task(number, status), people=30 * number)
        for place in range(6 * number if status is not TaskStatus.DRAFT else 0):
            joined = place % 4 != 3
            state = TargetState.JOINED if joined else TargetState.SKIPPED
            code = OutcomeCode.INVITED if joined else OutcomeCode.PRIVACY
            engine.tasks.end_target(number, place, state, code)
    for number, name in enumerate(("Гости вебинара", "Покупатели весны", "Newsletter 2026"), 1):
        basis = Basis.CUSTOMERS if number < 3 else Basis.UNKNOWN
        engine.audiences.rows.append(
            Audience(number, name, basis, f"{name}.csv", NOW, people=1_240 * number)
        )


if __name__ == "__main__":
    if "--draw" in sys.argv:
        place = sys.argv.index("--draw")
        sys.exit(draw(Path(sys.argv[1]), sys.argv[place + 1], sys.argv[place + 2 :]))
    sys.exit(main(sys.argv[1:]))
