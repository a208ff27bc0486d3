"""Taking an import back: what it made goes, what it changed becomes what it was.

Everything is done in short transactions. The import is out of sight before the first of them, and
an undo that was interrupted goes on at the next start of the program.
"""

from __future__ import annotations

import json
import sqlite3
from functools import partial
from typing import TYPE_CHECKING, Any

from invite_desktop.store.import_journal import PRIMARY_KEYS
from invite_desktop.store.mapping import to_json
from invite_desktop.store.rows import connection_of, fetch_sql
from invite_desktop.store.slices import Slices
from invite_desktop.store.target_moves import enter_counters, leave_counters

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from peewee import SqliteDatabase

    from invite_desktop.store.database import Database
    from invite_desktop.store.rows import Row

_OTHERS_KNOW = """
    EXISTS (
        SELECT 1 FROM import_people o WHERE o.person_id = i.person_id AND o.import_id IN (
            SELECT id FROM imports WHERE id <> i.import_id AND state <> 'undone'
        )
    )
"""

_HAND_OVER = f"""
    UPDATE import_people SET made = 1 WHERE (import_id, person_id) IN (
        SELECT (
            SELECT min(o.import_id) FROM import_people o
            WHERE o.person_id = i.person_id AND o.import_id IN (
                SELECT id FROM imports WHERE id <> i.import_id AND state <> 'undone'
            )
        ), i.person_id
        FROM import_people i
        WHERE i.import_id = :import AND i.person_id IN (SELECT value FROM json_each(:people))
            AND {_OTHERS_KNOW}
    )
"""  # noqa: S608 - made of texts of this module

_DELETE_PEOPLE = f"""
    DELETE FROM people WHERE id IN (
        SELECT i.person_id FROM import_people i
        WHERE i.import_id = :import AND i.person_id IN (SELECT value FROM json_each(:people))
            AND NOT {_OTHERS_KNOW}
            AND NOT EXISTS (SELECT 1 FROM targets t WHERE t.person_id = i.person_id)
            AND NOT EXISTS (SELECT 1 FROM attempts a WHERE a.person_id = i.person_id)
            AND NOT EXISTS (SELECT 1 FROM audience_people p WHERE p.person_id = i.person_id)
    )
"""  # noqa: S608 - made of texts of this module


def hide_import(connection: sqlite3.Connection, import_id: int, at: int) -> None:
    """Begin an undo: from now on nobody sees the import's audience, if it has no other import."""
    connection.execute(
        "UPDATE imports SET state = 'undoing', undone_at = ? WHERE id = ?", (at, import_id)
    )
    connection.execute(
        """
        UPDATE audiences SET state = 'undone'
        WHERE id = (SELECT audience_id FROM imports WHERE id = :import) AND NOT EXISTS (
            SELECT 1 FROM imports o WHERE o.audience_id = audiences.id AND o.state = 'finished'
        )
        """,
        {"import": import_id},
    )


def hide_finished(connection: sqlite3.Connection, import_id: int) -> None:
    """Make a finished import one that was never finished, which leaves no trace."""
    connection.execute("UPDATE imports SET state = 'storing' WHERE id = ?", (import_id,))
    connection.execute(
        """
        UPDATE audiences SET state = 'filling'
        WHERE id = (SELECT audience_id FROM imports WHERE id = :import) AND NOT EXISTS (
            SELECT 1 FROM imports o WHERE o.audience_id = audiences.id AND o.id <> :import
        )
        """,
        {"import": import_id},
    )


def take_back(database: Database, import_id: int, stopped: Callable[[], bool]) -> bool:
    """Take back an import that is out of sight: undone, cancelled, or cut off by a crash. Blocks.

    One that was never finished leaves no trace at all. Return False when ``stopped`` before the
    end; the next call goes on.
    """
    # The audience first: who comes back has a right to the place where a newcomer may be now.
    for step in (_empty_audience, _revert_changes, _delete_people, _forget_known):
        slices = Slices()
        while done := database.write_now(partial(step, import_id, slices), durable=False):
            slices.end(done)
            if stopped():
                return False
    database.write_now(lambda opened: _close(connection_of(opened), import_id))
    return True


