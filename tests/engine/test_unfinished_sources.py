"""Imports from Telegram that are cut off: they go on where they stopped."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from invite_desktop.domain.audiences import Basis, Origin
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.outcomes import Outcome, OutcomeCode
from invite_desktop.engine.events import ImportWaiting
from tests.engine.fetch_to_kill import GUESTS, world
from tests.store.setting import select

if TYPE_CHECKING:
    from pathlib import Path

    from invite_desktop.domain.accounts import Account
    from invite_desktop.engine.ports.fetched_people import UnfinishedFetch
    from tests.fakes.house import House
    from tests.fakes.telegram import FakeChat


@pytest.fixture
async def account(house: House) -> Account:
    return await house.add_account()


@pytest.fixture
def chess(house: House, account: Account) -> FakeChat:
    chat = house.add_chat(account, title="Chess")
    chat.members |= {person.user_id for person in house.people(7)}
    return chat


def pages_asked(house: House, account: Account) -> list[object]:
    calls = house.messenger(account).calls_of("member_page")
    return [call.arguments[1] for call in calls]


async def cut_off_after_a_page(house: House, account: Account, chess: FakeChat, name: str = ""):
    house.messenger(account).script("member_page", None, Outcome(OutcomeCode.SERVER_TROUBLE))
    house.messenger(account).script("member_page", *[Outcome(OutcomeCode.SERVER_TROUBLE)] * 5)
    with pytest.raises(KnownError, match="could not read this list"):
        await house.engine.sources.import_members(account.id, chess.info, Basis.TEAM, name)
    house.messenger(account).calls.clear()


async def only_unfinished(house: House) -> UnfinishedFetch:
    (fetch,) = await house.engine.sources.unfinished()
    return fetch


async def test_what_was_read_is_kept_and_is_no_audience(
    house: House, account: Account, chess: FakeChat
):
    await cut_off_after_a_page(house, account, chess, "Players")
    fetch = await only_unfinished(house)
    assert (fetch.people, fetch.next_page, fetch.name) == (2, "3", "Players")
    assert (fetch.basis, fetch.of.origin) == (Basis.TEAM, Origin.CHAT)
    assert fetch.of.chat is not None
    assert fetch.of.chat.title == "Chess"
    assert await house.engine.audiences.all() == []
    assert await select(house.store, "SELECT count(*) FROM people") == [(0,)]


async def test_begun_again_it_goes_on_at_the_page_where_it_stopped(
    house: House, account: Account, chess: FakeChat
):
    await cut_off_after_a_page(house, account, chess)
    report = await house.engine.sources.import_members(account.id, chess.info, name="Everybody")
    assert pages_asked(house, account) == ["3", "6"]
    assert (report.counts.new, report.audience.name) == (7, "Everybody")
    assert report.audience.basis is Basis.CHAT_MEMBERS
    assert await house.engine.sources.unfinished() == []
    assert await select(house.store, "SELECT count(*) FROM fetched_people") == [(0,)]


async def test_it_can_be_taken_up_as_it_was_meant(house: House, account: Account, chess: FakeChat):
    await cut_off_after_a_page(house, account, chess, "Players")
    report = await house.engine.sources.go_on((await only_unfinished(house)).id)
    assert (report.audience.name, report.audience.basis) == ("Players", Basis.TEAM)
    assert report.counts.new == 7


async def test_it_can_be_dropped_and_begins_anew_then(
    house: House, account: Account, chess: FakeChat
):
    await cut_off_after_a_page(house, account, chess)
    fetch = await only_unfinished(house)
    await house.engine.sources.drop(fetch.id)
    assert await house.engine.sources.unfinished() == []
    with pytest.raises(KnownError, match="no longer here"):
        await house.engine.sources.go_on(fetch.id)
    await house.engine.sources.import_members(account.id, chess.info)
    assert pages_asked(house, account) == ["", "3", "6"]


async def test_another_list_of_the_same_account_begins_at_its_own_beginning(
    house: House, account: Account, chess: FakeChat
):
    await cut_off_after_a_page(house, account, chess)
    cards = house.add_chat(account, title="Cards")
    cards.members |= {person.user_id for person in house.people(2, "player")}
    report = await house.engine.sources.import_members(account.id, cards.info)
    assert (pages_asked(house, account), report.counts.new) == ([""], 2)
    assert (await only_unfinished(house)).people == 2


async def test_a_stopped_import_is_kept_too(house: House, account: Account, chess: FakeChat):
    house.messenger(account).script("member_page", None)
    importing = asyncio.ensure_future(house.engine.sources.import_members(account.id, chess.info))
    held = house.messenger(account).hold("member_page")
    await held.reached()
    held.release()
    held = house.messenger(account).hold("member_page")
    await held.reached()
    importing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await importing
    assert (await only_unfinished(house)).next_page == "3"


async def test_nothing_is_asked_before_the_rest_is_over(
    house: House, account: Account, chess: FakeChat
):
    house.clock.hold()
    house.messenger(account).script("member_page", None, Outcome(OutcomeCode.FLOOD_WAIT, 40))
    # The rest is announced when it is written down; before that, no power cut could leave it.
    waiting = house.next_event(ImportWaiting)
    importing = asyncio.ensure_future(house.engine.sources.import_members(account.id, chess.info))
    await waiting
    await house.crash()
    house.messenger(account).calls.clear()
    await house.open()
    stopped = house.clock.now()
    assert importing.done()
    house.clock.let_go()
    await house.engine.sources.go_on((await only_unfinished(house)).id)
    calls = house.messenger(account).calls
    assert (min(call.at for call in calls) - stopped).total_seconds() >= 340
    assert pages_asked(house, account) == ["3", "6"]


async def test_a_list_without_people_leaves_nothing(house: House, account: Account):
    with pytest.raises(KnownError, match="nobody"):
        await house.engine.sources.import_contacts(account.id)
    assert await house.engine.sources.unfinished() == []


def run_until_killed(path: Path) -> str:
    """Kill an import in the middle of a page; return what it told last."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.engine.fetch_to_kill", str(path)],
        stdout=subprocess.PIPE,
        text=True,
    ) as program:
        assert program.stdout is not None
        told = program.stdout.readline()
        program.kill()
    return told


async def test_killed_in_the_middle_it_goes_on_after_the_last_page(tmp_path: Path):
    path = tmp_path / "killed.db"
    told = await asyncio.to_thread(run_until_killed, path)
    assert told == "in the middle of page 6\n"
    house, account, chat = await world(path)
    try:
        fetch = await only_unfinished(house)
        assert (fetch.people, fetch.next_page) == (5, "6")
        report = await house.engine.sources.import_members(account.id, chat.info)
        assert pages_asked(house, account) == ["6", "9"]
        assert (report.counts.read, report.counts.new) == (GUESTS, GUESTS)
        assert await house.engine.sources.unfinished() == []
    finally:
        house.clock.let_go()
        await house.close()
    assert not house.errors
