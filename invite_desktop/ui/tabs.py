"""The four tabs; a screen is built when it is first looked at."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from invite_desktop.ui.accounts.accounts_screen import AccountsScreen
from invite_desktop.ui.icons import icon
from invite_desktop.ui.imports.import_screen import ImportScreen
from invite_desktop.ui.statistics.statistics_screen import StatisticsScreen
from invite_desktop.ui.tasks.tasks_screen import TasksScreen
from invite_desktop.ui.theme import theme_changed
from invite_desktop.ui.translations import language_changed, tr

if TYPE_CHECKING:
    from invite_desktop.ui.context import ScreenContext


class Tab(IntEnum):
    """The tabs in their order."""

    TASKS = 0
    IMPORT = 1
    STATISTICS = 2
    ACCOUNTS = 3


ScreenT = TypeVar("ScreenT", TasksScreen, ImportScreen, StatisticsScreen, AccountsScreen)

_ICONS = ("tasks", "import", "statistics", "accounts")


class Tabs(QTabWidget):
    """Holds the screens and leads from one to another."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__()
        self._context = context
        self._screens: dict[Tab, QWidget] = {}
        self.setDocumentMode(True)
        self.tabBar().setDrawBase(False)
        self._places = {tab: self._add_place() for tab in Tab}
        self.currentChanged.connect(self._build_current)
        language_changed().changed.connect(self.retranslate)
        theme_changed().changed.connect(self._draw)
        self.retranslate()
        self._draw()
        self._build_current()

    @property
    def tasks(self) -> TasksScreen:
        """Return the Tasks tab's screen."""
        return self._built(Tab.TASKS, TasksScreen)

    @property
    def imports(self) -> ImportScreen:
        """Return the Import tab's screen."""
        return self._built(Tab.IMPORT, ImportScreen)

    @property
    def statistics(self) -> StatisticsScreen:
        """Return the Statistics tab's screen."""
        return self._built(Tab.STATISTICS, StatisticsScreen)

    @property
    def accounts(self) -> AccountsScreen:
        """Return the Accounts tab's screen."""
        return self._built(Tab.ACCOUNTS, AccountsScreen)

    def go_to(self, tab: Tab) -> None:
        """Show a tab."""
        self.setCurrentIndex(tab)

    def begin_task(self, audience_id: int | None = None) -> None:
        """Show the form for a new task."""
        self.go_to(Tab.TASKS)
        self.tasks.show_form(audience_id)

    def retranslate(self) -> None:
        """Write the names of the tabs anew."""
        names = (tr("Tasks"), tr("Import"), tr("Statistics"), tr("Accounts"))
        for tab, name in zip(Tab, names, strict=True):
            self.setTabText(tab, name)
            self.setTabToolTip(tab, f"{name} (Ctrl+{tab + 1})")
        self.setAccessibleName(tr("Parts of the program"))

    def _add_place(self) -> QVBoxLayout:
        place = QWidget()
        layout = QVBoxLayout(place)
        layout.setContentsMargins(0, 0, 0, 0)
        self.addTab(place, "")
        return layout

    def _built(self, tab: Tab, kind: type[ScreenT]) -> ScreenT:
        screen = self._screens.get(tab)
        if isinstance(screen, kind):
            return screen
        made = kind(self._context)
        self._screens[tab] = made
        if isinstance(made, ImportScreen):
            made.task_requested.connect(self.begin_task)
        self._places[tab].addWidget(made)
        return made

    def _build_current(self) -> None:
        for tab, build in (
            (Tab.TASKS, lambda: self.tasks),
            (Tab.IMPORT, lambda: self.imports),
            (Tab.STATISTICS, lambda: self.statistics),
            (Tab.ACCOUNTS, lambda: self.accounts),
        ):
            if tab == self.currentIndex():
                build()

    def _draw(self) -> None:
        for tab, name in zip(Tab, _ICONS, strict=True):
            self.setTabIcon(tab, icon(name))
