"""A picture or a file that goes with a message, and Telegram's rules for it.

Source: core.telegram.org/api/files and the limits of sending photos at core.telegram.org/bots/api.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message

if TYPE_CHECKING:
    from pathlib import Path

MAX_FILE_BYTES = 4000 * 512 * 1024
"""The largest file of an account without Premium: 4000 parts of half a megabyte."""

MAX_PICTURE_BYTES = 10 * 1024 * 1024
_MAX_SIDES, _MAX_RATIO = 10_000, 20
"""Width and height together, in pixels, and how many times one may be the other."""

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8"
_MEGABYTE = 1024 * 1024


class AttachmentKind(StrEnum):
    """How Telegram shows what goes with a message."""

    PICTURE = "picture"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Attachment:
    """What goes with a message, as it lies on the disk now.

    ``size`` in bytes; ``changed_at`` is the file's own mark of change, in nanoseconds.
    """

    path: Path
    kind: AttachmentKind
    size: int
    changed_at: int


def attachment_of(path: Path, size: int, changed_at: int, beginning: bytes) -> Attachment:
    """Return how a file would be sent; ``beginning`` are its first bytes.

    A picture that Telegram would not show as one is sent as a file. Raises KnownError for a file
    that is empty or too large.
    """
    if not size:
        raise KnownError(
            message("The file “{name}” is empty.", name=path.name),
            message("Choose another file."),
        )
    if size > MAX_FILE_BYTES:
        raise KnownError(
            message(
                "The file “{name}” is too large: {size} MB; Telegram takes {most} MB.",
                name=path.name,
                size=size // _MEGABYTE,
                most=MAX_FILE_BYTES // _MEGABYTE,
            ),
            message("Choose another file."),
        )
    shown = size <= MAX_PICTURE_BYTES and _is_shown(picture_size(beginning))
    kind = AttachmentKind.PICTURE if shown else AttachmentKind.FILE
    return Attachment(path, kind, size, changed_at)


def picture_size(beginning: bytes) -> tuple[int, int] | None:
    """Return width and height of a PNG or JPEG in pixels, None when it is neither."""
    if beginning.startswith(_PNG) and len(beginning) >= 24:
        width, height = struct.unpack_from(">II", beginning, 16)
        return width, height
    return _jpeg_size(beginning) if beginning.startswith(_JPEG) else None


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    """Return the size that the first frame of a JPEG names."""
    position = 2
    while position + 9 <= len(data) and data[position] == 0xFF:
        marker, length = struct.unpack_from(">BH", data, position + 1)
        if marker in range(0xC0, 0xD0) and marker not in {0xC4, 0xC8, 0xCC}:
            height, width = struct.unpack_from(">HH", data, position + 5)
            return width, height
        position += 2 + length
    return None


def _is_shown(size: tuple[int, int] | None) -> bool:
    if size is None or not all(size):
        return False
    return sum(size) <= _MAX_SIDES and max(size) <= _MAX_RATIO * min(size)
