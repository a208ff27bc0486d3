"""Rows of one stretch of a file, gathered into groups that share a key."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from invite_desktop.store.mapping import to_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from invite_desktop.domain.people import PersonKeys
    from invite_desktop.engine.ports.files import PersonRow

Key = tuple[str, str | int]
"""The kind of a key and its value in the form in which it is compared."""


@dataclass(slots=True)
class Group:
    """One person as a stretch of rows describes her; of differing values the first one counts.

    ``first_row`` counts the rows of the import from 1. ``more_keys`` are keys of a kind that she
    has already.
    """

    first_row: int
    rows: int = 0
    username: str | None = None
    username_key: str | None = None
    phone: str | None = None
    telegram_id: int | None = None
    full_name: str = ""
    first_name: str = ""
    last_name: str = ""
    extra: dict[str, str] = field(default_factory=dict)
    consent_date: str | None = None
    more_keys: list[Key] = field(default_factory=list)

    def add(self, row: PersonRow) -> None:
        """Add what a row says."""
        self.rows += 1
        self._add_keys(row.keys)
        self.full_name = self.full_name or row.full_name
        self.first_name = self.first_name or row.first_name
        self.last_name = self.last_name or row.last_name
        if row.extra:
            filled = {name: value for name, value in row.extra.items() if value}
            self.extra = {**filled, **self.extra}
        if row.consent_date and not self.consent_date:
            self.consent_date = row.consent_date.isoformat()

    def absorb(self, later: Group) -> None:
        """Add what a later group says, which was found to be the same person."""
        self.rows += later.rows
        for kind, value in later.identities():
            self._add_key(kind, value, later.username)
        self.full_name = self.full_name or later.full_name
        self.first_name = self.first_name or later.first_name
        self.last_name = self.last_name or later.last_name
        self.extra = {**later.extra, **self.extra}
        self.consent_date = self.consent_date or later.consent_date

    def identities(self) -> Iterator[Key]:
        """Yield every key."""
        if self.username_key is not None:
            yield "username", self.username_key
        if self.phone is not None:
            yield "phone", self.phone
        if self.telegram_id is not None:
            yield "telegram_id", self.telegram_id
        yield from self.more_keys

    def columns(self) -> tuple[object, ...]:
        """Return the values of ``temp.staged`` after the group's number."""
        return (
            self.first_row,
            self.rows,
            self.username,
            self.username_key,
            self.phone,
            self.telegram_id,
            self.full_name,
            self.first_name,
            self.last_name,
            to_json(self.extra) if self.extra else "{}",
            self.consent_date,
        )

    def _add_keys(self, keys: PersonKeys) -> None:
        if keys.username:
            self._add_key("username", keys.username.lower(), keys.username)
        if keys.phone:
            self._add_key("phone", keys.phone)
        if keys.telegram_id:
            self._add_key("telegram_id", keys.telegram_id)

    def _add_key(self, kind: str, value: str | int, username: str | None = None) -> None:
        column = "username_key" if kind == "username" else kind
        present = getattr(self, column)
        if present is None:
            setattr(self, column, value)
            if kind == "username":
                self.username = username
        elif present != value and (kind, value) not in self.more_keys:
            self.more_keys.append((kind, value))


class Batch:
    """The groups of one stretch of rows; any shared key joins two groups."""

    def __init__(self) -> None:
        self.size = 0
        self._groups: dict[int, Group] = {}
        self._by_key: dict[str | int, int] = {}

    def add(self, number: int, row: PersonRow) -> None:
        """Add the row that is the import's ``number``-th."""
        self.size += 1
        keys = _comparable(row.keys)
        known = {self._by_key[key] for key in keys if key in self._by_key}
        index = min(known, default=number)
        if not known:
            self._groups[index] = Group(number)
        for other in sorted(known - {index}):
            self._join(index, other)
        self._groups[index].add(row)
        for key in keys:
            self._by_key[key] = index

    def groups(self) -> list[Group]:
        """Return the groups in the order of their first rows."""
        return list(self._groups.values())

    def _join(self, index: int, other: int) -> None:
        gone = self._groups.pop(other)
        self._groups[index].absorb(gone)
        for _, value in gone.identities():
            self._by_key[value] = index


def _comparable(keys: PersonKeys) -> list[str | int]:
    """Return the keys by value alone: a name starts with a letter, a phone with +, an id is int."""
    found: list[str | int] = []
    if keys.username:
        found.append(keys.username.lower())
    if keys.phone:
        found.append(keys.phone)
    if keys.telegram_id:
        found.append(keys.telegram_id)
    return found
