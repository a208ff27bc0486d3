"""The Accounts tab and the way to add an account."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QDate, QDateTime, Qt, QTime, QTimer
from PySide6.QtWidgets import QMessageBox, QPushButton

from invite_desktop.domain.accounts import (
    AccountState,
    Actor,
    Condition,
    HealthEvent,
    HealthFact,
)
from invite_desktop.ui.accounts.account_list import MINUTES_PASS_MS
from invite_desktop.ui.accounts.add_account import AddAccountDialog
from invite_desktop.ui.accounts.names import masked_phone
from invite_desktop.ui.accounts.rest_dialog import RestDialog, tomorrow_morning
from invite_desktop.ui.tabs import Tab
from invite_desktop.ui.theme import Tone
from invite_desktop.ui.widgets.columns import CellRole
from tests.fakes.engine import NOW, an_account
from tests.fakes.telegram_world import PHOTO
from tests.ui.conftest import rows_of

if TYPE_CHECKING:
    from PySide6.QtWidgets import QAbstractButton
    from pytestqt.qtbot import QtBot

    from invite_desktop.ui.accounts.account_actions import AccountActions
    from invite_desktop.ui.accounts.account_list import AccountList
    from invite_desktop.ui.accounts.account_page import AccountPage
    from invite_desktop.ui.main_window import MainWindow
    from tests.fakes.engine import FakeEngine

HOUR = timedelta(hours=1)


@pytest.fixture
def screen(qtbot: QtBot, window: MainWindow, engine: FakeEngine):
    until = NOW + timedelta(days=2)
    engine.accounts.put(an_account(1))
    engine.accounts.put(an_account(2, AccountState.LIMITED, until=until, note="peer_flood"))
    window.tabs.go_to(Tab.ACCOUNTS)
    screen = window.tabs.accounts.list
    qtbot.waitUntil(lambda: screen.model.rowCount() == 2)
    screen.table.selectRow(0)
    return screen


@pytest.fixture
def acts(screen: AccountList) -> AccountActions:
    return screen.actions_on_accounts


def states(screen: AccountList) -> list[str]:
    return [row[1] for row in rows_of(screen.table)]


def click(qtbot: QtBot, button: QAbstractButton) -> None:
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def box_of(qtbot: QtBot, window: MainWindow) -> QMessageBox:
    qtbot.waitUntil(lambda: any(b.isVisible() for b in window.findChildren(QMessageBox)))
    return next(box for box in window.findChildren(QMessageBox) if box.isVisible())


def press(qtbot: QtBot, box: QMessageBox, text: str) -> None:
    click(qtbot, next(button for button in box.buttons() if button.text() == text))


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("+79001234567", "+7900 ••• 67"),
        ("+12025550123", "+1202 ••• 23"),
        ("", ""),
        ("+1234", "+1234"),
    ],
)
def test_the_middle_of_a_phone_is_covered(phone: str, shown: str):
    assert masked_phone(phone) == shown


def test_an_account_is_a_row(screen: AccountList):
    name, state, invites, messages, following, trouble = rows_of(screen.table)[0]
    assert (name, state) == ("Борис Белых  @club_admin_1", "Ready")
    assert (invites, messages) == ("3 of 15", "0 of 12")
    assert following.endswith(": hourly limit")
    assert trouble == ""


def test_the_hint_names_the_account_with_its_phone_covered(screen: AccountList):
    hint = screen.model.index(0, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert hint == "Борис Белых  ·  @club_admin_1  ·  +7900 ••• 01"


def test_a_limited_account_says_until_when_why_and_what_to_do(screen: AccountList):
    assert states(screen)[1].startswith("Limited until 10 Dec")
    hint = screen.model.index(1, 1).data(Qt.ItemDataRole.ToolTipRole)
    assert "too many contacts" in hint
    assert "Ask @SpamBot" in hint
    assert "Ask @SpamBot" in rows_of(screen.table)[1][5]


LATER = NOW + HOUR
ALL_NINE = [
    (an_account(1), "Ready", Tone.GOOD),
    (an_account(2), "Busy: Club", Tone.ACTIVE),
    (
        an_account(3, AccountState.RESTING, until=LATER, note="flood_wait"),
        "Resting",
        Tone.CARE,
    ),
    (an_account(4, AccountState.LIMITED, until=LATER, note="peer_flood"), "Limited", Tone.BAD),
    (an_account(5, AccountState.FROZEN, note="frozen"), "Frozen", Tone.BAD),
    (an_account(6, AccountState.BANNED, note="banned"), "Banned", Tone.BAD),
    (an_account(7, AccountState.LOGGED_OUT, note="logged_out"), "Logged out", Tone.BAD),
    (an_account(8, AccountState.SWITCHED_OFF), "Switched off", Tone.QUIET),
    (an_account(9), "No network", Tone.CARE),
]


@pytest.fixture
def nine(qtbot: QtBot, window: MainWindow, engine: FakeEngine) -> AccountList:
    engine.accounts.busy[2] = "Club"
    engine.accounts.offline.add(9)
    for account, _, _ in ALL_NINE:
        engine.accounts.put(account)
    window.tabs.go_to(Tab.ACCOUNTS)
    shown = window.tabs.accounts.list
    qtbot.waitUntil(lambda: shown.model.rowCount() == len(ALL_NINE))
    return shown


def test_all_nine_conditions_have_words_and_a_colour(nine: AccountList):
    rows = {row.account.id: place for place, row in enumerate(nine.model.rows)}
    for account, words, tone in ALL_NINE:
        cell = nine.model.index(rows[account.id], 1)
        assert str(cell.data()).startswith(words)
        assert cell.data(CellRole.CELL).tone is tone


def test_the_line_above_counts_every_condition(nine: AccountList):
    names = [words.split(":")[0] for _, words, _ in ALL_NINE]
    assert nine.filter.texts() == ["All 9", *(f"{name} 1" for name in names)]


@pytest.mark.parametrize("condition", Condition)
def test_a_click_on_a_count_shows_only_those_accounts(nine: AccountList, condition: Condition):
    nine.filter.choose(condition)
    assert [row.condition for row in nine.model.rows] == [condition]
    nine.filter.choose(None)
    assert nine.model.rowCount() == len(ALL_NINE)


def test_a_condition_that_empties_leads_back_to_all(
    qtbot: QtBot, engine: FakeEngine, nine: AccountList
):
    nine.filter.choose(Condition.FROZEN)
    engine.accounts.put(an_account(5))
    qtbot.waitUntil(lambda: nine.model.rowCount() == 0)
    assert "No account is in this state" in nine.empty.text
    nine.empty.acted.emit()
    assert nine.model.rowCount() == len(ALL_NINE)


def test_check_asks_telegram_now(
    qtbot: QtBot, engine: FakeEngine, screen: AccountList, acts: AccountActions
):
    screen.table.selectAll()
    acts.check.trigger()
    qtbot.waitUntil(lambda: sorted(engine.accounts.calls) == [("check", 1), ("check", 2)])


def test_accounts_can_be_switched_off_and_on(
    qtbot: QtBot, screen: AccountList, acts: AccountActions
):
    screen.table.selectAll()
    acts.switch.trigger()
    qtbot.waitUntil(lambda: states(screen) == ["Switched off"] * 2)
    qtbot.waitUntil(lambda: acts.switch.text() == "S&witch on")
    acts.switch.trigger()
    qtbot.waitUntil(lambda: states(screen)[0] == "Ready")


def test_a_rest_ends_by_release(qtbot: QtBot, screen: AccountList, acts: AccountActions):
    acts.rest_hour.trigger()
    qtbot.waitUntil(lambda: states(screen)[0].startswith("Resting until"))
    qtbot.waitUntil(acts.release.isEnabled)
    acts.release.trigger()
    qtbot.waitUntil(lambda: states(screen)[0] == "Ready")


def test_a_rest_that_telegram_ordered_is_refused_in_words(
    qtbot: QtBot, window: MainWindow, screen: AccountList, acts: AccountActions
):
    screen.table.selectRow(1)
    acts.release.trigger()
    box = box_of(qtbot, window)
    assert "nothing may shorten it" in box.text()
    press(qtbot, box, "Close")
    assert states(screen)[1].startswith("Limited")


def test_a_refusal_that_several_accounts_share_is_told_once(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine, screen: AccountList, acts: AccountActions
):
    engine.accounts.put(
        an_account(3, AccountState.RESTING, until=NOW + HOUR, note="flood_wait"),
    )
    qtbot.waitUntil(lambda: screen.model.rowCount() == 3)
    screen.table.selectAll()
    acts.release.trigger()
    press(qtbot, box_of(qtbot, window), "Close")
    qtbot.wait(50)
    assert not box_open(window)
    assert sorted(engine.accounts.calls) == [("release", 2), ("release", 3)]


def test_moments_that_have_come_are_written_anew_without_fetching(
    qtbot: QtBot, engine: FakeEngine, screen: AccountList
):
    assert rows_of(screen.table)[0][4].endswith("hourly limit")
    engine.clock.moment += HOUR
    with qtbot.waitSignal(screen.model.dataChanged):
        minutes = {each.interval(): each for each in screen.findChildren(QTimer)}
        minutes[MINUTES_PASS_MS].timeout.emit()
    assert rows_of(screen.table)[0][4] == "now"


def test_a_rest_can_last_until_a_chosen_moment(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine, screen: AccountList, acts: AccountActions
):
    acts.rest_date.trigger()
    dialog = window.findChild(RestDialog)
    dialog.moment.setDateTime(QDateTime(QDate(2025, 12, 24), QTime(18, 30)))
    buttons = {each.text(): each for each in dialog.findChildren(QPushButton)}
    click(qtbot, buttons["Rest"])
    qtbot.waitUntil(lambda: ("rest", 1) in engine.accounts.calls)
    assert engine.accounts.rows[1].until == datetime(2025, 12, 24, 18, 30).astimezone()


@pytest.mark.parametrize("hour", [0, 8, 23])
def test_tomorrow_morning_is_nine_of_the_next_local_day(hour: int):
    now = datetime(2026, 3, 28, hour, 59).astimezone()
    assert tomorrow_morning(now) == datetime(2026, 3, 29, 9).astimezone()


@pytest.mark.parametrize(("answer", "opened"), [("Open", ["https://t.me/SpamBot"]), ("Cancel", [])])
def test_spam_bot_opens_outside_after_words(
    qtbot: QtBot,
    window: MainWindow,
    screen: AccountList,
    acts: AccountActions,
    answer: str,
    opened: list[str],
):
    urls: list[str] = []
    acts.open_url = lambda url: urls.append(url.toString())
    acts.spam_bot.trigger()
    box = box_of(qtbot, window)
    assert "This program sends nothing there." in box.informativeText()
    press(qtbot, box, answer)
    qtbot.waitUntil(lambda: not box_open(window))
    qtbot.waitUntil(lambda: urls == opened)


def box_open(window: MainWindow) -> bool:
    return any(box.isVisible() for box in window.findChildren(QMessageBox))


@pytest.fixture
def page(qtbot: QtBot, window: MainWindow, engine: FakeEngine, screen: AccountList) -> AccountPage:
    engine.accounts.events[2] = [
        HealthEvent(
            7,
            2,
            NOW,
            HealthFact.STATE,
            AccountState.LIMITED,
            Actor.TELEGRAM,
            NOW + timedelta(days=2),
            "peer_flood",
            "PeerFloodError",
        ),
        HealthEvent(6, 2, NOW, HealthFact.NO_NETWORK, AccountState.READY, Actor.PROGRAM),
        HealthEvent(5, 2, NOW, HealthFact.ADDED, AccountState.READY, Actor.USER),
    ]
    screen.table.row_opened.emit(screen.model.rows[1])
    page = window.tabs.accounts.page
    qtbot.waitUntil(lambda: page.health.rowCount() == 3)
    return page


def test_the_page_tells_the_health_history(page: AccountPage):
    limited, lost, added = rows_of(page.health_table)
    assert limited[1].startswith("Limited by Telegram until 10 Dec")
    assert "too many contacts" in limited[1]
    assert [row[2] for row in (limited, lost, added)] == ["Telegram", "The program", "You"]
    hint = page.health.index(0, 1).data(Qt.ItemDataRole.ToolTipRole)
    assert "(PeerFloodError)" in hint


def test_the_page_shows_trust_and_all_four_budgets(page: AccountPage):
    assert page.header.trust.text() == "Trust: today 3 of 15; full limits in 14 clean days"
    assert [card.used.text() for card in page.budgets] == [
        "3 of 15",
        "0 of 12",
        "41 of 180",
        "15 of 15",
    ]
    assert page.budgets[0].next.text().endswith(": hourly limit")
    assert "Ask @SpamBot" in page.header.trouble.text()


@pytest.mark.parametrize(("photo", "shown"), [(PHOTO, True), (b"no picture", False), (None, False)])
def test_the_page_shows_the_photo_or_letters(page: AccountPage, photo: bytes | None, shown: bool):
    assert page.view is not None
    page.header.say(replace(page.view, photo=photo), NOW)
    assert page.header.avatar.has_photo is shown
    assert not page.header.avatar.pixmap().isNull()


def test_the_page_of_an_account_that_is_gone_leads_back(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine, page: AccountPage
):
    del engine.accounts.rows[2]
    page.refresh()
    qtbot.waitUntil(lambda: window.tabs.accounts.currentWidget() is window.tabs.accounts.list)


@pytest.mark.parametrize(("answer", "calls"), [("Log out", [("log_out", 1)]), ("Cancel", [])])
def test_logging_out_asks_first(
    qtbot: QtBot,
    window: MainWindow,
    engine: FakeEngine,
    screen: AccountList,
    acts: AccountActions,
    answer: str,
    calls: list[tuple[str, int]],
):
    acts.log_out.trigger()
    box = box_of(qtbot, window)
    assert box.text() == "Log out Борис Белых?"
    press(qtbot, box, answer)
    qtbot.waitUntil(lambda: screen.model.rowCount() == 2 - len(calls))
    assert engine.accounts.calls == calls


def test_without_accounts_it_says_what_to_do_next(qtbot: QtBot, window: MainWindow):
    window.tabs.go_to(Tab.ACCOUNTS)
    assert "keyring" in window.tabs.accounts.list.empty.text
    window.tabs.accounts.list.empty.acted.emit()
    qtbot.waitUntil(lambda: window.findChild(AddAccountDialog) is not None)
    window.findChild(AddAccountDialog).reject()


def test_the_trouble_of_the_chosen_account_is_told_in_full(screen: AccountList):
    screen.table.selectRow(1)
    row = rows_of(screen.table)[1]
    assert screen.trouble.isVisible()
    assert screen.trouble.text() == row[-1] != ""


def test_nothing_is_told_of_several_accounts_or_of_one_without_trouble(screen: AccountList):
    assert not screen.trouble.isVisible()
    screen.table.selectAll()
    assert not screen.trouble.isVisible()


def test_name_and_username_are_read_in_full_in_the_smallest_window(
    qtbot: QtBot, window: MainWindow, screen: AccountList
):
    window.resize(1024, 640)
    names = [row[0] for row in rows_of(screen.table)]
    longest = max(screen.table.fontMetrics().horizontalAdvance(name) for name in names)
    qtbot.waitUntil(lambda: screen.table.columnWidth(0) >= longest + 16)
