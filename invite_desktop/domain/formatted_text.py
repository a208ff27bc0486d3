"""Text with its formatting, as Telegram takes it: plain characters, and entities beside them.

Source: core.telegram.org/api/entities. Offsets and lengths are counted in UTF-16 code units.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class EntityKind(StrEnum):
    """The formatting that a message of ours can have."""

    BOLD = "bold"
    ITALIC = "italic"
    STRIKE = "strike"
    SPOILER = "spoiler"
    CODE = "code"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class TextEntity:
    """One stretch of formatting, in UTF-16 code units. ``url`` is where a link leads."""

    kind: EntityKind
    offset: int
    length: int
    url: str = ""


@dataclass(frozen=True, slots=True)
class FormattedText:
    """A text and its formatting; entities are nested or apart, never half over each other."""

    text: str
    entities: tuple[TextEntity, ...] = ()

    @property
    def units(self) -> int:
        """Return the length of the text in UTF-16 code units."""
        return utf16_units(self.text)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of formatting in characters of Python, ``end`` not included."""

    kind: EntityKind
    start: int
    end: int
    url: str = ""


def utf16_units(text: str) -> int:
    """Return the length of a text as Telegram counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def formatted(text: str, stretches: Iterable[Stretch]) -> FormattedText:
    """Return a text without the blanks around it, and formatting without blanks at its ends.

    Telegram cuts both off itself and would move the entities; empty stretches are left out.
    """
    start = len(text) - len(text.lstrip())
    end = max(len(text.rstrip()), start)
    whole = text[start:end]
    units = _unit_offsets(whole)
    cut = (_without_blanks(text, each, start, end) for each in stretches)
    entities = [
        TextEntity(
            each.kind,
            units[each.start - start],
            units[each.end - start] - units[each.start - start],
            each.url,
        )
        for each in cut
        if each.start < each.end
    ]
    entities.sort(key=lambda entity: (entity.offset, -entity.length))
    return FormattedText(whole, tuple(entities))


def _unit_offsets(text: str) -> Sequence[int]:
    """Return where each character and the end of a text lie, in UTF-16 code units."""
    if not text or max(text) <= "\uffff":
        return range(len(text) + 1)
    return [0, *accumulate(2 if character > "\uffff" else 1 for character in text)]


def _without_blanks(text: str, stretch: Stretch, start: int, end: int) -> Stretch:
    first, last = max(stretch.start, start), min(stretch.end, end)
    while first < last and text[first].isspace():
        first += 1
    while first < last and text[last - 1].isspace():
        last -= 1
    return Stretch(stretch.kind, first, last, stretch.url)
