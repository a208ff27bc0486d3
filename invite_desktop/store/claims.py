"""Which person a runner works on next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invite_desktop.domain.outcomes import Outcome, OutcomeCode, TargetState
from invite_desktop.engine.ports.stores import Claim
from invite_desktop.engine.ports.telegram import UserPeer
from invite_desktop.store.attempt_writer import end_attempts
from invite_desktop.store.contact_rules import why_not
from invite_desktop.store.mapping import to_json, to_person
from invite_desktop.store.rows import fetch_sql
from invite_desktop.store.target_moves import Move, move_targets

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence
    from datetime import datetime

    from invite_desktop.store.rows import Row

MOST_SKIPPED = 200
"""Targets that one transaction may end as skipped while it looks for one to claim."""

# A person whom another task works on for the same chat is passed over until that is decided.
_NEXT = """
    SELECT t.id FROM targets t JOIN tasks k ON k.id = t.task_id
    WHERE t.task_id = :task AND t.state = 'pending'
        AND NOT EXISTS (
            SELECT 1 FROM unable_accounts u WHERE u.target_id = t.id AND u.account_id = :account
        )
        AND NOT EXISTS (
            SELECT 1 FROM targets o JOIN tasks ok ON ok.id = o.task_id
            WHERE o.person_id = t.person_id AND o.state = 'in_work' AND ok.chat_id = k.chat_id
        )
    ORDER BY t.unable_accounts, t.position LIMIT 1
"""

_CLAIMS = """
    SELECT t.id AS target_id, t.task_id, t.random_id, t.person_id,
        coalesce(t.claimed_by, t.account_id) AS account_id,
        p.username, p.phone, p.telegram_id, p.full_name, p.first_name, p.last_name, p.extra,
        r.user_id, r.access_hash
    FROM targets t JOIN people p ON p.id = t.person_id
    LEFT JOIN peers r ON r.person_id = t.person_id
        AND r.account_id = coalesce(t.claimed_by, t.account_id)
    WHERE t.id IN (SELECT value FROM json_each(?)) ORDER BY t.id
"""


def claim_next(
    connection: sqlite3.Connection, task_id: int, account_id: int, at: datetime
) -> tuple[Claim | None, bool]:
    """Return the claim, or None and whether there may be more after those just skipped."""
    for _ in range(MOST_SKIPPED):
        values = {"task": task_id, "account": account_id}
        found = connection.execute(_NEXT, values).fetchone()
        if found is None:
            return None, False
        (target_id,) = found
        refusal = why_not(connection, target_id)
        if refusal is None:
            move = Move(TargetState.IN_WORK, at, claimed_by=account_id)
            move_targets(connection, [target_id], move)
            return claims_of(connection, [target_id])[0], False
        end = Move(refusal.rule.target, at, refusal.code, refusal.detail)
        move_targets(connection, [target_id], end)
    return None, True


def claims_of(connection: sqlite3.Connection, target_ids: Sequence[int]) -> list[Claim]:
    """Return the targets as claims of the account that works, or last worked, on each."""
    return [_to_claim(row) for row in fetch_sql(connection, _CLAIMS, (to_json(target_ids),))]


def to_verify(connection: sqlite3.Connection, task_id: int) -> list[Claim]:
    """Return the targets INVITED, or UNCERTAIN and not yet settled, that an account acted on."""
    found = connection.execute(
        """
        SELECT id FROM targets
        WHERE task_id = ? AND state NOT IN ('pending', 'in_work') AND account_id IS NOT NULL
            AND (state = 'invited' OR state = 'uncertain' AND NOT verified)
        """,
        (task_id,),
    )
    return claims_of(connection, [target_id for (target_id,) in found])


def release_stale(connection: sqlite3.Connection, at: datetime) -> int:
    """Put back every claimed target without a contacting call in flight; return how many."""
    look_ups = connection.execute(
        "SELECT id FROM attempts WHERE outcome IS NULL AND action NOT IN ('invite', 'message')"
    )
    ids = [attempt_id for (attempt_id,) in look_ups]
    end_attempts(connection, ids, Outcome(OutcomeCode.INTERRUPTED), at)
    stale = connection.execute(
        """
        SELECT t.id FROM targets t WHERE t.claimed_by IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM attempts a WHERE a.target_id = t.id AND a.outcome IS NULL
                AND a.action IN ('invite', 'message')
        )
        """
    )
    targets = [target_id for (target_id,) in stale]
    move_targets(connection, targets, Move(TargetState.PENDING, at))
    return len(targets)


def fail_unaddressable(
    connection: sqlite3.Connection, task_id: int, accounts: Sequence[int], at: datetime
) -> int:
    """End the pending targets that none of the accounts can address; return how many."""
    wanted = set(accounts)
    if not wanted:
        return 0
    found = connection.execute(
        """
        SELECT t.id FROM targets t
        WHERE t.task_id = ? AND t.state = 'pending' AND t.unable_accounts > 0 AND ? = (
            SELECT count(*) FROM unable_accounts u WHERE u.target_id = t.id
                AND u.account_id IN (SELECT value FROM json_each(?))
        )
        """,
        (task_id, len(wanted), to_json(sorted(wanted))),
    )
    ids = [target_id for (target_id,) in found]
    outcome = Outcome(OutcomeCode.NOT_ADDRESSABLE)
    move_targets(connection, ids, Move(outcome.rule.target, at, outcome.code))
    return len(ids)


def _to_claim(row: Row) -> Claim:
    known = row["user_id"] is not None
    return Claim(
        target_id=row["target_id"],
        task_id=row["task_id"],
        account_id=row["account_id"],
        person=to_person(row, "person_id"),
        random_id=row["random_id"],
        peer=UserPeer(row["user_id"], row["access_hash"]) if known else None,
    )
