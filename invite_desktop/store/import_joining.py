"""The people of an import come into an audience that is in use already."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from invite_desktop.store.answers import AbandonedError
from invite_desktop.store.audience_moves import PEOPLE_AT_ONCE, MoveKind, make_hold, prepare
from invite_desktop.store.import_journal import images_of, record
from invite_desktop.store.import_reading import ImportCancelledError, check
from invite_desktop.store.mapping import to_json
from invite_desktop.store.rows import connection_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Sequence

    from peewee import SqliteDatabase

    from invite_desktop.engine.ports.stores import NewImport
    from invite_desktop.store.audience_moves import Place
    from invite_desktop.store.database import Database
    from invite_desktop.store.import_journal import Images
    from invite_desktop.store.import_staging import ImportRun

_LAST_POSITION = """
    SELECT coalesce(max(position), 0) FROM audience_people WHERE audience_id = :audience
"""

# Of those who were met as missing, who is so at the end: people merge, or had opted out.
_MISSING = """
    SELECT DISTINCT i.person_id, i.consent_date, i.first_row
    FROM json_each(:met) w CROSS JOIN import_people i ON i.import_id = :import AND i.person_id =
        coalesce((SELECT m.person_id FROM merged_people m WHERE m.old_id = w.value), w.value)
    LEFT JOIN audience_people a ON a.person_id = i.person_id AND a.audience_id = :audience
    WHERE a.person_id IS NULL OR i.consent_date IS NOT NULL AND i.consent_date IS NOT a.consent_date
    ORDER BY i.first_row
"""


class Asking(Protocol):
    """Asks beside the writer about an import, until the user wants to stop."""

    def __call__(self, sql: str, run: ImportRun, **more: object) -> list[tuple[Any, ...]]:
        """Return the rows; ``more`` are values beside the import's and the audience's ids."""
        ...


def prepare_to_join(
    database: Database,
    run: ImportRun,
    met: Sequence[int],
    ask: Asking,
    cancelled: Callable[[], bool],
) -> int:
    """Write down who comes in of the people ``met``; return the number of the move. Blocks.

    Raises ImportCancelledError.
    """
    missing = ask(_MISSING, run, met=to_json(list(met))) if met else []
    ((last,),) = ask(_LAST_POSITION, run)
    places: list[Place] = [
        (last + number, person_id, run.import_id, consent)
        for number, (person_id, consent, _) in enumerate(missing, 1)
    ]
    for first in range(0, len(places), PEOPLE_AT_ONCE):
        some = places[first : first + PEOPLE_AT_ONCE]
        database.write_now(partial(_record_consents, run, some), durable=False)
        check(cancelled)
    try:
        return prepare(database, run.audience_id, MoveKind.JOIN, places, cancelled)
    except AbandonedError:
        raise ImportCancelledError from None


def bring_up_to_date(
    connection: sqlite3.Connection, run: ImportRun, new: NewImport, joining: int
) -> None:
    """Let the prepared people join, and the user's last word count; an undo takes it back."""
    before = _audience_image(connection, run)
    connection.execute(
        "UPDATE audiences SET name = ?, basis = ?, source = ? WHERE id = ?",
        (new.audience_name, new.basis.value, new.source, run.audience_id),
    )
    record(connection, run.import_id, before, _audience_image(connection, run))
    make_hold(connection, joining)


def _audience_image(connection: sqlite3.Connection, run: ImportRun) -> Images:
    sql = "SELECT * FROM audiences WHERE id = ?"
    return images_of(connection, "audiences", sql, run.audience_id)


def _record_consents(run: ImportRun, places: Sequence[Place], opened: SqliteDatabase) -> None:
    """Keep for an undo which dates of consent will change of those who are in the audience."""
    consents = {person_id: consent for _, person_id, _, consent in places}
    connection = connection_of(opened)
    before = images_of(
        connection,
        "audience_people",
        "SELECT a.* FROM json_each(?) j CROSS JOIN audience_people a "
        "ON a.person_id = j.value AND a.audience_id = ?",
        to_json(list(consents)),
        run.audience_id,
    )
    after = {
        key: {**row, "consent_date": consents[row["person_id"]] or row["consent_date"]}
        for key, row in before.items()
    }
    record(connection, run.import_id, before, after)
