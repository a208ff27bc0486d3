"""Personal messages: a text with variables, its fall-backs, and the line on how to stop.

``{{ first_name }}`` stands for a field of the person, ``{{ City }}`` for an extra column of her
file, ``{{ first_name | default("friend") }}`` for a field that may be empty.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.formatted_text import FormattedText, Stretch, formatted
from invite_desktop.domain.message_markup import (
    Variable,
    layout_of,
    variables_in,
    without_variables,
)
from invite_desktop.domain.messages import message

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from invite_desktop.domain.message_markup import Layout, Piece, Span
    from invite_desktop.domain.people import Person
    from invite_desktop.domain.tasks import InviteTask

MAX_MESSAGE_UNITS = 4096
"""The longest message that Telegram takes, in UTF-16 code units."""

MAX_CAPTION_UNITS = 1024
"""The longest text that goes with a picture or a file, in UTF-16 code units."""

MAX_ENTITIES = 100
"""So many stretches of formatting does Telegram show in one message; it drops the others."""

STOP_LINE = message(
    "If you do not want messages from me, reply “stop”, and I will not write again."
)
"""The line on how to stop, as long as the user has not written her own."""

FIELDS = ("first_name", "last_name", "full_name", "username", "phone")
"""The variables that every person has, empty or not; extra columns come on top."""

_LEFTOVER = re.compile(r"\{\{|\}\}|\{%|%\}")
_EXAMPLE = '{{ first_name | default("friend") }}'


def with_stop_line(text: str, stop_line: str) -> str:
    """Return the text of a task: what the user wrote, and then the line on how to stop.

    Raises KnownError when either is empty, or when a variable or a link is not written right.
    """
    text, stop_line = text.strip(), stop_line.strip()
    if not text:
        raise KnownError(message("The message has no text."), message("Write the message."))
    if _LEFTOVER.search(without_variables(f"{text}\n{stop_line}")):
        raise KnownError(
            message("A variable in the message is not written right."),
            message("Write it like this: {example}", example=_EXAMPLE),
        )
    if not any(isinstance(piece, str) and piece.strip() for piece in layout_of(stop_line).pieces):
        raise KnownError(
            message("The message does not say how to stop."),
            message("Write a line on how people can say no."),
        )
    whole = text if f"\n{text}".endswith(f"\n{stop_line}") else f"{text}\n\n{stop_line}"
    if len(layout_of(whole).spans) > MAX_ENTITIES:
        raise KnownError(
            message("Telegram shows no more than {most} formatted places.", most=MAX_ENTITIES),
            message("Format less of the message."),
        )
    return whole


def variables_of(text: str) -> tuple[str, ...]:
    """Return the names of the variables in a text, in order, each once."""
    return tuple(dict.fromkeys(variable.name for variable in variables_in(text)))


def personal_message(text: str, person: Person, longest: int = MAX_MESSAGE_UNITS) -> FormattedText:
    """Return the message as one person gets it; values are plain text, whatever they hold.

    Raises KnownError when a variable is unknown or empty and has no fall-back, or when the
    message is longer than Telegram takes (``longest``, in UTF-16 code units).
    """
    values = _values_of(person)
    layout = layout_of(text)
    texts = [_fill(piece, values) for piece in layout.pieces]
    made = formatted("".join(texts), _stretches(layout, texts, values))
    if (units := made.units) > longest:
        raise KnownError(
            message(
                "The message has {units} characters; Telegram takes {most}.",
                units=units,
                most=longest,
            ),
            message("Shorten the message."),
        )
    return made


def letter_of(task: InviteTask, person: Person) -> FormattedText:
    """Return the message of a task as one person gets it. Raises KnownError."""
    return personal_message(task.text, person, longest_text(task.attachment))


def longest_text(attachment: str) -> int:
    """Return how long a text may be, in UTF-16 code units; with a file it is a caption."""
    return MAX_CAPTION_UNITS if attachment else MAX_MESSAGE_UNITS


def message_text(text: str, person: Person) -> str:
    """Return the message as one person gets it, without its formatting. Raises KnownError."""
    return personal_message(text, person).text


def unknown_variables(text: str, people: Iterable[Person]) -> frozenset[str]:
    """Return the variables of a text that none of the people has, fall-back or not."""
    missing = {name for name in variables_of(text) if name.casefold() not in FIELDS}
    for person in people:
        if not missing:
            break
        columns = {column.casefold() for column in person.extra}
        missing = {name for name in missing if name.casefold() not in columns}
    return frozenset(missing)


def _values_of(person: Person) -> dict[str, str]:
    """Return the variables of a person by their names in lower case; fields win over columns.

    A full name is not taken apart: nobody can tell which of its words is the first name.
    """
    first, last = person.first_name, person.last_name
    columns = {name.casefold(): value for name, value in person.extra.items()}
    return columns | {
        "first_name": first,
        "last_name": last,
        "full_name": person.full_name or f"{first} {last}".strip(),
        "username": person.keys.username or "",
        "phone": person.keys.phone or "",
    }


def _fill(piece: Piece, values: Mapping[str, str]) -> str:
    if not isinstance(piece, Variable):
        return piece
    value = values.get(piece.name.casefold(), "").strip()
    if value:
        return value
    if piece.fall_back is None:
        raise KnownError(
            message("There is no value for “{variable}”.", variable=piece.name),
            message("Give it a fall-back, like this: {example}", example=_EXAMPLE),
        )
    return piece.fall_back


def _stretches(layout: Layout, texts: list[str], values: Mapping[str, str]) -> list[Stretch]:
    """Return the formatting of a filled message, in characters."""
    if not layout.spans:
        return []
    ends = [0]
    for text in texts:
        ends.append(ends[-1] + len(text))
    return [
        Stretch(span.kind, ends[span.start], ends[span.end], _url(span, values))
        for span in layout.spans
    ]


def _url(span: Span, values: Mapping[str, str]) -> str:
    """Return where a link leads; a value is one part of the address and changes no other."""
    return "".join(
        quote(_fill(piece, values), safe="") if isinstance(piece, Variable) else piece
        for piece in span.url
    )
