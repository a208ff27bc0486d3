"""The search over all people without their Telegram ids, which have an index of their own.

A look-up teaches the id of a person; to index all her texts anew for that took a tenth of the time
of an invitation. The index is filled again in the background.
"""

# ruff: noqa: S608 - triggers are made of texts of this module
from __future__ import annotations

_SEARCHED = "username, phone, full_name, first_name, last_name, extra"
_NEW_VALUES = ", ".join(f"new.{name}" for name in _SEARCHED.split(", "))
_OLD_VALUES = ", ".join(f"old.{name}" for name in _SEARCHED.split(", "))
_KNOWN = "(SELECT last_person FROM people_search_state)"

STATEMENTS = (
    "DROP TRIGGER people_search_added",
    "DROP TRIGGER people_search_removed",
    "DROP TRIGGER people_search_changed",
    "DROP TABLE people_search",
    "UPDATE people_search_state SET last_person = 0",
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
"""What leads from version 19 to version 20."""
