"""What cannot be read is refused in one sentence, by its name, and costs no memory."""

from __future__ import annotations

import os
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from invite_desktop.domain.audiences import RowProblem
from invite_desktop.domain.errors import KnownError
from invite_desktop.engine.ports.files import ReadOptions
from invite_desktop.importing import limits
from invite_desktop.importing.people_files import FilesOfPeople
from tests.importing.reading import (
    RUSSIA,
    SAMPLES,
    keys,
    preview,
    problems,
    read,
    read_text,
    written,
)
from tests.importing.workbook_writers import (
    compound_file,
    ods_cell,
    ods_row,
    write_ods,
    write_xls,
    write_xlsx,
    xlsx_cell,
)

_TOO_LONG = "Row 2 of “a.csv” has more than 4194304 characters."


def refusal(path: Path, options: ReadOptions = RUSSIA) -> str:
    with pytest.raises(KnownError) as caught:
        read(path, options)
    assert caught.value.next_step is not None
    return str(caught.value.explanation)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("bomb.xlsx", "“bomb.xlsx” would unpack to an enormous size and was not opened."),
        ("deep.json", "“deep.json” is nested too deeply to be a list of people."),
        ("empty.csv", "“empty.csv” is empty."),
        ("header_only.csv", "“header_only.csv” has a header but no rows."),
        (
            "names_only.csv",
            "No column with usernames, phones or Telegram ids was found in “names_only.csv”.",
        ),
        ("not_really.xlsx", "“not_really.xlsx” is damaged or is not really a workbook."),
        ("picture.csv", "“picture.csv” is a picture, not a list of people."),
        ("truncated.json", "“truncated.json” is cut off: its end is missing."),
        ("wide.csv", "“wide.csv” has more than 1000 columns."),
    ],
)
def test_broken_sample_is_refused(name: str, sentence: str):
    assert refusal(SAMPLES / "broken" / name) == sentence


def test_preview_shows_a_file_without_keys_so_that_a_column_can_be_named():
    path = SAMPLES / "broken" / "names_only.csv"
    assert list(preview(path).fields) == ["full_name", "extra"]
    assert read(path, ReadOptions(columns={1: "username"}))


@pytest.mark.parametrize("field", ["note", "город", "name", "first_name"])
def test_megabyte_cell_is_shortened_and_its_row_kept(tmp_path: Path, field: str):
    long = f"username,{field}\nsome_user_1,{'x' * 1_200_000}\nsome_user_2,short\n"
    rows = read_text(tmp_path, "long_cell.csv", long)
    assert keys(rows) == [("some_user_1", None, None), ("some_user_2", None, None)]
    kept = max([rows[0].full_name, rows[0].first_name, *rows[0].extra.values()], key=len)
    assert kept == "x" * 32_766 + "…"
    (remark,) = rows[0].remarks
    assert (remark.position, remark.name, remark.problem) == (1, field, RowProblem.SHORTENED)
    assert len(remark.content) <= 200
    assert rows[1].remarks == ()


def test_a_megabyte_in_a_column_of_keys_names_nobody(tmp_path: Path):
    long = f"username,phone\n{'x' * 1_200_000},+79001234567\n{'x' * 1_200_000},\n"
    rows = read_text(tmp_path, "long_key.csv", long)
    assert keys(rows) == [(None, "+79001234567", None)]
    assert [remark.problem for remark in rows[0].remarks] == [RowProblem.TOO_LONG]
    assert problems(rows) == {"too_long": 1}


def test_record_without_end_is_refused_with_its_row(tmp_path: Path):
    text = 'username,note\nsome_user_1,"never closed\nsome_user_2,x\n'
    assert refusal(written(tmp_path, "a.csv", text)) == "Row 2 of “a.csv” does not end."


@pytest.mark.parametrize(
    "text",
    [
        'username,note\nsome_user_1,"' + "x" * 5_000_000,
        "username,note\nsome_user_1," + "x" * 5_000_000 + "\n",
        'username,note\nsome_user_1,"' + "x\n" * 2_500_000 + '"\n',
    ],
    ids=["5 MB quote", "5 MB line", "5 MB of lines"],
)
def test_record_too_long_is_refused_as_that(tmp_path: Path, text: str):
    path = written(tmp_path, "a.csv", text)
    assert refusal(path) == _TOO_LONG


