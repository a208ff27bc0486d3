"""The field for a chat: typed, or picked among those that the accounts administer."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt, QTimer

from invite_desktop.domain.chats import ChatInfo, ChatKind, parse_chat_address
from invite_desktop.engine.views import AdministeredChat
from invite_desktop.ui.translations import load_translator, set_translator
from tests.benchmarks.chat_check import CLUB, checking
from tests.fakes.engine import an_account

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from invite_desktop.engine.background import BackgroundScope
    from invite_desktop.ui.main_window import MainWindow
    from invite_desktop.ui.tasks.chat_field import ChatField
    from tests.fakes.engine import FakeEngine

FOOTBALL = ChatInfo(777, "Футбол", ChatKind.SUPERGROUP, 1_240, "football_club")
NEWS = ChatInfo(778, "Новости клуба", ChatKind.CHANNEL, 150)
TEAM = ChatInfo(779, "Team", ChatKind.BASIC_GROUP, 9)


@pytest.fixture
def field(window: MainWindow, engine: FakeEngine) -> ChatField:
    anna, boris = engine.accounts.put(an_account(0)), engine.accounts.put(an_account(1))
    engine.sources.chats = [
        AdministeredChat(anna, TEAM),
        AdministeredChat(anna, FOOTBALL),
        AdministeredChat(boris, FOOTBALL),
        AdministeredChat(boris, NEWS),
    ]
    window.tabs.begin_task()
    return window.tabs.tasks.form.chat


def opened(qtbot: QtBot, field: ChatField, count: int = 3) -> list[str]:
    qtbot.mouseClick(field.pick_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: field.picker.list.count() == count)
    return lines(field)


def lines(field: ChatField) -> list[str]:
    return [field.picker.list.item(row).text() for row in range(field.picker.list.count())]


def test_each_chat_is_offered_once_with_its_administrators(qtbot: QtBot, field: ChatField):
    team, news, football = opened(qtbot, field)
    assert football == "Футбол  ·  supergroup  ·  1,240 members  ·  Анна Орлова, Борис Белых"
    assert team.startswith("Team  ·  group")
    assert news.startswith("Новости клуба  ·  channel")


def test_the_offered_chats_follow_the_language(qtbot: QtBot, field: ChatField):
    opened(qtbot, field)
    set_translator(load_translator("ru"))
    assert "группа  ·  9 участников" in lines(field)[0]


@pytest.mark.parametrize(
    ("typed", "found"), [("ФУТ", 1), ("@football", 1), ("белых", 2), ("nothing like it", 0)]
)
def test_the_search_finds_titles_names_and_accounts(
    qtbot: QtBot, field: ChatField, typed: str, found: int
):
    opened(qtbot, field)
    field.picker.search.setText(typed)
    assert len(lines(field)) == found
    assert field.picker.words.isVisible() is (found == 0)


@pytest.mark.parametrize(
    ("typed", "address"),
    [("фут", "@football_club"), ("новости", "-100778"), ("team", "-779")],
)
def test_a_picked_chat_is_checked_at_once(
    qtbot: QtBot, engine: FakeEngine, field: ChatField, typed: str, address: str
):
    opened(qtbot, field)
    field.picker.search.setText(typed)
    qtbot.keyClick(field.picker.search, Qt.Key.Key_Return)
    assert not field.picker.isVisible()
    assert field.address.text() == address
    if address.startswith("@"):
        assert not any(timer.isActive() for timer in field.findChildren(QTimer))
        qtbot.waitUntil(lambda: field.check is not None)
        assert field.check.address == parse_chat_address(address)


def test_the_list_is_reached_and_used_by_keys(qtbot: QtBot, field: ChatField):
    opened(qtbot, field)
    qtbot.keyClick(field.picker.search, Qt.Key.Key_Down)
    assert field.picker.list.currentRow() == 0
    qtbot.keyClick(field.picker.list, Qt.Key.Key_Down)
    qtbot.keyClick(field.picker.list, Qt.Key.Key_Return)
    assert field.address.text() == "-100778"


def test_without_chats_the_list_says_why(qtbot: QtBot, engine: FakeEngine, field: ChatField):
    engine.sources.chats = []
    qtbot.mouseClick(field.pick_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "None of your accounts" in field.picker.words.text())


def test_a_channel_says_how_many_more_can_be_added(qtbot: QtBot, field: ChatField):
    field.findings.show_check(None)
    from invite_desktop.ui.tasks.chat_findings import _facts  # noqa: PLC0415 - its one user

    assert _facts(NEWS) == "channel  ·  150 members  ·  private  ·  50 more can be added by hand"
    assert "public, @football_club" in _facts(FOOTBALL)


def test_twenty_typed_letters_cost_no_more_than_one_check(
    qtbot: QtBot,
    background: BackgroundScope,
    engine: FakeEngine,
    field: ChatField,
    tmp_path: Path,
):
    """The real check before the rehearsal server, whose answers are late, counts the requests."""
    link, counts = f"https://t.me/{CLUB.removeprefix('@')}", []

    def folder(name: str) -> Path:
        (tmp_path / name).mkdir()
        return tmp_path / name

    async def type_and_count() -> None:
        async with checking(folder("one check"), accounts=3) as (checks, stage):
            await checks.check(CLUB)
            counts.append(len(stage.server.calls))
        async with checking(folder("typing"), accounts=3) as (checks, stage):
            engine.chat_checks = checks
            stage.server.set_latency(0.05)
            for letter in link:
                qtbot.keyClicks(field.address, letter)
                await asyncio.sleep(0.03)
            while field.check is None:  # noqa: ASYNC110 - the field tells nobody but its user
                await asyncio.sleep(0.01)
            counts.append(len(stage.server.calls))

    typing = background.start(type_and_count(), "typing")
    qtbot.waitUntil(typing.done)
    one_check, typed = counts
    assert 0 < typed <= one_check
    assert len(field.check.ready) == 3
