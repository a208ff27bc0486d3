"""The Server tab: the server's side beside the ledger's, live, and only in a rehearsal."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from invite_desktop.domain.messages import message
from invite_desktop.domain.outcomes import OutcomeCode, TargetState
from invite_desktop.engine.ports.server_view import (
    Deed,
    DeedKind,
)
from invite_desktop.ui.server.comparison import Comparison
from invite_desktop.ui.tabs import Tab
from tests.fakes.engine import a_task
from tests.fakes.server_view import FakeServer
from tests.ui.conftest import Speeds, rows_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from invite_desktop.ui.main_window import MainWindow
    from invite_desktop.ui.server.server_screen import ServerScreen
    from tests.fakes.engine import FakeEngine

NOON = datetime(2025, 12, 8, 12, 0, tzinfo=UTC)
LOOKED_UP = Deed(DeedKind.LOOKED_UP)
JOINED = Deed(DeedKind.JOINED, NOON, "@admin1", "Клуб")
REFUSED = Deed(DeedKind.REFUSED, NOON, "@admin1", "Клуб", reason=message("is a bot"))
LETTER = Deed(DeedKind.WRITTEN_TO, NOON, "@admin2", text="Здравствуйте!\nПриходите")
PICTURE = Deed(DeedKind.WRITTEN_TO, NOON, "@admin2")


@pytest.fixture
def server() -> FakeServer:
    return FakeServer()


@pytest.fixture
def window(make_window: Callable[..., MainWindow], server: FakeServer) -> MainWindow:
    return make_window(replace(Speeds().rehearsal(), server=server))


@pytest.fixture
def screen(window: MainWindow) -> ServerScreen:
    window.tabs.go_to(Tab.SERVER)
    return window.tabs.server


def test_only_a_rehearsal_has_it(make_window: Callable[..., MainWindow]):
    ordinary = make_window()
    assert Tab.SERVER not in ordinary.tabs.present
    with pytest.raises(RuntimeError, match="rehearsal"):
        _ = ordinary.tabs.server


def test_before_anything_happens_it_says_so(qtbot: QtBot, screen: ServerScreen):
    assert "Nobody was touched yet" in screen.nobody.text
    assert screen.nobody.isVisible()


@pytest.mark.parametrize(
    ("deed", "cells"),
    [
        (LOOKED_UP, ["Looked up", "Nothing: was only looked up", ""]),
        (JOINED, ["In the chat", "Added to “Клуб”", "@admin1"]),
        (REFUSED, ["Refused", "Клуб: is a bot", "@admin1"]),
        (LETTER, ["Got a message", "Здравствуйте! Приходите", "@admin2"]),
        (PICTURE, ["Got a message", "A picture or document without words", "@admin2"]),
        (Deed(DeedKind.ANSWERED, NOON, "@admin1", text="стоп"), ["Answered", "стоп", "@admin1"]),
        (Deed(DeedKind.LEFT, NOON, chat="Клуб"), ["Left the chat", "Is no longer in “Клуб”", ""]),
    ],
)
def test_a_person_is_shown_with_what_happened_last(
    qtbot: QtBot, screen: ServerScreen, server: FakeServer, deed: Deed, cells: list[str]
):
    server.touch(1, LOOKED_UP, deed)
    table = screen.tables[0]
    qtbot.waitUntil(lambda: [row[2] for row in rows_of(table)] == cells[:1])
    (row,) = rows_of(table)
    assert row[:5] == ["Анна 1", "@anna_1", *cells]


def test_the_whole_story_is_a_hint(qtbot: QtBot, screen: ServerScreen, server: FakeServer):
    server.touch(1, LOOKED_UP, REFUSED, LETTER)
    table = screen.tables[0]
    qtbot.waitUntil(lambda: [row[0] for row in rows_of(table)] == ["Анна 1"])
    hint = table.model().index(0, 2).data(Qt.ItemDataRole.ToolTipRole)
    assert len(hint.splitlines()) == 3
    assert "is a bot" in hint
    assert "Здравствуйте!" in hint


def test_the_story_of_the_chosen_person_is_told_and_goes_on(
    qtbot: QtBot, screen: ServerScreen, server: FakeServer
):
    server.touch(1, LOOKED_UP, JOINED)
    table = screen.tables[0]
    qtbot.waitUntil(lambda: [row[0] for row in rows_of(table)] == ["Анна 1"])
    assert not screen.story.isVisible()
    table.choose_position(0)
    assert screen.story.isVisible()
    assert [line.split("  ·  ")[-1] for line in screen.story.text().splitlines()] == [
        "Nothing: was only looked up",
        "@admin1",
    ]
    server.touch(1, LOOKED_UP, JOINED, LETTER)
    qtbot.waitUntil(lambda: "Приходите" in screen.story.text())
    screen.pages.setCurrentIndex(1)
    assert not screen.story.isVisible()


def test_a_long_story_leaves_room_for_the_table(
    qtbot: QtBot, window: MainWindow, screen: ServerScreen, server: FakeServer
):
    long = replace(LETTER, text="Приходите, пожалуйста! " * 170)
    server.touch(1, *[long] * 30)
    table = screen.tables[0]
    qtbot.waitUntil(lambda: [row[0] for row in rows_of(table)] == ["Анна 1"])
    table.choose_position(0)
    qtbot.wait(50)
    assert (window.width(), window.height()) == (1024, 640)
    assert table.height() > 150


def test_it_follows_the_server_and_leaves_the_selection_alone(
    qtbot: QtBot, screen: ServerScreen, server: FakeServer
):
    for number in range(3):
        server.touch(number, LOOKED_UP)
    table = screen.tables[0]
    qtbot.waitUntil(lambda: len(rows_of(table)) == 3 and rows_of(table)[1][0] == "Анна 1")
    table.choose_position(1)
    server.touch(1, LOOKED_UP, JOINED)
    server.touch(3, LOOKED_UP)
    qtbot.waitUntil(lambda: len(rows_of(table)) == 4 and rows_of(table)[1][2] == "In the chat")
    assert [row.id for row in table.chosen()] == [1]


def test_of_many_people_only_those_looked_at_are_asked_for(
    qtbot: QtBot, screen: ServerScreen, server: FakeServer
):
    for number in range(5_000):
        server.touch(number, LOOKED_UP)
    qtbot.waitUntil(lambda: screen.people.rowCount() == 5_000 and bool(server.asked))
    qtbot.wait(100)
    assert {offset for offset, _ in server.asked} == {0}


def test_chats_and_accounts_have_pages_of_their_own(
    qtbot: QtBot, screen: ServerScreen, server: FakeServer
):
    screen.pages.setCurrentIndex(1)
    qtbot.waitUntil(lambda: bool(rows_of(screen.tables[1])))
    assert rows_of(screen.tables[1]) == [["Клуб", "Supergroup", "@club", "1,200", "0"]]
    screen.show_accounts()
    assert screen.tables[2].isVisible()
    assert rows_of(screen.tables[2]) == [
        ["+79000000001", "Анна Волкова", "@admin1", "12345", "secret"]
    ]


def test_both_sides_sums_stand_side_by_side(
    qtbot: QtBot, screen: ServerScreen, server: FakeServer, engine: FakeEngine
):
    engine.tasks.put(a_task(1), people=2)
    engine.tasks.end_target(1, 0, TargetState.JOINED, OutcomeCode.JOINED)
    server.touch(1, LOOKED_UP, JOINED)
    qtbot.waitUntil(lambda: screen.joined.verdict == "✓ Both agree")
    qtbot.waitUntil(
        lambda: (
            screen.joined.accessibleName()
            == "Joined: 1 by the ledger, 1 by the server. ✓ Both agree"
        )
    )
    server.touch(2, LOOKED_UP, JOINED)
    qtbot.waitUntil(lambda: screen.joined.verdict == "≠ They differ by 1")


def test_who_joined_and_left_has_joined_at_both_sides(
    qtbot: QtBot, screen: ServerScreen, server: FakeServer, engine: FakeEngine
):
    engine.tasks.put(a_task(1), people=2)
    engine.tasks.end_target(1, 0, TargetState.JOINED, OutcomeCode.JOINED)
    server.sums = replace(server.sums, left=1, answers=7)
    server.touch(1, LOOKED_UP, JOINED, Deed(DeedKind.LEFT, NOON, chat="Клуб"))
    said = {"Left the chat: 1", "Answers: 7"}
    qtbot.waitUntil(lambda: said <= {tile.accessibleName() for tile in screen.tiles})
    assert screen.joined.accessibleName().startswith("Joined: 1 by the ledger, 1 by the server.")


@pytest.mark.parametrize(
    ("ledger", "server", "open_ends", "verdict"),
    [
        (0, 0, 0, "✓ Both agree"),
        (5, 5, 3, "✓ Both agree"),
        (5, 7, 2, "2 not verified yet"),
        (5, 8, 2, "≠ They differ by 3"),
        (8, 5, 9, "≠ They differ by 3"),
    ],
)
def test_the_verdict_is_plain(qtbot: QtBot, ledger: int, server: int, open_ends: int, verdict: str):
    comparison = Comparison()
    qtbot.addWidget(comparison)
    comparison.say("Joined", ledger, server, open_ends)
    assert comparison.verdict == verdict


def test_the_band_leads_to_the_demo_accounts(qtbot: QtBot, window: MainWindow):
    qtbot.mouseClick(window.band.accounts_button, Qt.MouseButton.LeftButton)
    assert window.tabs.currentIndex() == Tab.SERVER
    qtbot.waitUntil(window.tabs.server.tables[2].isVisible)


def test_a_server_of_another_process_keeps_its_own_books(
    qtbot: QtBot, make_window: Callable[..., MainWindow]
):
    window = make_window(Speeds().rehearsal())
    window.tabs.go_to(Tab.SERVER)
    screen = window.tabs.server
    assert "keeps its own books" in screen.elsewhere.text
    qtbot.waitUntil(screen.elsewhere.isVisible)
    assert not screen.joined.isVisible()
    assert screen.tables[2].isVisible()
    assert [row[3] for row in rows_of(screen.tables[2])] == ["12345", "54321"]
