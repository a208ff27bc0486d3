"""The set-based part of an import: a batch of groups against the stored people, in bulk SQL."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from invite_desktop.store.import_journal import recorded_fill
from invite_desktop.store.import_reading import STAGED_COLUMNS
from invite_desktop.store.mapping import to_json

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping

    from invite_desktop.store.import_batch import PlainGroup
    from invite_desktop.store.import_reading import Block

SAME, UPDATED, NEW = 0, 1, 2
"""What an import did to a person it touched: nothing, added something, or made her."""


@dataclass(frozen=True, slots=True)
class ImportRun:
    """An import that is being stored. ``is_first`` = its audience is new and nobody sees it yet."""

    import_id: int
    audience_id: int
    is_first: bool
    at: int


_TABLES = (
    "CREATE TEMP TABLE IF NOT EXISTS same (number INTEGER PRIMARY KEY, person_id INTEGER)",
    f"CREATE TEMP TABLE IF NOT EXISTS waiting (number INTEGER PRIMARY KEY, {STAGED_COLUMNS})",
    "CREATE TEMP TABLE IF NOT EXISTS staged_keys (kind TEXT, value TEXT, number INTEGER)",
    """
    CREATE TEMP TABLE IF NOT EXISTS matched (
        number INTEGER, person_id INTEGER, PRIMARY KEY (number, person_id)
    ) WITHOUT ROWID
    """,
    """
    CREATE TEMP TABLE IF NOT EXISTS found (
        person_id INTEGER PRIMARY KEY, number INTEGER, adds INTEGER
    )
    """,
)

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

_MATCH = (
    (
        "SELECT s.number, p.id FROM block.staged s CROSS JOIN people p "
        "ON p.username_key = s.username_key"
    ),
    "SELECT s.number, p.id FROM block.staged s CROSS JOIN people p ON p.phone = s.phone",
    (
        "SELECT s.number, p.id FROM block.staged s CROSS JOIN people p "
        "ON p.telegram_id = s.telegram_id"
    ),
)

_MATCH_MORE = (
    (
        "SELECT m.number, p.id FROM temp.staged_keys m CROSS JOIN people p "
        "ON m.kind = 'username' AND p.username_key = m.value"
    ),
    (
        "SELECT m.number, p.id FROM temp.staged_keys m CROSS JOIN people p "
        "ON m.kind = 'phone' AND p.phone = m.value"
    ),
    (
        "SELECT m.number, p.id FROM temp.staged_keys m CROSS JOIN people p "
        "ON m.kind = 'telegram_id' AND p.telegram_id = CAST(m.value AS INTEGER)"
    ),
    (
        "SELECT m.number, k.person_id FROM temp.staged_keys m CROSS JOIN other_keys k "
        "ON k.kind = m.kind AND k.value = m.value"
    ),
)

_MATCH_OTHER = (
    (
        "SELECT s.number, k.person_id FROM block.staged s CROSS JOIN other_keys k "
        "ON k.kind = 'username' AND k.value = s.username_key"
    ),
    (
        "SELECT s.number, k.person_id FROM block.staged s CROSS JOIN other_keys k "
        "ON k.kind = 'phone' AND k.value = s.phone"
    ),
    (
        "SELECT s.number, k.person_id FROM block.staged s CROSS JOIN other_keys k "
        "ON k.kind = 'telegram_id' AND k.value = CAST(s.telegram_id AS TEXT)"
    ),
)

# Joins two groups or two persons, brings a second key of a kind: these go one by one.
_KNOTTY = """
    SELECT number FROM temp.matched GROUP BY number HAVING count(*) > 1
    UNION
    SELECT number FROM temp.matched WHERE person_id IN (
        SELECT person_id FROM temp.matched GROUP BY person_id HAVING count(*) > 1
    )
    UNION
    SELECT number FROM temp.staged_keys WHERE number IN (SELECT number FROM temp.matched)
    UNION
    SELECT m.number FROM temp.matched m
    JOIN block.staged s ON s.number = m.number JOIN people p ON p.id = m.person_id
    WHERE s.username_key <> p.username_key OR s.phone <> p.phone OR s.telegram_id <> p.telegram_id
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


_MORE_KEYS = """
    INSERT INTO temp.staged_keys
    SELECT k.value ->> 0, k.value ->> 1, s.number
    FROM block.staged s, json_each(s.more_keys) k WHERE s.more_keys <> ''
"""


