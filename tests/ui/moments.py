"""Views as they are somewhat later: after typing, choosing, waiting, a refusal.

What the pictures and the tests of views go through besides tests/ui/views; each is a view and the
steps that lead on from there.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenu

from invite_desktop.domain.audiences import Basis
from invite_desktop.domain.tasks import TaskReason, TaskStatus
from invite_desktop.ui.accounts.add_account import AddAccountDialog
from invite_desktop.ui.attention import AttentionBar
from invite_desktop.ui.crash_dialog import CrashDialog
from invite_desktop.ui.do_not_contact.forms import ContactAgainForm
from invite_desktop.ui.imports.import_form import ImportForm
from invite_desktop.ui.imports.import_screen import ImportScreen
from invite_desktop.ui.imports.report_view import ReportView
from invite_desktop.ui.notices import Box
from invite_desktop.ui.statistics.log_view import LogView
from invite_desktop.ui.tasks.create_form import CreateForm
from invite_desktop.ui.tasks.reach_tab import ReachTab
from invite_desktop.ui.tasks.request_tab import RequestTab
from invite_desktop.ui.tasks.stay_tab import StayTab
from invite_desktop.ui.tasks.task_page import TaskPage
from invite_desktop.ui.telegram_sources.telegram_dialog import TelegramDialog
from invite_desktop.ui.widgets.small_form import SmallForm
from invite_desktop.ui.widgets.undo_bar import UndoBar
from tests.ui import steps
from tests.ui.views import (
    INVITING,
    VIEWS,
    WRITING,
    View,
    on_task,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.ui.views import Do

PAUSED, FINISHED, FAILED = 5, 6, 8
"""Tasks with an end, or a stop, that has a reason."""


def _to(name: str) -> Sequence[Do]:
    """Return the steps to a view that is known by name."""
    return next(view.steps for view in VIEWS if view.name == name)


def _later(name: str, after: str, *more: Do, once: bool = False) -> View:
    """Return a view with further steps; it shows what the view shows."""
    before = next(view for view in VIEWS if view.name == after)
    return replace(before, name=name, steps=(*before.steps, *more), rehearses=False, once=once)


_PAGE: Do = lambda window: window.tabs.tasks.open_task(INVITING)  # noqa: E731 - a step as the others
_WRITING_PAGE: Do = lambda window: window.tabs.tasks.open_task(WRITING)  # noqa: E731 - as above
_ADD: Do = lambda window: window.menus.add_account.trigger()  # noqa: E731 - as above
_FLOODED = steps.stands(PAUSED, TaskStatus.PAUSED, TaskReason.PEER_FLOOD)
_DONE = steps.stands(FINISHED, TaskStatus.COMPLETED, TaskReason.NONE)
_NO_RIGHTS = steps.stands(FAILED, TaskStatus.FAILED, TaskReason.NO_RIGHTS)

MOMENTS: Sequence[View] = (
    _later("invite_form_filled", "invite_form", steps.invite("t.me/football_club")),
    _later(
        "invite_form_no_admin", "invite_form", steps.no_admin_ready, steps.invite("@football_club")
    ),
    _later("invite_form_refused", "invite_form", steps.invite("мой клуб"), steps.create),
    _later("message_form_filled", "message_form", steps.write, once=True),
    _later("message_form_refused", "message_form", steps.create),
    View("form_of_everything", CreateForm, (steps.form_of_everything, steps.create)),
    _later("import_refused", "import_form", steps.import_with(None)),
    _later(
        "import_under_way",
        "import_form",
        steps.hold_imports,
        steps.import_with(Basis.CUSTOMERS),
        once=True,
    ),
    View("import_of_a_broken_file", ImportForm, (steps.break_file,)),
    View("import_report", ReportView, (*_to("import_form"), steps.import_with(Basis.CUSTOMERS))),
    View("drag_over", ImportScreen, (*_to("import_start"), steps.drag_over)),
    View("wrong_api_id", AddAccountDialog, (_ADD, steps.wrong_api)),
    View("phone_of_an_account", AddAccountDialog, (_ADD, steps.phone)),
    View("code_of_an_account", AddAccountDialog, (_ADD, steps.phone, steps.code)),
    View("wrong_code", AddAccountDialog, (_ADD, steps.phone, steps.code, steps.wrong_code)),
    View("qr_of_an_account", AddAccountDialog, (_ADD, steps.phone, steps.scan)),
    _later("proxy_refused", "proxy", steps.save_no_proxy),
    _later("trial_refused", "trial", steps.try_nobody),
    View("contact_again_refused", ContactAgainForm, (steps.contact_again, steps.submit)),
    _later("list_read", "list_dialog", steps.list_read),
    View("telegram_chats", TelegramDialog, (steps.chats, *_to("telegram"))),
    View("undo", UndoBar, on_task("delete"), once=True),
    View("under_way", UndoBar, (steps.under_way,)),
    View("attention", AttentionBar, (steps.matter,)),
    View("refusal", Box, (steps.refuse,)),
    View("long_crash", CrashDialog, (steps.long_crash,)),
    View("paused_task", TaskPage, (_FLOODED,)),
    View("finished_task", TaskPage, (_DONE,)),
    View("failed_task", TaskPage, (_NO_RIGHTS,)),
    View("writing_task", TaskPage, (_WRITING_PAGE,)),
    View("nobody_found", TaskPage, (_PAGE, steps.nobody_found)),
    _later("no_such_task", "tasks", steps.search_in_vain),
    View("view_menu", QMenu, (steps.view_menu,)),
    View("more_of_a_task", QMenu, (*_to("tasks"), steps.more)),
    View("log_of_a_period", LogView, (steps.log_of_a_period,)),
    View("requests_to_join", RequestTab, (_PAGE, steps.link_tab(1))),
    View("only_by_link", ReachTab, (_PAGE, steps.link_tab(2))),
    View("who_stayed", StayTab, (_PAGE, steps.link_tab(3))),
    View("name_of_a_task", SmallForm, (steps.on_the_list("rename"),)),
    View("schedule_of_a_task", SmallForm, (steps.on_the_list("reschedule"),)),
)

MOMENTS_ON_THE_STORE: Sequence[View] = (
    _later("person_refused", "person_card", steps.wrong_key),
    _later("difference_refused", "audience_difference", steps.submit),
)
