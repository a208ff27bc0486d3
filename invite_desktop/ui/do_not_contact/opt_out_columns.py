"""What the do-not-contact list shows of each entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invite_desktop.domain.audiences import OptOutSource
from invite_desktop.domain.people import KeyKind
from invite_desktop.ui.translations import tr, translator
from invite_desktop.ui.widgets.columns import Column
from invite_desktop.ui.wording import titled

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from invite_desktop.engine.ports.audiences import OptOut


def present_columns(now: Callable[[], datetime]) -> Sequence[Column[OptOut]]:
    """Return the columns of the list; ``now`` is the program's clock."""
    return (
        *_who_columns(),
        Column(lambda: tr("Reason"), reason_words, 24),
        Column(
            lambda: tr("Since"),
            lambda entry: translator().moment(entry.at, now()),
            14,
            hint=lambda entry: translator().moment(entry.at),
        ),
        Column(lambda: tr("Came here"), source_words, 20),
    )


def lifted_columns(now: Callable[[], datetime]) -> Sequence[Column[OptOut]]:
    """Return the columns of the history of entries that were lifted."""
    return (
        *_who_columns(),
        Column(lambda: tr("Was here because"), reason_words, 18),
        Column(
            lambda: tr("Lifted"),
            lambda entry: translator().moment(entry.ended_at, now()) if entry.ended_at else "",
            14,
        ),
        Column(lambda: tr("Lifted because"), lambda entry: entry.ended_reason, 24),
    )


def who_words(entry: OptOut) -> str:
    """Return who an entry is about: the name if it is known, and every key."""
    return "  ·  ".join(part for part in (_name_words(entry), _key_words(entry)) if part)


def reason_words(entry: OptOut) -> str:
    """Return why somebody is on the list."""
    return entry.reason or tr("No reason given")


def source_words(entry: OptOut) -> str:
    """Return by what somebody came onto the list."""
    if entry.source is OptOutSource.FILE and entry.file:
        return tr("From {file}", file=entry.file)
    return titled(entry.source)


def _who_columns() -> Sequence[Column[OptOut]]:
    return (
        Column(lambda: tr("Name"), _name_words, 20),
        Column(lambda: tr("Known by"), _key_words, 0),
    )


def _name_words(entry: OptOut) -> str:
    if entry.person is None:
        return ""
    person = entry.person
    return person.full_name or f"{person.first_name} {person.last_name}".strip()


def _key_words(entry: OptOut) -> str:
    return ", ".join(_key(kind, value) for kind, value in entry.keys)


def _key(kind: KeyKind, value: str) -> str:
    if kind is KeyKind.USERNAME:
        return f"@{value}"
    return tr("id {id}", id=value) if kind is KeyKind.TELEGRAM_ID else value
