"""A walker with a mouse and a keyboard: what it does goes through the X server, and is counted."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections import Counter
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QLabel,
    QLineEdit,
    QMainWindow,
    QPlainTextEdit,
    QTableView,
    QWidget,
)

from tests.end_to_end.drag_source import SIDE
from tests.end_to_end.walker import Walker

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from pathlib import Path

READ_A_MINUTE, SKIMMED_A_MINUTE = 238, 450
"""Words: prose is read (Brysbaert, 2019), a form or a report is skimmed (Carver, 1992)."""
A_KEY, A_CLICK, A_THOUGHT = 0.28, 1.1 + 0.4 + 0.1, 1.35
"""Seconds of the keystroke-level model (Card, Moran, Newell): a key of an average typist;
pointing, a hand on the mouse and a press; deciding before a click."""


@dataclass
class Effort:
    """What one step of a walk took; ``waited`` are the seconds that the program needed."""

    name: str
    skimmed: bool = False
    clicks: int = 0
    keys: int = 0
    words: int = 0
    waited: float = 0.0

    @property
    def seconds(self) -> float:
        """Return the time that a person needs who reads everything, waits included."""
        reading = self.words * 60 / (SKIMMED_A_MINUTE if self.skimmed else READ_A_MINUTE)
        return reading + self.keys * A_KEY + self.clicks * (A_CLICK + A_THOUGHT) + self.waited


@dataclass
class Efforts:
    """The steps of a walk; of what was read before only the new words are read again."""

    steps: list[Effort] = field(default_factory=list)
    known: dict[int, Counter[str]] = field(default_factory=dict)
    read: set[str] = field(default_factory=set)

    @property
    def now(self) -> Effort:
        return self.steps[-1]

    def see(self, place: int, text: str) -> None:
        """Read a text at a place of the screen."""
        words = Counter(text.split())
        if text not in self.read:
            self.now.words += (words - self.known.get(place, Counter())).total()
        self.read.add(text)
        self.known[place] = words


class Hands(Walker):
    """Moves the pointer, presses and types with xdotool, where a person would."""

    def __init__(self, window: QMainWindow, pictures: Path, efforts: Efforts) -> None:
        super().__init__(window, pictures)
        self.efforts = efforts

    async def step(self, name: str, *, skimmed: bool = False) -> None:
        """Begin a step by reading what is new on the screen."""
        self.efforts.steps.append(Effort(name, skimmed))
        await asyncio.sleep(0.3)
        self.read()

    def read(self) -> None:
        """Read what has not been read yet in the window."""
        self.read_in(self.window.centralWidget())

    def read_in(self, shown: QWidget) -> None:
        """Read what has not been read yet in a part of the screen."""
        for place, text in self._readable(shown):
            self.efforts.see(place, text)

    async def until(self, holds, what: str) -> None:
        began = time.monotonic()
        await super().until(holds, what)
        if self.efforts.steps:
            self.efforts.now.waited += time.monotonic() - began

    async def click(self, text: str) -> None:
        await self.until(lambda: self.can_click(text), f"the button “{text}”")
        await self.press(self._buttons(text)[0])

    async def press(self, widget: QWidget, place: QPoint | None = None, *, times: int = 1) -> None:
        """Click the middle of a widget, or a place in it."""
        point = widget.mapToGlobal(place or widget.rect().center())
        self.efforts.now.clicks += times
        where = ["mousemove", str(point.x()), str(point.y())]
        await _xdotool(*where, "click", "--repeat", str(times), "--delay", "60", "1")
        await asyncio.sleep(0.1)

    async def go_to(self, tab: str) -> None:
        tabs, index = self.tab(tab)
        bar = tabs.tabBar()
        await self.press(bar, bar.tabRect(index).center())

    async def double_click(self, view: QTableView, place: QPoint) -> None:
        await self.press(view.viewport(), place, times=2)

    async def type(self, text: str) -> None:
        """Type into whatever has the keyboard."""
        self.efforts.now.keys += len(text)
        await _xdotool("type", "--delay", "12", text)
        await asyncio.sleep(0.1)

    async def key(self, *names: str) -> None:
        """Press keys by their X names."""
        self.efforts.now.keys += len(names)
        await _xdotool("key", "--delay", "40", *names)
        await asyncio.sleep(0.1)

    async def paste(self, text: str) -> None:
        """Paste what was copied elsewhere."""
        QGuiApplication.clipboard().setText(text)
        await self.key("ctrl+v")

    async def choose_next(self, box: QComboBox) -> None:
        """Choose the entry after the one that a box shows."""
        before = box.currentIndex()
        await self.press(box)
        await self.key("Down", "Return")
        await self.until(lambda: box.currentIndex() == before + 1, "the next entry")

    async def drag_in(self, file: Path, target: QWidget, taken: Callable[[], bool]) -> None:
        """Drag a file from another program's window and let it fall on a widget (XDND).

        On a busy machine the X server may lose a drag; a person then drags once more.
        """
        screen = self.window.screen().geometry()
        place = screen.bottomRight() - QPoint(SIDE + 10, SIDE + 10)
        # The widget may be gone when a drag that was lost is repeated; the place takes files still.
        begin, end = (
            place + QPoint(SIDE // 2, SIDE // 2),
            target.mapToGlobal(target.rect().center()),
        )
        self.efforts.now.clicks += 1
        for _ in range(4):
            async with _file_on_the_desktop(place, file) as source:
                await _drag(begin, end)
                async with asyncio.timeout(20):
                    assert await asyncio.to_thread(source.stdout.readline) == "dropped\n"
            for _ in range(200):
                if taken():
                    return
                await asyncio.sleep(0.05)

    def _readable(self, shown: QWidget) -> Iterator[tuple[int, str]]:
        for kind, text in (
            (QLabel, QLabel.text),
            (QAbstractButton, QAbstractButton.text),
            (QComboBox, QComboBox.currentText),
            (QLineEdit, QLineEdit.placeholderText),
            (QPlainTextEdit, QPlainTextEdit.placeholderText),
        ):
            yield from ((id(each), text(each)) for each in self._visible_in(shown, kind))

    @staticmethod
    def _visible_in(shown: QWidget, kind: type[QWidget]) -> list[QWidget]:
        return [each for each in shown.findChildren(kind) if each.isVisible()]


async def _drag(begin: QPoint, end: QPoint) -> None:
    await _xdotool("mousemove", str(begin.x()), str(begin.y()), "mousedown", "1")
    for part in range(1, 9):
        point = begin + (end - begin) * part / 8
        await _xdotool("mousemove", str(point.x()), str(point.y()))
        await asyncio.sleep(0.06)
    await _xdotool("mouseup", "1")


async def _xdotool(*words: str) -> None:
    await asyncio.to_thread(subprocess.run, ["xdotool", *words], check=True)


@asynccontextmanager
async def _file_on_the_desktop(place: QPoint, file: Path) -> AsyncIterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.end_to_end.drag_source", str(place.x()), str(place.y())]
    source = await asyncio.to_thread(_start, [*command, str(file)])
    try:
        async with asyncio.timeout(30):
            assert await asyncio.to_thread(source.stdout.readline) == "ready\n"
        yield source
    finally:
        source.terminate()
        await asyncio.to_thread(source.wait)
        source.stdout.close()


def _start(command: list[str]) -> subprocess.Popen[str]:
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