def unfinished_imports(connection: sqlite3.Connection) -> list[int]:
    """Return the imports to take back, the newest first."""
    rows = connection.execute(
        "SELECT id FROM imports WHERE state IN ('storing', 'undoing') ORDER BY id DESC"
    )
    return [int(import_id) for (import_id,) in rows]


def _revert_changes(import_id: int, slices: Slices, opened: SqliteDatabase) -> int:
    """Revert the newest knots; return how many rows that were."""
    slices.begin()
    connection, done = connection_of(opened), 0
    while not (done and slices.is_over()):
        rows = fetch_sql(
            connection,
            """
            SELECT * FROM import_changes WHERE import_id = ? AND knot = (
                SELECT max(knot) FROM import_changes WHERE import_id = ?
            )
            """,
            (import_id, import_id),
        )
        if not rows:
            break
        _revert_knot(connection, rows)
        connection.execute(
            "DELETE FROM import_changes WHERE import_id = ? AND knot = ?",
            (import_id, rows[0]["knot"]),
        )
        done += len(rows)
    return done


def _revert_knot(connection: sqlite3.Connection, rows: Sequence[Row]) -> None:
    """Revert one knot, or leave it whole when what came later stands in the way."""
    changes = [
        (row["of_table"], _image(row["before"]), _image(row["after"]), row["last_attempt"])
        for row in rows
    ]
    targets = to_json(
        [(before or after)["id"] for table, before, after, _ in changes if table == "targets"]
    )
    returning = [
        (table, before)
        for table, before, after, last_attempt in changes
        if after is None and not _is_overtaken(connection, table, before, last_attempt)
    ]
    connection.execute("PRAGMA defer_foreign_keys = ON")
    connection.execute("SAVEPOINT knot")
    try:
        leave_counters(connection, targets)
        for table, before, after, _ in changes:
            if before is None:
                _delete(connection, table, after)
        for table, before, after, _ in changes:
            if before is not None and after is not None:
                _put_back_columns(connection, table, before, after)
        for table, before in returning:
            _bring_back(connection, table, before, rows[0]["import_id"])
        enter_counters(connection, targets)
    except sqlite3.IntegrityError:
        connection.execute("ROLLBACK TO knot")
    connection.execute("RELEASE knot")


def _is_overtaken(
    connection: sqlite3.Connection, table: str, before: dict[str, Any], last_attempt: int
) -> bool:
    """Return whether an open target comes too late: the task has meanwhile acted for her."""
    if table != "targets" or before["state"] not in ("pending", "in_work"):
        return False
    found = connection.execute(
        """
        SELECT 1 FROM attempts WHERE task_id = ? AND id > ? AND (
            person_id = ? OR person_id = (SELECT person_id FROM merged_people WHERE old_id = ?)
        )
        """,
        (before["task_id"], last_attempt, before["person_id"], before["person_id"]),
    ).fetchone()
    return found is not None


def _delete(connection: sqlite3.Connection, table: str, after: dict[str, Any]) -> None:
    keys = " AND ".join(f"{name} = ?" for name in PRIMARY_KEYS[table])
    connection.execute(
        f"DELETE FROM {table} WHERE {keys}",  # noqa: S608 - names of our own tables
        [after[name] for name in PRIMARY_KEYS[table]],
    )


def _put_back_columns(
    connection: sqlite3.Connection, table: str, before: dict[str, Any], after: dict[str, Any]
) -> None:
    """Undo each changed column, unless something changed it once more."""
    keys = " AND ".join(f"{name} = ?" for name in PRIMARY_KEYS[table])
    where = [before[name] for name in PRIMARY_KEYS[table]]
    for name, value in before.items():
        if value != after[name]:
            connection.execute(
                f"UPDATE {table} SET {name} = ? "  # noqa: S608 - names of our own columns
                f"WHERE {keys} AND {name} IS ?",
                (value, *where, after[name]),
            )


