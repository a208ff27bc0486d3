"""The one window: the tabs, the rehearsal's band, the menu, and drops anywhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QLineEdit, QMainWindow, QStyle, QVBoxLayout, QWidget

from invite_desktop.ui.attention import AttentionBar
from invite_desktop.ui.context import ScreenContext
from invite_desktop.ui.engine_bridge import EngineBridge
from invite_desktop.ui.first_start import FirstStart
from invite_desktop.ui.icons import app_icon
from invite_desktop.ui.menus import Menus
from invite_desktop.ui.notices import Notices
from invite_desktop.ui.notifications import Act
from invite_desktop.ui.presence import CLOSING_KEY, Closing, Presence, closing_choice
from invite_desktop.ui.rehearsal_band import RehearsalBand
from invite_desktop.ui.settings import restore_geometry
from invite_desktop.ui.tabs import Tab, Tabs
from invite_desktop.ui.taking import Taking
from invite_desktop.ui.theme import ThemeChoice, set_theme
from invite_desktop.ui.translations import (
    language_changed,
    list_separator,
    load_translator,
    set_translator,
    show,
    tr,
    translator,
)
from invite_desktop.ui.widgets.dialog import DialogSizes
from invite_desktop.ui.window_dialogs import ask_about_start, show_shortcuts, tell_about
from invite_desktop.ui.work import Work

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QShowEvent

    from invite_desktop.engine.background import BackgroundScope
    from invite_desktop.engine.engine import Engine
    from invite_desktop.ui.context import RehearsalInfo
    from invite_desktop.ui.first_start import Step
    from invite_desktop.ui.notifications import Notification, Notifier
    from invite_desktop.ui.settings import SettingsStore
    from invite_desktop.ui.settings_dialog import Autostart
    from invite_desktop.ui.translations import Translator

SMALLEST_SIZE = (1024, 640)
FIRST_SIZE = (1180, 740)

LANGUAGE_KEY = "window/language"
THEME_KEY = "window/theme"
_GEOMETRY_KEY = "window/geometry"
_TAB_KEY = "window/tab"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the window stands on besides the engine.

    ``settings`` remembers sizes, columns, language and theme (QSettings fits); ``temporary`` is a
    folder for pasted lists; ``load_language`` turns "ru" or "en" into a Translator;
    ``first_start``: nothing is here yet, so lead through the steps from this one on;
    ``autostart`` is None where the program is not to start at log-in; ``notifier`` is None where
    the desktop has no notifications with buttons.
    """

    settings: SettingsStore
    temporary: Path
    rehearsal: RehearsalInfo | None = None
    load_language: Callable[[str], Translator] = load_translator
    first_start: Step | None = None
    autostart: Autostart | None = None
    notifier: Notifier | None = None


