"""The execution log and the counts of attempts by time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invite_desktop.engine.ports.ledger import LedgerRow
from invite_desktop.store.mapping import (
    account_label,
    from_stamp,
    to_attempt,
    to_person,
    to_profile,
    to_stamp,
)
from invite_desktop.store.people_search import holding, search_words
from invite_desktop.store.rows import fetch_sql

if TYPE_CHECKING:
    import sqlite3
    from datetime import datetime

    from invite_desktop.engine.ports.ledger import LedgerFilter
    from invite_desktop.store.rows import Row

_QUARTER = 15 * 60 * 1_000_000
"""A quarter of an hour in microseconds."""

_PERSON = ("id", "username", "phone", "telegram_id", "full_name", "first_name", "last_name")
_ACCOUNT = ("telegram_id", "first_name", "last_name", "username", "phone")

_NAMES = ", ".join(
    (
        "k.name AS task_name",
        "'{}' AS person_extra",
        *(f"p.{name} AS person_{name}" for name in _PERSON),
        *(f"c.{name} AS account_{name}" for name in _ACCOUNT),
    )
)


def log_page(
    connection: sqlite3.Connection, wanted: LedgerFilter, offset: int, limit: int
) -> list[LedgerRow]:
    """Return a page of the execution log, newest first."""
    where, values = _wanted(wanted)
    # The page is found by its ids alone: names of rows that are passed over are not looked up.
    rows = fetch_sql(
        connection,
        f"""
        SELECT a.*, {_NAMES} FROM attempts a
        JOIN tasks k ON k.id = a.task_id
        JOIN people p ON p.id = a.person_id
        JOIN accounts c ON c.id = a.account_id
        WHERE a.id IN (
            SELECT a.id FROM attempts a WHERE {where} ORDER BY a.id DESC LIMIT :limit OFFSET :offset
        )
        ORDER BY a.id DESC
        """,  # noqa: S608 - texts of this module
        {**values, "limit": limit, "offset": offset},
    )
    return [_to_ledger_row(row) for row in rows]


def count_rows(connection: sqlite3.Connection, wanted: LedgerFilter) -> int:
    """Return how many attempts are wanted."""
    where, values = _wanted(wanted)
    row = connection.execute(
        f"SELECT count(*) FROM attempts a WHERE {where}",  # noqa: S608 - texts of this module
        values,
    ).fetchone()
    return int(row[0])


def contacts_in_time(connection: sqlite3.Connection, task_id: int | None) -> dict[datetime, int]:
    """Return the contacting attempts by quarters of an hour, UTC, in order."""
    rows = connection.execute(
        """
        SELECT started_at / :quarter AS step, count(*) FROM attempts
        WHERE action IN ('invite', 'message') AND (:task IS NULL OR task_id = :task)
        GROUP BY step ORDER BY step
        """,
        {"quarter": _QUARTER, "task": task_id},
    )
    return {from_stamp(step * _QUARTER): count for step, count in rows}


def _wanted(wanted: LedgerFilter) -> tuple[str, dict[str, object]]:
    """Return the condition of a filter, and its values."""
    equal = {
        "task_id": wanted.task_id,
        "account_id": wanted.account_id,
        "person_id": wanted.person_id,
        "outcome": wanted.outcome.value if wanted.outcome else None,
    }
    values: dict[str, object] = {name: value for name, value in equal.items() if value is not None}
    conditions = [f"a.{name} = :{name}" for name in values]
    if wanted.since is not None:
        conditions.append("a.started_at >= :since")
        values["since"] = to_stamp(wanted.since)
    if wanted.until is not None:
        conditions.append("a.started_at < :until")
        values["until"] = to_stamp(wanted.until)
    if wanted.before is not None:
        conditions.append("a.id < :before")
        values["before"] = wanted.before
    if words := search_words(wanted.text):
        # The people are found once, not asked for at every call of theirs.
        found, words_values = holding(words)
        conditions.append(
            f"(a.person_id IN (SELECT p.id FROM people p WHERE {found}) "  # noqa: S608 - ours
            "OR a.detail LIKE :detail ESCAPE '!')"
        )
        values |= words_values
        values["detail"] = f"%{_literal(wanted.text.strip())}%"
    return " AND ".join(conditions) or "1", values


def _literal(text: str) -> str:
    """Return a text in which LIKE sees no marks of its own; details are ASCII, as LIKE folds."""
    for mark in "!%_":
        text = text.replace(mark, f"!{mark}")
    return text


def _to_ledger_row(row: Row) -> LedgerRow:
    return LedgerRow(
        attempt=to_attempt(row),
        task_name=row["task_name"],
        person_label=to_person(_part(row, "person_")).label,
        account_label=account_label(to_profile(_part(row, "account_"))),
    )


def _part(row: Row, prefix: str) -> Row:
    return {
        name.removeprefix(prefix): value for name, value in row.items() if name.startswith(prefix)
    }
