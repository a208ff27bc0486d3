"""Whatever is in a file and whatever it is called: rows, or a refusal in words."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from invite_desktop.domain.audiences import InvalidRow
from invite_desktop.domain.errors import KnownError
from invite_desktop.engine.ports.files import PersonRow
from tests.importing.reading import SAMPLES, preview, problems, read
from tests.importing.workbook_writers import write_ods, write_xls, write_xlsx

if TYPE_CHECKING:
    from invite_desktop.engine.ports.files import ReadRow

ENDINGS = st.sampled_from(
    ["csv", "tsv", "txt", "json", "ndjson", "jsonl", "xlsx", "xls", "ods", "pdf", ""]
)
PIECES = st.sampled_from(
    [
        *[b'"', b"\n", b"\r", b"\0", b";", b",", b"\t", b"|", b"[", b"]", b"{", b"}", b":", b"\\"],
        *[b"\xff", b"\xfe", b"\xef\xbb\xbf", b"\xff\xfe", b"PK\x03\x04", b"\xd0\xcf\x11\xe0"],
        *[b"username", b"id", b"phone", b"@user_1", b"+79001234567", b"sep=;\n", b'{"username":"'],
        *[b"\\ud800", b"NaN", b"1e999", b"-1001234567890", "телефон".encode()],
        "имя".encode("cp1251"),
    ]
)
SETTINGS = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def outcome(path: Path) -> list[ReadRow] | KnownError:
    try:
        shown = preview(path)
        rows = read(path)
    except KnownError as refusal:
        return refusal
    assert len(shown.header) == len(shown.fields)
    return rows


def check(content: bytes, ending: str) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder, f"a.{ending}")
        path.write_bytes(content)
        rows = outcome(path)
    if isinstance(rows, KnownError):
        assert rows.next_step is not None
        return
    numbers = [row.number for row in rows]
    assert numbers == sorted(set(numbers))
    for row in rows:
        assert isinstance(row, InvalidRow) or row.keys.strongest is not None
        if isinstance(row, PersonRow):
            "".join([row.full_name, *row.extra, *row.extra.values()]).encode()


@cache
def seeds() -> list[bytes]:
    paths = [path for path in SAMPLES.rglob("*.*") if path.stat().st_size < 60_000]
    with TemporaryDirectory() as folder:
        made = [
            write_xlsx(Path(folder, "a.xlsx"), {"S": [["username"], ["user_1"]]}),
            write_ods(Path(folder, "a.ods"), [["username"], ["user_1"]]),
            write_xls(Path(folder, "a.xls"), {(0, 0): "username", (1, 0): "user_1"}),
        ]
        return [path.read_bytes() for path in [*sorted(paths), *made]]


@SETTINGS
@given(st.binary(max_size=300), ENDINGS)
def test_any_bytes(content: bytes, ending: str):
    check(content, ending)


@SETTINGS
@given(st.lists(PIECES | st.binary(max_size=5), max_size=40).map(b"".join), ENDINGS)
def test_any_pieces_of_formats(content: bytes, ending: str):
    check(content, ending)


@SETTINGS
@given(st.data(), ENDINGS)
def test_any_damage_to_good_files(data: st.DataObject, ending: str):
    content = bytearray(data.draw(st.sampled_from(seeds())))
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(content)))
        match data.draw(st.sampled_from(["change", "insert", "remove", "cut"])):
            case "change":
                content[place : place + 1] = data.draw(st.binary(min_size=1, max_size=1))
            case "insert":
                content[place:place] = data.draw(PIECES) * data.draw(st.sampled_from([1, 30]))
            case "remove":
                del content[place : place + data.draw(st.integers(1, 40))]
            case _:
                del content[max(place, 1) :]
    check(bytes(content), ending)


@pytest.mark.parametrize("digits", [999, 1999, 4000, 4301, 500_000])
@pytest.mark.parametrize("offset", [0, 1, 262_100])
def test_endless_numbers_do_not_end_the_process(tmp_path: Path, digits: int, offset: int):
    path = tmp_path / "a.json"
    path.write_text('["' + "x" * offset + '",' + "1" * digits + "]")
    rows = outcome(path)
    assert isinstance(rows, KnownError) or problems(rows)