def test_record_of_endless_cells_is_refused(tmp_path: Path):
    path = written(tmp_path, "a.csv", "username,note\n" + '"\n",' * 2_000_000)
    assert refusal(path) in {
        _TOO_LONG,
        "“a.csv” has more than 1000 columns.",
    }


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.pdf", b"%PDF-1.7 x", "a PDF document"),
        ("a.csv", b"\xff\xd8\xff\xe0 x", "a picture"),
        ("a.txt", b"GIF89a", "a picture"),
        ("a.xlsx", b"Rar!\x1a\x07\x00", "an archive"),
        ("a.csv", b"\x1f\x8b\x08\x00", "an archive"),
        ("a.csv", b"\x7fELF\x02", "a program"),
        ("a.csv", b"SQLite format 3\x00", "a database"),
        ("a.xls", b"<html><table><tr><td>username", "a web page"),
        ("a.xls", b"<?xml version='1.0'?><Workbook>", "an XML document"),
        ("a.txt", b"{\\rtf1 x}", "a text document"),
    ],
)
def test_foreign_file_is_called_by_its_kind(tmp_path: Path, name: str, content: bytes, kind: str):
    path = written(tmp_path, name, content)
    assert refusal(path) == f"“{name}” is {kind}, not a list of people."


@pytest.mark.parametrize("content", [bytes(range(256)) * 40, b"\0" * 5000, b"abc\x01\x02\x03" * 99])
def test_bytes_that_are_no_text_are_refused(tmp_path: Path, content: bytes):
    assert refusal(written(tmp_path, "a.csv", content)) == "“a.csv” is neither a text nor a table."


@pytest.mark.parametrize("content", [b" \n\n \r\n", b"\xef\xbb\xbf", b"\xff\xfe", b",,,\n,,\n"])
def test_blank_file_is_empty(tmp_path: Path, content: bytes):
    assert refusal(written(tmp_path, "a.csv", content)) == "“a.csv” is empty."


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[]", "“a.json” has no list of people inside."),
        ('{"username": "user_1"}', "“a.json” has no list of people inside."),
        ('[{"username": "user_1"}, nonsense]', "“a.json” is not correct JSON."),
        ('[{"username": "user_1"}] tail', "“a.json” is not correct JSON."),
        ("[1" + "0" * 5000 + "]", "“a.json” is not correct JSON."),
        ('{"a": [{"username": "user_1"}', "“a.json” is cut off: its end is missing."),
        ('["' + "x" * 5_000_000 + '"]', "Row 1 of “a.json” does not end."),
        ("[[" + "1," * 20_000 + "1]]", "Row 1 of “a.json” does not end."),
        ('[{"name": "Иван"}]', None),
        ('{"username":"user_1"}\n{"username":\n', "Line 2 of “a.json” is not correct JSON."),
        (
            '{"username":"user_1"}\n{"a":' + "[" * 100_000 + "\n",
            "“a.json” is nested too deeply to be a list of people.",
        ),
    ],
)  # fmt: skip
def test_broken_json_is_refused(tmp_path: Path, text: str, sentence: str | None):
    sentence = sentence or (
        "No column with usernames, phones or Telegram ids was found in “a.json”."
    )
    assert refusal(written(tmp_path, "a.json", text)) == sentence


def test_json_cut_off_far_from_the_beginning_is_refused_while_reading(tmp_path: Path):
    text = "[" + '{"username": "user_1"},' * 1000
    rows = FilesOfPeople().read(written(tmp_path, "a.json", text), RUSSIA)
    assert next(rows)
    with pytest.raises(KnownError, match="is cut off"):
        list(rows)