def prepare(connection: sqlite3.Connection) -> None:
    """Make the import's own tables, empty, and a place for its blocks; they live in memory."""
    for statement in _TABLES:
        connection.execute(statement)
    connection.execute("ATTACH ':memory:' AS block")


def forget(connection: sqlite3.Connection) -> None:
    """Let go of the last block. Not within a transaction."""
    _empty(connection)
    connection.execute("DELETE FROM temp.waiting")
    connection.execute("DETACH block")


def take_in(connection: sqlite3.Connection, block: Block) -> None:
    """Lay a block of groups beside the stored people. Not within a transaction."""
    connection.deserialize(block.staged, name="block")


def stage(
    connection: sqlite3.Connection, block: Block, rows: int, *, is_begun: bool
) -> tuple[int, int]:
    """Begin with the first groups of a block, or with the next ones.

    Return how many these are, and how many wait still.
    """
    _empty(connection)
    taken, waiting = _take_some(connection, block, rows, is_begun=is_begun)
    if block.has_more_keys:
        connection.execute(_MORE_KEYS)
    return taken, waiting


def put_back(connection: sqlite3.Connection, groups: Mapping[int, PlainGroup]) -> None:
    """Let groups that were taken out of a block wait again."""
    places = ", ".join("?" * (STAGED_COLUMNS.count(",") + 2))
    connection.executemany(
        f"INSERT INTO temp.waiting VALUES ({places})",  # noqa: S608 - places alone
        [(number, *group) for number, group in groups.items()],
    )


def _take_some(
    connection: sqlite3.Connection, block: Block, rows: int, *, is_begun: bool
) -> tuple[int, int]:
    if not is_begun:
        connection.execute("DELETE FROM temp.waiting")
        if block.groups <= rows:
            return block.groups, 0
        taken = rows
        connection.execute(
            "INSERT INTO temp.waiting SELECT * FROM block.staged WHERE number > ?", (rows,)
        )
        connection.execute("DELETE FROM block.staged WHERE number > ?", (rows,))
    else:
        connection.execute("DELETE FROM block.staged")
        taken = connection.execute(
            "INSERT INTO block.staged SELECT * FROM temp.waiting ORDER BY number LIMIT ?", (rows,)
        ).rowcount
        connection.execute(
            "DELETE FROM temp.waiting WHERE number <= (SELECT max(number) FROM block.staged)"
        )
    (waiting,) = connection.execute("SELECT count(*) FROM temp.waiting").fetchone()
    return taken, waiting


def _empty(connection: sqlite3.Connection) -> None:
    for table in ("staged_keys", "same", "matched", "found"):
        connection.execute(f"DELETE FROM temp.{table}")  # noqa: S608 - four names of our own


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


def match(connection: sqlite3.Connection) -> None:
    """Find the stored people whom the remaining groups of the batch speak of."""
    _match(connection, _MATCH)
    if connection.execute("SELECT EXISTS (SELECT 1 FROM temp.staged_keys)").fetchone()[0]:
        _match(connection, _MATCH_MORE)
    if connection.execute("SELECT EXISTS (SELECT 1 FROM other_keys)").fetchone()[0]:
        _match(connection, _MATCH_OTHER)


def take_knotty(
    connection: sqlite3.Connection,
) -> tuple[list[tuple[int, int]], dict[int, PlainGroup]]:
    """Take the groups out of the batch that bulk SQL cannot store.

    Return their pairs of group number and stored person, and the groups by their numbers.
    """
    numbers = to_json([number for (number,) in connection.execute(_KNOTTY)])
    pairs = connection.execute(
        "SELECT number, person_id FROM temp.matched "
        "WHERE number IN (SELECT value FROM json_each(?))",
        (numbers,),
    ).fetchall()
    if not pairs:
        return [], {}
    rows = connection.execute(
        f"SELECT number, {STAGED_COLUMNS} FROM block.staged "  # noqa: S608 - names of our own
        "WHERE number IN (SELECT value FROM json_each(?))",
        (numbers,),
    )
    groups = {number: tuple(group) for number, *group in rows}
    for table in ("block.staged", "temp.staged_keys", "temp.matched"):
        connection.execute(
            f"DELETE FROM {table} "  # noqa: S608 - three names of our own
            "WHERE number IN (SELECT value FROM json_each(?))",
            (numbers,),
        )
    return pairs, groups


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


def _match(connection: sqlite3.Connection, selects: Iterable[str]) -> None:
    for select in selects:
        connection.execute(f"INSERT OR IGNORE INTO temp.matched {select}")
