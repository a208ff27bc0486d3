"""The menu bar: what can be begun, how the window looks, what the program is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, SignalInstance
from PySide6.QtGui import QAction, QActionGroup, QKeySequence

from invite_desktop.ui.theme import ThemeChoice, theme_choice, theme_words
from invite_desktop.ui.translations import LANGUAGES, language_changed, tr, translator

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QMenu, QMenuBar


class Menus(QObject):
    """Owns the actions and says which one was chosen.

    ``rehearsing``: the way out of the rehearsal is offered instead of the way in.
    """

    task_requested = Signal()
    import_requested = Signal()
    folder_requested = Signal()
    paste_requested = Signal()
    account_requested = Signal()
    proxy_requested = Signal()
    bin_requested = Signal()
    clear_tasks_requested = Signal()
    backups_requested = Signal()
    pause_all_requested = Signal()
    resume_all_requested = Signal()
    rehearsal_requested = Signal()
    leave_rehearsal_requested = Signal()
    settings_requested = Signal()
    shortcuts_requested = Signal()
    close_requested = Signal()
    about_requested = Signal()
    language_requested = Signal(str)
    theme_requested = Signal(str)

    def __init__(self, bar: QMenuBar, *, rehearsing: bool = False) -> None:
        super().__init__(bar)
        self._rehearsing = rehearsing
        self._make_file_menu(bar)
        self._make_other_menus(bar)
        language_changed().changed.connect(self.retranslate)
        self.retranslate()

    def retranslate(self) -> None:
        """Write every text anew, and mark what is in force."""
        self.file.setTitle(tr("&File"))
        self.new_task.setText(tr("&New task…"))
        self.import_files.setText(tr("&Import lists…"))
        self.import_folder.setText(tr("Import a &folder…"))
        self.paste.setText(tr("&Paste a list"))
        self.add_account.setText(tr("&Add account…"))
        self.proxy.setText(tr("Pro&xy…"))
        self.bin.setText(tr("Bin of &deleted tasks…"))
        self.clear_tasks.setText(tr("&Clear all tasks…"))
        self.backups.setText(tr("&Backups…"))
        self.other_window.setText(
            tr("&Leave rehearsal") if self._rehearsing else tr("Open re&hearsal")
        )
        self.pause_all.setText(tr("Pa&use all tasks"))
        self.resume_all.setText(tr("&Resume the paused tasks"))
        self.quit.setText(tr("&Quit"))
        self.view.setTitle(tr("&View"))
        self.language.setTitle(tr("&Language"))
        self.theme.setTitle(tr("&Theme"))
        for action in self.themes.actions():
            action.setText(theme_words(ThemeChoice(action.data())))
            action.setChecked(action.data() == theme_choice())
        for action in self.languages.actions():
            action.setChecked(action.data() == translator().language)
        self.settings.setText(tr("&Settings…"))
        self.shortcuts.setText(tr("&Keyboard shortcuts"))
        self.help.setTitle(tr("&Help"))
        self.about.setText(tr("&About Invite Desktop"))

    def _make_file_menu(self, bar: QMenuBar) -> None:
        self.file = bar.addMenu("")
        self.new_task = self._action("Ctrl+N", self.task_requested)
        self.import_files = self._action("Ctrl+O", self.import_requested)
        self.import_folder = self._action("Ctrl+Shift+O", self.folder_requested)
        self.paste = self._action("Ctrl+Shift+V", self.paste_requested)
        self.add_account = self._action("Ctrl+Shift+A", self.account_requested)
        self.proxy = self._action("", self.proxy_requested)
        self.pause_all = self._action("Ctrl+Alt+P", self.pause_all_requested)
        self.resume_all = self._action("Ctrl+Alt+R", self.resume_all_requested)
        self.bin = self._action("", self.bin_requested)
        self.clear_tasks = self._action("", self.clear_tasks_requested)
        self.backups = self._action("", self.backups_requested)
        preferences = QAction.MenuRole.PreferencesRole
        self.settings = self._action("Ctrl+,", self.settings_requested, preferences)
        self.shortcuts = self._action("F1", self.shortcuts_requested)
        self.shortcuts.setShortcuts([QKeySequence("F1"), QKeySequence("?")])
        other = self.leave_rehearsal_requested if self._rehearsing else self.rehearsal_requested
        self.other_window = self._action("", other)
        self.quit = self._action("Ctrl+Q", self.close_requested, QAction.MenuRole.QuitRole)
        _fill(
            self.file,
            (self.new_task, self.import_files, self.import_folder, self.paste),
            (self.add_account, self.proxy),
            (self.pause_all, self.resume_all),
            (self.bin, self.clear_tasks, self.backups),
            (self.other_window, self.settings),
            (self.quit,),
        )

    def _make_other_menus(self, bar: QMenuBar) -> None:
        self.view = bar.addMenu("")
        self.language = self.view.addMenu("")
        self.theme = self.view.addMenu("")
        self.languages = self._choices(LANGUAGES, self.language_requested)
        self.themes = self._choices(dict.fromkeys(ThemeChoice, ""), self.theme_requested)
        self.language.addActions(self.languages.actions())
        self.theme.addActions(self.themes.actions())
        self.help = bar.addMenu("")
        self.about = self._action("", self.about_requested, QAction.MenuRole.AboutRole)
        self.help.addActions([self.shortcuts, self.about])

    def _action(
        self,
        shortcut: str,
        chosen: SignalInstance,
        role: QAction.MenuRole = QAction.MenuRole.TextHeuristicRole,
    ) -> QAction:
        action = QAction(self)
        action.setMenuRole(role)
        if shortcut:
            action.setShortcut(QKeySequence(shortcut))
        action.triggered.connect(chosen)
        return action

    def _choices(self, names: dict[str, str], chosen: SignalInstance) -> QActionGroup:
        group = QActionGroup(self)
        for key, name in names.items():
            action = group.addAction(name)
            action.setCheckable(True)
            action.setData(str(key))
        group.triggered.connect(lambda action: chosen.emit(action.data()))
        return group


def _fill(menu: QMenu, *groups: Sequence[QAction]) -> None:
    """Put groups of actions into a menu, with a line between them."""
    for place, group in enumerate(groups):
        if place:
            menu.addSeparator()
        menu.addActions(list(group))