SPREAD = "A sheet of “a.{0}” is spread over too many cells."
WIDE = "“a.{0}” has more than 1000 columns."


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        (xlsx_cell("XFD1048576", "x"), WIDE),
        (xlsx_cell("ALL1048576", "x"), SPREAD),
        (xlsx_cell("AZ1048576", "x"), SPREAD),
        (xlsx_cell("ZZZZZZ9", "x"), SPREAD),
        (xlsx_cell("B99999999", "x"), SPREAD),
        (xlsx_cell("XFD1048576", "x").replace('r="', "s='/>' r = '").replace('6"', "6'"), WIDE),
        ("<c/>" * 1500 + "<c><v>1</v></c>", WIDE),
    ],
)
def test_workbook_that_would_fill_the_memory_is_refused(tmp_path: Path, cells: str, sentence: str):
    rows = f'<row r="1">{xlsx_cell("A1", "username")}</row><row r="2">{cells}</row>'
    path = write_xlsx(tmp_path / "a.xlsx", {"S": rows})
    assert refusal(path) == sentence.format("xlsx")


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        (ods_row(ods_cell("user_1", 16_384), 1_048_576), WIDE),
        (ods_row(ods_cell("user_1", 999), 1_048_576), SPREAD),
    ],
)
def test_ods_that_would_fill_the_memory_is_refused(tmp_path: Path, rows: str, sentence: str):
    assert refusal(write_ods(tmp_path / "a.ods", rows)) == sentence.format("ods")


@pytest.mark.parametrize(("corner", "sentence"), [((9, 60_000), WIDE), ((65_535, 999), SPREAD)])
def test_xls_that_would_fill_the_memory_is_refused(
    tmp_path: Path, corner: tuple[int, int], sentence: str
):
    path = write_xls(tmp_path / "a.xls", {(0, 0): "username", corner: "x"})
    assert refusal(path) == sentence.format("xls")


def test_sheet_at_an_unusual_place_is_measured_too(tmp_path: Path):
    rows = f'<row r="2">{xlsx_cell("A1", "username")}{xlsx_cell("XFD1048576", "x")}</row>'
    path = write_xlsx(tmp_path / "a.xlsx", {"S": rows}, folder="elsewhere")
    assert refusal(path) == WIDE.format("xlsx")


def test_long_text_shown_by_many_cells_is_refused(tmp_path: Path):
    cells = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>1</v></c></row>' for n in range(1, 40_001))
    texts = ["username", "".join(map(str, range(7000)))]
    path = write_xlsx(tmp_path / "a.xlsx", {"S": cells}, shared=texts * 9)
    assert "would unpack to an enormous size" in refusal(path)


def test_long_text_repeated_in_ods_is_refused(tmp_path: Path):
    path = write_ods(tmp_path / "a.ods", ods_row(ods_cell("x" * 20_000, 9), 10_000))
    assert "would unpack to an enormous size" in refusal(path)


def test_binary_workbook_is_refused(tmp_path: Path):
    path = tmp_path / "a.xlsb"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.bin", "x")
    assert refusal(path) == "“a.xlsb” is a binary workbook, not a list of people."


@pytest.mark.parametrize("encoding", ["UTFa8", "cp932", "UTF-7"])
def test_ods_in_an_encoding_that_nobody_knows_is_refused(tmp_path: Path, encoding: str):
    good = write_ods(tmp_path / "a.ods", [["user_1"]])
    with zipfile.ZipFile(good) as archive:
        content = archive.read("content.xml").replace(b"UTF-8", encoding.encode())
    bad = tmp_path / "b.ods"
    with zipfile.ZipFile(bad, "w") as archive:
        archive.writestr("content.xml", content)
    assert refusal(bad) == "“b.ods” is damaged or is not really a workbook."


def test_ods_with_entities_of_its_own_is_refused(tmp_path: Path):
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa">]>'
    path = write_ods(tmp_path / "a.ods", [["user_1"]], prolog=bomb)
    assert refusal(path) == "“a.ods” is damaged or is not really a workbook."


@pytest.mark.parametrize("claimed", [10, 5_000_000])
def test_archive_that_lies_about_its_sizes_is_refused(tmp_path: Path, claimed: int):
    path = write_xlsx(tmp_path / "a.xlsx", {"S": [["username"], *[["user_1"]] * 2000]})
    with zipfile.ZipFile(path) as archive:
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    lie = path.read_bytes().replace(size.to_bytes(4, "little"), claimed.to_bytes(4, "little"))
    assert "a.xlsx" in refusal(written(tmp_path, "a.xlsx", lie))


