"""Groups of an import become people, their rows of the import and places in its audience."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invite_desktop.store.import_journal import recorded_fill

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from invite_desktop.store.import_staging import ImportRun


_ADDS_NOTHING = """
    (s.full_name = '' OR p.full_name <> '') AND (s.first_name = '' OR p.first_name <> '')
    AND (s.last_name = '' OR p.last_name <> '') AND s.extra IN ('{}', p.extra)
    AND NOT EXISTS (SELECT 1 FROM temp.staged_keys m WHERE m.number = s.number)
"""

# Groups of which every key is one stored person's, and nothing is new: the second import of a file.
_SAME = tuple(
    f"INSERT INTO temp.same SELECT s.number, p.id FROM block.staged s CROSS JOIN people p ON {on} "  # noqa: S608 - texts of this module
    f"WHERE {_ADDS_NOTHING}"
    for on in (
        (
            "p.username_key = s.username_key AND (s.phone IS NULL OR s.phone = p.phone) "
            "AND (s.telegram_id IS NULL OR s.telegram_id = p.telegram_id)"
        ),
        (
            "p.phone = s.phone AND s.username_key IS NULL "
            "AND (s.telegram_id IS NULL OR s.telegram_id = p.telegram_id)"
        ),
        "p.telegram_id = s.telegram_id AND s.username_key IS NULL AND s.phone IS NULL",
    )
)

_TOUCH_SAME = """
    INSERT INTO import_people
    SELECT :import, e.person_id, 0, 0, s.rows, s.first_row, s.consent_date
    FROM temp.same e JOIN block.staged s ON s.number = e.number WHERE true
    ON CONFLICT (import_id, person_id) DO UPDATE SET
        rows = rows + excluded.rows,
        consent_date = coalesce(consent_date, excluded.consent_date)
"""

_JOIN_SAME = """
    INSERT INTO audience_people
    SELECT :audience, s.first_row, e.person_id, :import, s.consent_date
    FROM temp.same e JOIN block.staged s ON s.number = e.number WHERE true
    ON CONFLICT (person_id, audience_id) DO UPDATE SET
        consent_date = coalesce(consent_date, excluded.consent_date)
"""

_FIND = """
    INSERT INTO temp.found
    SELECT m.person_id, m.number,
        p.username_key IS NULL AND s.username_key IS NOT NULL
        OR p.phone IS NULL AND s.phone IS NOT NULL
        OR p.telegram_id IS NULL AND s.telegram_id IS NOT NULL
        OR p.full_name = '' AND s.full_name <> ''
        OR p.first_name = '' AND s.first_name <> ''
        OR p.last_name = '' AND s.last_name <> ''
        OR s.extra <> '{}' AND s.extra <> p.extra
            AND json_patch(json_patch(p.extra, s.extra), p.extra) <> p.extra
    FROM temp.matched m
    JOIN block.staged s ON s.number = m.number JOIN people p ON p.id = m.person_id
"""

_FILL = """
    UPDATE people SET
        username = coalesce(people.username, s.username),
        username_key = coalesce(people.username_key, s.username_key),
        phone = coalesce(people.phone, s.phone),
        telegram_id = coalesce(people.telegram_id, s.telegram_id),
        full_name = iif(people.full_name = '', s.full_name, people.full_name),
        first_name = iif(people.first_name = '', s.first_name, people.first_name),
        last_name = iif(people.last_name = '', s.last_name, people.last_name),
        extra = iif(
            s.extra = '{}', people.extra,
            json_patch(json_patch(people.extra, s.extra), people.extra)
        )
    FROM temp.found f JOIN block.staged s ON s.number = f.number
    WHERE people.id = f.person_id AND f.adds
"""

_TOUCH = """
    INSERT INTO import_people
    SELECT :import, f.person_id, f.adds, 0, s.rows, s.first_row, s.consent_date
    FROM temp.found f JOIN block.staged s ON s.number = f.number
    WHERE true
    ON CONFLICT (import_id, person_id) DO UPDATE SET
        kind = max(kind, excluded.kind),
        rows = rows + excluded.rows,
        first_row = min(first_row, excluded.first_row),
        consent_date = coalesce(consent_date, excluded.consent_date)
