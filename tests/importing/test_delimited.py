"""CSV and TSV in the dialects that programs write."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

import pytest

from invite_desktop.importing.delimited import find_delimiter
from tests.importing.reading import keys, people, preview, problems, read, read_text, written

if TYPE_CHECKING:
    from pathlib import Path

HEADERS = {
    "english": ["full_name", "phone", "username"],
    "russian": ["ФИО", "Телефон", "Ник в Telegram"],
    "none": None,
}
PEOPLE = [
    ["Лада Дубова", "8 (900) 000-00-00", "@user_lada"],
    ["Борис Щербина", "+7 900 000 00 01", "t.me/user_boris"],
    ["Ёлка; «Чех», Ян", "79000000002", "user_elka"],
    ["Юлия Жукова", "", "USER_JULIA"],
]
FOUND = [
    ("user_lada", "+79000000000", None),
    ("user_boris", "+79000000001", None),
    ("user_elka", "+79000000002", None),
    ("USER_JULIA", None, None),
]
ENCODINGS = {
    "utf-8": (b"", "utf-8"),
    "utf-8 with mark": (codecs.BOM_UTF8, "utf-8"),
    "utf-16 le with mark": (codecs.BOM_UTF16_LE, "utf-16-le"),
    "utf-16 be with mark": (codecs.BOM_UTF16_BE, "utf-16-be"),
    "utf-16 le": (b"", "utf-16-le"),
    "utf-16 be": (b"", "utf-16-be"),
    "windows-1251": (b"", "cp1251"),
    "koi8-r": (b"", "koi8-r"),
    "dos": (b"", "cp866"),
}


def table(delimiter: str, header: list[str] | None, line_end: str = "\r\n") -> str:
    rows = [header, *PEOPLE] if header else PEOPLE
    quoted = (['"' + cell + '"' if delimiter in cell else cell for cell in row] for row in rows)
    return "".join(delimiter.join(row) + line_end for row in quoted)


@pytest.mark.parametrize("header", HEADERS)
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_dialect_gives_the_same_people(
    tmp_path: Path, encoding: str, delimiter: str, header: str
):
    mark, codec = ENCODINGS[encoding]
    text = table(delimiter, HEADERS[header]).replace("«", "").replace("»", "")
    rows = read_text(tmp_path, "a.csv", mark + text.encode(codec))
    assert keys(rows) == FOUND
    assert [row.full_name for row in people(rows)][:2] == ["Лада Дубова", "Борис Щербина"]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "a.txt", "a.xlsx", "a"])
def test_line_ends_and_endings_of_names_do_not_matter(tmp_path: Path, name: str, line_end: str):
    assert keys(read_text(tmp_path, name, table(";", HEADERS["russian"], line_end))) == FOUND


def test_numbers_are_rows_of_a_spreadsheet(tmp_path: Path):
    text = 'username,note\n\nuser_1,"a\nb"\n,\nuser_2,\n'
    assert [row.number for row in read_text(tmp_path, "a.csv", text)] == [3, 5]


def test_separator_line_of_excel_is_no_row(tmp_path: Path):
    rows = read_text(tmp_path, "a.csv", "sep=;\nusername;note\nuser_1;a,b\n")
    assert [(row.number, row.extra) for row in people(rows)] == [(2, {"note": "a,b"})]


def test_ragged_rows_shift_nothing(tmp_path: Path):
    text = "username,name,city\nuser_1\nuser_2,Иван,Омск,x,y\nuser_3,Анна,Пермь\n"
    rows = people(read_text(tmp_path, "a.csv", text))
    assert [row.keys.username for row in rows] == ["user_1", "user_2", "user_3"]
    assert [row.extra for row in rows] == [
        {},
        {"city": "Омск", "D": "x", "E": "y"},
        {"city": "Пермь"},
    ]


def test_surplus_cells_far_down_are_kept(tmp_path: Path):
    text = "username,city\n" + "user_1,Омск\n" * 500 + "user_2,Омск,tail\n"
    assert people(read_text(tmp_path, "a.csv", text))[-1].extra == {"city": "Омск", "C": "tail"}


def test_row_wider_than_any_table_is_invalid(tmp_path: Path):
    text = "username,city\n" + "user_1,Омск\n" * 500 + "user_2" + ",x" * 2000 + "\n"
    rows = read_text(tmp_path, "a.csv", text)
    assert problems(rows) == {"too_long": 1}
    assert len(people(rows)) == 500


def test_nul_bytes_are_dropped(tmp_path: Path):
    rows = read_text(tmp_path, "a.csv", b"username,name\nus\0er_1,\xd0\x98\0\xd0\xb2\n")
    assert [(row.keys.username, row.full_name) for row in people(rows)] == [("user_1", "Ив")]


def test_texts_glued_from_two_encodings_are_both_read(tmp_path: Path):
    text = (
        "username;имя\n".encode() + "user_1;Лада\n".encode() * 9 + "user_2;Борис\n".encode("cp1251")
    )
    rows = people(read_text(tmp_path, "a.csv", text))
    assert (rows[0].full_name, rows[-1].full_name) == ("Лада", "Борис")


def test_letters_far_behind_the_beginning_still_tell_the_encoding(tmp_path: Path):
    text = "username;name\n" + "user_1;Ivan\n" * 40_000 + "user_2;Борис Щербина\n"
    path = written(tmp_path, "a.csv", text.encode("cp1251"))
    assert preview(path).encoding == "Windows-1251"
    assert people(read(path))[-1].full_name == "Борис Щербина"


def test_western_names_are_not_read_as_russian(tmp_path: Path):
    text = "username;name\nuser_1;José Müller\nuser_2;François Lefèvre\nuser_3;Jürgen Größe\n"
    rows = people(read_text(tmp_path, "a.csv", text.encode("cp1252")))
    assert [row.full_name for row in rows] == ["José Müller", "François Lefèvre", "Jürgen Größe"]


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("a;b\n1,5;2,5\n3,5;4,5\n", ";"),
        ('"a,b",c\n"d,e",f\n', ","),
        ("a\tb, c\nd\te\n", "\t"),
        ("имя|ник\nИван, Пётр|x\n", "|"),
        ("user_1\nuser_2\n", None),
        ("Иванов, Иван\n", ","),
        ("", None),
    ],
)
def test_delimiter(text: str, delimiter: str | None):
    assert find_delimiter(text) == delimiter


def test_one_column_holds_any_key(tmp_path: Path):
    rows = read_text(tmp_path, "a.csv", "user_1\n+79000000000\n600000001\n")
    assert [row.keys.strongest for row in people(rows)] == ["username", "phone", "telegram_id"]
