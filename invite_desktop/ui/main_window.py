"""The one window: four tabs, the rehearsal's band, the menu, and drops anywhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QMainWindow, QVBoxLayout, QWidget

from invite_desktop import __version__
from invite_desktop.ui.attention import AttentionBar
from invite_desktop.ui.context import ScreenContext
from invite_desktop.ui.engine_bridge import EngineBridge
from invite_desktop.ui.icons import app_icon
from invite_desktop.ui.menus import Menus
from invite_desktop.ui.notices import Notices
from invite_desktop.ui.rehearsal_band import RehearsalBand
from invite_desktop.ui.settings import restore_geometry
from invite_desktop.ui.tabs import Tab, Tabs
from invite_desktop.ui.theme import ThemeChoice, set_theme
from invite_desktop.ui.translations import language_changed, load_translator, set_translator, tr
from invite_desktop.ui.widgets.drop_area import dropped_paths
from invite_desktop.ui.work import Work

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent

    from invite_desktop.engine.background import BackgroundScope
    from invite_desktop.engine.engine import Engine
    from invite_desktop.ui.context import RehearsalInfo
    from invite_desktop.ui.settings import SettingsStore
    from invite_desktop.ui.translations import Translator

SMALLEST_SIZE = (1024, 640)
FIRST_SIZE = (1180, 740)

LANGUAGE_KEY = "window/language"
THEME_KEY = "window/theme"
_GEOMETRY_KEY = "window/geometry"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the window stands on besides the engine.

    ``settings`` remembers sizes, columns, language and theme (QSettings fits); ``temporary`` is a
    folder for pasted lists; ``load_language`` turns "ru" or "en" into a Translator.
    """

    settings: SettingsStore
    temporary: Path
    rehearsal: RehearsalInfo | None = None
    load_language: Callable[[str], Translator] = load_translator


class MainWindow(QMainWindow):
    """The program's window.

    Build it on the running event loop, after ``set_theme`` and ``set_translator``. It starts
    coroutines in ``background`` only. Closing it emits ``close_requested`` and nothing else, until
    the app has wound up, calls ``allow_close`` and closes it again.
    """

    close_requested = Signal()

    def __init__(
        self, engine: Engine, background: BackgroundScope, surroundings: Surroundings
    ) -> None:
        super().__init__()
        self._surroundings = surroundings
        self._may_close = False
        self.notices = Notices(self, background)
        self.bridge = EngineBridge(engine.bus, self)
        work = Work(background, self.notices.refused)
        self.context = ScreenContext(
            engine,
            work,
            self.bridge,
            self.notices,
            surroundings.settings,
            surroundings.temporary,
            surroundings.rehearsal,
        )
        self.attention = AttentionBar()
        self.tabs = Tabs(self.context)
        self.menus = Menus(self.menuBar())
        self.band = self._make_band()
        self._lay_out()
        self._connect()
        self.retranslate()

    def allow_close(self) -> None:
        """Let the next close through; the program has wound up."""
        self._may_close = True

    def retranslate(self) -> None:
        """Write the window's own texts anew."""
        self.setWindowTitle(tr("Invite Desktop: rehearsal") if self.band else tr("Invite Desktop"))

    def import_paths(self, paths: Sequence[Path]) -> None:
        """Show files and folders in the Import tab."""
        self.tabs.go_to(Tab.IMPORT)
        self.tabs.imports.offer(paths)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accept files anywhere on the window."""
        if dropped_paths(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take dropped files to the Import tab."""
        event.acceptProposedAction()
        self.import_paths(dropped_paths(event.mimeData()))

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask the app to wind up first."""
        self._surroundings.settings.setValue(_GEOMETRY_KEY, self.saveGeometry())
        if self._may_close:
            self.bridge.close()
            event.accept()
            return
        event.ignore()
        self.close_requested.emit()

    def _make_band(self) -> RehearsalBand | None:
        if self._surroundings.rehearsal is None:
            return None
        band = RehearsalBand(self._surroundings.rehearsal)
        band.accounts_requested.connect(self._tell_demo_accounts)
        return band

    def _tell_demo_accounts(self) -> None:
        rehearsal = self._surroundings.rehearsal
        if rehearsal is None:
            return
        lines = [
            tr("{phone}: code {code}", phone=phone, code=code)
            for phone, code in rehearsal.phone_codes.items()
        ]
        lines.append(tr("Chat to invite to: {link}", link=rehearsal.club_link))
        self.context.work.start(
            self.notices.tell(tr("Demo accounts of the rehearsal"), "\n".join(lines)),
            "demo accounts told",
        )

    def _tell_about(self) -> None:
        words = tr(
            "Brings your own list of people into your Telegram chat, at a pace Telegram "
            "tolerates. It uses the Telegram API and is not made by Telegram."
        )
        headline = tr("Invite Desktop {version}", version=__version__)
        self.context.work.start(self.notices.tell(headline, words), "about told")

    def _choose_files(self) -> None:
        self.tabs.go_to(Tab.IMPORT)
        self.tabs.imports.choose()

    def _paste(self) -> None:
        self.tabs.go_to(Tab.IMPORT)
        self.tabs.imports.paste()

    def _add_account(self) -> None:
        self.tabs.go_to(Tab.ACCOUNTS)
        self.tabs.accounts.add_account()

    def _set_language(self, language: str) -> None:
        self._surroundings.settings.setValue(LANGUAGE_KEY, language)
        set_translator(self._surroundings.load_language(language))

    def _set_theme(self, choice: str) -> None:
        self._surroundings.settings.setValue(THEME_KEY, choice)
        set_theme(ThemeChoice(choice))
        self.menus.retranslate()

    def _connect(self) -> None:
        menus = self.menus
        menus.task_requested.connect(self.tabs.begin_task)
        menus.import_requested.connect(self._choose_files)
        menus.paste_requested.connect(self._paste)
        menus.account_requested.connect(self._add_account)
        menus.close_requested.connect(self.close)
        menus.about_requested.connect(self._tell_about)
        menus.language_requested.connect(self._set_language)
        menus.theme_requested.connect(self._set_theme)
        self.bridge.attention_needed.connect(self.attention.show_matter)
        language_changed().changed.connect(self.retranslate)
        for tab in Tab:
            keys = QShortcut(QKeySequence(f"Ctrl+{tab + 1}"), self)
            keys.activated.connect(lambda tab=tab: self.tabs.go_to(tab))

    def _lay_out(self) -> None:
        self.setWindowIcon(app_icon())
        self.setAcceptDrops(True)
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        if self.band is not None:
            column.addWidget(self.band)
        column.addWidget(self.attention)
        column.addWidget(self.tabs, 1)
        self.setCentralWidget(middle)
        self.setMinimumSize(*SMALLEST_SIZE)
        self.tabs.tabBar().setFocus()
        if not restore_geometry(self._surroundings.settings, _GEOMETRY_KEY, self):
            self.resize(*FIRST_SIZE)
