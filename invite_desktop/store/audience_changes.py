"""Audiences changed by hand, and made of people who are stored already."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.engine.ports.audiences import Removed
from invite_desktop.store import audience_moves
from invite_desktop.store.audience_moves import MoveKind
from invite_desktop.store.mapping import to_json, to_stamp
from invite_desktop.store.rows import connection_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from peewee import SqliteDatabase

    from invite_desktop.engine.ports.audiences import NewAudience
    from invite_desktop.store.audience_moves import Place
    from invite_desktop.store.database import Database

PEOPLE_AT_ONCE = 2_000
"""Places in an audience that one transaction writes; some tens of milliseconds."""

_FILL = """
    INSERT OR IGNORE INTO audience_people
    SELECT :audience, :first + w.key, p.id, :import,
        (SELECT max(consent_date) FROM audience_people c WHERE c.person_id = p.id)
    FROM json_each(:people) w
    CROSS JOIN people p ON p.id = coalesce(
        (SELECT m.person_id FROM merged_people m WHERE m.old_id = w.value), w.value
    )
    ORDER BY w.key
"""


def change_audience(connection: sqlite3.Connection, audience_id: int, **columns: str) -> None:
    """Change columns of an audience that is in use or deleted. Raises KeyError."""
    changes = ", ".join(f"{name} = ?" for name in columns)
    changed = connection.execute(
        f"UPDATE audiences SET {changes} "  # noqa: S608 - names of our own columns
        "WHERE id = ? AND state IN ('kept', 'deleted')",
        (*columns.values(), audience_id),
    ).rowcount
    if not changed:
        raise KeyError(audience_id)


def make_audience(
    database: Database,
    new: NewAudience,
    people: Sequence[int],
    stopped: Callable[[], bool],
    at_the_end: Callable[[sqlite3.Connection, int], None] = lambda _connection, _audience_id: None,
) -> int:
    """Make an audience of stored people; return its id, 0 when stopped. Blocks.

    Nobody sees it before it is complete; an unfinished one is removed like an unfinished import.
    ``at_the_end`` belongs to the transaction that shows it. Raises KnownError for an audience of
    nobody.
    """
    if not people:
        raise KnownError(
            message("Nobody is left for the new audience."),
            message("Choose other audiences or people."),
        )
    import_id, audience_id = database.write_now(lambda opened: _begin(connection_of(opened), new))
    for first, some in _slices(people):
        values = {
            "audience": audience_id,
            "first": first + 1,
            "import": import_id,
            "people": to_json(some),
        }
        database.write_now(partial(_fill, values), durable=False)
        if stopped():
            return 0

    def show(opened: SqliteDatabase) -> None:
        _finish(connection_of(opened), import_id, audience_id)
        at_the_end(connection_of(opened), audience_id)

    database.write_now(show)
    return audience_id


def split_audience(
    database: Database,
    audience_id: int,
    new: NewAudience,
    people: Sequence[int],
    stopped: Callable[[], bool],
) -> tuple[int, Removed]:
    """Move people into a new audience; return its id, 0 when stopped, and their places. Blocks.

    They leave the old one in the transaction that shows the new one.
    """
    places: list[Place] = []
    leaving = audience_moves.prepare(database, audience_id, MoveKind.LEAVE, people, stopped)

    def leave(connection: sqlite3.Connection, _made: int) -> None:
        places.extend(audience_moves.make_hold(connection, leaving))

    made = make_audience(database, new, people, stopped, leave)
    if made:
        places.extend(audience_moves.carry_out(database, leaving, stopped))
    return made, Removed(audience_id, tuple(places))


def unsplit_audience(
    database: Database, made: int, removed: Removed, stopped: Callable[[], bool]
) -> None:
    """Move people back to their places and hide the audience they were in, in one step. Blocks."""

    def hide(connection: sqlite3.Connection) -> None:
        change_audience(connection, made, state="deleted")

    _move(database, removed.audience_id, MoveKind.RETURN, removed.places, stopped, hide)


def remove_people(
    database: Database, audience_id: int, people: Sequence[int], stopped: Callable[[], bool]
) -> Removed:
    """Take people out of an audience, in one step. Blocks."""
    places = _move(database, audience_id, MoveKind.LEAVE, people, stopped)
    return Removed(audience_id, tuple(places))


def put_back(database: Database, removed: Removed, stopped: Callable[[], bool]) -> None:
    """Put people back who were taken out, as far as they still exist, in one step. Blocks."""
    _move(database, removed.audience_id, MoveKind.RETURN, removed.places, stopped)


def _move(
    database: Database,
    audience_id: int,
    kind: MoveKind,
    people: Sequence[int] | Sequence[Place],
    stopped: Callable[[], bool],
    with_it: Callable[[sqlite3.Connection], None] = lambda _connection: None,
) -> list[Place]:
    """Prepare a move, let it hold, and carry it out; ``with_it`` holds from the same moment on."""
    move_id = audience_moves.prepare(database, audience_id, kind, people, stopped)

    def hold(opened: SqliteDatabase) -> list[Place]:
        with_it(connection_of(opened))
        return audience_moves.make_hold(connection_of(opened), move_id)

    places = database.write_now(hold)
    places.extend(audience_moves.carry_out(database, move_id, stopped))
    return places


def _begin(connection: sqlite3.Connection, new: NewAudience) -> tuple[int, int]:
    at = to_stamp(new.at)
    audience = connection.execute(
        "INSERT INTO audiences (name, basis, source, created_at, state, origin) "
        "VALUES (?, ?, ?, ?, 'filling', ?)",
        (new.name, new.basis.value, new.source, at, new.origin.value),
    )
    created = connection.execute(
        """
        INSERT INTO imports (
            audience_id, fingerprint, source, files, finished_at, read, new, updated, duplicate,
            invalid, opted_out, by_username, by_phone, by_id, state, origin
        ) VALUES (?, '', ?, '[]', ?, 0, 0, 0, 0, 0, 0, 0, 0, 0, 'storing', ?)
        """,
        (audience.lastrowid, new.source, at, new.origin.value),
    )
    return int(created.lastrowid or 0), int(audience.lastrowid or 0)


def _fill(values: Mapping[str, object], database: SqliteDatabase) -> None:
    connection_of(database).execute(_FILL, values)


def _finish(connection: sqlite3.Connection, import_id: int, audience_id: int) -> None:
    connection.execute(
        """
        UPDATE imports SET state = 'finished', read = n, duplicate = n FROM (
            SELECT count(*) AS n FROM audience_people WHERE audience_id = ?
        ) WHERE id = ?
        """,
        (audience_id, import_id),
    )
    connection.execute("UPDATE audiences SET state = 'kept' WHERE id = ?", (audience_id,))


def _slices(people: Sequence[int]) -> Iterator[tuple[int, list[int]]]:
    for first in range(0, len(people), PEOPLE_AT_ONCE):
        yield first, list(people[first : first + PEOPLE_AT_ONCE])
