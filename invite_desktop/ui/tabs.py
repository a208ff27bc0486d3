"""The four tabs, five in a rehearsal; a screen is loaded and built when it is first looked at."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from invite_desktop.domain.diagnosis import RepairKind
from invite_desktop.ui.icons import icon
from invite_desktop.ui.tasks.tasks_screen import TasksScreen
from invite_desktop.ui.theme import theme_changed
from invite_desktop.ui.translations import language_changed, tr

if TYPE_CHECKING:
    from invite_desktop.domain.diagnosis import Repair
    from invite_desktop.domain.outcomes import OutcomeCode, TargetState
    from invite_desktop.ui.accounts.accounts_screen import AccountsScreen
    from invite_desktop.ui.context import ScreenContext
    from invite_desktop.ui.import_sections import ImportSections
    from invite_desktop.ui.imports.import_screen import ImportScreen
    from invite_desktop.ui.server.server_screen import ServerScreen
    from invite_desktop.ui.statistics.statistics_screen import StatisticsScreen


class Tab(IntEnum):
    """The tabs in their order; the server's side is there in a rehearsal only."""

    TASKS = 0
    IMPORT = 1
    STATISTICS = 2
    ACCOUNTS = 3
    SERVER = 4


_ICONS = ("tasks", "import", "statistics", "accounts", "server")