def _bring_back(
    connection: sqlite3.Connection, table: str, before: dict[str, Any], import_id: int
) -> None:
    """Insert a row again; of an import that was undone meanwhile only the person to delete."""
    if table in ("audience_people", "import_people") and _is_undone(connection, before):
        if table == "audience_people" or not before["made"]:
            return
        before = before | {"import_id": import_id}
    if table == "audience_people":
        before = before | {"position": _free_position(connection, before)}
    _insert(connection, table, before)


def _free_position(connection: sqlite3.Connection, before: dict[str, Any]) -> int:
    """Return a person's old position in an audience, or the next one if a later import took it."""
    (position,) = connection.execute(
        """
        SELECT CASE WHEN EXISTS (
            SELECT 1 FROM audience_people WHERE audience_id = :audience_id AND position = :position
        ) THEN (
            SELECT max(position) + 1 FROM audience_people WHERE audience_id = :audience_id
        ) ELSE :position END
        """,
        {"audience_id": before["audience_id"], "position": before["position"]},
    ).fetchone()
    return int(position)


def _is_undone(connection: sqlite3.Connection, before: dict[str, Any]) -> bool:
    (state,) = connection.execute(
        "SELECT state FROM imports WHERE id = ?", (before["import_id"],)
    ).fetchone()
    return bool(state == "undone")


def _insert(connection: sqlite3.Connection, table: str, before: dict[str, Any]) -> None:
    names, places = ", ".join(before), ", ".join("?" * len(before))
    connection.execute(
        f"INSERT INTO {table} ({names}) VALUES ({places})",  # noqa: S608 - our own columns
        list(before.values()),
    )


def _empty_audience(import_id: int, slices: Slices, opened: SqliteDatabase) -> int:
    slices.begin()
    connection = connection_of(opened)
    (audience_id,) = connection.execute(
        "SELECT audience_id FROM imports WHERE id = ?", (import_id,)
    ).fetchone()
    return int(
        connection.execute(
            """
            DELETE FROM audience_people WHERE audience_id = :audience AND position IN (
                SELECT position FROM audience_people
                WHERE audience_id = :audience AND import_id = :import LIMIT :rows
            )
            """,
            {"audience": audience_id, "import": import_id, "rows": slices.rows},
        ).rowcount
    )


def _delete_people(import_id: int, slices: Slices, opened: SqliteDatabase) -> int:
    slices.begin()
    connection = connection_of(opened)
    people = [
        person_id
        for (person_id,) in connection.execute(
            "SELECT person_id FROM import_people WHERE import_id = ? AND made LIMIT ?",
            (import_id, slices.rows),
        )
    ]
    values = {"import": import_id, "people": to_json(people)}
    connection.execute(_HAND_OVER, values)
    connection.execute(_DELETE_PEOPLE, values)
    connection.execute(
        "DELETE FROM import_people WHERE import_id = :import "
        "AND person_id IN (SELECT value FROM json_each(:people))",
        values,
    )
    return len(people)


def _forget_known(import_id: int, slices: Slices, opened: SqliteDatabase) -> int:
    slices.begin()
    return int(
        connection_of(opened)
        .execute(
            "DELETE FROM import_people WHERE import_id = :import AND person_id IN ("
            "SELECT person_id FROM import_people WHERE import_id = :import LIMIT :rows)",
            {"import": import_id, "rows": slices.rows},
        )
        .rowcount
    )


def _close(connection: sqlite3.Connection, import_id: int) -> None:
    audience_id, state = connection.execute(
        "SELECT audience_id, state FROM imports WHERE id = ?", (import_id,)
    ).fetchone()
    if state == "undoing":
        connection.execute("UPDATE imports SET state = 'undone' WHERE id = ?", (import_id,))
        return
    connection.execute("DELETE FROM imports WHERE id = ?", (import_id,))
    connection.execute("DELETE FROM audiences WHERE id = ? AND state = 'filling'", (audience_id,))


def _image(text: str | None) -> Any:  # noqa: ANN401 - a row of any table, or none
    return None if text is None else json.loads(text)
