"""From the cells of a record to the person it names, or to the reason why it names nobody."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from invite_desktop.domain.audiences import CellRemark, InvalidRow, RowProblem
from invite_desktop.domain.people import PersonKeys
from invite_desktop.engine.ports.files import PersonRow
from invite_desktop.importing import limits
from invite_desktop.importing.column_mapping import KEY_FIELDS
from invite_desktop.importing.normalise import (
    BLANK,
    NO_USERNAMES,
    Finding,
    clean_name,
    find_any_key,
    find_phone,
    find_telegram_id,
    read_date,
    read_username,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from invite_desktop.engine.ports.files import ReadRow
    from invite_desktop.importing.column_mapping import Columns
    from invite_desktop.importing.phones import PhoneReader
    from invite_desktop.importing.tables import Table

_PLAIN_USERNAME = re.compile(r"@?([A-Za-z][A-Za-z0-9_]{4,31})").fullmatch
_PLAIN_ID = re.compile(r"[1-9][0-9]{4,14}").fullmatch
_TELEGRAM_NETWORKS = frozenset({"", "telegram", "tg", "телеграм", "телеграмм", "тг"})
_USUAL_NETWORKS = frozenset({"", "telegram"})
_KEPT_AS_EXTRA = frozenset({"email", "tags", "note"})
_SHOWN_CHARACTERS = 200
_BEST_REASONS = (
    RowProblem.CHAT_ID,
    RowProblem.BAD_USERNAME,
    RowProblem.BAD_PHONE,
    RowProblem.BAD_ID,
    RowProblem.NO_KEY,
)


class RowBuilder:
    """Builds the rows of one table.

    Each record goes the short way when its cells are written as most are, and the long way cell
    by cell otherwise: a million rows have to take seconds.
    """

    def __init__(self, table: Table, columns: Columns, phones: PhoneReader) -> None:
        self._table = table
        self._phones = phones
        self._plan(columns)

    def _plan(self, columns: Columns) -> None:
        """Note where everything stands; -1 is the blank cell that ``build`` puts at the end."""
        self._columns = columns
        self._width = len(columns.fields)
        self._username, other_usernames = self._places("username")
        self._phone, other_phones = self._places("phone")
        self._telegram_id, other_ids = self._places("telegram_id")
        self._full_name, _ = self._places("full_name")
        self._first_name, _ = self._places("first_name")
        self._last_name, _ = self._places("last_name")
        self._consent_date, _ = self._places("consent_date")
        self._other_keys = other_usernames + other_phones + other_ids
        used = {
            self._username, self._phone, self._telegram_id, self._full_name,
            self._first_name, self._last_name, self._consent_date,
        }  # fmt: skip
        self._extras = [
            (position, field if field in _KEPT_AS_EXTRA else columns.names[position])
            for position, field in enumerate(columns.fields)
            if field and position not in used
        ]
        self._has_more = (
            bool(self._extras) or max(self._first_name, self._last_name, self._consent_date) >= 0
        )
        named = [name for _, name in self._extras]
        if len(set(named)) < len(named):
            self._extras = [(position, columns.names[position]) for position, _ in self._extras]

    def _places(self, field: str) -> tuple[int, list[int]]:
        first, *others = [
            position for position, name in enumerate(self._columns.fields) if name == field
        ] or [-1]
        return first, others

    def build(self, number: int, cells: list[str]) -> ReadRow | None:
        """Return the row that a record makes, None when it is blank."""
        if len(cells) != self._width:
            cells = self._fitted(cells)
            if len(cells) > limits.MAX_COLUMNS:
                return self._invalid(number, cells, RowProblem.TOO_LONG)
        cells.append("")
        username, phone, id_text = (
            cells[self._username],
            cells[self._phone],
            cells[self._telegram_id],
        )
        plain_id = not id_text or _PLAIN_ID(id_text)
        name: str | None = None
        if username:
            plain = _PLAIN_USERNAME(username)
            name = plain[1] if plain else read_username(username)
            if name and name.lower() in NO_USERNAMES:
                name = None
        e164 = self._phones.read(phone) if phone else None
        if (
            (username and not name)
            or (phone and not e164)
            or not plain_id
            or self._other_keys
            or cells[self._columns.platform] not in _USUAL_NETWORKS
        ):
            return self._build_carefully(number, cells)
        if not (name or e164 or id_text):
            return self._nobody(number, cells, None)
        keys = PersonKeys(name, e164, int(id_text) if id_text else None)
        return self._person(number, cells, keys)

    def _fitted(self, cells: list[str]) -> list[str]:
        """Return a record as wide as the table; surplus cells make the table wider, or are blank.

        Nothing is shifted: a cell stays in the column that it stands in.
        """
        while len(cells) > self._width and not cells[-1].strip():
            cells.pop()
        if self._width < len(cells) <= limits.MAX_COLUMNS:
            self._plan(self._columns.widened(self._table.names, len(cells)))
        return cells + [""] * (self._width - len(cells))

    def _build_carefully(self, number: int, cells: list[str]) -> ReadRow | None:
        of_telegram = cells[self._columns.platform].strip().lower() in _TELEGRAM_NETWORKS
        placed = self._findings(cells, of_telegram=of_telegram)
        findings = [one for _, one in placed] or [BLANK]
        keys = PersonKeys(
            next((one.keys.username for one in findings if one.keys.username), None),
            next((one.keys.phone for one in findings if one.keys.phone), None),
            next((one.keys.telegram_id for one in findings if one.keys.telegram_id), None),
        )
        if keys.strongest is None:
            problems = {one.problem for one in findings}
            best = next((problem for problem in _BEST_REASONS if problem in problems), None)
            return self._nobody(number, cells, best)
        remarks = [
            self._remark(position, cells[position], one.problem)
            for position, one in placed
            if one.problem is not None
        ]
        return self._person(number, cells, keys, remarks)

    def _findings(self, cells: Sequence[str], *, of_telegram: bool) -> list[tuple[int, Finding]]:
        """Return what the key cells say, with their places, each column's own kind first.

        Names and numbers of other networks' users belong to other people at Telegram.
        """
        fields = self._columns.fields
        found: list[tuple[int, Finding]] = []
        for position in (self._phone, self._telegram_id, self._username, *self._other_keys):
            cell = cells[position]
            if position < 0 or not cell:
                continue
            if len(cell) > limits.MAX_CELL_CHARACTERS:
                found.append((position, Finding(problem=RowProblem.TOO_LONG)))
            elif fields[position] == "phone":
                found.append((position, find_phone(cell, self._phones)))
            elif of_telegram:
                by_id = fields[position] == "telegram_id"
                finding = find_telegram_id(cell) if by_id else find_any_key(cell, self._phones)
                found.append((position, finding))
        return found

    def _nobody(
        self, number: int, cells: Sequence[str], problem: RowProblem | None
    ) -> InvalidRow | None:
        if not any(cell.strip() for cell in cells):
            return None
        long = any(len(cell) > limits.MAX_CELL_CHARACTERS for cell in cells)
        return self._invalid(
            number, cells, RowProblem.TOO_LONG if long else problem or RowProblem.NO_KEY
        )

    def _invalid(self, number: int, cells: Sequence[str], problem: RowProblem) -> InvalidRow:
        parts = [cell.strip()[:_SHOWN_CHARACTERS] for cell in cells[: limits.MAX_COLUMNS]]
        shown = " | ".join(" ".join(part.split()) for part in parts if part)
        if len(shown) > _SHOWN_CHARACTERS:
            shown = shown[: _SHOWN_CHARACTERS - 1] + "…"
        return InvalidRow(number, shown, problem)

    def _person(
        self,
        number: int,
        cells: list[str],
        keys: PersonKeys,
        remarks: Sequence[CellRemark] = (),
    ) -> PersonRow:
        longest = max(map(len, cells)) if self._has_more else len(cells[self._full_name])
        if longest > limits.MAX_CELL_CHARACTERS:
            remarks = [*remarks, *self._shortened(cells)]
        full_name = cells[self._full_name]
        if full_name:
            full_name = clean_name(full_name)
        if not self._has_more:
            return PersonRow(number, keys, full_name, remarks=tuple(remarks))
        return self._person_with_more(number, cells, keys, full_name, remarks)

    def _person_with_more(
        self,
        number: int,
        cells: list[str],
        keys: PersonKeys,
        full_name: str,
        remarks: Sequence[CellRemark],
    ) -> PersonRow:
        first, last = cells[self._first_name], cells[self._last_name]
        extra = {name: text for place, name in self._extras if (text := cells[place].strip())}
        consent: date | None = None
        if written := cells[self._consent_date].strip():
            consent = read_date(written)
            if consent is None:
                extra["consent_date"] = written
                remark = self._remark(self._consent_date, written, RowProblem.BAD_DATE)
                remarks = [*remarks, remark]
        first = clean_name(first) if first else ""
        last = clean_name(last) if last else ""
        return PersonRow(number, keys, full_name, first, last, consent, extra, tuple(remarks))

    def _shortened(self, cells: list[str]) -> list[CellRemark]:
        """Cut the cells that are too long, but for keys, which are none any more."""
        remarks = []
        for position, field in enumerate(self._columns.fields):
            cell = cells[position]
            if field and field not in KEY_FIELDS and len(cell) > limits.MAX_CELL_CHARACTERS:
                remarks.append(self._remark(position, cell, RowProblem.SHORTENED))
                cells[position] = cell[: limits.MAX_CELL_CHARACTERS - 1] + "…"
        return remarks

    def _remark(self, position: int, cell: str, problem: RowProblem) -> CellRemark:
        shown = " ".join(cell[:_SHOWN_CHARACTERS].split())
        return CellRemark(position, self._columns.names[position], shown, problem)
