"""A text file as blocks of whole lines, in bounded memory, whatever is in it."""

from __future__ import annotations

import codecs
import io
from typing import TYPE_CHECKING

from invite_desktop.importing import limits, refusals
from invite_desktop.importing.encodings import MIXED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from invite_desktop.importing.encodings import Encoding

_FIRST_LINES = 64 * 1024
_LONGEST_FIRST_LINE = 1024**2


def text_blocks(path: Path, encoding: Encoding) -> Iterator[str]:
    r"""Yield the text in blocks that end with a whole line; line ends become ``\n``.

    NUL characters are dropped, undecodable bytes replaced. Raises KnownError when the file cannot
    be read or a line is longer than a record may be.
    """
    lines, rest = 0, ""
    for text in _decoded(path, encoding):
        rest += text
        end = rest.rfind("\n") + 1
        if end:
            whole, rest = rest[:end], rest[end:]
            lines += whole.count("\n")
            yield whole
        if len(rest) > limits.MAX_RECORD_CHARACTERS:
            raise refusals.long_record(path, lines + 1)
    if rest:
        yield rest


def _decoded(path: Path, encoding: Encoding) -> Iterator[str]:
    errors = MIXED if encoding.codec == "utf-8" else "replace"
    bytes_decoder = codecs.getincrementaldecoder(encoding.codec)(errors)
    decoder = io.IncrementalNewlineDecoder(bytes_decoder, translate=True)
    with refusals.file_errors(path), path.open("rb") as file:
        file.seek(encoding.mark)
        while block := file.read(limits.BLOCK_BYTES):
            yield decoder.decode(block).replace("\0", "")
        yield decoder.decode(b"", final=True).replace("\0", "")


def first_lines(path: Path, encoding: Encoding) -> str:
    """Return some whole lines from the start, or the beginning of a first line that is very long.

    JSON without line breaks is one line of any length.
    """
    text = ""
    for block in _decoded(path, encoding):
        text += block
        if len(text) >= (_FIRST_LINES if "\n" in text else _LONGEST_FIRST_LINE):
            break
    end = text.find("\n", _FIRST_LINES)
    return text if end < 0 else text[: end + 1]
