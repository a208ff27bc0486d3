"""The ledger's law: written before the call, ended once, never two calls for one person."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from invite_desktop.domain.attempts import CONTACTING, Action, Attempt, look_up_of
from invite_desktop.domain.outcomes import Outcome, OutcomeCode, TargetState
from invite_desktop.store.contact_rules import why_not
from invite_desktop.store.mapping import to_json, to_stamp
from invite_desktop.store.target_moves import Move, allow_repetition, move_target

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Container, Sequence
    from datetime import datetime

    from invite_desktop.engine.ports.ledger import Claim

_HAD_EFFECT = ", ".join(
    f"'{code.value}'"
    for code in (
        OutcomeCode.INVITED,
        OutcomeCode.JOINED,
        OutcomeCode.SENT,
        OutcomeCode.UNCERTAIN,
    )
)
"""Outcomes after which the person was, or may have been, contacted; for SQL."""


_NO_HUMAN = frozenset({OutcomeCode.BOT, OutcomeCode.DELETED_ACCOUNT})


def begin(connection: sqlite3.Connection, claim: Claim, action: Action, at: datetime) -> Attempt:
    """Write the attempt. Raises RuntimeError when the call would break the law."""
    person_id = _require_claimed(connection, claim)
    if action in CONTACTING:
        _require_never_contacted(connection, claim)
    return _insert(connection, claim, person_id, action, at)


def _insert(
    connection: sqlite3.Connection, claim: Claim, person_id: int, action: Action, at: datetime
) -> Attempt:
    random_id = claim.random_id if action is Action.MESSAGE else 0
    attempt_id = connection.execute(
        """
        INSERT INTO attempts
            (task_id, target_id, person_id, account_id, action, started_at, random_id)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """,
        (
            claim.task_id,
            claim.target_id,
            person_id,
            claim.account_id,
            action.value,
            to_stamp(at),
            random_id,
        ),
    ).lastrowid
    return Attempt(
        id=int(attempt_id or 0),
        task_id=claim.task_id,
        target_id=claim.target_id,
        person_id=person_id,
        account_id=claim.account_id,
        action=action,
        started_at=at,
        random_id=random_id,
    )


def with_look_up(
    connection: sqlite3.Connection, claim: Claim, without: Container[Action], at: datetime
) -> Claim:
    """Begin the look-up that a new claim needs, unless its kind may not be made now."""
    action = look_up_of(claim.keys_left)
    if claim.peer is not None or action is None or action in without:
        return claim
    return replace(claim, look_up=_insert(connection, claim, claim.person.id, action, at))


def begin_contact(
    connection: sqlite3.Connection, claim: Claim, action: Action, at: datetime
) -> Attempt | Outcome:
    """Write the attempt, or end the target and return how, when the call may not be made."""
    person_id = _require_claimed(connection, claim)
    refusal = why_not(connection, claim.target_id)
    if refusal is None:
        _require_never_contacted(connection, claim)
        return _insert(connection, claim, person_id, action, at)
    end_target(connection, claim, refusal, at)
    return refusal


def finish(
    connection: sqlite3.Connection, attempt: Attempt, outcome: Outcome, at: datetime
) -> None:
    """Write the outcome of an attempt in flight, and bring its target where the rule says."""
    row = connection.execute(
        """
        SELECT t.id, t.claimed_by FROM attempts a JOIN targets t ON t.id = a.target_id
        WHERE a.id = ? AND a.outcome IS NULL
        """,
        (attempt.id,),
    ).fetchone()
    if row is None:
        raise RuntimeError(f"attempt {attempt.id} is not in flight")
    target_id, claimed_by = row
    if claimed_by != attempt.account_id:
        raise RuntimeError(f"target {target_id} is not claimed by account {attempt.account_id}")
    connection.execute(f"{_END} WHERE id = ?", (*_ended(outcome, at), attempt.id))
    apply_rule(connection, target_id, attempt.account_id, outcome, at)


def end_target(
    connection: sqlite3.Connection,
    claim: Claim,
    outcome: Outcome,
    at: datetime,
    by: int | None = None,
) -> None:
    """Bring a claimed target where the rule of an outcome says, without a call.

    ``by`` is the account that brought the end, None for the one that claimed it.
    """
    _require_claimed(connection, claim)
    _require_nothing_in_flight(connection, claim.target_id)
    apply_rule(connection, claim.target_id, by or claim.account_id, outcome, at)


def release(connection: sqlite3.Connection, claim: Claim, at: datetime, *, unable: bool) -> None:
    """Put a claimed target back to pending; ``unable``: never offer it to this account."""
    _require_claimed(connection, claim)
    _require_nothing_in_flight(connection, claim.target_id)
    if unable:
        _mark_unable(connection, claim.target_id, claim.account_id)
    move_target(connection, claim.target_id, Move(TargetState.PENDING, at))


def settle_target(
    connection: sqlite3.Connection, target_id: int, outcome: Outcome, at: datetime
) -> None:
    """Correct an INVITED or UNCERTAIN target after a later check.

    An outcome that sends it back to pending allows one more call. Two checks may come to the same
    answer at the same time; the second changes nothing. Nor does JOINED while the outcome of the
    invitation itself could not be written: the last check of the task asks once more.
    """
    row = connection.execute("SELECT state FROM targets WHERE id = ?", (target_id,)).fetchone()
    state = outcome.rule.target
    settled = (TargetState.JOINED, TargetState.IN_WORK)
    if state is TargetState.JOINED and row is not None and row[0] in settled:
        return
    if row is None or row[0] not in (TargetState.INVITED, TargetState.UNCERTAIN):
        raise RuntimeError(f"target {target_id} has nothing to settle")
    if state is TargetState.IN_WORK:
        raise RuntimeError(f"{outcome.code} is no end of target {target_id}")
    if state is TargetState.PENDING:
        allow_repetition(connection, [target_id])
    move = Move(state, at, outcome.code, outcome.detail, verified=True)
    move_target(connection, target_id, move)


def end_attempts(
    connection: sqlite3.Connection, attempt_ids: Sequence[int], outcome: Outcome, at: datetime
) -> None:
    """Write one outcome into several attempts in flight."""
    connection.execute(
        f"{_END} WHERE id IN (SELECT value FROM json_each(?))",  # noqa: S608 - texts of this module
        (*_ended(outcome, at), to_json(attempt_ids)),
    )


_END = "UPDATE attempts SET outcome = ?, ended_at = ?, detail = ?, wait_seconds = ?"


def _ended(outcome: Outcome, at: datetime) -> tuple[object, ...]:
    return outcome.code.value, to_stamp(at), outcome.detail, outcome.wait_seconds


def apply_rule(
    connection: sqlite3.Connection,
    target_id: int,
    account_id: int,
    outcome: Outcome,
    at: datetime,
) -> None:
    """Bring a claimed target where the rule of an outcome says.

    NOT_ADDRESSABLE is a matter between one account and the person: another one may try.
    NAME_LEADS_NOWHERE is true for every account, and so is that she is no human any more: what
    the accounts know of her leads to nobody whom another task may contact.
    """
    state = outcome.rule.target
    if state is TargetState.IN_WORK:
        return
    if outcome.code is OutcomeCode.NAME_LEADS_NOWHERE:
        _give_up_name(connection, target_id, at)
    if outcome.code in _NO_HUMAN:
        _forget_peers(connection, target_id)
    if outcome.code is OutcomeCode.NOT_ADDRESSABLE:
        _mark_unable(connection, target_id, account_id)
        state = TargetState.PENDING
    ended_by = None if state is TargetState.PENDING else account_id
    move = Move(state, at, outcome.code, outcome.detail, account_id=ended_by)
    move_target(connection, target_id, move)


def _forget_peers(connection: sqlite3.Connection, target_id: int) -> None:
    connection.execute(
        "DELETE FROM peers WHERE person_id = (SELECT person_id FROM targets WHERE id = ?)",
        (target_id,),
    )


def _give_up_name(connection: sqlite3.Connection, target_id: int, at: datetime) -> None:
    connection.execute(
        """
        INSERT OR IGNORE INTO dead_usernames
        SELECT p.username_key, ? FROM targets t JOIN people p ON p.id = t.person_id
        WHERE t.id = ? AND p.username_key IS NOT NULL
        """,
        (to_stamp(at), target_id),
    )


def _mark_unable(connection: sqlite3.Connection, target_id: int, account_id: int) -> None:
    added = connection.execute(
        "INSERT OR IGNORE INTO unable_accounts VALUES (?, ?)", (target_id, account_id)
    ).rowcount
    connection.execute(
        "UPDATE targets SET unable_accounts = unable_accounts + ? WHERE id = ?",
        (added, target_id),
    )


def _require_claimed(connection: sqlite3.Connection, claim: Claim) -> int:
    """Return the id of the claimed person; another one if she was merged meanwhile."""
    row: Any = connection.execute(
        "SELECT person_id FROM targets WHERE id = ? AND claimed_by = ?",
        (claim.target_id, claim.account_id),
    ).fetchone()
    if row is None:
        raise RuntimeError(f"target {claim.target_id} is not claimed by account {claim.account_id}")
    return int(row[0])


def _require_never_contacted(connection: sqlite3.Connection, claim: Claim) -> None:
    contacted = connection.execute(
        f"""
        SELECT a.outcome FROM attempts a JOIN targets t ON t.id = a.target_id
        WHERE a.target_id = ? AND a.action IN ('invite', 'message') AND (
            a.outcome IS NULL OR a.id > t.repeat_after AND a.outcome IN ({_HAD_EFFECT})
        )
        """,  # noqa: S608 - made of texts of this module
        (claim.target_id,),
    ).fetchone()
    if contacted:
        when = "before" if contacted[0] else "by a call that is in flight"
        raise RuntimeError(f"target {claim.target_id} was contacted {when}")


def _require_nothing_in_flight(connection: sqlite3.Connection, target_id: int) -> None:
    in_flight = connection.execute(
        "SELECT 1 FROM attempts WHERE target_id = ? AND outcome IS NULL "
        "AND action IN ('invite', 'message')",
        (target_id,),
    ).fetchone()
    if in_flight:
        raise RuntimeError(f"a contacting call for target {target_id} is in flight")
