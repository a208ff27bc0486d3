"""Everything that the window can show, each with the steps that lead there.

The pictures, and the tests of keyboard, screen reader and small screens, go through all of it. A
view that is new in the package has to be added: see test_accessibility.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenu

from invite_desktop.app.crash_hooks import crash_report
from invite_desktop.domain.tasks import TaskKind
from invite_desktop.ui.accounts.account_list import AccountList
from invite_desktop.ui.accounts.account_page import AccountPage
from invite_desktop.ui.accounts.add_account import AddAccountDialog
from invite_desktop.ui.accounts.proxy_dialog import ProxyDialog
from invite_desktop.ui.accounts.rest_dialog import RestDialog
from invite_desktop.ui.audiences.audience_forms import (
    BasisForm,
    NameForm,
    SubtractForm,
    TagsForm,
    UniteForm,
)
from invite_desktop.ui.audiences.audience_list import AudienceList
from invite_desktop.ui.audiences.audience_page import AudiencePage
from invite_desktop.ui.audiences.person_card import PersonCard
from invite_desktop.ui.backups_dialog import BackupsDialog
from invite_desktop.ui.crash_dialog import CrashDialog
from invite_desktop.ui.do_not_contact.do_not_contact_screen import DoNotContactScreen
from invite_desktop.ui.do_not_contact.forms import AddPeopleForm, OptOutWordsForm
from invite_desktop.ui.do_not_contact.list_dialog import ListDialog
from invite_desktop.ui.first_start import FirstStart, Step
from invite_desktop.ui.import_sections import Section
from invite_desktop.ui.imports.history import ImportHistory
from invite_desktop.ui.imports.import_dialog import ImportDialog
from invite_desktop.ui.imports.import_form import ImportForm
from invite_desktop.ui.imports.import_screen import ImportScreen
from invite_desktop.ui.notices import Box
from invite_desktop.ui.server.server_screen import ServerScreen
from invite_desktop.ui.settings_dialog import SettingsDialog
from invite_desktop.ui.shortcuts import ShortcutsDialog
from invite_desktop.ui.statistics.log_view import LogView
from invite_desktop.ui.statistics.report_dialog import ReportDialog
from invite_desktop.ui.statistics.statistics_screen import StatisticsScreen
from invite_desktop.ui.tabs import Tab
from invite_desktop.ui.tasks.bin_dialog import BinDialog
from invite_desktop.ui.tasks.create_form import CreateForm
from invite_desktop.ui.tasks.diagnosis_dialog import DiagnosisDialog
from invite_desktop.ui.tasks.invite_link import InviteLink
from invite_desktop.ui.tasks.journal_section import JournalSection
from invite_desktop.ui.tasks.message_section import MessageSection
from invite_desktop.ui.tasks.people_form import PeopleForm
from invite_desktop.ui.tasks.progress_section import ProgressSection
from invite_desktop.ui.tasks.task_dry_run_dialog import TaskDryRunDialog
from invite_desktop.ui.tasks.task_list import TaskList
from invite_desktop.ui.tasks.task_page import TaskPage
from invite_desktop.ui.tasks.trial_dialog import TrialDialog
from invite_desktop.ui.telegram_sources.telegram_dialog import TelegramDialog

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from PySide6.QtGui import QAction
    from PySide6.QtWidgets import QWidget

    from invite_desktop.ui.main_window import MainWindow

    Do = Callable[[MainWindow], object]

INVITING, WRITING = 3, 20
"""Tasks that views open: one that runs and invites, one that writes messages."""


@dataclass(frozen=True)
class View:
    """One thing to see: the widget that shows it, and what to do until it is there.

    A step that answers False came too early and is done again.
    ``rehearses``: only a rehearsal has it; ``first``: the step of the first start; ``empty``:
    nothing is stored yet; ``stored``: it needs people who are really stored; ``once``: what leads
    there changes what is stored, so it leads there once only.
    """

    name: str
    shows: type[QWidget]
    steps: Sequence[Do]
    rehearses: bool = False
    first: Step | None = None
    empty: bool = False
    stored: bool = False
    once: bool = False


def _tab(tab: Tab) -> Do:
    return lambda window: window.tabs.go_to(tab)


def _section(section: Section) -> Sequence[Do]:
    return (_tab(Tab.IMPORT), lambda window: window.tabs.import_sections.go_to(section))


def _page(task_id: int = INVITING) -> Sequence[Do]:
    return (lambda window: window.tabs.tasks.open_task(task_id),)


def _part(part: str, task_id: int = INVITING) -> Sequence[Do]:
    def show(window: MainWindow) -> None:
        sections = window.tabs.tasks.page.sections
        found = [n for n in range(sections.count()) if part_of(window, part) is sections.widget(n)]
        sections.setCurrentIndex(found[0])

    return (*_page(task_id), show)


def part_of(window: MainWindow, part: str) -> QWidget:
    """Return the widget of a part of the task's page, with the place around it."""
    page = window.tabs.tasks.page
    widget: QWidget = getattr(page, part)
    return widget if page.sections.indexOf(widget) >= 0 else widget.parentWidget()


