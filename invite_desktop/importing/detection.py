"""What a file is: by its content first, by the end of its name second."""

from __future__ import annotations

import json
import re
import stat
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from invite_desktop.domain.messages import message
from invite_desktop.importing import archives, limits, refusals
from invite_desktop.importing.encodings import UTF_8, Encoding, detect_encoding
from invite_desktop.importing.text_blocks import first_lines

if TYPE_CHECKING:
    from pathlib import Path


class Family(StrEnum):
    """The reader that a file goes to."""

    DELIMITED = "delimited"
    LINES = "lines"
    WORKBOOK = "workbook"
    JSON = "json"
    NDJSON = "ndjson"


@dataclass(frozen=True, slots=True)
class Detected:
    """What was found out about a file. ``format`` is the name to show."""

    family: Family
    format: str
    encoding: Encoding = UTF_8
    head: str = ""


_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ARCHIVE = message("an archive")
_PICTURE = message("a picture")
_MEDIA = message("a sound or video file")
_PROGRAM = message("a program")
_WEB_PAGE = message("a web page")
_FOREIGN = (
    (re.compile(rb"%PDF-"), message("a PDF document")),
    (re.compile(rb"\x89PNG\r\n|\xff\xd8\xff|GIF8[79]a|II\*\0|MM\0\*"), _PICTURE),
    (re.compile(rb"BM.{12}[\x0c-\x7c]\0\0\0", re.S), _PICTURE),
    (re.compile(rb"RIFF.{4}WEBP|.{4}ftyp(?:heic|avif|mif1)", re.S), _PICTURE),
    (re.compile(rb"RIFF.{4}|.{4}ftyp|ID3|OggS|\x1aE\xdf\xa3|fLaC", re.S), _MEDIA),
    (re.compile(rb"Rar!\x1a\x07|7z\xbc\xaf'\x1c|\x1f\x8b\x08|BZh[1-9]1AY|\xfd7zXZ\0"), _ARCHIVE),
    (re.compile(rb"\x7fELF|MZ.{58,}PE\0\0|\xcf\xfa\xed\xfe|\xca\xfe\xba\xbe", re.S), _PROGRAM),
    (re.compile(rb"SQLite format 3\0"), message("a database")),
    (re.compile(rb"\{\\rtf"), message("a text document")),
    (re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|head|body|table)\b", re.I), _WEB_PAGE),
    (re.compile(rb"(?:\xef\xbb\xbf)?\s*<\?xml", re.I), message("an XML document")),
)  # fmt: skip
_JSON_START = re.compile(r"\s*(?:\{\s*[\"}]|\[\s*(?:[\[{\"\]\d-]|null|true|false))")
_JSON_NAMES = {".json", ".ndjson", ".jsonl"}
_CONTROL = re.compile("[\x01-\x08\x0e-\x19\x1b\x7f\x80-\x84\x86-\x9f\ufffd]")
_LONGEST_WORD = len("false")
_MOST_CONTROL = 0.02


def check_file(path: Path) -> None:
    """Raise KnownError when a path cannot be a list: missing, a folder, empty, too large."""
    with refusals.file_errors(path):
        found = path.stat()
    if stat.S_ISDIR(found.st_mode):
        raise refusals.is_directory(path)
    if not stat.S_ISREG(found.st_mode):
        raise refusals.not_a_file(path)
    if found.st_size == 0:
        raise refusals.empty(path)
    if found.st_size > limits.MAX_FILE_BYTES:
        raise refusals.too_large(path, limits.MAX_FILE_BYTES)


def detect(path: Path) -> Detected:
    """Return what a file is. Raises KnownError when it is nothing that can hold a list."""
    with refusals.file_errors(path), path.open("rb") as file:
        head = file.read(4096)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return Detected(Family.WORKBOOK, archives.workbook_format(path))
    if head.startswith(_OLE):
        return Detected(Family.WORKBOOK, "XLS")
    for start, kind in _FOREIGN:
        if start.match(head):
            raise refusals.foreign(path, kind)
    return _detect_text(path)


def _detect_text(path: Path) -> Detected:
    encoding = detect_encoding(path)
    text = first_lines(path, encoding)
    _check_text(path, text)
    ending = path.suffix.lower()
    if _is_json(text, ending):
        if ending in {".ndjson", ".jsonl"} or _is_ndjson(text):
            return Detected(Family.NDJSON, "NDJSON", encoding, text)
        return Detected(Family.JSON, "JSON", encoding, text)
    if ending == ".txt":
        return Detected(Family.LINES, "TXT", encoding, text)
    return Detected(Family.DELIMITED, "CSV", encoding, text)


def _check_text(path: Path, text: str) -> None:
    with refusals.file_errors(path), path.open("rb") as file:
        head = file.read(limits.BLOCK_BYTES)
    if not text.strip():
        raise refusals.not_text(path) if b"\0" in head else refusals.empty(path)
    too_much_control = len(_CONTROL.findall(text)) > _MOST_CONTROL * len(text)
    mostly_nul = head.count(0) > len(head) * 0.8
    if too_much_control or mostly_nul:
        raise refusals.not_text(path)


def _is_json(text: str, ending: str) -> bool:
    if ending in _JSON_NAMES:
        return text.lstrip().startswith(("{", "["))
    return _JSON_START.match(text) is not None and _parses_as_json(text)


def _parses_as_json(text: str) -> bool:
    """Return whether the beginning is JSON as far as it goes: "[1] Иван" is a line of a list."""
    line = text.lstrip().partition("\n")[0].strip()
    try:
        _, end = json.JSONDecoder().raw_decode(line)
    except json.JSONDecodeError as error:
        cut = error.pos >= len(line) - _LONGEST_WORD or error.msg.startswith("Unterminated")
        return cut or line.startswith(('{"', '[{"'))
    except RecursionError:
        return True
    return end == len(line)


def _is_ndjson(text: str) -> bool:
    lines = [line for line in text.splitlines() if line.strip()][:2]
    if len(lines) < 2 or not lines[1].lstrip().startswith("{"):
        return False
    try:
        return isinstance(json.loads(lines[0]), dict)
    except (ValueError, RecursionError):
        return False
