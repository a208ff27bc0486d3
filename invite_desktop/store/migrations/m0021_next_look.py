"""Of the looks at whoever joined only the next is scheduled; keeping it schedules the one after.

Three rows with each joining, far from each other in their index, made every invitation slower.
"""

# ruff: noqa: S608 - triggers are made of numbers of this module
from __future__ import annotations

_DAY = 86_400_000_000
"""Microseconds."""

STATEMENTS = (
    "DROP TRIGGER retention_scheduled",
    # However a target comes to be joined, its first look is written with it.
    f"""
    CREATE TRIGGER retention_scheduled AFTER UPDATE OF state ON targets
    WHEN NEW.state = 'joined' AND OLD.state <> 'joined' AND NEW.changed_at IS NOT NULL
    BEGIN
        INSERT OR IGNORE INTO retention_looks (target_id, days, due_at)
        VALUES (NEW.id, 1, NEW.changed_at + {_DAY});
    END
    """,
    *(
        f"""
        CREATE TRIGGER retention_goes_on_to_{then} AFTER UPDATE OF looked_at ON retention_looks
        WHEN NEW.days = {days} AND NEW.looked_at IS NOT NULL
        BEGIN
            INSERT OR IGNORE INTO retention_looks (target_id, days, due_at)
            VALUES (NEW.target_id, {then}, NEW.due_at + {(then - days) * _DAY});
        END
        """
        for days, then in ((1, 7), (7, 30))
    ),
)
"""What leads from version 20 to version 21."""
