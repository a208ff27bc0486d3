"""Pictures and documents: uploaded by clients, kept with the letters that carry them."""

from __future__ import annotations

import base64
import struct
from dataclasses import astuple, dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from invite_desktop.rehearsal.changes import Change, Changes

_PNG = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A stored file. ``attributes``: TL bytes in base64; ``width`` 0: it is no picture."""

    id: int
    name: str
    mime: str
    attributes: str
    width: int
    height: int
    digest: str
    length: int
    sent_at: int


class Attachments:
    """All stored files by their ids; the same bytes are kept once."""

    def __init__(self, changes: Changes) -> None:
        self._commit = changes.commit
        self._kept: dict[int, Attachment] = {}
        self._bytes: dict[str, bytes] = {}
        changes.keep({"bytes": self._apply_bytes, "attachment": self._apply_attachment}, self._dump)

    def add(
        self,
        data: bytes,
        at: int,
        *,
        name: str = "",
        mime: str = "",
        attributes: str = "",
        size: tuple[int, int] = (0, 0),
    ) -> Attachment:
        """Keep a file; a picture has a size in pixels, a document name, type and attributes."""
        digest = sha256(data).hexdigest()
        if digest not in self._bytes:
            self._commit("bytes", base64.b64encode(data).decode())
        number = len(self._kept) + 1
        values = name, mime, attributes, *size, digest, len(data), at
        self._commit("attachment", number, *values)
        return self._kept[number]

    def find(self, number: int) -> Attachment | None:
        """Return the file with this id."""
        return self._kept.get(number)

    def content(self, attachment: Attachment) -> bytes:
        """Return the bytes of a file."""
        return self._bytes[attachment.digest]

    def _apply_bytes(self, packed: str) -> None:
        data = base64.b64decode(packed)
        self._bytes[sha256(data).hexdigest()] = data

    def _apply_attachment(self, number: int, *values: Any) -> None:  # noqa: ANN401 - JSON values
        self._kept[number] = Attachment(number, *values)

    def _dump(self) -> Iterator[Change]:
        for data in self._bytes.values():
            yield "bytes", base64.b64encode(data).decode()
        for kept in self._kept.values():
            yield "attachment", *astuple(kept)


def picture_size(data: bytes) -> tuple[int, int] | None:
    """Return width and height of a PNG, GIF or JPEG in pixels, None when it is no picture."""
    if data.startswith(_PNG) and len(data) >= 24:
        width, height = struct.unpack_from(">II", data, 16)
    elif data.startswith((b"GIF87a", b"GIF89a")) and len(data) >= 10:
        width, height = struct.unpack_from("<HH", data, 6)
    else:
        return _jpeg_size(data)
    return (width, height) if width and height else None


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    if not data.startswith(b"\xff\xd8"):
        return None
    position = 2
    while position + 9 <= len(data) and data[position] == 0xFF:
        marker, length = struct.unpack_from(">BH", data, position + 1)
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            height, width = struct.unpack_from(">HH", data, position + 5)
            return (width, height) if width and height else None
        position += 2 + length
    return None