class Tabs(QTabWidget):
    """Holds the screens and leads from one to another.

    Only the Tasks tab is there from the start; the modules of the others load when they are first
    looked at, so that the window appears sooner.
    """

    def __init__(self, context: ScreenContext) -> None:
        super().__init__()
        self._context = context
        self._tasks: TasksScreen | None = None
        self._import_sections: ImportSections | None = None
        self._statistics: StatisticsScreen | None = None
        self._accounts: AccountsScreen | None = None
        self._server: ServerScreen | None = None
        rehearses = context.rehearsal is not None
        self.present = tuple(tab for tab in Tab if rehearses or tab is not Tab.SERVER)
        self.setProperty("role", "main")
        self.setDocumentMode(True)
        self.tabBar().setDrawBase(False)
        self._places = {tab: self._add_place() for tab in self.present}
        self.currentChanged.connect(self._build_current)
        language_changed().changed.connect(self.retranslate)
        theme_changed().changed.connect(self._draw)
        self.retranslate()
        self._draw()
        self._build_current()

    @property
    def tasks(self) -> TasksScreen:
        """Return the Tasks tab's screen."""
        if self._tasks is None:
            self._tasks = TasksScreen(self._context)
            self._tasks.person_opened.connect(self.show_person)
            self._tasks.repair_requested.connect(self._repair)
            self._places[Tab.TASKS].addWidget(self._tasks)
        return self._tasks

    @property
    def import_sections(self) -> ImportSections:
        """Return the Import tab: its sections."""
        if self._import_sections is None:
            from invite_desktop.ui.import_sections import ImportSections  # noqa: PLC0415 - see the class

            self._import_sections = ImportSections(self._context)
            self._import_sections.task_requested.connect(self.begin_task)
            self._import_sections.person_opened.connect(self.show_person)
            self._places[Tab.IMPORT].addWidget(self._import_sections)
        return self._import_sections

    @property
    def imports(self) -> ImportScreen:
        """Return the screen that takes a new list in."""
        return self.import_sections.new_list

    @property
    def statistics(self) -> StatisticsScreen:
        """Return the Statistics tab's screen."""
        if self._statistics is None:
            from invite_desktop.ui.statistics.statistics_screen import StatisticsScreen  # noqa: PLC0415 - see the class

            self._statistics = StatisticsScreen(self._context)
            self._statistics.people_requested.connect(self._show_people_of_task)
            self._statistics.person_opened.connect(self.show_person)
            self._statistics.task_requested.connect(self.begin_task)
            self._places[Tab.STATISTICS].addWidget(self._statistics)
        return self._statistics

    @property
    def accounts(self) -> AccountsScreen:
        """Return the Accounts tab's screen."""
        if self._accounts is None:
            from invite_desktop.ui.accounts.accounts_screen import AccountsScreen  # noqa: PLC0415 - see the class

            self._accounts = AccountsScreen(self._context)
            self._places[Tab.ACCOUNTS].addWidget(self._accounts)
        return self._accounts

    @property
    def server(self) -> ServerScreen:
        """Return the Server tab's screen. Raises RuntimeError when this is no rehearsal."""
        if self._server is None:
            if self._context.rehearsal is None:
                raise RuntimeError("only a rehearsal has a server of its own")
            from invite_desktop.ui.server.server_screen import ServerScreen  # noqa: PLC0415 - see the class

            self._server = ServerScreen(self._context, self._context.rehearsal)
            self._places[Tab.SERVER].addWidget(self._server)
        return self._server

    def go_to(self, tab: Tab) -> None:
        """Show a tab."""
        self.setCurrentIndex(tab)

    def go_back_to(self, kept: object) -> None:
        """Show the tab that was shown last, as the settings have kept it."""
        place = str(kept)
        if place.isdecimal() and int(place) in self.present:
            self.setCurrentIndex(int(place))

    def begin_import(self) -> ImportScreen:
        """Show and return the screen that takes a new list in."""
        self.go_to(Tab.IMPORT)
        self.import_sections.show_new_list()
        return self.imports

    def begin_task(self, audience_id: int | None = None) -> None:
        """Show the form for a new task."""
        self.go_to(Tab.TASKS)
        self.tasks.show_form(audience_id)

    def show_person(self, person_id: int) -> None:
        """Show a person's card beside the window."""
        from invite_desktop.ui.audiences.person_card import PersonCard  # noqa: PLC0415 - see the class

        card = PersonCard(self._context, self.window(), person_id)
        card.task_opened.connect(self._open_task)
        card.audience_opened.connect(self._open_audience)
        card.listed_requested.connect(self._find_do_not_contact)
        card.show()

    def _show_people_of_task(self, task_id: int, state: TargetState, reason: OutcomeCode) -> None:
        self.go_to(Tab.TASKS)
        self.tasks.open_task(task_id)
        self.tasks.page.show_people(state, reason)

    def retranslate(self) -> None:
        """Write the names of the tabs anew."""
        names = (tr("Tasks"), tr("Import"), tr("Statistics"), tr("Accounts"), tr("Server"))
        for tab in self.present:
            name = names[tab]
            self.setTabText(tab, name)
            self.setTabToolTip(tab, f"{name} (Ctrl+{tab + 1})")
        self.setAccessibleName(tr("Parts of the program"))

    def _repair(self, repair: Repair) -> None:
        """Lead to where something is mended that a task's diagnosis has found."""
        match repair.kind:
            case RepairKind.ADD_ACCOUNT:
                self.go_to(Tab.ACCOUNTS)
                self.accounts.add_account()
            case RepairKind.OPEN_ACCOUNT:
                self.go_to(Tab.ACCOUNTS)
                self.accounts.open_account(repair.subject_id)
            case RepairKind.SET_PROXY:
                self.go_to(Tab.ACCOUNTS)
                self.accounts.set_proxy()
            case RepairKind.OPEN_AUDIENCE | RepairKind.CHANGE_BASIS:
                self._open_audience(repair.subject_id)
            case _:
                raise ValueError(repair.kind)

    def _open_task(self, task_id: int) -> None:
        self.go_to(Tab.TASKS)
        self.tasks.open_task(task_id)

    def _open_audience(self, audience_id: int) -> None:
        self.go_to(Tab.IMPORT)
        self.import_sections.open_audience(audience_id)

    def _find_do_not_contact(self, text: str, lifted: bool) -> None:  # noqa: FBT001 - a signal's
        self.go_to(Tab.IMPORT)
        self.import_sections.find_do_not_contact(text, lifted=lifted)

    def _add_place(self) -> QVBoxLayout:
        place = QWidget()
        layout = QVBoxLayout(place)
        layout.setContentsMargins(0, 0, 0, 0)
        self.addTab(place, "")
        return layout

    def _build_current(self) -> None:
        for tab, build in (
            (Tab.TASKS, lambda: self.tasks),
            (Tab.IMPORT, lambda: self.import_sections),
            (Tab.STATISTICS, lambda: self.statistics),
            (Tab.ACCOUNTS, lambda: self.accounts),
            (Tab.SERVER, lambda: self.server),
        ):
            if tab == self.currentIndex():
                build()

    def _draw(self) -> None:
        for tab in self.present:
            self.setTabIcon(tab, icon(_ICONS[tab]))
