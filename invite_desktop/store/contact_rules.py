"""Who may not be contacted; the views of the schema hold the definitions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invite_desktop.domain.outcomes import Outcome, OutcomeCode
from invite_desktop.engine.ports.stores import AudienceUse, Reach
from invite_desktop.store.mapping import to_json
from invite_desktop.store.ways_to_people import BY_NAME

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence


# The person herself, and whoever has a Telegram id that a look-up found to be hers.
_SAME_HUMAN = """
    SELECT :person AS person_id
    UNION SELECT p.id FROM person_keys k JOIN people p ON p.telegram_id = CAST(k.value AS INTEGER)
    WHERE k.person_id = :person AND k.kind = 'telegram_id'
    UNION SELECT r.person_id FROM person_keys k JOIN peers r ON r.user_id = CAST(k.value AS INTEGER)
    WHERE k.person_id = :person AND k.kind = 'telegram_id'
"""

# By another task of this chat, and by another target of this task. A contact of which only the
# beginning is known counts as well: it may have had effect.
_DONE_BEFORE = f"""
    WITH same_human AS MATERIALIZED ({_SAME_HUMAN})
    SELECT refused, outcome, 1 AS place, target_id
    FROM same_human CROSS JOIN known_in_chat USING (person_id) WHERE chat_id = :chat
    UNION ALL
    SELECT 0, NULL, 2, t.id FROM same_human CROSS JOIN targets t USING (person_id)
    WHERE t.task_id = :task AND t.id <> :target
        AND t.state IN ('invited', 'joined', 'sent', 'already_member', 'uncertain')
    UNION ALL
    SELECT 0, NULL, 3, t.id FROM same_human CROSS JOIN targets t USING (person_id)
    CROSS JOIN tasks k ON k.id = t.task_id
    WHERE t.state = 'in_work' AND t.id <> :target AND (k.id = :task OR k.chat_id = :chat)
        AND EXISTS (SELECT 1 FROM attempts a WHERE a.target_id = t.id AND a.outcome IS NULL
            AND a.action IN ('invite', 'message'))
    ORDER BY place, refused, target_id LIMIT 1
"""  # noqa: S608 - made of texts of this module


def why_not(connection: sqlite3.Connection, target_id: int) -> Outcome | None:
    """Return how an open target must end without a call, None when she may be contacted now.

    Of two targets of the same human, in one task or for one chat, the first contact counts, as
    soon as it begins.
    """
    person_id, task_id, chat_id = connection.execute(
        """
        SELECT t.person_id, t.task_id, k.chat_id
        FROM targets t JOIN tasks k ON k.id = t.task_id WHERE t.id = ?
        """,
        (target_id,),
    ).fetchone()
    # A question of its own: inside of another one SQLite would go through everybody's keys.
    if is_opted_out(connection, person_id):
        return Outcome(OutcomeCode.OPTED_OUT)
    values = {
        "person": person_id,
        "chat": chat_id,
        "task": task_id,
        "target": target_id,
    }
    if found := connection.execute(_DONE_BEFORE, values).fetchone():
        refused, outcome = found[:2]
        return Outcome(OutcomeCode(outcome) if refused else OutcomeCode.ALREADY_INVITED)
    return None


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


def audience_reach(
    connection: sqlite3.Connection, audience_id: int, chat_id: int | None, accounts: Sequence[int]
) -> Reach:
    """Return by what accounts would reach the people of an audience that could be used now."""
    rows = connection.execute(
        f"""
        SELECT
            CASE
                WHEN EXISTS (
                    SELECT 1 FROM peers r WHERE r.person_id = p.id
                        AND r.account_id IN (SELECT value FROM json_each(:accounts))
                ) THEN 'known'
                WHEN {BY_NAME} THEN 'by_username'
                WHEN p.phone IS NOT NULL THEN 'by_phone'
                ELSE 'by_nothing'
            END AS way,
            count(*)
        FROM audience_people a JOIN people p ON p.id = a.person_id
        WHERE a.audience_id = :audience
            AND a.person_id NOT IN (SELECT person_id FROM opted_out_people)
            AND a.person_id NOT IN (SELECT person_id FROM known_in_chat WHERE chat_id = :chat)
        GROUP BY way
        """,  # noqa: S608 - made of texts of this package
        {"audience": audience_id, "chat": chat_id, "accounts": to_json(sorted(accounts))},
    )
    return Reach(**dict(rows.fetchall()))


def is_opted_out(connection: sqlite3.Connection, person_id: int) -> bool:
    """Return whether one of a person's keys stands on the do-not-contact list."""
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
