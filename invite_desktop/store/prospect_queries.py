"""What would become of the people whom a task has not come to yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invite_desktop.domain.fates import Fate
from invite_desktop.engine.ports.ledger import Prospect
from invite_desktop.engine.ports.telegram import UserPeer
from invite_desktop.store.contact_rules import is_opted_out
from invite_desktop.store.mapping import to_json, to_person
from invite_desktop.store.rows import fetch_sql
from invite_desktop.store.ways_to_people import BY_NAME

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from invite_desktop.store.rows import Row

# The rules are those by which a target is claimed; the first that applies counts. Who has opted
# out is asked person by person: inside of this question SQLite would go through everybody's keys.
_PAGE = f"""
    SELECT t.id AS target_id, t.position, t.person_id,
        p.username, p.phone, p.telegram_id, p.full_name, p.first_name, p.last_name, p.extra,
        r.account_id, r.user_id, r.access_hash,
        CASE
            WHEN EXISTS (SELECT 1 FROM known_in_chat c WHERE c.person_id = t.person_id
                AND c.chat_id = k.chat_id AND NOT c.refused) THEN 'contacted_before'
            WHEN EXISTS (SELECT 1 FROM known_in_chat c WHERE c.person_id = t.person_id
                AND c.chat_id = k.chat_id AND c.refused) THEN 'refused_before'
            WHEN r.account_id IS NOT NULL THEN 'at_once'
            WHEN {BY_NAME} THEN 'look_up_name'
            WHEN p.phone IS NOT NULL THEN 'look_up_phone'
            ELSE 'unreachable'
        END AS fate
    FROM targets t INDEXED BY targets_page
    JOIN tasks k ON k.id = t.task_id JOIN people p ON p.id = t.person_id
    LEFT JOIN peers r ON r.person_id = t.person_id AND r.account_id = (
        SELECT min(o.account_id) FROM peers o WHERE o.person_id = t.person_id
            AND o.account_id IN (SELECT value FROM json_each(:accounts))
    )
    WHERE t.task_id = :task AND t.state = 'pending' AND t.position > :after
    ORDER BY t.position LIMIT :limit
"""  # noqa: S608 - made of texts of this package


def prospects(
    connection: sqlite3.Connection, task_id: int, accounts: Sequence[int], after: int, limit: int
) -> list[Prospect]:
    """Return pending targets behind a position, each with its fate with these accounts."""
    values = {"task": task_id, "accounts": to_json(sorted(accounts)), "after": after}
    rows = fetch_sql(connection, _PAGE, {**values, "limit": limit})
    return [_prospect(row, opted_out=is_opted_out(connection, row["person_id"])) for row in rows]


def _prospect(row: Row, *, opted_out: bool) -> Prospect:
    known = row["account_id"] is not None
    return Prospect(
        target_id=row["target_id"],
        position=row["position"],
        person=to_person(row, "person_id"),
        fate=Fate.OPTED_OUT if opted_out else Fate(row["fate"]),
        account_id=row["account_id"],
        peer=UserPeer(row["user_id"], row["access_hash"]) if known else None,
    )
