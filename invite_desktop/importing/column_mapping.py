"""Which column holds what: by its name, and by its cells when the name does not tell."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from invite_desktop.importing import limits
from invite_desktop.importing.content_guess import ContentGuess
from invite_desktop.importing.header_words import (
    BY_WORDS_RANK,
    is_first_name_beside_last,
    ranked_field,
)
from invite_desktop.importing.tables import column_letters

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from invite_desktop.engine.ports.files import ReadOptions
    from invite_desktop.importing.phones import PhoneReader

KEY_FIELDS = frozenset({"username", "phone", "telegram_id"})
"""Fields by which a person can be found on Telegram."""

_PREAMBLE = 15
"""How deep a header may lie under titles and dates."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The meaning of a table's columns.

    ``header_number`` is the record of the header, 0 when there is none in the table itself;
    ``names`` are unique and never empty; ``fields`` has one of ReadOptions' field names for each.
    """

    header_number: int
    has_header: bool
    names: tuple[str, ...]
    fields: tuple[str, ...]
    platform: int = -1

    @property
    def has_key(self) -> bool:
        """Return whether people of this table could be found on Telegram at all."""
        return any(field in KEY_FIELDS for field in self.fields)

    def widened(self, names: Sequence[str] | None, width: int) -> Columns:
        """Return the columns with further ones, for records longer than all before.

        New keys of JSON get their field by name, each field only once; the rest is extra.
        """
        fields = list(self.fields)
        for name in (names or ())[len(fields) : width]:
            field, rank = ranked_field(name)
            known = field and rank < BY_WORDS_RANK
            fields.append(
                field if known and field not in {"bare_id", "platform", *fields} else "extra"
            )
        fields += ["extra"] * (width - len(fields))
        return replace(self, names=unique_names(names or self.names, width), fields=tuple(fields))


def understand(
    records: Sequence[tuple[int, Sequence[str]]],
    names: Sequence[str] | None,
    options: ReadOptions,
    phones: PhoneReader,
    *,
    one_column: bool,
) -> Columns:
    """Return the meaning of a table's columns, told from its names or first records.

    ``options`` overrule every guess: ``has_header``, and ``columns`` for single positions.
    """
    filled = [(number, cells) for number, cells in records if any(cell.strip() for cell in cells)]
    if names is not None:
        header_number, header = 0, list(names)
    else:
        header_number, header = _find_header(filled, options, phones, one_column=one_column)
    body = [cells for number, cells in filled if number > header_number]
    width = max([len(header), *(len(cells) for _, cells in filled)], default=0)
    guess = ContentGuess(body[: limits.SAMPLE_RECORDS], phones)
    fields, platform = _fields(header, width, guess, one_column=one_column)
    return Columns(
        header_number,
        bool(header),
        unique_names(header, width),
        tuple(_overruled(fields, options.columns)),
        platform,
    )


def _find_header(
    filled: Sequence[tuple[int, Sequence[str]]],
    options: ReadOptions,
    phones: PhoneReader,
    *,
    one_column: bool,
) -> tuple[int, list[str]]:
    """Return number and cells of the header; 0 and nothing when there is none."""
    if options.header_row is not None:
        return next(
            ((number, list(cells)) for number, cells in filled if number == options.header_row),
            (0, []),
        )
    if options.has_header is False or not filled:
        return 0, []
    candidates = filled[: 1 if one_column else _PREAMBLE]
    scored = [(_header_score(cells, phones), -number) for number, cells in candidates]
    best, negative = max(scored)
    if best > 0:
        return -negative, list(next(cells for number, cells in filled if number == -negative))
    number, first = filled[0]
    body = [cells for _, cells in filled[1 : limits.SAMPLE_RECORDS]]
    is_header = options.has_header or (
        not one_column and ContentGuess(body, phones).is_unlike(first)
    )
    return (number, list(first)) if is_header else (0, [])


def _header_score(cells: Sequence[str], phones: PhoneReader) -> int:
    """Return how many known columns a record names, 0 when it holds somebody's data."""
    if ContentGuess([cells], phones).holds_data:
        return 0
    ranked = [ranked_field(cell) for cell in cells if cell.strip()]
    exact = {field for field, rank in ranked if field and rank < BY_WORDS_RANK}
    loose = {field for field, _ in ranked if field}
    return len(loose) if exact or len(loose) > 1 or len(ranked) > 1 else 0


def _fields(
    header: Sequence[str], width: int, guess: ContentGuess, *, one_column: bool
) -> tuple[list[str], int]:
    """Return the field of every column, and the position of the column that names a network."""
    if one_column:
        # Whatever identifies a person may stand in such a list; the field of usernames takes it.
        return ["username" if position == 0 else "extra" for position in range(width)], -1
    fields = ["extra"] * width
    for field, position in _by_name(header, guess).items():
        fields[position] = field
    platform = fields.index("platform") if "platform" in fields else -1
    if platform >= 0:
        fields[platform] = "extra"
    if "last_name" in fields and "first_name" not in fields and "full_name" in fields:
        position = fields.index("full_name")
        if is_first_name_beside_last(header[position]):
            fields[position] = "first_name"
    if not KEY_FIELDS.intersection(fields):
        guess.fill_in(fields, names_too=not header)
    return fields, platform


def _by_name(header: Sequence[str], guess: ContentGuess) -> dict[str, int]:
    """Return the best column for every field that some column's name stands for."""
    found: dict[str, tuple[bool, int, int]] = {}
    for position, name in enumerate(header):
        field, rank = ranked_field(name)
        if field and guess.allows(position, field, sure=rank < BY_WORDS_RANK):
            claim = (guess.is_blank(position), rank, position)
            found[field] = min(claim, found.get(field, claim))
    bare = found.pop("bare_id", None)
    if bare and "telegram_id" not in found:
        found["telegram_id"] = bare
    return {field: position for field, (_, _, position) in found.items()}


def _overruled(fields: list[str], columns: Mapping[int, str] | None) -> list[str]:
    if columns is None:
        return fields
    chosen = [columns.get(position, "extra") for position in range(len(fields))]
    return [field if field != "platform" else "extra" for field in chosen]


def unique_names(header: Sequence[str], width: int) -> tuple[str, ...]:
    """Return a name for each column: its own, numbered when taken, its letters when blank."""
    names: list[str] = []
    taken: set[str] = set()
    for position in range(width):
        own = " ".join(header[position].split()) if position < len(header) else ""
        own = own[: limits.MAX_HEADER_CHARACTERS] or column_letters(position)
        name, again = own, 2
        while name in taken:
            name, again = f"{own} {again}", again + 1
        taken.add(name)
        names.append(name)
    return tuple(names)
