"""The do-not-contact list, with the real store."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from invite_desktop.domain.audiences import InvalidRow, RowProblem
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.people import KeyKind, PersonKeys
from invite_desktop.engine.ports.files import PersonRow
from invite_desktop.engine.views import ListImport

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
