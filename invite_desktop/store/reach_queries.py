"""Whom only a task's link reaches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invite_desktop.store.mapping import to_json

if TYPE_CHECKING:
    import sqlite3

    from invite_desktop.engine.ports.links import LinkWish

# Nobody who came already, who wants nothing more, or who has or is about to get the link by a
# message. Who was left out of that message for another reason may still get the link by hand.
_ONLY_BY_LINK = """
    WITH
    came(person_id) AS (
        SELECT j.person_id FROM invite_links l JOIN link_joins j ON j.link_id = l.id
        WHERE l.task_id = :task AND j.person_id IS NOT NULL
        UNION SELECT m.person_id FROM invite_links l JOIN link_joins j ON j.link_id = l.id
        JOIN merged_people m ON m.old_id = j.person_id WHERE l.task_id = :task
        UNION SELECT p.id FROM invite_links l JOIN link_joins j ON j.link_id = l.id
        JOIN people p ON p.telegram_id = j.user_id WHERE l.task_id = :task
        UNION SELECT r.person_id FROM invite_links l JOIN link_joins j ON j.link_id = l.id
        JOIN peers r ON r.user_id = j.user_id WHERE l.task_id = :task
    ),
    written(person_id) AS (
        SELECT t.person_id FROM link_letters n
        JOIN tasks k ON k.audience_id = n.audience_id AND k.kind = 'message'
        JOIN targets t ON t.task_id = k.id
        WHERE n.task_id = :task AND (
            t.state IN ('sent', 'uncertain', 'in_work')
            OR t.state = 'pending' AND k.deleted_at IS NULL
            AND k.status NOT IN ('completed', 'cancelled', 'failed')
        )
    )
    SELECT t.id, t.person_id FROM targets t WHERE t.task_id = :task
        AND (t.outcome IN (SELECT value FROM json_each(:outcomes))
            OR :pending AND t.state = 'pending')
        AND t.person_id NOT IN (SELECT person_id FROM came)
        AND t.person_id NOT IN (SELECT person_id FROM written)
        AND t.person_id NOT IN (SELECT person_id FROM opted_out_people)
    ORDER BY t.position
"""


def only_by_link(connection: sqlite3.Connection, wish: LinkWish) -> list[tuple[int, int]]:
    """Return targets and their people whom only the link reaches, in order."""
    outcomes = to_json([code.value for code in wish.outcomes])
    values = {"task": wish.task_id, "outcomes": outcomes, "pending": wish.also_pending}
    return connection.execute(_ONLY_BY_LINK, values).fetchall()
