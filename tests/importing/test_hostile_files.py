"""Files made to harm: read in a process of its own, they end in words and cost little memory."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.importing.workbook_writers import (
    ods_cell,
    ods_row,
    write_ods,
    write_xls,
    write_xls_of_shared_texts,
    write_xlsx,
    xlsx_cell,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MOST_MEGABYTES = 600
"""What a whole import may take; reading alone may take no more."""

READ = """
import resource, sys
from pathlib import Path
from invite_desktop.domain.errors import KnownError
from invite_desktop.engine.ports.files import ReadOptions
from invite_desktop.importing.people_files import FilesOfPeople

resource.setrlimit(resource.RLIMIT_AS, (2 * 1024**3, 2 * 1024**3))
path, files = Path(sys.argv[1]), FilesOfPeople()
for use in (files.preview, lambda *given: sum(1 for _ in files.read(*given))):
    try:
        use(path, ReadOptions())
    except KnownError as refusal:
        assert refusal.next_step is not None
        print(str(refusal.explanation).encode("utf-8", "replace").decode())
    else:
        print("read")
# Not getrusage: it remembers the size of the process that started this one.
status = Path("/proc/self/status").read_text().split()
print(int(status[status.index("VmHWM:") + 1]) // 1024)
"""

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="memory is measured there")


def outcome(path: Path) -> tuple[str, str, int]:
    """Return what preview and reading said, and the megabytes that they took together."""
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", READ, os.fsencode(path)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    shown, read, megabytes = done.stdout.splitlines()
    return shown, read, int(megabytes)


def xls_of_one_text(path: Path) -> None:
    write_xls_of_shared_texts(path, ["username", "x" * 4000], [[0, 0], *[[1, 1]] * 65_000])


def xls_of_many_sheets(path: Path) -> None:
    write_xls(path, {(0, 0): "username", (29_999, 899): "x"}, sheets=40)


def json_of_brackets(path: Path) -> None:
    path.write_text('[{"username": ' + "[" * 3_000_000)


def ods_of_repeated_cells(path: Path) -> None:
    write_ods(path, ods_row(ods_cell("user_1", 1_000_000_000)))


def ods_of_repeated_rows(path: Path) -> None:
    write_ods(path, ods_row(ods_cell("user_1", 900), 1_000_000_000))


def xlsx_that_says_it_is_full(path: Path) -> None:
    rows = f'<row r="1">{xlsx_cell("A1", "username")}</row>'
    rows += f'<row r="2">{xlsx_cell("A2", "user_1")}</row>'
    write_xlsx(path, {"S": rows}, dimension="A1:XFD1048576")


def csv_of_columns(path: Path) -> None:
    path.write_text(",".join(f"column {n}" for n in range(20_000)) + "\n" + "x," * 20_000)


def csv_of_one_line(path: Path) -> None:
    path.write_text("username,note\nuser_1," + "x" * 60_000_000)


def csv_of_a_long_header(path: Path) -> None:
    path.write_text("username," + "x" * 3_000_000 + "\nuser_1,x\n")


def csv_of_big_cells(path: Path) -> None:
    path.write_text("username,note\n" + f"user_1,{'x' * 3_000_000}\n" * 20)


def csv_of_nothing(path: Path) -> None:
    with path.open("wb") as file:
        file.write(b"username,phone\nuser_1,+79001234567\n")
        file.truncate(400 * 1024**2)


def csv_larger_than_any_list(path: Path) -> None:
    with path.open("wb") as file:
        file.write(b"username,phone\nuser_1,+79001234567\n")
        file.truncate(3 * 1024**3)


@pytest.mark.parametrize(
    ("make", "name", "sentence"),
    [
        (xls_of_one_text, "a.xls", "“a.xls” would unpack to an enormous size and was not opened."),
        (xls_of_many_sheets, "a.xls", "A sheet of “a.xls” is spread over too many cells."),
        (json_of_brackets, "a.json", "“a.json” is nested too deeply to be a list of people."),
        (ods_of_repeated_cells, "a.ods", "“a.ods” has more than 1000 columns."),
        (ods_of_repeated_rows, "a.ods", "A sheet of “a.ods” is spread over too many cells."),
        (xlsx_that_says_it_is_full, "a.xlsx", "read"),
        (csv_of_columns, "a.csv", "“a.csv” has more than 1000 columns."),
        (csv_of_one_line, "a.csv", "Row 2 of “a.csv” has more than 4194304 characters."),
        (csv_of_a_long_header, "a.csv", "read"),
        (csv_of_big_cells, "a.csv", "read"),
        (csv_of_nothing, "a.csv", "“a.csv” is neither a text nor a table."),
        (csv_larger_than_any_list, "a.csv", "“a.csv” is larger than 2048 MB."),
    ],
)
def test_hostile_file_ends_in_words_within_its_memory(
    tmp_path: Path, make: Callable[[Path], None], name: str, sentence: str
):
    path = tmp_path / name
    make(path)
    shown, read, megabytes = outcome(path)
    assert {shown, read} == {sentence}
    assert megabytes < MOST_MEGABYTES


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/stdin", "/proc/self/mem"])
def test_what_is_no_file_is_not_read(tmp_path: Path, device: str):
    link = tmp_path / "a.csv"
    link.symlink_to(device)
    shown, read, _ = outcome(link)
    assert shown == read
    assert shown in {"“a.csv” is not an ordinary file.", "“a.csv” is empty."}


def test_links_in_a_circle_are_not_followed(tmp_path: Path):
    link = tmp_path / "a.csv"
    link.symlink_to(tmp_path / "b.csv")
    (tmp_path / "b.csv").symlink_to(link)
    assert outcome(link)[1] == "“a.csv” could not be read from the disk."


def test_a_name_that_is_no_text_is_shown_as_far_as_it_is(tmp_path: Path):
    path = tmp_path / os.fsdecode(b"\xff\xfe.csv")
    path.write_text("username\nuser_1\n")
    assert outcome(path)[:2] == ("read", "read")
    path.write_text("name\n")
    assert outcome(path)[1].endswith(".csv” has a header but no rows.")
