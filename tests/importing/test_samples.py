"""Every sample file gives exactly the people that are in it, counted by hand and by awk."""

from __future__ import annotations

from datetime import date

import pytest

from invite_desktop.domain.audiences import RowProblem
from invite_desktop.domain.people import PersonKeys
from tests.importing.reading import SAMPLES, people, preview, problems, read, strongest

PARSER = {"username": 108, "phone": 7, "telegram_id": 83}


@pytest.mark.parametrize(
    ("name", "expected", "invalid"),
    [
        ("crm_export_cp1251.csv", {"username": 115, "phone": 40}, {"bad_username": 1, "no_key": 8}),
        (
            "list.txt",
            {"username": 61, "phone": 15, "telegram_id": 5},
            {"bad_phone": 1, "chat_id": 2, "no_key": 3, "bad_username": 1},
        ),
        ("no_header_utf16.tsv", {"username": 80}, {}),
        ("parser_export.csv", PARSER, {"no_key": 5}),
        ("parser_export.json", PARSER, {"no_key": 5}),
        ("parser_export.ndjson", PARSER, {"no_key": 5}),
        ("quoted_newlines.csv", {"username": 40}, {}),
        ("webinar_guests.xlsx", {"username": 199, "phone": 86}, {"no_key": 35}),
    ],
)
def test_sample_has_the_right_people(name: str, expected: dict[str, int], invalid: dict[str, int]):
    rows = read(SAMPLES / name)
    assert strongest(rows) == expected
    assert problems(rows) == invalid


@pytest.mark.parametrize(
    ("name", "format_name", "encoding", "fields"),
    [
        (
            "crm_export_cp1251.csv",
            "CSV",
            "Windows-1251",
            ["full_name", "phone", "username", "extra", "consent_date", "note", "extra", "extra"],
        ),
        ("list.txt", "TXT", "UTF-8", ["username"]),
        ("no_header_utf16.tsv", "TSV", "UTF-16", ["username", "full_name", "phone"]),
        (
            "parser_export.csv",
            "CSV",
            "UTF-8",
            [
                "extra",
                "extra",
                "extra",
                "telegram_id",
                "username",
                "full_name",
                "phone",
                "extra",
                "extra",
            ],
        ),
        ("quoted_newlines.csv", "CSV", "UTF-8", ["first_name", "last_name", "username", "note"]),
        (
            "webinar_guests.xlsx",
            "XLSX",
            "",
            ["extra", "first_name", "last_name", "username", "phone", "email", "extra"],
        ),
    ],
)
def test_preview_tells_the_shape(name: str, format_name: str, encoding: str, fields: list[str]):
    shown = preview(SAMPLES / name)
    assert (shown.format, shown.encoding, list(shown.fields)) == (format_name, encoding, fields)
    assert len(shown.header) == len(fields)
    assert all(len(row) == len(fields) for row in shown.rows)


@pytest.mark.parametrize("ending", ["json", "ndjson"])
def test_parser_export_is_the_same_in_every_format(ending: str):
    def content(name: str) -> list[tuple[PersonKeys, str, object]]:
        return [(row.keys, row.full_name, row.extra) for row in people(read(SAMPLES / name))]

    assert content(f"parser_export.{ending}") == content("parser_export.csv")


def test_parser_export_row():
    first, second, *_ = read(SAMPLES / "parser_export.csv")
    assert first.keys == PersonKeys(telegram_id=500700000)
    assert first.extra["id"] == "9000"
    assert second.keys == PersonKeys(phone="+17075550101", telegram_id=500700001)
    assert second.full_name == ""  # "Unknown" is no name
    assert second.extra["specific_is_bot"] == "True"


def test_crm_rows():
    rows = {row.number: row for row in read(SAMPLES / "crm_export_cp1251.csv")}
    assert rows[2].keys == PersonKeys(username="REHEARSAL_7_00000", phone="+79000000000")
    assert (rows[2].full_name, rows[2].consent_date) == ("Лада Дубова", date(2025, 10, 12))
    assert rows[2].extra == {"Город": "Пермь"}
    assert rows[8].extra["note"] == "=1+1"
    assert rows[8].keys.phone == "+79000000006"
    assert rows[9].full_name == '=HYPERLINK("http://example.invalid","x")'
    assert rows[10].problem is RowProblem.BAD_USERNAME
    assert rows[11].keys == PersonKeys(phone="+79000000009")  # its username "a" is too short
    assert rows[12].keys == PersonKeys(username="rehearsal_7_00010")  # no phone in words
    assert 31 not in rows  # a blank record, which a spreadsheet shows as a row all the same
    surplus = next(row for row in rows.values() if "G" in getattr(row, "extra", {}))
    assert surplus.extra == {"Город": "Казань", "G": "лишняя ячейка", "H": "ещё одна"}


def test_list_lines_have_their_reasons():
    invalid = {row.content: row.problem for row in read(SAMPLES / "list.txt") if not people([row])}
    assert invalid == {
        "+": RowProblem.BAD_PHONE,
        "@": RowProblem.BAD_USERNAME,
        "https://t.me/joinchat/AAAA": RowProblem.CHAT_ID,
        "-1001234567890": RowProblem.CHAT_ID,
        "someone@example.invalid": RowProblem.NO_KEY,
        "username": RowProblem.NO_KEY,
        "два слова": RowProblem.NO_KEY,
    }


def test_workbook_header_lies_under_a_title():
    shown = preview(SAMPLES / "webinar_guests.xlsx")
    assert shown.has_header
    assert list(shown.header)[3:5] == ["Telegram", "Mobile"]
    assert list(shown.sheets) == ["Участники", "Справка"]
    second = people(read(SAMPLES / "webinar_guests.xlsx"))[0]
    assert second.number == 6
    assert second.keys == PersonKeys(username="rehearsal_7_01001", phone="+16065550101")
    assert (second.first_name, second.last_name) == ("Bruno", "Зимина")
    assert second.extra["email"] == "guest1@example.invalid"


def test_quoted_line_breaks_stay_in_their_cell():
    first = read(SAMPLES / "quoted_newlines.csv")[0]
    assert first.number == 2
    assert first.extra["note"] == 'строка 1\nстрока 2, с запятой и "кавычками"'
