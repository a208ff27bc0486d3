"""Somebody at the real window: sees texts, clicks, types, drops files and takes pictures."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QMainWindow,
    QTableView,
    QTabWidget,
    QWidget,
)

from invite_desktop.app import event_loop
from invite_desktop.app.arguments import parse
from invite_desktop.app.paths import choose_profile
from invite_desktop.app.switching import start_program
from invite_desktop.app.window import WindowProgram
from invite_desktop.ui.crash_dialog import CrashDialog
from invite_desktop.ui.theme import ThemeChoice, set_theme
from invite_desktop.ui.translations import tr
from tests.end_to_end.connections import hosts_asked

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from invite_desktop.app.arguments import Arguments
    from invite_desktop.app.paths import Profile

PICTURES = Path(
    os.environ.get("INVITE_DESKTOP_PICTURES", Path(__file__).parents[2] / "screenshots")
)
PATIENCE = 60.0


class Walker:
    """Somebody at the screen: sees texts, clicks, types and drops files."""

    def __init__(self, window: QMainWindow, pictures: Path) -> None:
        self.window = window
        self._pictures = pictures
        self._taken = 0
        pictures.mkdir(parents=True, exist_ok=True)

    def visible(self, kind: type[QWidget]) -> list[QWidget]:
        return [widget for widget in self.window.findChildren(kind) if widget.isVisible()]

    def texts(self) -> str:
        """Everything that can be read in the window now."""
        said = [label.text() for label in self.visible(QLabel)]
        for table in self.visible(QTableView):
            model = table.model()
            said += [
                str(model.index(row, column).data())
                for row in range(min(model.rowCount(), 50))
                for column in range(model.columnCount())
            ]
        return "\n".join(said)

    def can_click(self, text: str) -> bool:
        return any(button.isEnabled() for button in self._buttons(text))

    def _buttons(self, text: str) -> list[QWidget]:
        wanted = text.replace("&", "")
        return [b for b in self.visible(QAbstractButton) if b.text().replace("&", "") == wanted]

    def field(self, kind: type[QWidget], name: str) -> QWidget:
        found = [w for w in self.visible(kind) if w.accessibleName() == name]
        assert found, f"no field “{name}”"
        return found[0]

    async def sees(self, *texts: str) -> None:
        """Wait until every text can be read somewhere."""
        await self.until(lambda: all(text in self.texts() for text in texts), repr(texts))

    async def until(self, holds, what: str) -> None:
        loop = asyncio.get_running_loop()
        end = loop.time() + PATIENCE
        while not holds():
            assert loop.time() < end, f"waited in vain for {what}; there is:\n{self.texts()}"
            await asyncio.sleep(0.02)

    async def click(self, text: str) -> None:
        await self.until(lambda: self.can_click(text), f"the button “{text}”")
        QTest.mouseClick(self._buttons(text)[0], Qt.MouseButton.LeftButton)
        await asyncio.sleep(0.05)

    def tab(self, name: str) -> tuple[QTabWidget, int]:
        """The tabs, and the place of one of them."""
        tabs = self.visible(QTabWidget)[0]
        names = [tabs.tabText(i).replace("&", "").strip() for i in range(tabs.count())]
        return tabs, names.index(name)

    async def go_to(self, tab: str) -> None:
        tabs, index = self.tab(tab)
        bar = tabs.tabBar()
        QTest.mouseClick(bar, Qt.MouseButton.LeftButton, pos=bar.tabRect(index).center())
        await asyncio.sleep(0.1)

    async def drop(self, path: Path) -> None:
        """Drop a file onto the window, with the events that a file manager causes."""
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(path))])
        place = QPoint(self.window.width() // 2, self.window.height() // 2)
        how = (
            *(Qt.DropAction.CopyAction, mime),
            *(Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier),
        )
        QApplication.sendEvent(self.window, QDragEnterEvent(place, *how))
        QApplication.sendEvent(self.window, QDragMoveEvent(place, *how))
        QApplication.sendEvent(self.window, QDropEvent(QPointF(place), *how, QEvent.Type.Drop))
        await asyncio.sleep(0.1)

    async def open_first(self, table: str) -> None:
        """Double-click the first row of a table."""

        def filled() -> list[QWidget]:
            shown = [view for view in self.visible(QTableView) if view.accessibleName() == table]
            return [view for view in shown if view.model().rowCount()]

        await self.until(filled, f"rows of the table “{table}”")
        view = filled()[0]
        await self.double_click(view, view.visualRect(view.model().index(0, 0)).center())

    async def double_click(self, view: QTableView, place: QPoint) -> None:
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
        QTest.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
        await asyncio.sleep(0.1)

    def choose(self, box: QComboBox, text: str) -> None:
        entries = [box.itemText(i) for i in range(box.count())]
        matching = [i for i, entry in enumerate(entries) if text.lower() in entry.lower()]
        assert matching, f"no “{text}” among {entries}"
        box.setCurrentIndex(matching[0])
        box.activated.emit(matching[0])

    def accept_basis(self) -> None:
        """Choose the first reason why these people may be contacted."""
        box = next(b for b in self.visible(QComboBox) if b.currentText() == tr("Choose…"))
        box.setCurrentIndex(1)

    async def picture(self, name: str) -> None:
        """Save what the screen shows, as the screen shows it."""
        await asyncio.sleep(0.3)
        self._taken += 1
        image = QGuiApplication.primaryScreen().grabWindow(0)
        assert image.save(str(self._pictures / f"{self._taken:02d}_{name}.png"))


class Unseen(Walker):
    """A walker without pictures."""

    async def picture(self, name: str) -> None:
        """Take none."""


async def visit(
    arguments: Arguments,
    profile: Profile,
    use: Callable[[QMainWindow], Awaitable[object]],
    start_other: Callable[[Sequence[str]], object] = start_program,
) -> int:
    """Open the program's window, use it, and close it whatever happens; return the exit code.

    ``start_other`` gets the command line of another window that is asked for.
    """
    program = WindowProgram(arguments, profile, start_other)
    life = asyncio.ensure_future(program.run())
    try:
        while program.window is None or not program.window.isVisible():
            assert not life.done(), life.exception()
            await asyncio.sleep(0.02)
        await use(program.window)
    finally:
        program.stop()
        code = await life
    return code


def walk_through(
    qapp: QApplication,
    folder: Path,
    walk: Callable[[Walker], Awaitable[None]],
    *,
    pictures: str,
    language: str,
    theme: ThemeChoice | None = None,
) -> None:
    """Walk through the window of a rehearsal, on a small screen if in a theme.

    Nothing but this machine may be asked meanwhile.
    """
    arguments = parse(["--rehearsal", "--profile", str(folder), "--language", language], str)
    profile = choose_profile(arguments.profile, rehearsal=True)
    profile.make()

    async def use(window: QMainWindow) -> None:
        if theme is not None:
            window.resize(1024, 640)
            set_theme(theme)
        await walk(Walker(window, PICTURES / pictures))
        reported = [w for w in QApplication.topLevelWidgets() if isinstance(w, CrashDialog)]
        assert not [w.isVisible() for w in reported], "a bug was reported"

    qapp.setQuitOnLastWindowClosed(False)
    with hosts_asked() as hosts:
        assert event_loop.run(visit(arguments, profile, use), qapp) == 0
    assert hosts == {"127.0.0.1"}