class MainWindow(QMainWindow):
    """The program's window.

    Build it on the running event loop, after ``set_theme`` and ``set_translator``. It starts
    coroutines in ``background`` only. Closing it asks while tasks run, and emits
    ``close_requested``; it stays until the app has wound up, calls ``allow_close`` and closes it
    again. ``rehearsal_requested`` and ``leave_rehearsal_requested`` ask the app for the other
    window.
    """

    close_requested = Signal()
    rehearsal_requested = Signal()
    leave_rehearsal_requested = Signal()

    def __init__(
        self, engine: Engine, background: BackgroundScope, surroundings: Surroundings
    ) -> None:
        super().__init__()
        self._surroundings = surroundings
        self._may_close = False
        DialogSizes(surroundings.settings, self)
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
        self.presence = Presence(self.context, self, surroundings.notifier)
        self.taking = Taking(self.context, self)
        self.attention = AttentionBar()
        self.tabs = Tabs(self.context)
        self.menus = Menus(self.menuBar(), rehearsing=surroundings.rehearsal is not None)
        first = surroundings.first_start
        self.first_start = FirstStart(self.context, first) if first else None
        self.band = self._make_band()
        self._lay_out()
        self._connect()
        self._connect_desktop()
        self.menus.backups_requested.connect(self.show_backups)
        self.retranslate()

    def allow_close(self) -> None:
        """Let the next close through; the program has wound up."""
        self._may_close = True

    def retranslate(self) -> None:
        """Write the window's own texts anew."""
        # Qt puts the name of the program behind a title that does not end with it.
        self.setWindowTitle(tr("Rehearsal") if self.band else tr("Invite Desktop"))
        engine, separator = self.context.engine, list_separator()
        engine.exports.speak(show, separator)
        engine.reports.speak(show, separator, translator().language)

    def say_starting(self, *, starting: bool) -> None:
        """Say in the band that the rehearsal's server is not there yet, or no longer say so."""
        if self.band is not None:
            self.band.say_starting(starting=starting)

    def come_forward(self, paths: Sequence[Path] = ()) -> None:
        """Show the window above the others, with files if there are any."""
        if self.isMinimized():
            self.showNormal()
        self.show()
        self.raise_()
        self.activateWindow()
        # Where the system does not let a window come to the front, it is marked at least.
        QApplication.alert(self)
        if paths:
            self.import_paths(paths)

    def import_paths(self, paths: Sequence[Path], ours: bool = False) -> None:  # noqa: FBT001, FBT002 - a signal's
        """Show files and folders in the Import tab; ``ours``: delete them after use."""
        self._begin()
        self.tabs.begin_import().offer(paths, ours=ours)

    def showEvent(self, event: QShowEvent) -> None:
        """Watch over drags from now on."""
        super().showEvent(event)
        self.taking.watch_drags()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accept lists and links anywhere on the window."""
        if self.taking.can_take(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take a dropped list to the Import tab, the link of a chat to the form."""
        event.acceptProposedAction()
        self.taking.take(event.mimeData())

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask the app to wind up first."""
        self._surroundings.settings.setValue(_GEOMETRY_KEY, self.saveGeometry())
        self._surroundings.settings.setValue(_TAB_KEY, self.tabs.currentIndex())
        if self._may_close:
            self.bridge.close()
            event.accept()
            return
        event.ignore()
        self._wish_to_close(closing_choice(self._surroundings.settings.value(CLOSING_KEY)))

    def _quit(self) -> None:
        """Leave by the menu, where nothing remembered keeps the program open."""
        wish = closing_choice(self._surroundings.settings.value(CLOSING_KEY))
        self._wish_to_close(wish if wish is Closing.QUIT else Closing.ASK)

    def _wish_to_close(self, wish: Closing) -> None:
        self.context.work.start(self._close_by(wish), "close wished")

    async def _close_by(self, wish: Closing) -> None:
        way = await self.presence.how_to_close(wish)
        if way is Closing.QUIT:
            self.close_requested.emit()
        elif way is Closing.KEEP_WORKING:
            self.presence.keep_working()

    def _follow(self, told: Notification) -> None:
        """Show what a notification was about."""
        if told.task_id is None:
            return
        self._go_to(Tab.TASKS)
        if told.act is Act.REPORT:
            self.tabs.tasks.open_report(told.task_id)
        else:
            self.tabs.tasks.open_task(told.task_id)

    def _quit_from_tray(self) -> None:
        self.come_forward()
        self._quit()

    def _make_band(self) -> RehearsalBand | None:
        if self._surroundings.rehearsal is None:
            return None
        band = RehearsalBand(self._surroundings.rehearsal)
        band.accounts_requested.connect(self._show_demo_accounts)
        return band

    def _show_demo_accounts(self) -> None:
        self.tabs.go_to(Tab.SERVER)
        self.tabs.server.show_accounts()

    def _begin(self) -> None:
        """Take the first page away, for good."""
        if self.first_start is not None:
            self.first_start.end()
            self.first_start = None
            self.tabs.show()

    def _search(self) -> None:
        """Give the keyboard to the search of what is shown, where there is one."""
        for field in self.tabs.findChildren(QLineEdit):
            if field.isVisible() and field.isClearButtonEnabled():
                field.setFocus(Qt.FocusReason.ShortcutFocusReason)
                field.selectAll()
                return

    def _show_settings(self) -> None:
        from invite_desktop.ui.settings_dialog import SettingsDialog  # noqa: PLC0415 - seldom needed

        around = self._surroundings
        dialog = SettingsDialog(around.settings, around.autostart, self)
        dialog.language_chosen.connect(self._set_language)
        dialog.theme_chosen.connect(self._set_theme)
        dialog.proxy_requested.connect(self._set_proxy)
        dialog.open()

    def _show_shortcuts(self) -> None:
        tabs = self.tabs
        actions = self.menus.findChildren(QAction)
        show_shortcuts(actions, lambda: [tabs.tabText(tab) for tab in tabs.present], self)

    def _choose_files(self) -> None:
        self._begin()
        self.tabs.begin_import().choose()

    def _choose_folder(self) -> None:
        self._begin()
        self.tabs.begin_import().choose_folder()

    def _paste(self) -> None:
        self._begin()
        self.tabs.begin_import().paste()

    def _set_proxy(self) -> None:
        self._begin()
        self.tabs.go_to(Tab.ACCOUNTS)
        self.tabs.accounts.set_proxy()

    def _show_bin(self) -> None:
        self._go_to(Tab.TASKS)
        self.tabs.tasks.show_bin()

    def _clear_tasks(self) -> None:
        self._go_to(Tab.TASKS)
        self.tabs.tasks.clear_all()

    def show_backups(self) -> None:
        """Open the backups; after one was chosen the program closes."""
        from invite_desktop.ui.backups_dialog import BackupsDialog  # noqa: PLC0415 - seldom needed

        dialog = BackupsDialog(self.context, self)
        dialog.close_program_requested.connect(self.close_requested)
        dialog.show_contents()

    def _add_account(self) -> None:
        self._begin()
        self.tabs.go_to(Tab.ACCOUNTS)
        self.tabs.accounts.add_account()

    def _take_chat(self, link: str) -> None:
        self._begin_task()
        self.tabs.tasks.form.use_chat(link)

    def _begin_task(self) -> None:
        self._begin()
        self.tabs.begin_task()

    def _go_to(self, tab: Tab) -> None:
        self._begin()
        self.tabs.go_to(tab)

    def _set_language(self, language: str) -> None:
        self._surroundings.settings.setValue(LANGUAGE_KEY, language)
        set_translator(self._surroundings.load_language(language))

    def _set_theme(self, choice: str) -> None:
        self._surroundings.settings.setValue(THEME_KEY, choice)
        set_theme(ThemeChoice(choice))
        self.menus.retranslate()

    def _connect(self) -> None:
        menus = self.menus
        menus.task_requested.connect(self._begin_task)
        menus.import_requested.connect(self._choose_files)
        menus.folder_requested.connect(self._choose_folder)
        menus.paste_requested.connect(self._paste)
        menus.account_requested.connect(self._add_account)
        menus.proxy_requested.connect(self._set_proxy)
        menus.bin_requested.connect(self._show_bin)
        menus.clear_tasks_requested.connect(self._clear_tasks)
        menus.rehearsal_requested.connect(self.rehearsal_requested)
        menus.leave_rehearsal_requested.connect(self.leave_rehearsal_requested)
        menus.close_requested.connect(self._quit)
        menus.pause_all_requested.connect(self.presence.pause_all)
        menus.resume_all_requested.connect(self.presence.resume_all)
        menus.settings_requested.connect(self._show_settings)
        menus.shortcuts_requested.connect(self._show_shortcuts)
        menus.about_requested.connect(lambda: tell_about(self.context))
        menus.language_requested.connect(self._set_language)
        menus.theme_requested.connect(self._set_theme)
        self.bridge.attention_needed.connect(self.attention.show_matter)
        self.bridge.start_missed.connect(lambda task: ask_about_start(self.context, task))
        language_changed().changed.connect(self.retranslate)
        if self.first_start is not None:
            self._connect_first_start(self.first_start)
        search = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self)
        search.activated.connect(self._search)
        for tab in self.tabs.present:
            keys = QShortcut(QKeySequence(f"Ctrl+{tab + 1}"), self)
            keys.activated.connect(lambda tab=tab: self._go_to(tab))

    def _connect_desktop(self) -> None:
        self.presence.tray.open_requested.connect(self.come_forward)
        self.presence.tray.quit_requested.connect(self._quit_from_tray)
        self.presence.followed.connect(self._follow)
        self.taking.list_taken.connect(self.import_paths)
        self.taking.chat_taken.connect(self._take_chat)

    def _connect_first_start(self, first: FirstStart) -> None:
        first.rehearsal_requested.connect(self.rehearsal_requested)
        first.paths_dropped.connect(self.import_paths)
        first.choose_requested.connect(self._choose_files)
        first.paste_requested.connect(self._paste)
        first.skipped.connect(self._begin)

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
        if self.first_start is not None:
            column.addWidget(self.first_start, 1)
            self.tabs.hide()
        column.addWidget(self.tabs, 1)
        self.setCentralWidget(middle)
        room = self._room_on_screen()
        self.setMinimumSize(QSize(*SMALLEST_SIZE).boundedTo(room))
        if self.first_start is None:
            self.tabs.go_back_to(self._surroundings.settings.value(_TAB_KEY))
            self.tabs.tabBar().setFocus()
        if not restore_geometry(self._surroundings.settings, _GEOMETRY_KEY, self):
            self.resize(QSize(*FIRST_SIZE).boundedTo(room))

    def _room_on_screen(self) -> QSize:
        """Return what a window may take up, its title aside: it must not hang over the edge."""
        title = self.style().pixelMetric(QStyle.PixelMetric.PM_TitleBarHeight)
        room: QSize = self.screen().availableSize()
        return room - QSize(0, title)
