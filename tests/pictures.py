"""Every screen as a picture: ``python -m tests.pictures FOLDER [WORD…]``.

Every view of tests/ui/views and tests/ui/moments, in Russian and English, light, dark and high
contrast, at 1024x640, 1440x900 and at 200 %. Words such as ``ru``, ``dark``, ``1024x640`` or
``task_page`` leave out what has none of them in its kind; ``--list`` names them all.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import itertools
import os
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication

from invite_desktop.app import event_loop
from invite_desktop.engine.background import BackgroundScope
from invite_desktop.ui.main_window import MainWindow, Surroundings
from invite_desktop.ui.theme import ThemeChoice, set_theme
from invite_desktop.ui.translations import load_translator, set_translator
from tests.benchmarks.task_list import LiveClock
from tests.fakes.engine import FakeEngine
from tests.fakes.house import House
from tests.ui.conftest import Speeds
from tests.ui.furnished import fill, furnish, seen_by_server
from tests.ui.moments import MOMENTS, MOMENTS_ON_THE_STORE
from tests.ui.usable import front, is_shown
from tests.ui.views import VIEWS

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from invite_desktop.engine.engine import Engine
    from tests.ui.views import View

LANGUAGES = ("ru", "en")
THEMES = ("light", "dark", "contrast")
SIZES = ("1024x640", "1440x900", "200%")
SCREEN = """{"screens": [{"name": "large", "x": 0, "y": 0, "width": 2880, "height": 1800,
"logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}]}"""
"""Qt's screenless platform has 800 pixels otherwise, and boxes are made to fit them."""

_EVERYTHING = (*VIEWS, *MOMENTS, *MOMENTS_ON_THE_STORE)
_WORDS = (*LANGUAGES, *THEMES, *SIZES, *(view.name for view in _EVERYTHING))

SETTLING = 0.25
"""Seconds in which a screen loads what it shows."""

PATIENCE = 10.0
"""Seconds until a view has to be there."""


def main(given: Sequence[str] | None = None) -> int:
    """Draw in processes of their own: Qt learns of a scale only at its start."""
    asked = _understood(given)
    if asked.list:
        sys.stdout.write("\n".join(_WORDS) + "\n")
        return 0
    if asked.draw:
        return draw(asked.folder, asked.draw, asked.words)
    drawn = 0
    with tempfile.TemporaryDirectory() as place:
        screen = Path(place) / "screen.json"
        screen.write_text(SCREEN, encoding="utf-8")
        for size in _chosen(SIZES, asked.words):
            surroundings = {**os.environ, "QT_QPA_PLATFORM": f"offscreen:configfile={screen}"}
            surroundings["QT_SCALE_FACTOR"] = "2" if size == "200%" else "1"
            command = [sys.executable, "-m", "tests.pictures", f"--draw={size}"]
            command += [str(asked.folder), *asked.words]
            drawn = max(drawn, subprocess.run(command, env=surroundings, check=False).returncode)
    return drawn


def _understood(given: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line; an unknown word or option ends with a sentence about it."""
    parser = argparse.ArgumentParser("python -m tests.pictures", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("folder", nargs="?", type=Path, help="where the pictures are put")
    parser.add_argument("words", nargs="*", metavar="WORD", help="what to draw; all without any")
    parser.add_argument("--list", action="store_true", help="name every word, and draw nothing")
    parser.add_argument("--draw", choices=SIZES, help=argparse.SUPPRESS)
    asked = parser.parse_args(given)
    if asked.folder is None and not asked.list:
        parser.error("a folder for the pictures is needed")
    for word in asked.words:
        if word not in _WORDS:
            parser.error(f"nothing is called {word!r}; --list names what there is")
    return asked


def _chosen(kind: Sequence[str], words: Sequence[str]) -> Sequence[str]:
    return [each for each in kind if each in words] or kind


def draw(folder: Path, size: str, words: Sequence[str]) -> int:
    """Draw every screen at one size."""

    application = QApplication([])
    application.setQuitOnLastWindowClosed(False)
    return event_loop.run(_draw_all(folder, size, words), application)


async def _draw_all(folder: Path, size: str, words: Sequence[str]) -> int:
    names = _chosen([view.name for view in _EVERYTHING], words)
    views = [(number, view) for number, view in enumerate(_EVERYTHING) if view.name in names]
    themes = _chosen(THEMES, words)
    for language, (number, view) in itertools.product(_chosen(LANGUAGES, words), views):
        set_translator(load_translator(language))
        set_theme(ThemeChoice(themes[0]))
        async with _shown(view, size) as window:
            for theme in themes:
                set_theme(ThemeChoice(theme))
                await asyncio.sleep(SETTLING / 5)
                into = folder / f"{language}_{theme}_{size.rstrip('%')}"
                into.mkdir(parents=True, exist_ok=True)
                place = into / f"{number:02}_{view.name}.png"
                if not front(window).grab().save(str(place)):
                    raise OSError(f"not saved: {place}")
    sys.stdout.write(f"{size}: {len(views)} views in {folder}\n")
    return 0


@contextlib.asynccontextmanager
async def _shown(view: View, size: str) -> AsyncIterator[MainWindow]:
    bugs: list[BaseException] = []
    scope = BackgroundScope(bugs.append)
    with tempfile.TemporaryDirectory() as name:
        async with _engine(view, Path(name), bugs) as engine:
            server = seen_by_server(engine) if isinstance(engine, FakeEngine) else None
            info = replace(Speeds().rehearsal(), server=server) if view.rehearses else None
            settings = QSettings(f"{name}/window.ini", QSettings.Format.IniFormat)
            around = Surroundings(settings, Path(name) / "pasted", info, first_start=view.first)
            window = MainWindow(engine, scope, around)
            await _lead_to(window, view, size)
            yield window
            window.bridge.close()
            await scope.close()
            window.allow_close()
            window.close()
            window.deleteLater()
    if bugs:
        raise bugs[0]


@contextlib.asynccontextmanager
async def _engine(
    view: View, folder: Path, bugs: list[BaseException]
) -> AsyncIterator[FakeEngine | Engine]:
    if not view.stored:
        engine = FakeEngine(bugs.append)
        if not view.empty:
            fill(engine)
        yield engine
        return
    house = House(folder / "house.sqlite")
    house.clock = LiveClock()
    await house.open()
    await furnish(house)
    yield house.engine
    await house.close()


async def _lead_to(window: MainWindow, view: View, size: str) -> None:
    width, height = (int(part) for part in ("1024x640" if "%" in size else size).split("x"))
    window.resize(width, height)
    window.show()
    window.presence.begin()
    await asyncio.sleep(SETTLING)
    for step in view.steps:
        async with asyncio.timeout(PATIENCE):
            while step(window) is False:  # noqa: ASYNC110 - widgets tell nobody
                await asyncio.sleep(SETTLING / 5)
        await asyncio.sleep(SETTLING)
    async with asyncio.timeout(PATIENCE):
        while not is_shown(window, view.shows):  # noqa: ASYNC110 - widgets tell nobody
            await asyncio.sleep(SETTLING / 5)
    await asyncio.sleep(SETTLING)


if __name__ == "__main__":
    sys.exit(main())
