"""What may go with a message."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from invite_desktop.domain.attachments import (
    MAX_FILE_BYTES,
    MAX_PICTURE_BYTES,
    AttachmentKind,
    attachment_of,
    picture_size,
)
from invite_desktop.domain.errors import KnownError

POSTER = Path("poster.png")


def png(width: int, height: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + struct.pack(">II", width, height)


def jpeg(width: int, height: int) -> bytes:
    exif = b"\xff\xe1" + struct.pack(">H", 10) + b"exif...."
    frame = b"\xff\xc2" + struct.pack(">HBHH", 11, 8, height, width) + b"\x03\0\0"
    return b"\xff\xd8" + exif + frame


@pytest.mark.parametrize("make", [png, jpeg])
def test_the_size_of_a_picture_is_read(make):
    assert picture_size(make(640, 480)) == (640, 480)


@pytest.mark.parametrize("data", [b"", b"\xff\xd8", b"GIF89a\1\0\1\0", b"%PDF-1.7", png(1, 1)[:20]])
def test_anything_else_is_no_picture(data: bytes):
    assert picture_size(data) is None


@pytest.mark.parametrize(
    ("beginning", "size", "kind"),
    [
        (png(640, 480), 1000, AttachmentKind.PICTURE),
        (jpeg(9000, 1000), MAX_PICTURE_BYTES, AttachmentKind.PICTURE),
        (jpeg(9000, 1001), 1000, AttachmentKind.FILE),
        (png(100, 2001), 1000, AttachmentKind.FILE),
        (png(640, 480), MAX_PICTURE_BYTES + 1, AttachmentKind.FILE),
        (png(0, 480), 1000, AttachmentKind.FILE),
        (b"%PDF", MAX_FILE_BYTES, AttachmentKind.FILE),
    ],
)
def test_what_telegram_would_not_show_as_a_picture_goes_as_a_file(
    beginning: bytes, size: int, kind: AttachmentKind
):
    assert attachment_of(POSTER, size, 1, beginning).kind is kind


@pytest.mark.parametrize(("size", "words"), [(0, "empty"), (MAX_FILE_BYTES + 1, "too large")])
def test_an_empty_or_too_large_file_is_refused(size: int, words: str):
    with pytest.raises(KnownError, match=words):
        attachment_of(POSTER, size, 1, b"")