def on_task(action: str) -> Sequence[Do]:
    """Return the steps to what an action of the list does with the running task."""

    def act(window: MainWindow) -> bool:
        tasks = window.tabs.tasks.list
        tasks.choose(INVITING)
        wanted: QAction = getattr(tasks.actions_on_tasks, action)
        wanted.trigger()
        return wanted.isEnabled()

    return (_tab(Tab.TASKS), act)


def _message_form(window: MainWindow) -> None:
    window.tabs.begin_task()
    window.tabs.tasks.form.kind.choose(TaskKind.MESSAGE)


def guests_file(window: MainWindow) -> Path:
    """Write a list of people and return its place."""
    path = window.context.temporary / "Гости.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("Имя;Ник;Город\nАнна;@anna_orlova;Тверь\nБорис;@boris_b;\n", encoding="utf-8")
    return path


def _crash(window: MainWindow) -> None:
    CrashDialog(crash_report(RuntimeError("an example")), window).open()


def _close(window: MainWindow) -> None:
    window.close()


def _report(window: MainWindow) -> None:
    ReportDialog(window.context, window).save(None, window.context.temporary / "report.xlsx")


def _import_dialog(window: MainWindow) -> None:
    dialog = ImportDialog(window.context, window)
    dialog.import_files([guests_file(window)])


def _list_dialog(window: MainWindow) -> None:
    ListDialog(window.context, window).offer([guests_file(window)])


def _account_chosen(window: MainWindow) -> bool:
    accounts = window.tabs.accounts.list
    for position in range(accounts.model.rowCount()):
        accounts.table.choose_position(position)
        if accounts.actions_on_accounts.rest_date.isEnabled():
            return True
    return False


def _audience_page(window: MainWindow) -> None:
    window.tabs.import_sections.open_audience(1)


def _on_audience(action: str, chosen: int = 1) -> Sequence[Do]:
    def choose(window: MainWindow) -> bool:
        table = window.tabs.import_sections.audiences.list.table
        if table.model().rowCount() < chosen:
            return False
        if chosen > 1:
            table.selectAll()
        else:
            table.choose_position(0)
        return True

    def act(window: MainWindow) -> bool:
        actions = window.tabs.import_sections.audiences.list.actions_on_audiences
        wanted: QAction = getattr(actions, action)
        wanted.trigger()
        return wanted.isEnabled()

    return (*_section(Section.AUDIENCES), choose, act)


_NEW_TASK: Do = lambda window: window.tabs.begin_task()  # noqa: E731 - a step as the others
_TO_ACCOUNTS, _TO_STATISTICS = _tab(Tab.ACCOUNTS), _tab(Tab.STATISTICS)

