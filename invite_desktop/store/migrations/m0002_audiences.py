"""Imports that can be taken back, audiences that can be edited, and a search over all people.

Imports and audiences become visible by one change of ``state``. Until then, and after an undo, what
``import_people`` and ``import_changes`` say is used to take everything back.
"""

# ruff: noqa: S608 - triggers are made of texts of this module
from __future__ import annotations

_SEARCHED = "username, phone, telegram_id, full_name, first_name, last_name, extra"
_NEW_VALUES = ", ".join(f"new.{name}" for name in _SEARCHED.split(", "))
_OLD_VALUES = ", ".join(f"old.{name}" for name in _SEARCHED.split(", "))
_KNOWN = "(SELECT last_person FROM people_search_state)"

STATEMENTS = (
    # filling: nobody sees it yet; kept; deleted: may be brought back; undone: with its import.
    "ALTER TABLE audiences ADD COLUMN state TEXT NOT NULL DEFAULT 'kept'",
    "ALTER TABLE audiences ADD COLUMN origin TEXT NOT NULL DEFAULT 'file'",
    "ALTER TABLE audiences ADD COLUMN tags TEXT NOT NULL DEFAULT '[]'",
    # storing: nobody sees it yet; finished; undoing; undone.
    "ALTER TABLE imports ADD COLUMN state TEXT NOT NULL DEFAULT 'finished'",
    "ALTER TABLE imports ADD COLUMN origin TEXT NOT NULL DEFAULT 'file'",
    "UPDATE imports SET state = 'undone' WHERE undone_at IS NOT NULL",
    # kind: 0 nothing new, 1 updated, 2 new. made: whether an undo of this import deletes her.
    # first_row: the file's place in the list of files * 2^40 + the number of the row in it.
    """
    CREATE TABLE import_people (
        import_id INTEGER NOT NULL REFERENCES imports(id) ON DELETE CASCADE,
        person_id INTEGER NOT NULL,
        kind INTEGER NOT NULL,
        made INTEGER NOT NULL,
        rows INTEGER NOT NULL,
        first_row INTEGER NOT NULL,
        consent_date TEXT,
        PRIMARY KEY (import_id, person_id)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE import_opted_out_rows (
        id INTEGER PRIMARY KEY,
        import_id INTEGER NOT NULL REFERENCES imports(id) ON DELETE CASCADE,
        first_row INTEGER NOT NULL,
        rows INTEGER NOT NULL,
        content TEXT NOT NULL
    )
    """,
    "CREATE INDEX import_opted_out_rows_import ON import_opted_out_rows(import_id)",
    # Rows of other tables that an import changed: as JSON before and after, NULL where absent.
    # Changes of one knot are taken back together or, when something stands in the way, not at all.
    """
    CREATE TABLE import_changes (
        id INTEGER PRIMARY KEY,
        import_id INTEGER NOT NULL REFERENCES imports(id) ON DELETE CASCADE,
        knot INTEGER NOT NULL,
        of_table TEXT NOT NULL,
        before TEXT,
        after TEXT,
        last_attempt INTEGER NOT NULL
    )
    """,
    "CREATE INDEX import_changes_knot ON import_changes(import_id, knot)",
    # Keys that came together are one entry of the list, by the id of its first key.
    "ALTER TABLE do_not_contact ADD COLUMN entry INTEGER",
    "CREATE INDEX do_not_contact_at ON do_not_contact(at, reason)",
    """
    UPDATE do_not_contact SET entry = (
        SELECT min(o.id) FROM do_not_contact o
        WHERE o.at = do_not_contact.at AND o.reason = do_not_contact.reason
    )
    """,
    "CREATE INDEX do_not_contact_entry ON do_not_contact(entry)",
    """
    CREATE TABLE lifted_opt_outs (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        keys TEXT NOT NULL,
        person_id INTEGER,
        reason TEXT NOT NULL,
        at INTEGER NOT NULL,
        ended_at INTEGER NOT NULL,
        ended_reason TEXT NOT NULL
    )
    """,
    # The index follows in the background: people up to last_person are in it.
    "CREATE TABLE people_search_state (last_person INTEGER NOT NULL)",
    "INSERT INTO people_search_state VALUES (0)",
    f"""
    CREATE VIRTUAL TABLE people_search USING fts5(
        {_SEARCHED}, content = 'people', content_rowid = 'id', tokenize = 'trigram'
    )
    """,
    f"""
    CREATE TRIGGER people_search_added AFTER INSERT ON people WHEN new.id <= {_KNOWN} BEGIN
        INSERT INTO people_search (rowid, {_SEARCHED}) VALUES (new.id, {_NEW_VALUES});
    END
    """,
    f"""
    CREATE TRIGGER people_search_removed AFTER DELETE ON people WHEN old.id <= {_KNOWN} BEGIN
        INSERT INTO people_search (people_search, rowid, {_SEARCHED})
        VALUES ('delete', old.id, {_OLD_VALUES});
    END
    """,
    f"""
    CREATE TRIGGER people_search_changed AFTER UPDATE OF {_SEARCHED} ON people
    WHEN old.id <= {_KNOWN} BEGIN
        INSERT INTO people_search (people_search, rowid, {_SEARCHED})
        VALUES ('delete', old.id, {_OLD_VALUES});
        INSERT INTO people_search (rowid, {_SEARCHED}) VALUES (new.id, {_NEW_VALUES});
    END
    """,
)
"""What leads from version 1 to version 2."""
