"""Steps in views: what somebody types, chooses and presses there, and what she is refused."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar, cast

from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent
from PySide6.QtWidgets import QApplication, QWidget

from invite_desktop.app.crash_hooks import crash_report
from invite_desktop.domain.accounts import AccountState
from invite_desktop.domain.chats import ChatInfo, ChatKind
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.domain.outcomes import TargetState
from invite_desktop.domain.people import KeyKind
from invite_desktop.domain.tasks import TaskKind, TaskReason, TaskSituation, TaskStatus
from invite_desktop.domain.words import words_for
from invite_desktop.engine.events import AttentionNeeded
from invite_desktop.engine.ports.proxy import ProxyKind
from invite_desktop.engine.views import AdministeredChat
from invite_desktop.ui.accounts.add_account import AddAccountDialog
from invite_desktop.ui.accounts.proxy_dialog import ProxyDialog
from invite_desktop.ui.audiences.person_card import PersonCard
from invite_desktop.ui.crash_dialog import CrashDialog
from invite_desktop.ui.do_not_contact.forms import ContactAgainForm
from invite_desktop.ui.do_not_contact.list_dialog import ListDialog
from invite_desktop.ui.statistics.log_filter import Span
from invite_desktop.ui.tabs import Tab
from invite_desktop.ui.tasks.schedule_field import Start
from invite_desktop.ui.tasks.trial_dialog import TrialDialog
from invite_desktop.ui.translations import tr
from invite_desktop.ui.widgets.small_form import SmallForm
from tests.fakes.engine import NOW, an_account
from tests.ui.views import (
    INVITING,
    guests_file,
)

if TYPE_CHECKING:
    from invite_desktop.domain.audiences import Basis
    from invite_desktop.ui.main_window import MainWindow
    from tests.fakes.engine import FakeEngine
    from tests.ui.views import Do


def _engine(window: MainWindow) -> FakeEngine:
    return cast("FakeEngine", window.context.engine)


Shown = TypeVar("Shown", bound="QWidget")


def _in_front(window: MainWindow, kind: type[Shown]) -> Shown:
    return next(each for each in window.findChildren(kind) if each.isVisible())


# ------------------------------------------------------------------ forms, filled and refused


def invite(address: str) -> Do:
    def fill(window: MainWindow) -> None:
        form = window.tabs.tasks.form
        form.use_chat(address)
        form.use_audience(1)

    return fill


def no_admin_ready(window: MainWindow) -> None:
    for number, until in ((1, NOW + timedelta(hours=5)), (2, NOW + timedelta(minutes=40))):
        _engine(window).accounts.put(an_account(number, AccountState.RESTING, until=until))


def create(window: MainWindow) -> None:
    window.tabs.tasks.form.create_button.click()


def form_of_everything(window: MainWindow) -> None:
    window.tabs.begin_task()
    form = window.tabs.tasks.form
    form.kind.choose(TaskKind.MESSAGE)
    form.when.start.choose(Start.AT_A_TIME)
    form.when.limited.setChecked(True)


def write(window: MainWindow) -> None:
    form = window.tabs.tasks.form
    form.use_audience(1)
    form.message.write("Здравствуйте, {{ first_name }}! Ждём вас в **клубе** в субботу.", "")


def import_with(basis: Basis | None) -> Do:
    def begin(window: MainWindow) -> None:
        fields = window.tabs.imports.form.fields
        fields.basis_field.choose(basis)
        fields.import_button.click()

    return begin


def hold_imports(window: MainWindow) -> None:
    _engine(window).imports.gate = asyncio.Event()


def break_file(window: MainWindow) -> None:
    whole = guests_file(window)
    broken = whole.with_name("broken.csv")
    broken.write_text("Имя;Ник\nАнна;@anna_orlova\n", encoding="utf-8")
    window.import_paths([broken, whole])


def _api(window: MainWindow, api_id: str) -> None:
    dialog = _in_front(window, AddAccountDialog)
    dialog.api_page.api_id.setText(api_id)
    dialog.api_page.api_hash.setText("0f" * 16)
    dialog.next_button.click()


def wrong_api(window: MainWindow) -> None:
    _api(window, "my id")


def phone(window: MainWindow) -> bool:
    dialog = _in_front(window, AddAccountDialog)
    if dialog.api_page.isVisible() and dialog.next_button.isEnabled():
        _api(window, "12345")
    return dialog.phone_page.isVisible()


def code(window: MainWindow) -> bool:
    dialog = _in_front(window, AddAccountDialog)
    if dialog.phone_page.isVisible() and dialog.next_button.isEnabled():
        dialog.phone_page.phone.setText("+7 900 000-00-01")
        dialog.next_button.click()
    return dialog.code_page.isVisible()


def wrong_code(window: MainWindow) -> None:
    dialog = _in_front(window, AddAccountDialog)
    dialog.code_page.code.setText("99999")
    dialog.next_button.click()


def scan(window: MainWindow) -> bool:
    dialog = _in_front(window, AddAccountDialog)
    if dialog.phone_page.isVisible():
        dialog.phone_page.qr_button.click()
    return bool(dialog.qr_link)


def save_no_proxy(window: MainWindow) -> None:
    dialog = _in_front(window, ProxyDialog)
    dialog.form.kind.choose(ProxyKind.SOCKS5)
    dialog.save_button.click()


def try_nobody(window: MainWindow) -> None:
    _engine(window).trials.refusal = KnownError(
        message("“{text}” is no username, link or phone number.", text="Анна из Твери"),
        message("Write @name, t.me/name or a phone number with its country code."),
    )
    dialog = _in_front(window, TrialDialog)
    dialog.by_name.setChecked(True)
    dialog.key.setText("Анна из Твери")
    dialog.try_button.click()


def submit(window: MainWindow) -> None:
    _in_front(window, SmallForm).yes_button.click()


def contact_again(window: MainWindow) -> None:
    listed = _engine(window).do_not_contact
    entry = next(iter(listed.present), None) or listed.put("anna_orlova", "стоп")
    ContactAgainForm(window.context, window, entry, lambda _entry: None)


def list_read(window: MainWindow) -> None:
    _in_front(window, ListDialog).import_button.click()


def chats(window: MainWindow) -> None:
    engine = _engine(window)
    engine.sources.chats = [
        AdministeredChat(engine.accounts.rows[1], ChatInfo(777 + place, title, kind, members, name))
        for place, (title, kind, members, name) in enumerate(
            (
                ("Клуб любителей футбола", ChatKind.SUPERGROUP, 1_240, "football_club"),
                ("Садоводы Тверской области и соседних районов", ChatKind.CHANNEL, 56_031, None),
                ("Семья", ChatKind.BASIC_GROUP, 9, None),
            )
        )
    ]


def wrong_key(window: MainWindow) -> bool:
    card = _in_front(window, PersonCard)
    field = card.fields.keys[KeyKind.PHONE]
    if not field.text():
        return False
    field.setText("12")
    field.textEdited.emit("12")
    card.save_button.click()
    return True


# ------------------------------------------------------------------ bars and boxes


def matter(window: MainWindow) -> None:
    told = message(
        "The task “{task}” is paused: {reason}.",
        task="Приглашения в «Клуб»",
        reason=words_for(TaskReason.PEER_FLOOD),
    )
    _engine(window).bus.publish(AttentionNeeded(told))


def under_way(window: MainWindow) -> None:
    window.tabs.go_to(Tab.TASKS)
    bar = window.tabs.tasks.undo_bar
    bar.say(lambda: tr("Saving “{file}”…", file="Отчёт.xlsx"), stays=True, stop=bar.clear)


def refuse(window: MainWindow) -> None:
    window.notices.refused(
        KnownError(
            message("The disk is full: the program could not save its data."),
            message(
                "Free some space on the disk and try again. What was saved before is not lost."
            ),
        )
    )


def long_crash(window: MainWindow) -> None:
    def fail(depth: int) -> None:
        if depth:
            fail(depth - 1)
        raise LookupError("an example")

    try:
        fail(12)
    except LookupError as error:
        CrashDialog(crash_report(error), window).open()


def drag_over(window: MainWindow) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(guests_file(window)))])
    area = window.tabs.imports.drop_area
    event = QDragEnterEvent(
        QPointF(area.rect().center()).toPoint(),
        Qt.DropAction.CopyAction,
        mime,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(area, event)


# ------------------------------------------------------------------ tasks


def stands(task_id: int, status: TaskStatus, reason: TaskReason) -> Do:
    def show(window: MainWindow) -> None:
        engine = _engine(window)
        engine.tasks.journals.pop(task_id, None)
        engine.tasks.situate(task_id, TaskSituation(status, reason))
        window.tabs.tasks.open_task(task_id)

    return show


def search_in_vain(window: MainWindow) -> None:
    window.tabs.tasks.list.filter.search.setText("хоккей")


def nobody_found(window: MainWindow) -> None:
    window.tabs.tasks.page.people.show_only(TargetState.FAILED, None)


def log_of_a_period(window: MainWindow) -> None:
    window.tabs.go_to(Tab.STATISTICS)
    window.tabs.statistics.pages.setCurrentIndex(1)
    window.tabs.statistics.log.filter.span.choose(Span.PERIOD)


def more(window: MainWindow) -> None:
    window.tabs.tasks.list.choose(INVITING)
    button = window.tabs.tasks.list.more_button
    button.menu().popup(button.mapToGlobal(button.rect().bottomLeft()))


def view_menu(window: MainWindow) -> None:
    window.menus.theme.popup(window.pos())


def on_the_list(action: str) -> Do:
    def act(window: MainWindow) -> bool:
        tasks = window.tabs.tasks.list
        tasks.choose(2)
        getattr(tasks.actions_on_tasks, action).trigger()
        return bool(window.findChildren(SmallForm))

    return act


def link_tab(place: int) -> Do:
    def show(window: MainWindow) -> bool:
        page = window.tabs.tasks.page
        if page.link.panel is None:
            page.show_link()
            return False
        page.link.panel.tabs.setCurrentIndex(place)
        return True

    return show
