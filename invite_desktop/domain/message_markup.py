"""What a user may write into a message: variables, and formatting as in Telegram itself.

``**bold**``, ``__italic__``, ``~~struck out~~``, ``||hidden until tapped||``, ``` `code` ```,
``[a link](https://example.com)``; a backslash before a mark keeps it as it is. Marks that open or
close nothing are plain text, and so are those inside an address.

A text is taken apart before anything is known of a person, so that no value is ever read as
formatting.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.formatted_text import EntityKind
from invite_desktop.domain.messages import message

_VARIABLE = re.compile(
    r"\{\{\s*(?P<name>[^{}|]+?)\s*"
    r"(?:\|\s*default\s*\(\s*(?:\"(?P<straight>[^\"{}]*)\"|'(?P<single>[^'{}]*)'"
    r"|“(?P<curly>[^”{}]*)”|«(?P<guillemet>[^»{}]*)»)\s*\)\s*)?\}\}"
)
_BRACES = r"\{\{[^{}]*\}\}"
_TOKEN = re.compile(
    rf"(?P<variable>{_BRACES})"
    r"|\\(?P<escaped>[\\*_~|`\[\]])"
    r"|(?P<address>(?:https?|tg)://(?:(?!\*\*|~~|\|\||__(?!\w)|\{\{)[^\s`\[\])])+)"
    rf"|`(?P<code>(?:{_BRACES}|[^`\n])+)`"
    r"|(?P<mark>\*\*|__|~~|\|\|)"
    r"|(?P<open>\[)"
    rf"|(?P<close>\]\((?P<url>(?:{_BRACES}|[^\s()])+)\))"
)
_KINDS = {
    "**": EntityKind.BOLD,
    "__": EntityKind.ITALIC,
    "~~": EntityKind.STRIKE,
    "||": EntityKind.SPOILER,
}
_SCHEMES = re.compile(r"(?:https?|tg)://[^{}]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Variable:
    """A field of the person; ``fall_back`` None: without a value the message cannot be made."""

    name: str
    fall_back: str | None = None


Piece = str | Variable


@dataclass(frozen=True, slots=True)
class Span:
    """Formatting over pieces, ``end`` not included; ``url`` is where a link leads, in pieces."""

    kind: EntityKind
    start: int
    end: int
    url: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True)
class Layout:
    """A message taken apart: texts and variables in order, and the formatting over them."""

    pieces: tuple[Piece, ...]
    spans: tuple[Span, ...]


@lru_cache(maxsize=64)
def layout_of(text: str) -> Layout:
    """Return a message as the user wrote it, taken apart.

    Raises KnownError for a link whose address does not begin like one.
    """
    return _Reading(text).layout()


def variables_in(text: str) -> tuple[Variable, ...]:
    """Return the variables of a message, those inside the addresses of links too."""
    layout = layout_of(text)
    pieces = (*layout.pieces, *(piece for span in layout.spans for piece in span.url))
    return tuple(piece for piece in pieces if isinstance(piece, Variable))


def without_variables(text: str) -> str:
    """Return a message with every well-written variable taken out."""
    return _VARIABLE.sub("", text)


class _Reading:
    """One pass over a message. An open mark stays among the pieces until its end is found."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._pieces: list[Piece] = []
        self._spans: list[Span] = []
        self._open: list[tuple[str, int]] = []

    def layout(self) -> Layout:
        position = 0
        for found in _TOKEN.finditer(self._text):
            self._pieces.append(self._text[position : found.start()])
            self._take(found)
            position = found.end()
        self._pieces.append(self._text[position:])
        return Layout(tuple(self._pieces), tuple(self._spans))

    def _take(self, found: re.Match[str]) -> None:
        if found["mark"]:
            self._mark(found)
        elif found["open"]:
            self._begin("[")
        elif found["close"]:
            self._link(found)
        elif found["code"]:
            start = len(self._pieces)
            self._pieces.extend(_pieces(found["code"]))
            self._spans.append(Span(EntityKind.CODE, start, len(self._pieces)))
        elif found["variable"]:
            self._pieces.extend(_pieces(found["variable"]))
        else:
            self._pieces.append(found["escaped"] or found[0])

    def _mark(self, found: re.Match[str]) -> None:
        mark, before, after = found[0], self._text[: found.start()][-1:], self._after(found)
        inside_word = mark == "__"
        closes = before.strip() and not (inside_word and _is_of_word(after))
        opens = after.strip() and not (inside_word and _is_of_word(before))
        start = self._start_of(mark)
        if start is not None and closes and any(self._pieces[start + 1 :]):
            self._end(mark, Span(_KINDS[mark], start, len(self._pieces)))
        elif start is None and opens:
            self._begin(mark)
        else:
            self._pieces.append(mark)

    def _link(self, found: re.Match[str]) -> None:
        start = self._start_of("[")
        if start is None:
            self._pieces.append(found[0])
            return
        url = found["url"]
        if not _SCHEMES.match(url):
            raise KnownError(
                message("The link “{link}” is not written right.", link=url),
                message("Write it like this: {example}", example="[text](https://example.com)"),
            )
        self._end("[", Span(EntityKind.LINK, start, len(self._pieces), tuple(_pieces(url))))

    def _after(self, found: re.Match[str]) -> str:
        return self._text[found.end() : found.end() + 1]

    def _begin(self, mark: str) -> None:
        self._open.append((mark, len(self._pieces)))
        self._pieces.append(mark)

    def _start_of(self, mark: str) -> int | None:
        return next((start for opened, start in reversed(self._open) if opened == mark), None)

    def _end(self, mark: str, span: Span) -> None:
        """Close a mark; marks opened inside it and not closed stay plain text."""
        while self._open.pop() != (mark, span.start):
            pass
        self._pieces[span.start] = ""
        self._spans.append(span)


def _pieces(text: str) -> list[Piece]:
    """Return the texts and variables of a stretch without formatting of its own."""
    pieces: list[Piece] = []
    position = 0
    for found in _VARIABLE.finditer(text):
        pieces += [text[position : found.start()], _variable(found)]
        position = found.end()
    return [*pieces, text[position:]]


def _variable(found: re.Match[str]) -> Variable:
    fall_backs = (found["straight"], found["single"], found["curly"], found["guillemet"])
    return Variable(found["name"], next((text for text in fall_backs if text is not None), None))


def _is_of_word(character: str) -> bool:
    return character.isalnum() or character == "_"
