"""What columns hold, judged by the cells of the first records."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from invite_desktop.domain.people import parse_telegram_id
from invite_desktop.importing.normalise import (
    clean,
    find_any_key,
    is_marked_username,
    read_date,
    read_username,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from invite_desktop.importing.phones import PhoneReader

_MOST = 0.6
_UNUSUAL_FOR_A_WORD = re.compile(r"[\d_]")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_LONG_NUMBER = re.compile(r"[+\d\s()-]*\d[\d\s()-]{4,}")
_SMALLEST_LIKELY_ID = 100_000
"""Telegram's own ids of fewer digits were given out in 2013."""

_ROW_NUMBER_STEP = 20
"""Ids drawn from all of Telegram lie thousands apart; numbers of one table lie closer."""


class ContentGuess:
    """The sample of a table, asked column by column."""

    def __init__(self, rows: Sequence[Sequence[str]], phones: PhoneReader) -> None:
        self._rows = rows
        self._phones = phones
        self._width = max((len(row) for row in rows), default=0)

    @property
    def holds_data(self) -> bool:
        """Return whether some cell is a value that no header has: a phone, a link, an address."""
        return any(self._is_value(cell) for row in self._rows for cell in row)

    def is_blank(self, position: int) -> bool:
        """Return whether a column has no cell with anything in it."""
        return not self._cells(position)

    def allows(self, position: int, field: str, *, sure: bool) -> bool:
        """Return whether a column's cells do not contradict what its name says.

        A name that is surely a field's is believed, except for the two that mean many things:
        ``id``, which is a row number in most tables, and consent, which is mostly yes or no.
        """
        cells = self._cells(position)
        if field == "bare_id":
            return are_likely_ids(cells)
        if field == "consent_date":
            return not cells or self._share(cells, lambda cell: read_date(cell) is not None) > 0
        if sure or not cells:
            return True
        if field == "phone":
            return self._share(cells, self._is_phone) > 0
        if field == "username":
            return self._share(cells, self._is_any_key) > 0
        return field != "telegram_id" or are_likely_ids(cells)

    def is_unlike(self, record: Sequence[str]) -> bool:
        """Return whether a record above the sample is its header: words over columns of keys."""
        fields = ["extra"] * self._width
        self.fill_in(fields, names_too=False)
        named = [
            record[position].strip()
            for position, field in enumerate(fields)
            if field != "extra" and position < len(record)
        ]
        return any(named) and not any(
            self._is_value(cell) or self._is_any_key(cell) for cell in named
        )

    def fill_in(self, fields: list[str], *, names_too: bool) -> None:
        """Give a key's field to the columns of ``fields`` that are still extra and look so."""
        tests: list[tuple[str, Callable[[Sequence[str]], bool]]] = [
            ("phone", self._are_phones),
            ("telegram_id", are_likely_ids),
            ("username", self._are_usernames),
        ]
        if names_too:
            tests.append(("email", self._are_emails))
            tests.append(("full_name", self._are_names))
        for field, test in tests:
            for position in range(min(len(fields), self._width)):
                if field not in fields and fields[position] == "extra":
                    cells = self._cells(position)
                    if cells and test(cells):
                        fields[position] = field
        if not {"username", "phone", "telegram_id"}.intersection(fields):
            self._fill_in_mixed(fields)

    def _fill_in_mixed(self, fields: list[str]) -> None:
        """Take the column with the most keys of any kind, if there is one with some sure ones."""
        shares = [
            (self._share(self._cells(position), self._is_sure_key), -position)
            for position, field in enumerate(fields)
            if field == "extra"
        ]
        share, negative = max(shares, default=(0.0, 0))
        if share > 0.2:
            fields[-negative] = "username"

    def _cells(self, position: int) -> list[str]:
        cells = (clean(row[position]) for row in self._rows if position < len(row))
        return [cell for cell in cells if cell]

    def _share(self, cells: Sequence[str], test: Callable[[str], bool]) -> float:
        return sum(map(test, cells)) / len(cells) if cells else 0.0

    def _is_phone(self, cell: str) -> bool:
        return self._phones.read(cell) is not None

    def _is_any_key(self, cell: str) -> bool:
        return find_any_key(cell, self._phones).keys.strongest is not None

    def _is_sure_key(self, cell: str) -> bool:
        return is_marked_username(cell) or self._is_phone(cell)

    def _is_value(self, cell: str) -> bool:
        cell = clean(cell)
        return bool(
            is_marked_username(cell) or _EMAIL.fullmatch(cell) or _LONG_NUMBER.fullmatch(cell)
        )

    def _are_phones(self, cells: Sequence[str]) -> bool:
        return self._share(cells, self._is_phone) >= _MOST

    def _are_usernames(self, cells: Sequence[str]) -> bool:
        """Return whether most cells have the shape, and enough of them are no ordinary words."""
        names = [cell for cell in cells if read_username(cell)]
        if len(names) < _MOST * len(cells):
            return False
        marked = sum(map(is_marked_username, names))
        odd = sum(_UNUSUAL_FOR_A_WORD.search(name) is not None for name in names)
        return marked >= 0.1 * len(names) or odd >= 0.3 * len(names)

    def _are_emails(self, cells: Sequence[str]) -> bool:
        return self._share(cells, lambda cell: _EMAIL.fullmatch(cell) is not None) >= _MOST

    def _are_names(self, cells: Sequence[str]) -> bool:
        def is_name(cell: str) -> bool:
            letters = sum(char.isalpha() for char in cell)
            return letters >= 2 and letters >= 0.7 * len(cell) and not is_marked_username(cell)

        return self._share(cells, is_name) >= _MOST


def are_likely_ids(cells: Sequence[str]) -> bool:
    """Return whether numbers look like Telegram ids and not like the numbers of a table's rows."""
    numbers = {number for cell in cells if (number := parse_telegram_id(cell)) is not None}
    if not numbers or len(numbers) < _MOST * len(set(cells)):
        return False
    smallest, largest = min(numbers), max(numbers)
    if sorted(numbers)[len(numbers) // 2] < _SMALLEST_LIKELY_ID:
        return False
    return len(numbers) < 3 or largest - smallest > _ROW_NUMBER_STEP * len(numbers)
