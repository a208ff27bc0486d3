"""Personal messages: a text with variables, its fall-backs, and the line on how to stop.

``{{ first_name }}`` stands for a field of the person, ``{{ City }}`` for an extra column of her
file, ``{{ first_name | default("friend") }}`` for a field that may be empty.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message

if TYPE_CHECKING:
    from collections.abc import Iterable

    from invite_desktop.domain.people import Person

MAX_MESSAGE_UNITS = 4096
"""The longest message that Telegram takes, in UTF-16 code units."""

STOP_LINE = message(
    "If you do not want messages from me, reply “stop”, and I will not write again."
)
"""The line on how to stop, as long as the user has not written her own."""

FIELDS = ("first_name", "last_name", "full_name", "username", "phone")
"""The variables that every person has, empty or not; extra columns come on top."""

_VARIABLE = re.compile(
    r"\{\{\s*(?P<name>[^{}|]+?)\s*"
    r"(?:\|\s*default\s*\(\s*(?:\"(?P<straight>[^\"{}]*)\"|'(?P<single>[^'{}]*)'"
    r"|“(?P<curly>[^”{}]*)”|«(?P<guillemet>[^»{}]*)»)\s*\)\s*)?\}\}"
)
_LEFTOVER = re.compile(r"\{\{|\}\}|\{%|%\}")
_EXAMPLE = '{{ first_name | default("friend") }}'


def with_stop_line(text: str, stop_line: str) -> str:
    """Return the text of a task: what the user wrote, and then the line on how to stop.

    Raises KnownError when either is empty, or when braces do not make a variable.
    """
    text, stop_line = text.strip(), stop_line.strip()
    if not text:
        raise KnownError(message("The message has no text."), message("Write the message."))
    if not stop_line:
        raise KnownError(
            message("The message does not say how to stop."),
            message("Write a line on how people can say no."),
        )
    if _LEFTOVER.search(_VARIABLE.sub("", text)):
        raise KnownError(
            message("A variable in the message is not written right."),
            message("Write it like this: {example}", example=_EXAMPLE),
        )
    return text if text.endswith(stop_line) else f"{text}\n\n{stop_line}"


def variables_of(text: str) -> tuple[str, ...]:
    """Return the names of the variables in a text, in order, each once."""
    return tuple(dict.fromkeys(found["name"] for found in _VARIABLE.finditer(text)))


def message_text(text: str, person: Person) -> str:
    """Return the message as one person gets it.

    Raises KnownError when a variable is unknown or empty and has no fall-back, or when the
    message is longer than Telegram takes.
    """
    values = _values_of(person)
    filled = _VARIABLE.sub(lambda found: _fill(found, values), text).strip()
    units = len(filled.encode("utf-16-le")) // 2
    if units > MAX_MESSAGE_UNITS:
        raise KnownError(
            message(
                "The message has {units} characters; Telegram takes {most}.",
                units=units,
                most=MAX_MESSAGE_UNITS,
            ),
            message("Shorten the message."),
        )
    return filled


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


def _fill(found: re.Match[str], values: dict[str, str]) -> str:
    value = values.get(found["name"].casefold(), "").strip()
    if value:
        return value
    fall_backs = (found["straight"], found["single"], found["curly"], found["guillemet"])
    fall_back = next((text for text in fall_backs if text is not None), None)
    if fall_back is None:
        raise KnownError(
            message("There is no value for “{variable}”.", variable=found["name"]),
            message("Give it a fall-back, like this: {example}", example=_EXAMPLE),
        )
    return fall_back
