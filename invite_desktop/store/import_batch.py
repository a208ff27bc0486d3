"""Rows of one stretch of a file, gathered into groups that share a key."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from invite_desktop.store.mapping import to_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from invite_desktop.domain.people import PersonKeys
    from invite_desktop.engine.ports.files import PersonRow

Key = tuple[str, str | int]
"""The kind of a key and its value in the form in which it is compared."""

PlainGroup = tuple[
    int,
    int,
    "str | None",
    "str | None",
    "str | None",
    "int | None",
    str,
    str,
    str,
    Any,
    "str | None",
    Any,
]
"""The fields of a group in their order, ``extra`` and ``more_keys`` as JSON, the latter empty when
there are none: what a row of a table can hold."""


@dataclass(slots=True)
class Group:
    """One person as a stretch of rows describes her; of differing values the first one counts.

    ``first_row`` is the place of a row in the import, greater for later ones. ``more_keys`` are
    keys of a kind that she has already.
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

    def plain(self) -> PlainGroup:
        """Return the group as plain values; ``restore`` reads them."""
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
            to_json(self.more_keys) if self.more_keys else "",
        )

    @classmethod
    def restore(cls, plain: PlainGroup) -> Group:
        """Return the group of such values again."""
        group = cls(*plain)
        group.extra = json.loads(plain[9])
        group.more_keys = [(kind, key) for kind, key in json.loads(plain[11] or "[]")]
        return group

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
    """The groups of one stretch of rows; any shared key joins two groups.

    Nearly every row is a group of its own, so groups stay plain values until one grows.
    """

    def __init__(self) -> None:
        self.size = 0
        self._groups: dict[int, PlainGroup | Group] = {}
        # By value alone: a name starts with a letter, a phone with +, an id is a number.
        self._by_key: dict[str | int | None, int] = {}

    def add(self, number: int, row: PersonRow) -> None:
        """Add a row by its place in the import, which grows from row to row."""
        self.size += 1
        person, by_key = row.keys, self._by_key
        username, phone, telegram_id = person.username, person.phone, person.telegram_id
        username_key = username.lower() if username else None
        # None is no key, so a missing one is never found.
        if username_key in by_key or phone in by_key or telegram_id in by_key:
            keys = (username_key, phone, telegram_id)
            number = self._joined({by_key[key] for key in keys if key in by_key})
            self._group(number).add(row)
        else:
            extra = (
                {name: value for name, value in row.extra.items() if value} if row.extra else None
            )
            self._groups[number] = (
                number,
                1,
                username or None,
                username_key,
                phone or None,
                telegram_id or None,
                row.full_name,
                row.first_name,
                row.last_name,
                to_json(extra) if extra else "{}",
                row.consent_date.isoformat() if row.consent_date else None,
                "",
            )
        if username_key:
            by_key[username_key] = number
        if phone:
            by_key[phone] = number
        if telegram_id:
            by_key[telegram_id] = number

    def groups(self) -> list[PlainGroup]:
        """Return the groups in the order of their first rows."""
        return [
            group.plain() if isinstance(group, Group) else group for group in self._groups.values()
        ]

    def _joined(self, numbers: set[int]) -> int:
        """Make one group of several; return its number."""
        first, *later = sorted(numbers)
        for number in later:
            gone = self._group(number)
            del self._groups[number]
            self._group(first).absorb(gone)
            self._by_key |= dict.fromkeys((value for _, value in gone.identities()), first)
        return first

    def _group(self, number: int) -> Group:
        group = self._groups[number]
        if not isinstance(group, Group):
            group = self._groups[number] = Group.restore(group)
        return group
