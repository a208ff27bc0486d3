"""The main job in the real window, as a person does it, with a picture of every step."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QMainWindow,
    QSlider,
    QTabBar,
    QTableView,
    QTabWidget,
    QWidget,
)

from invite_desktop.app import event_loop
from invite_desktop.app.arguments import parse
from invite_desktop.app.paths import choose_profile
from invite_desktop.app.window import WindowProgram
from invite_desktop.ui.translations import tr
from tests.end_to_end.connections import hosts_asked
from tests.end_to_end.program import SAMPLES

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

    async def go_to(self, tab: str) -> None:
        tabs = self.visible(QTabWidget)[0]
        index = [tabs.tabText(i).replace("&", "").strip() for i in range(tabs.count())].index(tab)
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
        place = view.visualRect(view.model().index(0, 0)).center()
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
        QTest.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
        await asyncio.sleep(0.1)

    def choose(self, box: QComboBox, text: str) -> None:
        entries = [box.itemText(i) for i in range(box.count())]
        matching = [i for i, entry in enumerate(entries) if text.lower() in entry.lower()]
        assert matching, f"no “{text}” among {entries}"
        box.setCurrentIndex(matching[0])
        box.activated.emit(matching[0])

    async def picture(self, name: str) -> None:
        """Save what the screen shows, as the screen shows it."""
        await asyncio.sleep(0.3)
        self._taken += 1
        image = QGuiApplication.primaryScreen().grabWindow(0)
        assert image.save(str(self._pictures / f"{self._taken:02d}_{name}.png"))


PEOPLE_COUNT = "152"
PEOPLE = SAMPLES / "crm_export_cp1251.csv"


async def _walk(walker: Walker) -> None:
    await _look_at_the_accounts(walker)
    await _import(walker)
    await _create_and_start(walker)
    await _pause_and_resume(walker)
    joined = _shown(walker, tr("Joined"))
    assert joined > 30
    await walker.go_to(tr("Statistics"))
    await walker.sees(str(joined))
    await walker.picture("statistics")
    await _compare_with_the_server(walker, joined)


async def _look_at_the_accounts(walker: Walker) -> None:
    await walker.sees(tr("No tasks yet"))
    await walker.go_to(tr("Accounts"))
    await walker.sees("rehearsal_admin1", "rehearsal_admin2", "rehearsal_admin3")
    await walker.picture("accounts")
    await walker.go_to(tr("Tasks"))
    await walker.picture("first_window")


async def _import(walker: Walker) -> None:
    await walker.drop(PEOPLE)
    await walker.sees("Лада Дубова", "REHEARSAL_7_00000")
    await walker.picture("file_dropped")
    await walker.click(tr("&Import"))
    await walker.sees(tr("Choose why these people may be contacted."))
    await walker.picture("basis_required")
    box = next(b for b in walker.visible(QComboBox) if b.currentText() == tr("Choose…"))
    box.setCurrentIndex(1)
    await walker.click(tr("&Import"))
    await walker.sees(tr("“{name}” is imported", name=PEOPLE.stem), "164", "152")
    await walker.picture("import_report")


async def _create_and_start(walker: Walker) -> None:
    await walker.click(tr("&Task with this audience"))
    address = walker.field(QLineEdit, tr("Group or channel: id or link"))
    QTest.keyClicks(address, "t.me/rehearsal_club")
    await walker.sees("Клуб репетиции")
    await walker.picture("link_checked")
    await walker.until(
        lambda: PEOPLE.stem in walker.field(QComboBox, tr("Audience")).currentText(), "audience"
    )
    await walker.picture("form_filled")
    await walker.click(tr("Create and &start"))


async def _pause_and_resume(walker: Walker) -> None:
    await walker.sees("Клуб репетиции", PEOPLE_COUNT)
    await walker.picture("task_list")
    await walker.open_first(tr("Tasks"))
    await walker.sees(tr("People"), tr("Still to do"))
    await walker.until(lambda: _shown(walker, tr("Joined")) >= 3, "three who joined")
    await walker.picture("running")
    await walker.click(tr("&Pause"))
    await walker.until(lambda: walker.can_click(tr("&Resume")), "the pause")
    await asyncio.sleep(0.5)
    before = _shown(walker, tr("Joined")), _shown(walker, tr("Still to do"))
    await asyncio.sleep(1.5)
    assert (_shown(walker, tr("Joined")), _shown(walker, tr("Still to do"))) == before
    await walker.picture("paused")
    await walker.click(tr("&Resume"))
    QTest.keyClick(walker.field(QSlider, tr("Speed of the rehearsal")), Qt.Key.Key_End)
    await walker.until(lambda: _shown(walker, tr("Still to do")) == 0, "the end")
    await walker.picture("completed")


async def _compare_with_the_server(walker: Walker, joined: int) -> None:
    await walker.go_to(tr("Server"))
    agreed = tr(
        "{caption}: {ledger} by the ledger, {server} by the server. {verdict}",
        caption=tr("Joined"),
        ledger=joined,
        server=joined,
        verdict=tr("✓ Both agree"),
    )
    await walker.until(
        lambda: agreed in [each.accessibleName() for each in walker.visible(QWidget)], agreed
    )
    await walker.sees(tr("In the chat"), tr("Refused"), "@rehearsal_admin1")
    await walker.picture("server_people")
    pages = walker.field(QTabBar, tr("What of the server is shown"))
    for page, seen in ((1, "Клуб репетиции"), (2, "+9996620001")):
        place = pages.tabRect(page).center()
        QTest.mouseClick(pages, Qt.MouseButton.LeftButton, pos=place)
        await walker.sees(seen)
        await walker.picture("server_chats" if page == 1 else "server_accounts")


def _shown(walker: Walker, caption: str) -> int:
    """The number of a tile, as its accessible name says it."""
    names = [w.accessibleName() for w in walker.visible(QWidget)]
    found = [name for name in names if name.startswith(f"{caption}:")]
    assert found, f"no number of “{caption}” among {[name for name in names if name]}"
    digits = "".join(letter for letter in found[0] if letter.isdigit())
    return int(digits or 0)


@pytest.mark.screen
@pytest.mark.timeout(240)
@pytest.mark.parametrize("language", ["ru", "en"])
def test_from_a_dropped_file_to_the_statistics(qapp, tmp_path, language):
    arguments = parse(
        ["--rehearsal", "--profile", str(tmp_path), "--language", language],
        str,
    )
    profile = choose_profile(arguments.profile, rehearsal=True)
    profile.make()
    errors = []

    async def main() -> int:
        program = WindowProgram(arguments, profile)
        life = asyncio.ensure_future(program.run())
        try:
            while program.window is None or not program.window.isVisible():
                assert not life.done(), life.exception()
                await asyncio.sleep(0.02)
            await _walk(Walker(program.window, PICTURES / f"walk_{language}"))
        except BaseException as error:  # noqa: BLE001 - the window is wound up whatever happens
            errors.append(error)
        finally:
            program.stop()
        return await life

    qapp.setQuitOnLastWindowClosed(False)
    with hosts_asked() as hosts:
        code = event_loop.run(main(), qapp)
    if errors:
        raise errors[0]
    assert code == 0
    assert hosts == {"127.0.0.1"}
