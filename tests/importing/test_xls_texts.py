"""Shared texts of XLS are measured as they are written, wherever their records are cut."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invite_desktop.importing.xls_texts import XlsTexts

TEXTS, CONTINUED, OTHER = 0x00FC, 0x003C, 0x0031


def measured(parts: list[bytes], shown: list[int]) -> int:
    texts = XlsTexts()
    for number, part in enumerate(parts):
        texts.feed(CONTINUED if number else TEXTS, part)
    for one in shown:
        texts.feed(0x00FD, struct.pack("<HHHI", 0, 0, 0, one))
    return texts.total()


def text(letters: str, *, formats: int = 0, extension: bytes = b"") -> bytes:
    wide = not letters.isascii()
    flags = wide | (8 if formats else 0) | (4 if extension else 0)
    head = struct.pack("<HB", len(letters), flags)
    head += struct.pack("<H", formats) if formats else b""
    head += struct.pack("<I", len(extension)) if extension else b""
    content = letters.encode("utf-16-le" if wide else "latin-1")
    return head + content + b"\1\2\3\4" * formats + extension


def table(*texts: bytes) -> bytes:
    return struct.pack("<II", len(texts), len(texts)) + b"".join(texts)


def test_each_cell_counts_with_its_own_text():
    parts = [table(text("username"), text("Анна"), text("x" * 500))]
    assert measured(parts, [0, 1, 1, 2]) == 8 + 2 * 8 + 500


def test_formats_and_extensions_are_no_text():
    parts = [table(text("ab", formats=3), text("в", formats=1, extension=b"?" * 40), text("abc"))]
    assert measured(parts, [0, 1, 2]) == 2 + 2 + 3


@given(cut=st.integers(0, 9), widens=st.booleans())
def test_a_text_goes_on_in_the_next_record(cut: int, *, widens: bool):
    """The rest may be written with wider letters, and says so."""
    start = struct.pack("<HB", 9, 0) + b"x" * cut
    rest = ("x" * (9 - cut)).encode("utf-16-le" if widens else "latin-1")
    parts = [table(text("username"), start), bytes([widens]) + rest + text("abc")]
    if cut == 9:
        parts[1] = text("abc")
    assert measured(parts, [1, 2]) == cut + (9 - cut) * (1 + widens) * (cut < 9) + 3


def test_other_records_end_the_table():
    texts = XlsTexts()
    texts.feed(TEXTS, table(text("abc")))
    texts.feed(OTHER, b"font")
    texts.feed(CONTINUED, text("of something else"))
    texts.feed(0x00FD, struct.pack("<HHHI", 0, 0, 0, 0))
    assert texts.total() == 3


@pytest.mark.parametrize("parts", [[], [b""], [table(text("abc"))[:-1]], [table() + b"\xff\xff"]])
def test_a_text_that_cannot_be_measured_counts_as_the_longest(parts: list[bytes]):
    assert measured(parts, [0]) == 2 * 65_535