"""

_JOIN_AUDIENCE = """
    INSERT INTO audience_people
    SELECT :audience, s.first_row, f.person_id, :import, s.consent_date
    FROM temp.found f JOIN block.staged s ON s.number = f.number
    WHERE true
    ON CONFLICT (person_id, audience_id) DO UPDATE SET
        consent_date = coalesce(consent_date, excluded.consent_date)
"""

_CREATE = """
    INSERT INTO people (
        id, username, username_key, phone, telegram_id, full_name, first_name, last_name, extra,
        created_at
    )
    SELECT :base + number, username, username_key, phone, telegram_id, full_name, first_name,
        last_name, extra, :at
    FROM block.staged WHERE number NOT IN (SELECT number FROM temp.matched) ORDER BY number
"""

_TOUCH_NEW = """
    INSERT INTO import_people
    SELECT :import, :base + number, 2, 1, rows, first_row, consent_date
    FROM block.staged WHERE number NOT IN (SELECT number FROM temp.matched) ORDER BY number
"""

_JOIN_NEW = """
    INSERT INTO audience_people
    SELECT :audience, first_row, :base + number, :import, consent_date
    FROM block.staged WHERE number NOT IN (SELECT number FROM temp.matched) ORDER BY number
"""

_KEYS_OF_NEW = """
    INSERT INTO other_keys
    SELECT kind, value, :base + number FROM temp.staged_keys
    WHERE number NOT IN (SELECT number FROM temp.matched)
"""


# Whom this part of the batch speaks of and who is not yet so in the audience that is in use.
_CANDIDATES = """
    SELECT w.person_id FROM ({touched}) w
    LEFT JOIN audience_people a ON a.person_id = w.person_id AND a.audience_id = :audience
    WHERE a.person_id IS NULL
        OR w.consent_date IS NOT NULL AND w.consent_date IS NOT a.consent_date
"""

_SAME_CANDIDATES = _CANDIDATES.format(
    touched="SELECT e.person_id, s.consent_date FROM temp.same e "
    "JOIN block.staged s ON s.number = e.number"
)

_OTHER_CANDIDATES = _CANDIDATES.format(
    touched="SELECT f.person_id, s.consent_date FROM temp.found f "
    "JOIN block.staged s ON s.number = f.number "
    "UNION ALL SELECT :base + number, consent_date FROM block.staged "
    "WHERE number NOT IN (SELECT number FROM temp.matched)"
)


def store_same(connection: sqlite3.Connection, run: ImportRun) -> list[int]:
    """Store the groups of the batch that say of one stored person only what is known of her.

    Return, here as in ``store_plain``, whom the audience may miss that is in use already.
    """
    for statement in _SAME:
        connection.execute(statement)
    values = {"import": run.import_id, "audience": run.audience_id}
    connection.execute(_TOUCH_SAME, values)
    missing: list[int] = []
    if run.is_first:
        connection.execute(_JOIN_SAME, values)
    else:
        missing = _ids(connection.execute(_SAME_CANDIDATES, values))
    connection.execute("DELETE FROM block.staged WHERE number IN (SELECT number FROM temp.same)")
    return missing


def store_plain(connection: sqlite3.Connection, run: ImportRun) -> list[int]:
    """Store the groups that are new, or add to exactly one person nobody else adds to."""
    values = {
        "base": _base(connection),
        "at": run.at,
        "import": run.import_id,
        "audience": run.audience_id,
    }
    connection.execute(_FIND)
    with recorded_fill(connection, run.import_id):
        connection.execute(_FILL)
    for statement in (_TOUCH, _CREATE, _TOUCH_NEW, _KEYS_OF_NEW):
        connection.execute(statement, values)
    if not run.is_first:
        return _ids(connection.execute(_OTHER_CANDIDATES, values))
    connection.execute(_JOIN_AUDIENCE, values)
    connection.execute(_JOIN_NEW, values)
    return []


def _base(connection: sqlite3.Connection) -> int:
    """Return what added to a group's number gives an id that no person has had."""
    row = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'people'").fetchone()
    (first,) = connection.execute("SELECT coalesce(min(number), 1) FROM block.staged").fetchone()
    return int(row[0] if row else 0) + 1 - int(first)


def _ids(rows: Iterable[tuple[int]]) -> list[int]:
    return [person_id for (person_id,) in rows]
