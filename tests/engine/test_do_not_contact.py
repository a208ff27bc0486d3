"""The do-not-contact list, with the real store."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from invite_desktop.domain.audiences import InvalidRow, OptOutSource, RowProblem
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.people import KeyKind, PersonKeys
from invite_desktop.engine import do_not_contact
from invite_desktop.engine.ports.files import PersonRow
from invite_desktop.engine.views import ListImport, ListProgress
from invite_desktop.store import opt_out_list, opt_out_queries
from tests.store.setting import select

if TYPE_CHECKING:
    from pathlib import Path

    from tests.fakes.house import House


async def test_keys_are_added_by_hand(house: House):
    listed = house.engine.do_not_contact
    text = "@Anna_K\nhttps://t.me/boris_b\n+79001234567\n\n42\n"
    assert await listed.add(text, " asked by phone ") == 4
    assert await listed.add("anna_k", "again") == 0
    assert {entry.keys for entry in await listed.entries()} == {
        ((KeyKind.USERNAME, "anna_k"),),
        ((KeyKind.USERNAME, "boris_b"),),
        ((KeyKind.PHONE, "+79001234567"),),
        ((KeyKind.TELEGRAM_ID, "42"),),
    }
    (anna,) = await listed.entries("ANNA")
    assert (anna.reason, anna.at) == ("asked by phone", house.clock.now())
    assert (await listed.count(), await listed.count("79001")) == (4, 1)


async def test_a_line_that_is_no_key_adds_nobody(house: House):
    with pytest.raises(KnownError, match=r"“\?\?\?”"):
        await house.engine.do_not_contact.add("anna_k\n???", "")
    assert await house.engine.do_not_contact.count() == 0


async def test_a_person_is_one_entry_with_all_her_keys(house: House):
    audience = await house.audience([PersonRow(1, PersonKeys("Anna_K", "+79001234567"))])
    (anna,) = await house.engine.audiences.person_ids(audience)
    await house.engine.do_not_contact.add_person(anna, "stop")
    (entry,) = await house.engine.do_not_contact.entries()
    assert len(entry.keys) == 2
    assert entry.person is not None
    assert entry.person.id == anna
    detail = await house.engine.audiences.detail(anna)
    assert list(detail.opt_outs) == [entry]


async def test_a_file_puts_everybody_on_the_list(house: House, tmp_path: Path):
    house.files.rows = {
        "stop.csv": [
            PersonRow(1, PersonKeys("anna_k", "+79001234567")),
            PersonRow(2, PersonKeys("boris_b")),
            InvalidRow(3, "x", RowProblem.NO_KEY),
        ]
    }
    await house.engine.do_not_contact.add("boris_b", "by hand")
    came = await house.engine.do_not_contact.import_files([tmp_path / "stop.csv"], "old list")
    assert came == ListImport(read=3, added=1, known=1, invalid=1)
    assert [len(entry.keys) for entry in await house.engine.do_not_contact.entries()] == [2, 1]


async def test_contacting_again_needs_a_reason_and_stays_in_the_history(house: House):
    audience = await house.audience([PersonRow(1, PersonKeys("anna_k"))])
    await house.engine.do_not_contact.add("anna_k", "stop")
    assert (await house.engine.audiences.use_of(audience, None)).opted_out == 1
    (entry,) = await house.engine.do_not_contact.entries()
    with pytest.raises(KnownError, match="Say why"):
        await house.engine.do_not_contact.contact_again(entry.id, "  ")
    await house.engine.do_not_contact.contact_again(entry.id, "asked on 3 May")
    assert await house.engine.do_not_contact.count() == 0
    assert (await house.engine.audiences.use_of(audience, None)).usable == 1
    (lifted,) = await house.engine.do_not_contact.entries(ended=True)
    assert (lifted.reason, lifted.ended_reason) == ("stop", "asked on 3 May")
    assert lifted.ended_at == house.clock.now()
    assert await house.engine.do_not_contact.count("may", ended=True) == 1


@pytest.mark.parametrize("known", [True, False], ids=["stored person", "bare keys"])
async def test_what_was_lifted_is_on_the_list_again(house: House, known: bool):
    listed = house.engine.do_not_contact
    if known:
        await house.audience([PersonRow(1, PersonKeys("anna_k", "+79001234567"))])
    await listed.add("anna_k\n+79001234568\n7900123456", "stop")
    before = {entry.keys: entry.reason for entry in await listed.entries()}
    for entry in await listed.entries():
        await listed.contact_again(entry.id, "by mistake")
    assert await listed.count() == 0
    for entry in await listed.entries(ended=True):
        await listed.list_again(entry)
    after = {entry.keys: entry.reason for entry in await listed.entries()}
    assert set(after.values()) == {"stop"}
    assert {keys[0] for keys in before} <= {key for keys in after for key in keys}


@pytest.mark.parametrize("most", [10_000, 0], ids=["rare names", "common names"])
async def test_the_list_is_found_by_keys_reasons_and_the_names_of_people(
    house: House, monkeypatch: pytest.MonkeyPatch, most: int
):
    monkeypatch.setattr(opt_out_queries, "MOST_FOUND", most)
    listed = house.engine.do_not_contact
    row = PersonRow(1, PersonKeys("anna_k", "+79001234567"), first_name="Анна", last_name="Орлова")
    audience = await house.audience([row])
    (anna,) = await house.engine.audiences.person_ids(audience)
    await listed.add("boris_b", "ПОПРОСИЛ по телефону")
    await listed.add_person(anna, "")
    await house.store.audiences.idle()  # the index of names is up to date
    ids = list(await listed.entry_ids())
    assert [entry.id for entry in await listed.entries_by_id(ids)] == ids
    newest, oldest = ids
    for text, found in (
        ("анна", newest),
        ("ор", newest),
        ('"', None),
        ("орлова АННА", newest),
        ("@Anna_K", newest),
        ("8 900 123", None),
        ("900 123-45", newest),
        ("попросил", oldest),
        ("анна попросил", None),
        ("100%", None),
    ):
        assert list(await listed.entry_ids(text)) == ([found] if found else []), text
    assert [entry.id async for entry in listed.everybody("anna")] == [newest]


async def test_entries_tell_by_what_they_came(house: House, tmp_path: Path):
    listed = house.engine.do_not_contact
    house.files.rows = {"stop.csv": [PersonRow(1, PersonKeys("anna_k"))]}
    await listed.import_files([tmp_path / "stop.csv"], "")
    await listed.add("boris_b", "")
    boris, anna = await listed.entries()
    assert (anna.source, anna.file) == (OptOutSource.FILE, "stop.csv")
    assert (boris.source, boris.file) == (OptOutSource.HAND, "")
    await listed.contact_again(anna.id, "asked for it")
    (lifted,) = await listed.entries(ended=True)
    assert (lifted.source, lifted.file) == (OptOutSource.FILE, "stop.csv")
    assert await listed.entries_by_id([lifted.id], ended=True) == [lifted]


async def test_lifted_entries_are_found_by_the_name_of_the_person(house: House):
    await house.audience([PersonRow(1, PersonKeys("anna_k"), full_name="Анна Орлова")])
    await house.engine.do_not_contact.add("anna_k\nboris_b", "stop")
    for entry in await house.engine.do_not_contact.entries():
        await house.engine.do_not_contact.contact_again(entry.id, "asked on 3 May")
    assert await house.engine.do_not_contact.count("орлова may", ended=True) == 1
    assert await house.engine.do_not_contact.count("may", ended=True) == 2
    assert await house.engine.do_not_contact.count("username", ended=True) == 0


def a_long_list(count: int = 3_500) -> list[PersonRow]:
    return [PersonRow(n, PersonKeys(f"somebody_{n}", f"+7900{n:07}")) for n in range(1, count + 1)]


async def test_a_long_list_tells_how_far_it_is(house: House, tmp_path: Path):
    house.files.rows = {"stop.csv": a_long_list()}
    told: list[ListProgress] = []
    path = tmp_path / "stop.csv"
    came = await house.engine.do_not_contact.import_files([path], "", progress=told.append)
    await asyncio.sleep(0)
    assert came == ListImport(3_500, 3_500, 0, 0)
    assert told
    assert all(0 < news.read <= 3_500 and news.put <= 3_500 for news in told)


async def test_a_long_list_that_is_stopped_leaves_only_what_was_there(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(opt_out_list, "OPT_OUTS_AT_ONCE", 10)
    monkeypatch.setattr(do_not_contact, "_SECONDS_BETWEEN_NEWS", 0)
    await house.engine.do_not_contact.add("somebody_7\nboris_b", "by hand")
    house.files.rows = {"stop.csv": a_long_list()}

    def stop(news: ListProgress) -> None:
        if news.put:
            importing.cancel()

    importing = asyncio.ensure_future(
        house.engine.do_not_contact.import_files([tmp_path / "stop.csv"], "", progress=stop)
    )
    with pytest.raises(asyncio.CancelledError):
        await importing
    assert await house.engine.do_not_contact.count() == 2
    for table in ("do_not_contact", "opt_out_sources"):
        assert await select(house.store, f"SELECT count(*) FROM {table}") == [(2,)]  # noqa: S608 - a name of ours


async def test_several_stored_people_are_added_at_once(house: House):
    audience = await house.audience(house.people(3))
    people = await house.engine.audiences.person_ids(audience)
    house.events.clear()
    await house.engine.do_not_contact.add_people(people[:2], " by phone ")
    entries = await house.engine.do_not_contact.entries()
    assert {entry.person.id for entry in entries if entry.person} == set(people[:2])
    assert [entry.reason for entry in entries] == ["by phone"] * 2
    assert len(house.events) == 1
