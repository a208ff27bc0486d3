"""Audiences, reports of imports, and what stands behind their counts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from invite_desktop.domain.audiences import ImportedRow, InvalidRow, RowKind, RowProblem
from invite_desktop.store.import_reading import FILE_BITS
from invite_desktop.store.mapping import to_audience, to_import_report, to_json, to_person
from invite_desktop.store.models import ImportRow, InvalidRowRow
from invite_desktop.store.rows import connection_of, fetch, fetch_sql

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from peewee import SqliteDatabase

    from invite_desktop.domain.audiences import Audience, ImportReport
    from invite_desktop.store.rows import Row

_PEOPLE_BEHIND = {
    RowKind.NEW: ("i.kind = 2", "1"),
    RowKind.UPDATED: ("i.kind = 1", "1"),
    RowKind.DUPLICATE: ("(i.kind = 0 OR i.rows > 1)", "i.rows - (i.kind > 0)"),
}
"""Which people stand behind a count, and for how many of its rows each of them."""


def import_rows(
    connection: sqlite3.Connection, import_id: int, kind: RowKind, offset: int, limit: int
) -> list[ImportedRow]:
    """Return a page of what stands behind one count of a report, in the order of rows."""
    (files,) = connection.execute("SELECT files FROM imports WHERE id = ?", (import_id,)).fetchone()
    names = json.loads(files)
    page = (import_id, limit, offset)
    if kind is RowKind.INVALID:
        rows = fetch_sql(
            connection,
            "SELECT * FROM import_invalid_rows WHERE import_id = ? AND NOT remark "
            "ORDER BY id LIMIT ? OFFSET ?",
            page,
        )
        return [_invalid(row, names) for row in rows]
    if kind is RowKind.OPTED_OUT:
        rows = fetch_sql(
            connection,
            "SELECT * FROM import_opted_out_rows WHERE import_id = ? "
            "ORDER BY first_row LIMIT ? OFFSET ?",
            page,
        )
        return [_imported(row, names, content=row["content"]) for row in rows]
    condition, count = _PEOPLE_BEHIND[kind]
    rows = fetch_sql(
        connection,
        f"SELECT p.*, i.first_row, {count} AS rows FROM import_people i "  # noqa: S608 - texts of this module
        f"JOIN people p ON p.id = i.person_id WHERE i.import_id = ? AND {condition} "
        "ORDER BY i.first_row LIMIT ? OFFSET ?",
        page,
    )
    return [_imported(row, names, person=row) for row in rows]


def import_remarks(
    connection: sqlite3.Connection, import_id: int, offset: int, limit: int
) -> list[ImportedRow]:
    """Return a page of the cells that an import could not use as they stand, in their order."""
    (files,) = connection.execute("SELECT files FROM imports WHERE id = ?", (import_id,)).fetchone()
    rows = fetch_sql(
        connection,
        "SELECT * FROM import_invalid_rows WHERE import_id = ? AND remark "
        "ORDER BY id LIMIT ? OFFSET ?",
        (import_id, limit, offset),
    )
    return [_invalid(row, json.loads(files)) for row in rows]


def consent_dates(
    connection: sqlite3.Connection, audience_id: int, people: Sequence[int]
) -> dict[int, str]:
    """Return the ISO dates on which people of an audience agreed, as far as they are known."""
    return dict(
        connection.execute(
            # Left to itself SQLite would look through the whole audience for every page.
            "SELECT person_id, consent_date FROM json_each(?) "
            "CROSS JOIN audience_people INDEXED BY audience_people_person "
            "ON person_id = value AND audience_id = ? WHERE consent_date IS NOT NULL",
            (to_json(list(people)), audience_id),
        )
    )


def extra_names(connection: sqlite3.Connection, audience_id: int, most: int) -> list[str]:
    """Return the names of an audience's extra columns as its people bring them, the first ones."""
    rows = connection.execute(
        """
        SELECT DISTINCT e.key FROM audience_people a
        CROSS JOIN people p ON p.id = a.person_id, json_each(p.extra) e
        WHERE a.audience_id = ? AND p.extra <> '{}' LIMIT ?
        """,
        (audience_id, most),
    )
    return [name for (name,) in rows]


def audience_names(connection: sqlite3.Connection) -> dict[int, str]:
    """Return the name of every audience by its id, deleted ones too."""
    return dict(connection.execute("SELECT id, name FROM audiences"))


def place_of(first_row: int, files: Sequence[str]) -> tuple[str, int]:
    """Return the file and the number of a row by its place in the import."""
    file, number = first_row >> FILE_BITS, first_row & ((1 << FILE_BITS) - 1)
    return (files[file] if file < len(files) else ""), number


def _imported(
    row: Row, files: Sequence[str], content: str = "", person: Row | None = None
) -> ImportedRow:
    file, number = place_of(row["first_row"], files)
    return ImportedRow(
        number, file, content, to_person(person) if person else None, rows=row["rows"]
    )


def _invalid(row: Row, files: Sequence[str]) -> ImportedRow:
    position = row["file"] or 0
    known = len(files) == 1 or row["file"] is not None
    file = files[position] if known and position < len(files) else ""
    return ImportedRow(row["number"], file, row["content"], problem=RowProblem(row["problem"]))


def audiences_of(connection: sqlite3.Connection, *, hidden: bool = False) -> list[Audience]:
    """Return audiences, newest first; the ``hidden`` ones too, for the history of imports."""
    rows = fetch_sql(
        connection,
        """
        SELECT a.*, (SELECT count(*) FROM audience_people p WHERE p.audience_id = a.id) AS people
        FROM audiences a WHERE a.state = 'kept' OR ? ORDER BY a.id DESC
        """,
        (hidden,),
    )
    return [to_audience(row) for row in rows]


def one_audience(connection: sqlite3.Connection, audience_id: int) -> Audience:
    """Return an audience, a deleted one too. Raises KeyError."""
    rows = fetch_sql(
        connection,
        """
        SELECT a.*, (SELECT count(*) FROM audience_people p WHERE p.audience_id = a.id) AS people
        FROM audiences a WHERE a.id = ?
        """,
        (audience_id,),
    )
    if not rows:
        raise KeyError(audience_id)
    return to_audience(rows[0])


def import_history(database: SqliteDatabase) -> list[ImportReport]:
    """Return the imports of files and from Telegram, newest first, without invalid rows."""
    audiences = {
        audience.id: audience for audience in audiences_of(connection_of(database), hidden=True)
    }
    rows = fetch(
        database,
        ImportRow.select()
        .where(ImportRow.state != "storing", ImportRow.origin.not_in(("audience", "task")))
        .order_by(ImportRow.id.desc()),
    )
    return [to_import_report(row, audiences[row["audience_id"]]) for row in rows]


def report_of(database: SqliteDatabase, import_id: int) -> ImportReport:
    """Return one import's report with its invalid rows. Raises KeyError."""
    rows = fetch(database, ImportRow.select().where(ImportRow.id == import_id))
    if not rows:
        raise KeyError(import_id)
    audiences = {
        audience.id: audience for audience in audiences_of(connection_of(database), hidden=True)
    }
    query = (
        InvalidRowRow.select()
        .where(InvalidRowRow.import_id == import_id, ~InvalidRowRow.remark)
        .order_by(InvalidRowRow.id)
    )
    invalid = [
        InvalidRow(row["number"], row["content"], RowProblem(row["problem"]))
        for row in fetch(database, query)
    ]
    return to_import_report(rows[0], audiences[rows[0]["audience_id"]], invalid)
