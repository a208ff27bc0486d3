"""Zip archives looked through before a workbook reader may open them."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING

from invite_desktop.domain.messages import message
from invite_desktop.importing import limits, refusals
from invite_desktop.importing.sheet_area import OdsArea, XlsxArea

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO

_ENCRYPTED = 0x1
_LOCAL_HEADER = struct.Struct("<4s22xHH")
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    OSError,
    EOFError,
    ValueError,
    NotImplementedError,
)
"""What a damaged archive ends in; an OSError is an offset beyond its end."""


def workbook_format(path: Path) -> str:
    """Return the format's name of a zip that holds a workbook: XLSX, XLSB or ODS.

    Raises KnownError for other archives, for damaged, encrypted and hostile ones.
    """
    with _opened(path) as archive:
        entries = archive.infolist()
        names = {entry.filename.lower() for entry in entries}
        _check_directory(path, entries)
        return _kind(path, names)


def check_unpacked(path: Path) -> None:
    """Unpack every part without keeping it, to know what a reader will meet.

    The sizes in an archive's directory are only claims. Raises KnownError when a part is longer
    than it claims, is damaged, or when a sheet's cells lie so far apart that the reader would
    need more memory than there is.
    """
    with _opened(path) as archive, path.open("rb") as file:
        for entry in archive.infolist():
            area = _area_of(path, entry.filename)
            try:
                for block in _unpacked(path, file, entry):
                    if area is not None:
                        area.feed(block)
            except _BROKEN as error:
                raise refusals.damaged_workbook(path) from error


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except _BROKEN as error:
        raise refusals.damaged_workbook(path) from error


def _check_directory(path: Path, entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > limits.MAX_ARCHIVE_ENTRIES:
        raise refusals.bomb(path)
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise refusals.encrypted(path)
    unpacked = sum(entry.file_size for entry in entries)
    packed = path.stat().st_size
    if unpacked > limits.MAX_UNPACKED_BYTES or (
        unpacked > limits.RATIO_GRACE_BYTES and unpacked > limits.MAX_RATIO * packed
    ):
        raise refusals.bomb(path)


def _kind(path: Path, names: set[str]) -> str:
    if "xl/workbook.bin" in names:
        return "XLSB"
    if any(name.startswith("xl/") for name in names):
        return "XLSX"
    if any(name.startswith(("word/", "ppt/")) for name in names):
        raise refusals.foreign(path, message("a text document"))
    if "content.xml" in names:
        return "ODS"
    raise refusals.foreign(path, message("an archive"))


def _area_of(path: Path, name: str) -> XlsxArea | OdsArea | None:
    if _SHEET.fullmatch(name):
        return XlsxArea(path)
    return OdsArea(path) if name.lower() == "content.xml" else None


def _unpacked(path: Path, file: BinaryIO, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield one part's bytes in blocks, never more of them than the directory promised."""
    file.seek(entry.header_offset)
    mark, name_length, extra_length = _LOCAL_HEADER.unpack(file.read(_LOCAL_HEADER.size))
    if mark != b"PK\x03\x04":
        raise zipfile.BadZipFile
    file.seek(name_length + extra_length, 1)
    total = 0
    for block in _inflated(file, entry):
        total += len(block)
        if total > entry.file_size:
            raise refusals.bomb(path)
        yield block
    if total != entry.file_size:
        raise zipfile.BadZipFile


def _inflated(file: BinaryIO, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    left = entry.compress_size
    if entry.compress_type == zipfile.ZIP_STORED:
        while block := file.read(min(left, limits.BLOCK_BYTES)):
            left -= len(block)
            yield block
        return
    if entry.compress_type != zipfile.ZIP_DEFLATED:
        raise NotImplementedError
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    while left and (packed := file.read(min(left, limits.BLOCK_BYTES))):
        left -= len(packed)
        while packed:
            yield inflater.decompress(packed, limits.BLOCK_BYTES)
            packed = inflater.unconsumed_tail
    yield inflater.flush(limits.BLOCK_BYTES)
