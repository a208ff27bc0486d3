"""A disk that loses what was never flushed, and nothing else."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from tests.kills.power import SECTOR, DiskFile, Write, replayed

if TYPE_CHECKING:
    from pathlib import Path

KEPT = pytest.mark.parametrize(("share", "expected"), [(0.0, b"aaaa"), (1.0, b"abba")])


def traced(tmp_path: Path, *lines: str) -> DiskFile:
    trace, file = tmp_path / "trace", tmp_path / "file"
    name = "".join(f"\\x{byte:02x}" for byte in str(file).encode())
    trace.write_text("".join(f"{line}\n" for line in lines).replace("FILE", f"3<{name}>"))
    return replayed(trace, {file: b"aaaa"})[file]


WRITE = r'7 pwrite64(FILE, "\x62\x62", 2, 1) = 2'


@KEPT
def test_a_write_without_a_flush_may_be_lost(tmp_path: Path, share: float, expected: bytes):
    file = traced(tmp_path, WRITE)
    assert file.after_the_loss(random.Random(0), share) == expected


@pytest.mark.parametrize(
    ("flush", "expected"),
    [
        (["7 fdatasync(FILE) = 0"], b"abba"),
        (["7 fsync(FILE) = 0"], b"abba"),
        (["7 fdatasync(FILE <unfinished ...>", "7 <... fdatasync resumed>) = 0"], b"abba"),
        (["7 fdatasync(FILE <unfinished ...>"], b"aaaa"),
        (["7 fdatasync(FILE) = -1 EIO (Input/output error)"], b"aaaa"),
        (["7 fdatasync(FILE) = ?"], b"aaaa"),
    ],
    ids=str,
)
def test_only_a_flush_that_came_to_its_end_counts(
    tmp_path: Path, flush: list[str], expected: bytes
):
    file = traced(tmp_path, WRITE, *flush)
    assert file.after_the_loss(random.Random(0), 0) == expected


def test_what_is_written_while_a_flush_is_under_way_is_not_part_of_it(tmp_path: Path):
    late = r'8 pwrite64(FILE, "\x63", 1, 0) = 1'
    begun, ended = "7 fdatasync(FILE <unfinished ...>", "7 <... fdatasync resumed>) = 0"
    file = traced(tmp_path, WRITE, begun, late, ended)
    assert file.after_the_loss(random.Random(0), 0) == b"abba"


def test_a_file_can_be_cut_and_grow(tmp_path: Path):
    cut, grown = "7 ftruncate(FILE, 2) = 0", r'7 pwrite64(FILE, "\x62", 1, 4) = 1'
    file = traced(tmp_path, cut, grown, "7 fsync(FILE) = 0")
    assert file.after_the_loss(random.Random(0), 0) == b"aa\0\0b"


def test_a_long_write_may_reach_the_disk_in_parts():
    file = DiskFile(bytearray(4 * SECTOR), [Write(SECTOR // 2, b"b" * 3 * SECTOR)])
    seen = {file.after_the_loss(random.Random(seed), 0.5).count(b"b") for seed in range(40)}
    assert len(seen) > 4
    assert seen <= {half * SECTOR // 2 for half in range(7)}
