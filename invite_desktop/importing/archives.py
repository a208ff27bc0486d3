"""Zip archives looked through before a workbook reader may open them."""

from __future__ import annotations

import struct
import zipfile
import zlib
from typing import TYPE_CHECKING, Protocol

from invite_desktop.domain.messages import message
from invite_desktop.importing import limits, refusals
from invite_desktop.importing.shared_texts import SharedTexts, ShownText
from invite_desktop.importing.sheet_area import OdsArea, XlsxArea

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import BinaryIO

_ENCRYPTED = 0x1
_LOCAL_HEADER = struct.Struct("<4s22xHH")
_SHARED_TEXTS = "xl/sharedstrings.xml"
_ODS_SHEETS = "content.xml"
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
    """Return the format's name of a zip that holds a workbook: XLSX or ODS.

    Raises KnownError for other archives, for damaged, encrypted and hostile ones.
    """
    with _opened(path) as archive:
        entries = archive.infolist()
        names = {entry.filename.lower() for entry in entries}
        _check_directory(path, entries)
        return _kind(path, names)


def check_unpacked(path: Path, format_name: str) -> None:
    """Unpack every part without keeping it, to know what a reader will meet.

    The sizes in an archive's directory are only claims. Raises KnownError when a part is longer
    than it claims, is damaged, or when the reader would need more memory than there is: for cells
    that lie too far apart, or for a text that is shown too often.
    """
    with _opened(path) as archive, path.open("rb") as file:
        entries = archive.infolist()
        if format_name == "ODS":
            _pass_by(
                path, file, entries, lambda name: OdsArea(path) if name == _ODS_SHEETS else None
            )
        else:
            _check_xlsx(path, file, entries)


def _check_xlsx(path: Path, file: BinaryIO, entries: list[zipfile.ZipInfo]) -> None:
    """Measure every part as if it were a sheet: their names are free."""
    texts = SharedTexts()
    areas: list[XlsxArea] = []

    def measure(name: str) -> SharedTexts | XlsxArea:
        if name == _SHARED_TEXTS:
            return texts
        areas.append(XlsxArea(path))
        return areas[-1]

    _pass_by(path, file, entries, measure)
    if sum(area.cells for area in areas) * texts.longest > limits.MAX_SHEET_TEXT_BYTES:
        shown = ShownText(texts)
        _pass_by(path, file, entries, lambda name: None if name == _SHARED_TEXTS else shown)
        if shown.total > limits.MAX_SHEET_TEXT_BYTES:
            raise refusals.bomb(path)


class _Measure(Protocol):
    """What looks at the bytes of a part as they pass by."""

    def feed(self, block: bytes) -> None: ...


def _pass_by(
    path: Path,
    file: BinaryIO,
    entries: list[zipfile.ZipInfo],
    measure: Callable[[str], _Measure | None],
) -> None:
    for entry in entries:
        looking = measure(entry.filename.lower())
        try:
            for block in _unpacked(path, file, entry):
                if looking is not None:
                    looking.feed(block)
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
        raise refusals.foreign(path, message("a binary workbook"))
    if any(name.startswith("xl/") for name in names):
        return "XLSX"
    if any(name.startswith(("word/", "ppt/")) for name in names):
        raise refusals.foreign(path, message("a text document"))
    if _ODS_SHEETS in names:
        return "ODS"
    raise refusals.foreign(path, message("an archive"))


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