SCREENS: Sequence[View] = (
    View("tasks", TaskList, (_tab(Tab.TASKS),), rehearses=True),
    View("task_page", TaskPage, _page(), rehearses=True),
    View("task_course", ProgressSection, _part("course")),
    View("task_journal", JournalSection, _part("journal")),
    View("task_link", InviteLink, _part("link")),
    View("task_message", MessageSection, _part("message", WRITING)),
    View("invite_form", CreateForm, (_NEW_TASK,), rehearses=True),
    View("message_form", CreateForm, (_message_form,), rehearses=True),
    View("import_start", ImportScreen, (_tab(Tab.IMPORT),), rehearses=True),
    View("import_form", ImportForm, (lambda window: window.import_paths([guests_file(window)]),)),
    View("audiences", AudienceList, _section(Section.AUDIENCES), rehearses=True),
    View("do_not_contact", DoNotContactScreen, _section(Section.DO_NOT_CONTACT), rehearses=True),
    View("numbers", StatisticsScreen, (_TO_STATISTICS,), rehearses=True),
    View(
        "log",
        LogView,
        (_TO_STATISTICS, lambda window: window.tabs.statistics.pages.setCurrentIndex(1)),
        rehearses=True,
    ),
    View("accounts", AccountList, (_TO_ACCOUNTS,), rehearses=True),
    View(
        "account_page",
        AccountPage,
        (_TO_ACCOUNTS, lambda window: window.tabs.accounts.open_account(1)),
        rehearses=True,
    ),
    View("server", ServerScreen, (_tab(Tab.SERVER),), rehearses=True),
    View(
        "demo_accounts",
        ServerScreen,
        (_tab(Tab.SERVER), lambda window: window.tabs.server.show_accounts()),
        rehearses=True,
    ),
    View("no_tasks", TaskList, (_tab(Tab.TASKS),), empty=True),
    View("no_audiences", AudienceList, _section(Section.AUDIENCES), empty=True),
    View("no_numbers", StatisticsScreen, (_TO_STATISTICS,), empty=True),
    View("no_accounts", AccountList, (_TO_ACCOUNTS,), empty=True),
    View("first_start", FirstStart, (), first=Step.WELCOME),
    View("first_start_account", FirstStart, (), first=Step.ACCOUNT),
    View("first_start_list", FirstStart, (), first=Step.AUDIENCE),
)

DIALOGS: Sequence[View] = (
    View("settings", SettingsDialog, (lambda window: window.menus.settings.trigger(),)),
    View("shortcuts", ShortcutsDialog, (lambda window: window.menus.shortcuts.trigger(),)),
    View("add_account", AddAccountDialog, (lambda window: window.menus.add_account.trigger(),)),
    View("proxy", ProxyDialog, (lambda window: window.menus.proxy.trigger(),)),
    View("backups", BackupsDialog, (lambda window: window.menus.backups.trigger(),)),
    View("bin", BinDialog, (lambda window: window.menus.bin.trigger(),)),
    View("about", Box, (lambda window: window.menus.about.trigger(),)),
    View("closing", Box, (_close,)),
    View("crash", CrashDialog, (_crash,)),
    View("diagnosis", DiagnosisDialog, on_task("diagnose")),
    View("dry_run", TaskDryRunDialog, (lambda window: window.tabs.tasks.run_dry(INVITING),)),
    View("trial", TrialDialog, (lambda window: window.tabs.tasks.try_on_one(INVITING),)),
    View("report", ReportDialog, (_report,)),
    View(
        "people_form",
        PeopleForm,
        (*_page(), lambda window: window.tabs.tasks.page.people.people_button.click()),
    ),
    View(
        "rest",
        RestDialog,
        (
            _TO_ACCOUNTS,
            _account_chosen,
            lambda window: window.tabs.accounts.list.actions_on_accounts.rest_date.trigger(),
        ),
    ),
    View(
        "telegram",
        TelegramDialog,
        (_tab(Tab.IMPORT), lambda window: window.tabs.imports.telegram_button.click()),
    ),
    View(
        "add_to_list",
        AddPeopleForm,
        (
            *_section(Section.DO_NOT_CONTACT),
            lambda window: window.tabs.import_sections.do_not_contact.add_button.click(),
        ),
    ),
    View(
        "words_for_no",
        OptOutWordsForm,
        (
            *_section(Section.DO_NOT_CONTACT),
            lambda window: window.tabs.import_sections.do_not_contact.words_button.click(),
        ),
    ),
    View("import_dialog", ImportDialog, (_import_dialog,)),
    View("list_dialog", ListDialog, (_list_dialog,)),
    View("tray", QMenu, (lambda window: window.presence.tray.menu.popup(window.pos()),)),
)

ON_THE_STORE: Sequence[View] = (
    View("import_history", ImportHistory, (_tab(Tab.IMPORT),), stored=True),
    View("audience_page", AudiencePage, (_tab(Tab.IMPORT), _audience_page), stored=True),
    View("person_card", PersonCard, (lambda window: window.tabs.show_person(1),), stored=True),
    View("audience_name", NameForm, _on_audience("rename"), stored=True),
    View("audience_tags", TagsForm, _on_audience("tags"), stored=True),
    View("audience_basis", BasisForm, _on_audience("basis"), stored=True),
    View("audience_union", UniteForm, _on_audience("unite", 2), stored=True),
    View("audience_difference", SubtractForm, _on_audience("subtract"), stored=True),
)

VIEWS = (*SCREENS, *DIALOGS, *ON_THE_STORE)
