"""Many people come into an audience or leave it: one step, carried out in short transactions.

What is to be done is written down first, out of sight. One transaction makes it hold, and the rest
is carried out after it, by the next start of the program if need be. So nothing is ever done by
half, and the ledger never waits long.
"""

from __future__ import annotations

from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING

from invite_desktop.store.answers import AbandonedError
from invite_desktop.store.mapping import to_json
from invite_desktop.store.rows import connection_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator, Sequence

    from peewee import SqliteDatabase

    from invite_desktop.store.database import Database

Place = tuple[int, int, int, "str | None"]
"""A person's place in an audience: position, person, the import that brought her, consent."""

PEOPLE_AT_ONCE = 2_000
"""People whom one transaction moves; some tens of milliseconds."""


class MoveKind(StrEnum):
    """What happens to people: they leave, come back to their places, or come in by an import."""

    LEAVE = "leave"
    RETURN = "return"
    JOIN = "join"


_PERSON = "coalesce((SELECT m.person_id FROM merged_people m WHERE m.old_id = {id}), {id})"

_LEAVERS = f"""
    audience_id = :audience AND person_id IN (
        SELECT {_PERSON.format(id="w.value")} FROM json_each(:places) w
    )
"""  # noqa: S608 - texts of this module

# An import that is being taken back brings nobody any more.
_COMERS = f"""
    INTO audience_people
    SELECT :audience, w.value ->> 0, p.id, i.id, w.value ->> 3 FROM json_each(:places) w
    CROSS JOIN people p ON p.id = {_PERSON.format(id="(w.value ->> 1)")}
    CROSS JOIN imports i ON i.id = w.value ->> 2 AND i.state = 'finished'
"""  # noqa: S608 - texts of this module

_COME = {
    MoveKind.RETURN: f"INSERT OR IGNORE {_COMERS}",
    MoveKind.JOIN: f"""
        INSERT {_COMERS} WHERE true ON CONFLICT (person_id, audience_id) DO UPDATE SET
            consent_date = coalesce(excluded.consent_date, consent_date)
    """,
}


def prepare(
    database: Database,
    audience_id: int,
    kind: MoveKind,
    people: Sequence[int] | Sequence[Place],
    stopped: Callable[[], bool],
) -> int:
    """Write down who is to move; return the number of the move, of which nothing holds yet. Blocks.

    Of those who leave the ids are enough. Raises AbandonedError when stopped.
    """

    def note(places: str, opened: SqliteDatabase) -> None:
        connection_of(opened).execute(
            "INSERT INTO audience_move_pieces (move_id, places) VALUES (?, ?)", (move_id, places)
        )

    move_id = database.write_now(partial(_begin, audience_id, kind), durable=False)
    for first in range(0, len(people), PEOPLE_AT_ONCE):
        places = to_json(list(people[first : first + PEOPLE_AT_ONCE]))
        database.write_now(partial(note, places), durable=False)
        if stopped():
            raise AbandonedError
    return move_id


def make_hold(connection: sqlite3.Connection, move_id: int) -> list[Place]:
    """Let a move hold and carry out its beginning, as part of a transaction."""
    connection.execute("UPDATE audience_moves SET state = 'ready' WHERE id = ?", (move_id,))
    return _carry_out_some(connection, move_id)


def carry_out(database: Database, move_id: int, stopped: Callable[[], bool]) -> Iterator[Place]:
    """Carry out what holds, to the end; yield the places that were left. Blocks.

    Raises AbandonedError when stopped; the next start goes on.
    """

    def work(opened: SqliteDatabase) -> list[Place] | None:
        connection = connection_of(opened)
        if _next_piece(connection, move_id) is not None:
            return _carry_out_some(connection, move_id)
        connection.execute("DELETE FROM audience_moves WHERE id = ?", (move_id,))
        return None

    while (places := database.write_now(work, durable=False)) is not None:
        yield from places
        if stopped():
            raise AbandonedError


def clear_up_moves(database: Database, stopped: Callable[[], bool]) -> None:
    """Forget the moves that were never made to hold, and carry out the others. Blocks.

    Not while another one is being prepared. Raises AbandonedError when stopped.
    """

    def forget(opened: SqliteDatabase) -> list[int]:
        connection = connection_of(opened)
        connection.execute("DELETE FROM audience_moves WHERE state = 'preparing'")
        rows = connection.execute("SELECT id FROM audience_moves ORDER BY id")
        return [move_id for (move_id,) in rows]

    for move_id in database.write_now(forget, durable=False):
        for _ in carry_out(database, move_id, stopped):
            pass


def _begin(audience_id: int, kind: MoveKind, opened: SqliteDatabase) -> int:
    begun = connection_of(opened).execute(
        "INSERT INTO audience_moves (audience_id, kind) VALUES (?, ?)", (audience_id, kind.value)
    )
    return int(begun.lastrowid or 0)


def _next_piece(connection: sqlite3.Connection, move_id: int) -> tuple[int, str, int, str] | None:
    found: tuple[int, str, int, str] | None = connection.execute(
        """
        SELECT p.id, p.places, m.audience_id, m.kind FROM audience_move_pieces p
        JOIN audience_moves m ON m.id = p.move_id WHERE m.id = ? ORDER BY p.id LIMIT 1
        """,
        (move_id,),
    ).fetchone()
    return found


def _carry_out_some(connection: sqlite3.Connection, move_id: int) -> list[Place]:
    """Carry out the next piece; return the places that were left."""
    piece = _next_piece(connection, move_id)
    if piece is None:
        return []
    piece_id, people, audience_id, kind = piece
    places: list[Place] = []
    values = {"audience": audience_id, "places": people}
    if kind == MoveKind.LEAVE:
        places = connection.execute(
            "SELECT position, person_id, import_id, consent_date "  # noqa: S608 - texts of this file
            f"FROM audience_people WHERE {_LEAVERS}",
            values,
        ).fetchall()
        connection.execute(f"DELETE FROM audience_people WHERE {_LEAVERS}", values)  # noqa: S608 - as above
    else:
        connection.execute(_COME[MoveKind(kind)], values)
    connection.execute("DELETE FROM audience_move_pieces WHERE id = ?", (piece_id,))
    return places
