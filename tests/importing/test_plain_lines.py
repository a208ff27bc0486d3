"""TXT: one person a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.importing.reading import keys, people, preview, problems, read_text, written

if TYPE_CHECKING:
    from pathlib import Path


def test_lines_keep_their_numbers(tmp_path: Path):
    rows = read_text(tmp_path, "a.txt", "user_1\n\n  \n@user_2\r\n+79000000000")
    assert [row.number for row in rows] == [1, 4, 5]


def test_header_word_above_the_list_is_no_person(tmp_path: Path):
    rows = read_text(tmp_path, "a.txt", "username\nuser_1\nusername\n")
    assert keys(rows) == [("user_1", None, None)]
    assert problems(rows) == {"no_key": 1}  # the second one stands where a person should


def test_text_of_columns_is_read_as_a_table(tmp_path: Path):
    rows = read_text(tmp_path, "a.txt", "@user_1, Иван\n@user_2, Пётр\n")
    assert [row.full_name for row in people(rows)] == ["Иван", "Пётр"]


def test_lines_in_brackets_are_no_json(tmp_path: Path):
    rows = read_text(tmp_path, "a.txt", "[1] Иван\n@user_1\n")
    assert keys(rows) == [("user_1", None, None)]


def test_list_of_names_is_all_invalid(tmp_path: Path):
    rows = read_text(tmp_path, "a.txt", "Иван Петров\nАнна Орлова\n")
    assert problems(rows) == {"no_key": 2}


def test_preview_has_one_column(tmp_path: Path):
    shown = preview(written(tmp_path, "a.txt", "@user_1\n@user_2\n"))
    assert (shown.format, list(shown.header), list(shown.rows)) == (
        "TXT",
        ["A"],
        [["@user_1"], ["@user_2"]],
    )
