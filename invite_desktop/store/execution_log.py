"""The execution log and the counts of attempts by time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invite_desktop.engine.ports.ledger import LedgerRow
from invite_desktop.store.mapping import (
    account_label,
    to_attempt,
    to_person,
    to_profile,
    to_stamp,
)
from invite_desktop.store.people_search import holding, search_words
from invite_desktop.store.rows import fetch_sql

if TYPE_CHECKING:
    import sqlite3

    from invite_desktop.engine.ports.ledger import LedgerFilter
    from invite_desktop.store.rows import Row

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
    source, where, values = _wanted(wanted)
    # The page is found by its ids alone: names of rows that are passed over are not looked up.
    rows = fetch_sql(
        connection,
        f"""
        SELECT a.*, {_NAMES} FROM attempts a
        JOIN tasks k ON k.id = a.task_id
        JOIN people p ON p.id = a.person_id
        JOIN accounts c ON c.id = a.account_id
        WHERE a.id IN (
            SELECT a.id FROM {source} WHERE {where} ORDER BY a.id DESC LIMIT :limit OFFSET :offset
        )
        ORDER BY a.id DESC
        """,  # noqa: S608 - texts of this module
        {**values, "limit": limit, "offset": offset},
    )
    return [_to_ledger_row(row) for row in rows]


def count_rows(connection: sqlite3.Connection, wanted: LedgerFilter) -> int:
    """Return how many attempts are wanted."""
    source, where, values = _wanted(wanted)
    row = connection.execute(
        f"SELECT count(*) FROM {source} WHERE {where}",  # noqa: S608 - texts of this module
        values,
    ).fetchone()
    return int(row[0])


def contacts_per_day(connection: sqlite3.Connection, task_id: int | None) -> dict[str, int]:
    """Return the contacting attempts by ISO date, local, in order."""
    return _counted(connection, "%Y-%m-%d", task_id)


def contacts_per_hour(connection: sqlite3.Connection, task_id: int) -> dict[str, int]:
    """Return a task's contacting attempts by hour (``2026-03-01T09``), local, in order."""
    return _counted(connection, "%Y-%m-%dT%H", task_id)


def contacts_by_hour_of_day(connection: sqlite3.Connection) -> dict[int, int]:
    """Return all contacting attempts by the hour of the day, local."""
    return {int(hour): count for hour, count in _counted(connection, "%H", None).items()}


def _counted(connection: sqlite3.Connection, shape: str, task_id: int | None) -> dict[str, int]:
    rows = connection.execute(
        """
        SELECT strftime(?, started_at / 1000000, 'unixepoch', 'localtime') AS step, count(*)
        FROM attempts
        WHERE action IN ('invite', 'message') AND (? IS NULL OR task_id = ?)
        GROUP BY step ORDER BY step
        """,
        (shape, task_id, task_id),
    )
    return dict(rows.fetchall())


def _wanted(wanted: LedgerFilter) -> tuple[str, str, dict[str, object]]:
    """Return the tables, the condition of a filter, and its values."""
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
    source = "attempts a"
    if words := search_words(wanted.text):
        found, words_values = holding(words)
        source = "attempts a JOIN people p ON p.id = a.person_id"
        conditions.append(f"({found} OR any_contains(:detail, a.detail))")
        values |= words_values
        values["detail"] = wanted.text.strip().casefold()
    return source, " AND ".join(conditions) or "1", values


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
