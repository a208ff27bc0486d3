"""Which encoding a text is in, with an eye on what Russian programs write."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from charset_normalizer import from_bytes

from invite_desktop.importing import limits, refusals

if TYPE_CHECKING:
    from pathlib import Path
    from typing import BinaryIO

MIXED = "invite_desktop.mixed"
"""Name of the error handler that reads what is not UTF-8 in a UTF-8 text as Windows-1251.

Lists are glued together from exports of several programs; so no row of them is lost.
"""


@dataclass(frozen=True, slots=True)
class Encoding:
    """A codec of Python's, the name to show, and the bytes of the mark at the file's start."""

    codec: str
    title: str
    mark: int = 0


UTF_8 = Encoding("utf-8", "UTF-8")
_MARKS = (
    (codecs.BOM_UTF8, Encoding("utf-8", "UTF-8", 3)),
    (codecs.BOM_UTF32_LE, Encoding("utf-32-le", "UTF-32", 4)),
    (codecs.BOM_UTF32_BE, Encoding("utf-32-be", "UTF-32", 4)),
    (codecs.BOM_UTF16_LE, Encoding("utf-16-le", "UTF-16", 2)),
    (codecs.BOM_UTF16_BE, Encoding("utf-16-be", "UTF-16", 2)),
)
_UNMARKED_UTF_16 = (Encoding("utf-16-le", "UTF-16"), Encoding("utf-16-be", "UTF-16"))
_CYRILLIC = (
    Encoding("cp1251", "Windows-1251"),
    Encoding("koi8-r", "KOI8-R"),
    Encoding("cp866", "DOS 866"),
    Encoding("mac-cyrillic", "Mac Cyrillic"),
    Encoding("iso8859-5", "ISO 8859-5"),
)
_WESTERN = Encoding("cp1252", "Windows-1252")

_LETTERS_BY_FREQUENCY = "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъёіїє"
_PER_THOUSAND = (
    "110 85 80 74 67 63 55 47 45 44 35 32 30 28 26 20 19 17 17 16 16 14 12 10 9 7 6 5 4 3 3 1 1"
    " 40 8 6"
)
_FREQUENCY = dict(zip(_LETTERS_BY_FREQUENCY, map(int, _PER_THOUSAND.split()), strict=True))
"""Letters of Russian per thousand; the three Ukrainian ones as often as there."""

_LETTERS = re.compile("[А-Яа-яЁёІіЇїЄє]")
_MIXED_CASE = re.compile("[а-яё][А-ЯЁ]")
_MIXED_SCRIPT = re.compile("[A-Za-zÀ-ɏ][А-Яа-яЁё]|[А-Яа-яЁё][A-Za-zÀ-ɏ]")
_STRANGE = re.compile("[^\\x00-\\x7fА-Яа-яЁёІіЇїЄєҐґ«»„“”‘’–—…№•°§©®\xa0]")
_NOT_WESTERN = re.compile("[^\\x00-\\x7fÀ-ÏÑ-ÖØ-ÜßŒœà-ïñ-öø-üÿŸ«»„“”‘’–—…€£§©®°ªº¿¡·\xa0]")
_LIKELY = re.compile("[\t\n\r\x20-\x7e\xa0-ɏЀ-ԯ\u2000-\u206f\u2100-\u214f]")
_RUSSIAN_ENOUGH = 0.55
_WORDS_FOR_GUESSING = 64 * 1024


def _mixed(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1251", "replace"), error.end


codecs.register_error(MIXED, _mixed)


def detect_encoding(path: Path) -> Encoding:
    """Return the encoding of a text file: by its mark, else by its first foreign letters.

    Raises KnownError when the file cannot be read.
    """
    with refusals.file_errors(path), path.open("rb") as file:
        head = file.read(limits.BLOCK_BYTES)
        for mark, encoding in _MARKS:
            if head.startswith(mark):
                return encoding
        if b"\0" in head:
            for encoding in _UNMARKED_UTF_16:
                if _looks_likely(head, encoding):
                    return encoding
        sample = _foreign_part(head, file)
    return encoding_of(sample) if sample else UTF_8


def _looks_likely(head: bytes, encoding: Encoding) -> bool:
    """Return whether nearly every character is one that lists of people are written with."""
    text = head[: len(head) // 2 * 2].decode(encoding.codec, "replace")
    return len(_LIKELY.findall(text)) > 0.9 * len(text)


def _foreign_part(head: bytes, file: BinaryIO) -> bytes:
    """Return the whole lines around the first byte beyond ASCII, empty when there is none."""
    block, first = head, True
    while block:
        if not block.isascii():
            block += file.read(limits.BLOCK_BYTES)
            start = 0 if first else block.find(b"\n") + 1
            return block[start:] if not block[start:].isascii() else block
        block, first = file.read(limits.BLOCK_BYTES), False
    return b""


def encoding_of(sample: bytes) -> Encoding:
    """Return the most likely encoding of a text that has bytes beyond ASCII and no mark."""
    if _is_utf_8(sample):
        return UTF_8
    lines = b"\n".join(line for line in sample.split(b"\n") if not line.isascii())
    lines = lines[:_WORDS_FOR_GUESSING]
    scored = [(russian_score(lines.decode(one.codec, "replace")), one) for one in _CYRILLIC]
    score, best = max(scored, key=lambda pair: pair[0])
    return best if score > _RUSSIAN_ENOUGH else _by_statistics(lines)


def _is_utf_8(sample: bytes) -> bool:
    """Return whether the text is UTF-8, a few foreign bytes in it allowed."""
    decoder = codecs.getincrementaldecoder("utf-8")("ignore")
    text = decoder.decode(sample)
    letters = sum(not char.isascii() for char in text)
    held, _ = decoder.getstate()
    lost = len(sample) - len(held) - len(text.encode("utf-8"))
    return letters > lost


def russian_score(text: str) -> float:
    """Return how Russian the letters beyond ASCII look: about 1 for Russian, under 0.5 for none."""
    letters = _LETTERS.findall(text)
    if not letters:
        return 0.0
    usual = sum(_FREQUENCY.get(letter.lower(), 0) for letter in letters) / len(letters) / 57
    oddities = len(_MIXED_CASE.findall(text)) + len(_MIXED_SCRIPT.findall(text))
    return usual - 2 * (oddities + len(_STRANGE.findall(text))) / len(letters)


def _by_statistics(sample: bytes) -> Encoding:
    if not _NOT_WESTERN.search(sample.decode(_WESTERN.codec, "replace")):
        return _WESTERN
    best = from_bytes(sample).best()
    if best is None or best.encoding.startswith(("utf", "ascii")):
        return _WESTERN
    return Encoding(best.encoding, best.encoding.replace("_", "-").upper())
