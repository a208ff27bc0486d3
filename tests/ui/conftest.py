"""A live loop, a fake engine and a window for tests of the screens."""

from __future__ import annotations

import asyncio
import gettext
import io
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import qasync
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, QSettings, QSize, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog

from invite_desktop.engine.background import BackgroundScope
from invite_desktop.ui.context import RehearsalInfo
from invite_desktop.ui.main_window import MainWindow, Surroundings
from invite_desktop.ui.theme import ThemeChoice, set_theme, theme_choice
from invite_desktop.ui.translations import Translator, home_locale, load_translator, set_translator
from tests.fakes.engine import FakeEngine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PySide6.QtWidgets import QTableView, QWidget
    from pytestqt.qtbot import QtBot
    from qasync import QEventLoop

    from invite_desktop.ui.first_start import Step
    from invite_desktop.ui.notifications import Notifier
    from invite_desktop.ui.widgets.undo_bar import UndoBar

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let pass what Qt's screenless platform says about every dialog and every raised window."""
    said = r"does not support (propagateSizeHints|raise\(\)|grabbing the keyboard)"
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.qt_log_ignore(said))


@pytest.fixture
def errors() -> list[BaseException]:
    """Every bug that reached the program's last resort; a test ends with none."""
    return []


@pytest.fixture(scope="session")
def qt_loop(qapp: QApplication) -> Iterator[qasync.QEventLoop]:
    """One asyncio loop that lives inside qtbot's waits."""
    loop = qasync.QEventLoop(qapp, already_running=True)
    asyncio.events._set_running_loop(None)
    yield loop
    loop.stop()
    loop.close()


@pytest.fixture
def background(
    qtbot: QtBot, qt_loop: QEventLoop, errors: list[BaseException]
) -> Iterator[BackgroundScope]:
    """A scope on the live loop; what still runs after a test is cancelled and awaited."""
    asyncio.events._set_running_loop(qt_loop)
    yield BackgroundScope(errors.append)
    end_tasks(qtbot, qt_loop)
    asyncio.events._set_running_loop(None)
    assert errors == []


def end_tasks(qtbot: QtBot, loop: QEventLoop) -> None:
    """Cancel everything that still runs, and wait until it has ended."""
    for task in asyncio.all_tasks(loop):
        task.cancel()
    qtbot.waitUntil(lambda: not asyncio.all_tasks(loop))


@pytest.fixture
def engine(errors: list[BaseException]) -> FakeEngine:
    """An engine with nothing in it."""
    return FakeEngine(errors.append)


@pytest.fixture
def settings(tmp_path: Path) -> QSettings:
    """What the window remembers."""
    return QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)


@pytest.fixture(autouse=True)
def english(qapp: QApplication) -> Iterator[None]:
    """Begin and end every test in English and in the light theme."""
    set_translator(load_translator("en"))
    if theme_choice() is not ThemeChoice.LIGHT:  # dressing what is dressed already takes long
        set_theme(ThemeChoice.LIGHT)
    yield
    set_translator(load_translator("en"))
    # Windows that are closed go at once, or the next theme would be put on them as well.
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


class LaptopScreen:
    """What a window asks its screen: how much room there is."""

    def __init__(self, width: int = 1366, height: int = 728) -> None:
        self._size = QSize(width, height)

    def availableSize(self) -> QSize:  # noqa: N802 - Qt's own name
        return self._size


@pytest.fixture(autouse=True)
def laptop_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give windows the room of a laptop; Qt's screenless platform has 800 pixels."""
    monkeypatch.setattr(MainWindow, "screen", lambda _self: LaptopScreen())


class Speeds:
    """Records the speeds that were chosen for the rehearsal."""

    def __init__(self) -> None:
        self.chosen: list[float] = []

    def rehearsal(self) -> RehearsalInfo:
        codes = {"+79000000001": "12345", "+79000000002": "54321"}
        return RehearsalInfo("https://t.me/rehearsal_club", codes, 600.0, self.chosen.append)


@pytest.fixture
def make_window(
    qtbot: QtBot,
    qt_loop: QEventLoop,
    background: BackgroundScope,
    engine: FakeEngine,
    settings: QSettings,
    tmp_path: Path,
):
    """Build and show a window on the fake engine."""

    def wind_up(window: MainWindow) -> None:
        # As the program does: what still works for the window ends before the window goes.
        end_tasks(qtbot, qt_loop)
        window.allow_close()

    def make(
        rehearsal: RehearsalInfo | None = None,
        size: tuple[int, int] | None = (1024, 640),
        *,
        may_close: bool = True,
        first_start: Step | None = None,
        notifier: Notifier | None = None,
    ) -> MainWindow:
        pasted = tmp_path / "pasted"
        around = Surroundings(
            settings, pasted, rehearsal, tiny_translator, first_start, notifier=notifier
        )
        window = MainWindow(engine, background, around)
        if may_close:
            window.allow_close()
        qtbot.addWidget(window, before_close_func=wind_up)
        if size is not None:
            window.resize(*size)
        window.show()
        qtbot.waitExposed(window)
        # A bare X screen has no window manager that would hand the keyboard to a new window.
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        return window

    return make


@pytest.fixture
def window(make_window: Callable[..., MainWindow]) -> MainWindow:
    """A shown window without rehearsal."""
    return make_window()


RUSSIAN = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && "
"(n%100<10 || n%100>=20) ? 1 : 2);\\n"

msgid "Tasks"
msgstr "Задачи"

msgid "&New task"
msgstr "&Новая задача"

msgid "Task"
msgstr "Задача"

msgid "running"
msgstr "выполняется"

msgid "No tasks yet"
msgstr "Задач пока нет"

msgid "{count} person"
msgid_plural "{count} people"
msgstr[0] "{count} человек"
msgstr[1] "{count} человека"
msgstr[2] "{count} человек"
"""


def tiny_translator(language: str) -> Translator:
    """Return English, or Russian from a catalogue of a few texts."""
    if language == "en":
        return load_translator("en")
    compiled = io.BytesIO()
    write_mo(compiled, read_po(io.BytesIO(RUSSIAN.encode()), locale="ru"))
    compiled.seek(0)
    return Translator(gettext.GNUTranslations(compiled), home_locale("ru"))


def drop_files(target: QWidget, paths: list[Path]) -> None:
    """Drop files on a widget as a file manager does."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    place = QPoint(target.width() // 2, target.height() // 2)
    copy, left, none = (
        Qt.DropAction.CopyAction,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    for event in (
        QDragEnterEvent(place, copy, mime, left, none),
        QDragMoveEvent(place, copy, mime, left, none),
        QDropEvent(QPointF(place), copy, mime, left, none, QEvent.Type.Drop),
    ):
        QApplication.sendEvent(target, event)


def take_back(qtbot: QtBot, bar: UndoBar) -> None:
    """Undo what was done last, as soon as that is offered."""
    qtbot.waitUntil(bar.undo_button.isVisible)
    bar.undo()


def rows_of(table: QTableView) -> list[list[str]]:
    """Return what a table shows."""
    model = table.model()
    return [
        [str(model.index(row, column).data()) for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def choose_file(qtbot: QtBot, parent: QWidget, path: Path) -> None:
    """Answer the system's question for a file."""
    qtbot.waitUntil(lambda: parent.findChild(QFileDialog) is not None)
    dialog = parent.findChild(QFileDialog)
    dialog.fileSelected.emit(str(path))
    dialog.reject()
