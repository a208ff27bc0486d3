"""The people of an import who are on the do-not-contact list."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from invite_desktop.store.import_journal import images_of, record
from invite_desktop.store.import_reading import MOST_INVALID_STORED, check
from invite_desktop.store.rows import connection_of
from invite_desktop.store.slices import Slices

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Sequence

    from peewee import SqliteDatabase

    from invite_desktop.store.database import Database
    from invite_desktop.store.import_staging import ImportRun

    OptedOut = tuple[int, int, int, int, str]

_OPTED_OUT = """
    SELECT i.person_id, i.made, i.rows, i.first_row,
        coalesce('@' || p.username, p.phone, CAST(p.telegram_id AS TEXT))
    FROM opted_out_people o
    CROSS JOIN import_people i ON i.import_id = :import AND i.person_id = o.person_id
    JOIN people p ON p.id = i.person_id ORDER BY i.first_row
"""

_MORE_KEYS = """
    INSERT OR IGNORE INTO do_not_contact (kind, value, reason, at, entry)
    SELECT k.kind, k.value, d.reason, :at, coalesce(d.entry, d.id)
    FROM person_keys k CROSS JOIN do_not_contact d ON d.id = (
        SELECT min(x.id) FROM do_not_contact x
        JOIN person_keys o ON o.kind = x.kind AND o.value = x.value WHERE o.person_id = :person
    )
    WHERE k.person_id = :person
"""


def leave_out_opted_out(
    database: Database,
    run: ImportRun,
    ask: Callable[[str, ImportRun], list[OptedOut]],
    cancelled: Callable[[], bool],
) -> int:
    """Take the people of the do-not-contact list out of an import; return how many rows. Blocks.

    Keys that the file knows of them join the list; who is not stored yet is not stored now. Raises
    ImportCancelledError. ``ask`` asks beside the writer.
    """
    found, slices, first = ask(_OPTED_OUT, run), Slices(rows=200), 0
    while first < len(found):
        check(cancelled)
        some = found[first : first + slices.rows]
        kept = some[: max(0, MOST_INVALID_STORED - first)]
        database.write_now(partial(_leave_some_out, run, some, kept, slices), durable=False)
        slices.end(len(some))
        first += len(some)
    return sum(rows for _, _, rows, _, _ in found)


def _leave_some_out(
    run: ImportRun,
    some: Sequence[OptedOut],
    kept: Sequence[OptedOut],
    slices: Slices,
    opened: SqliteDatabase,
) -> None:
    """Leave some people out, and keep what is shown of those who are kept."""
    slices.begin()
    connection = connection_of(opened)
    (last,) = connection.execute("SELECT coalesce(max(id), 0) FROM do_not_contact").fetchone()
    for person_id, made, _, _, _ in some:
        connection.execute(_MORE_KEYS, {"at": run.at, "person": person_id})
        _leave_out(connection, run, person_id)
        if made:
            connection.execute("DELETE FROM people WHERE id = ?", (person_id,))
    connection.executemany(
        "INSERT INTO import_opted_out_rows (import_id, first_row, rows, content) "
        "VALUES (?, ?, ?, ?)",
        [(run.import_id, place, rows, key) for _, _, rows, place, key in kept],
    )
    learned = images_of(
        connection, "do_not_contact", "SELECT * FROM do_not_contact WHERE id > ?", last
    )
    record(connection, run.import_id, {}, learned)


def _leave_out(connection: sqlite3.Connection, run: ImportRun, person_id: int) -> None:
    for sql in (
        "DELETE FROM import_people WHERE import_id = :import AND person_id = :person",
        (
            "DELETE FROM audience_people WHERE person_id = :person "
            "AND audience_id = :audience AND import_id = :import"
        ),
    ):
        connection.execute(
            sql, {"import": run.import_id, "audience": run.audience_id, "person": person_id}
        )
