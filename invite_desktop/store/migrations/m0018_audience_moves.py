"""Many people who come into an audience or leave it: one step, carried out piece by piece."""

from __future__ import annotations

STATEMENTS = (
    # preparing: nothing has happened, and the next start forgets it; ready: it has happened, and
    # whatever is left of it is carried out, by the next start at the latest.
    """
    CREATE TABLE audience_moves (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        audience_id INTEGER NOT NULL REFERENCES audiences(id) ON DELETE CASCADE,
        kind TEXT NOT NULL,
        state TEXT NOT NULL DEFAULT 'preparing'
    )
    """,
    # places: JSON of [position, person, import, date of consent] each, of who leaves the person
    # alone counts.
    """
    CREATE TABLE audience_move_pieces (
        id INTEGER PRIMARY KEY,
        move_id INTEGER NOT NULL REFERENCES audience_moves(id) ON DELETE CASCADE,
        places TEXT NOT NULL
    )
    """,
    "CREATE INDEX audience_move_pieces_move ON audience_move_pieces(move_id)",
)
"""What leads from version 17 to version 18."""
