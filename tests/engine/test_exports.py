"""What the engine saves as tables, with the real store and the real files."""

from __future__ import annotations

import csv
from datetime import date
from typing import TYPE_CHECKING

import pytest

from invite_desktop.domain.attempts import Action, Attempt
from invite_desktop.domain.audiences import Basis, InvalidRow, RowKind, RowProblem
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.outcomes import OutcomeCode
from invite_desktop.domain.people import PersonKeys
from invite_desktop.engine.ports.audiences import PeopleQuery
from invite_desktop.engine.ports.files import PersonRow
from invite_desktop.engine.ports.ledger import LedgerFilter, LedgerRow
from tests.fakes.specimens import NOW

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.fakes.house import House

ANNA = PersonRow(
    2,
    PersonKeys("Anna_K", "+79001234567", 42),
    "Анна К",
    consent_date=date(2025, 12, 31),
    extra={"Город": "Тверь"},
)
BORIS = PersonRow(
    3, PersonKeys(phone="+79007654321"), extra={"Скидка": "=1+1", "consent_date": "later"}
)


def read(path: Path, separator: str = ",") -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, delimiter=separator))


@pytest.fixture
async def import_id(house: House, tmp_path: Path) -> int:
    rows = [
        ANNA,
        BORIS,
        PersonRow(4, PersonKeys("anna_k")),
        InvalidRow(5, "???", RowProblem.NO_KEY),
    ]
    house.files.rows = {"guests.csv": rows}
    source = tmp_path / "guests.csv"
    source.write_text("x", encoding="utf-8")
    report = await house.engine.imports.run([source], Basis.CUSTOMERS, "Guests")
    return report.import_id


async def test_an_audience_is_saved_with_every_column(house: House, import_id: int, tmp_path: Path):
    (audience,) = await house.engine.audiences.all()
    await house.engine.audiences.set_tags(audience.id, ["summer", "vip"])
    path = tmp_path / "saved.csv"
    assert await house.engine.exports.audience(audience.id, path) == 2
    header, anna, boris = read(path)
    assert header[:3] == ["Username", "Phone", "Telegram ID"]
    assert header[6:] == ["Date of consent", "Город", "Скидка", "Tags of the audience"]
    keys = ["Anna_K", "'+79001234567", "42"]
    assert anna == [*keys, "Анна К", "", "", "2025-12-31", "Тверь", "", "summer, vip"]
    assert boris[6:] == ["later", "", "'=1+1", "summer, vip"]


async def test_a_search_saves_whom_it_found(house: House, import_id: int, tmp_path: Path):
    (audience,) = await house.engine.audiences.all()
    path = tmp_path / "saved.csv"
    assert await house.engine.exports.audience(audience.id, path, PeopleQuery("анна")) == 1
    assert [row[0] for row in read(path)] == ["Username", "Anna_K"]


async def test_a_deleted_audience_is_not_saved(house: House, tmp_path: Path):
    with pytest.raises(KnownError, match="no longer here"):
        await house.engine.exports.audience(99, tmp_path / "saved.csv")


async def test_rows_are_saved_kind_after_kind(house: House, import_id: int, tmp_path: Path):
    path = tmp_path / "rows.csv"
    kinds = {RowKind.INVALID, RowKind.NEW}
    assert await house.engine.exports.import_rows(import_id, kinds, path) == 3
    _, *rows = read(path)
    assert [row[:5] for row in rows] == [
        ["new", "2", "guests.csv", "1", ""],
        ["new", "3", "guests.csv", "1", ""],
        ["invalid", "5", "guests.csv", "1", "no username, phone or id"],
    ]
    assert rows[2][5] == "???"
    assert rows[0][6] == "Anna_K"


async def test_the_report_is_saved_in_the_users_language(
    house: House, import_id: int, tmp_path: Path
):
    house.engine.exports.speak(lambda item: str(item).upper(), ";")
    path = tmp_path / "report.csv"
    rows = await house.engine.exports.import_report(import_id, path)
    saved = dict(read(path, ";"))
    assert rows == len(saved) - 1
    assert saved["BASIS"] == "CUSTOMERS OR SUBSCRIBERS WHO AGREED"
    assert (saved["ROWS READ"], saved["NEW"], saved["INVALID"]) == ("4", "2", "1")
    assert (saved["guests.csv: FORMAT"], saved["guests.csv: ENCODING"]) == ("CSV", "UTF-8")
    assert saved["guests.csv: COUNTRY OF PHONES WITHOUT A CODE"] == "RU"
    assert "guests.csv: SHEET" not in saved


async def test_the_do_not_contact_list_is_saved(house: House, tmp_path: Path):
    listed = house.engine.do_not_contact
    await listed.add("@anna_k\n+79001234567", "asked")
    (first, _) = await listed.entries()
    await listed.contact_again(first.id, "asked again")
    now, ended = tmp_path / "now.csv", tmp_path / "ended.csv"
    assert await house.engine.exports.do_not_contact(now) == 1
    assert await house.engine.exports.do_not_contact(ended, ended=True) == 1
    assert read(now)[1][4] == "asked"
    assert read(ended)[1][-1] == "asked again"
    assert await house.engine.exports.do_not_contact(now, text="nobody") == 0


async def test_the_execution_log_is_saved_newest_first(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    calls = [
        LedgerRow(
            Attempt(number, 1, number, number, 1, Action.INVITE, NOW, outcome=outcome, detail="X"),
            "=Club",
            f"@guest_{number}",
            "Demo",
        )
        for number, outcome in enumerate((OutcomeCode.INVITED, OutcomeCode.PRIVACY, None), start=1)
    ]
    asked: list[LedgerFilter] = []

    async def page(wanted: LedgerFilter, offset: int, limit: int) -> Sequence[LedgerRow]:
        asked.append(wanted)
        left = [row for row in reversed(calls) if row.attempt.id < (wanted.before or 99)]
        return left[offset : offset + min(limit, 2)]

    monkeypatch.setattr(house.ports.ledger, "rows", page)
    path = tmp_path / "log.csv"
    assert await house.engine.exports.log(LedgerFilter(task_id=1), path) == 3
    header, *rows = read(path)
    assert header[2:4] == ["Task", "Person"]
    assert [row[3].strip("'") for row in rows] == ["@guest_3", "@guest_2", "@guest_1"]
    assert [row[2] for row in rows] == ["'=Club"] * 3
    assert rows[0][6] == "In flight"
    assert [(wanted.task_id, wanted.before) for wanted in asked] == [(1, None), (1, 2), (1, 1)]