def test_protected_files_ask_for_a_copy_without_password(tmp_path: Path):
    old = write_xls(tmp_path / "old.xls", {(0, 0): "username"}, encrypted=True)
    new = written(tmp_path, "new.xlsx", compound_file("EncryptedPackage", b"x" * 5000))
    for path in (old, new):
        assert refusal(path) == f"“{path.name}” is protected with a password."


def test_encrypted_zip_is_protected(tmp_path: Path):
    path = write_xlsx(tmp_path / "a.xlsx", {"S": [["username"], ["user_1"]]})
    data = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + offset] |= 1
    assert refusal(written(tmp_path, "a.xlsx", bytes(data))) == (
        "“a.xlsx” is protected with a password."
    )


@pytest.mark.parametrize(
    ("inside", "kind"), [("word/document.xml", "a text document"), ("photo.jpg", "an archive")]
)
def test_other_zips_are_called_by_their_kind(tmp_path: Path, inside: str, kind: str):
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(inside, "x")
    assert refusal(path) == f"“a.xlsx” is {kind}, not a list of people."


def test_missing_file(tmp_path: Path):
    assert refusal(tmp_path / "a.csv") == "“a.csv” was not found."


def test_folder(tmp_path: Path):
    assert refusal(tmp_path) == f"“{tmp_path.name}” is a folder, not a file."


def test_pipe_is_not_waited_for(tmp_path: Path):
    if not hasattr(os, "mkfifo"):
        pytest.skip("no named pipes on this system")
    os.mkfifo(tmp_path / "a.csv")
    assert refusal(tmp_path / "a.csv") == "“a.csv” is not an ordinary file."


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (PermissionError(13, "denied"), "“a.csv” may not be read by this program."),
        (OSError(5, "input/output error"), "“a.csv” could not be read from the disk."),
    ],
)
def test_system_refusals_are_put_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError, sentence: str
):
    path = written(tmp_path, "a.csv", "username\nuser_1\n")

    def refuse(*_args: object, **_options: object) -> None:
        raise error

    monkeypatch.setattr(Path, "open", refuse)
    assert refusal(path) == sentence


def test_huge_file_is_refused_without_being_read(tmp_path: Path):
    path = tmp_path / "a.csv"
    with path.open("wb") as file:
        file.truncate(3 * 1024**3)
    assert refusal(path) == "“a.csv” is larger than 2048 MB."


def test_too_many_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limits, "MAX_ROWS", 10)
    text = "username\n" + "user_1\n" * 10
    assert refusal(written(tmp_path, "a.csv", text)) == "“a.csv” has more than 10 rows."


def test_file_that_changes_while_it_is_read(tmp_path: Path):
    path = written(tmp_path, "a.csv", "username\n" + "user_1\n" * 1000)
    rows = FilesOfPeople().read(path, RUSSIA)
    next(rows)
    with path.open("a") as file:
        file.write("user_2\n")
    with pytest.raises(KnownError, match="was changed while it was being read"):
        list(rows)


def test_unknown_sheet(tmp_path: Path):
    path = write_xlsx(tmp_path / "a.xlsx", {"S": [["username"], ["user_1"]]})
    assert refusal(path, ReadOptions(sheet="T")) == "“a.xlsx” has no sheet “T”."


def test_memory_stays_bounded_whatever_the_size(tmp_path: Path):
    line = "user_{0:07d},+7900{0:07d},{0},Имя Фамилия\n"
    text = "username,phone,user_id,name\n" + "".join(line.format(i) for i in range(60_000))
    path = written(tmp_path, "a.csv", text)
    read_text(tmp_path, "warm.csv", "username,phone\nuser_1,+79001234567\n")
    tracemalloc.start()
    count = sum(1 for _ in FilesOfPeople().read(path, RUSSIA))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 60_000
    assert peak < 6 * 1024**2
