"""Who may not be contacted; the views of the schema hold the definitions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invite_desktop.domain.outcomes import Outcome, OutcomeCode
from invite_desktop.engine.ports.stores import AudienceUse

if TYPE_CHECKING:
    import sqlite3


def why_not(connection: sqlite3.Connection, person_id: int, chat_id: int | None) -> Outcome | None:
    """Return how a pending target must end without a call, None when she may be contacted now."""
    if _is_opted_out(connection, person_id):
        return Outcome(OutcomeCode.OPTED_OUT)
    elsewhere = connection.execute(
        """
        SELECT refused, outcome FROM known_in_chat
        WHERE person_id = ? AND chat_id = ?
        ORDER BY refused, target_id LIMIT 1
        """,
        (person_id, chat_id),
    ).fetchone()
    if elsewhere is None:
        return None
    refused, outcome = elsewhere
    return Outcome(OutcomeCode(outcome) if refused else OutcomeCode.ALREADY_INVITED)


def audience_use(
    connection: sqlite3.Connection, audience_id: int, chat_id: int | None
) -> AudienceUse:
    """Return how many people of an audience could be used now, and why not the others."""
    rows = connection.execute(
        """
        SELECT
            CASE
                WHEN person_id IN (SELECT person_id FROM opted_out_people) THEN 'opted_out'
                WHEN person_id IN (
                    SELECT person_id FROM known_in_chat WHERE chat_id = :chat AND NOT refused
                ) THEN 'already_contacted'
                WHEN person_id IN (
                    SELECT person_id FROM known_in_chat WHERE chat_id = :chat AND refused
                ) THEN 'refused_before'
                ELSE 'usable'
            END AS fate,
            count(*)
        FROM audience_people WHERE audience_id = :audience GROUP BY fate
        """,
        {"audience": audience_id, "chat": chat_id},
    )
    return AudienceUse(**{"usable": 0, **dict(rows.fetchall())})


def _is_opted_out(connection: sqlite3.Connection, person_id: int) -> bool:
    row = connection.execute(
        """
        SELECT EXISTS (
            SELECT 1 FROM person_keys own
            JOIN do_not_contact d ON d.kind = own.kind AND d.value = own.value
            WHERE own.person_id = ?
        )
        """,
        (person_id,),
    )
    return bool(row.fetchone()[0])
