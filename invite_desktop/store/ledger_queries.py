"""Questions about the attempts: for the pace and the recovery."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from invite_desktop.domain.attempts import Action
from invite_desktop.domain.outcomes import Outcome, OutcomeCode
from invite_desktop.domain.pace import CEILINGS, DAY, LONG_FLOOD_WAIT, Flood, PaceHistory
from invite_desktop.engine.ports.ledger import Settlement
from invite_desktop.store.claims import claims_of
from invite_desktop.store.mapping import from_stamp, to_attempt, to_stamp
from invite_desktop.store.rows import fetch_sql

if TYPE_CHECKING:
    import sqlite3
    from datetime import datetime


def pace_history(connection: sqlite3.Connection, account_id: int, now: datetime) -> PaceHistory:
    """Return an account's newest actions of the last day and its troubles since it was added.

    Of each action no more are read than its ceiling of a day: older ones decide nothing, and a
    busy day would make every decision slower. Entries later than ``now`` (a clock set back) are
    part of it. Raises KeyError.
    """
    account = connection.execute(
        "SELECT added_at FROM accounts WHERE id = ?", (account_id,)
    ).fetchone()
    if account is None:
        raise KeyError(account_id)
    since = to_stamp(now - DAY)
    troubles, waits = _troubles(connection, account_id, account[0])
    return PaceHistory(
        added_at=from_stamp(account[0]),
        actions={action: _newest(connection, account_id, action, since) for action in Action},
        troubles=troubles,
        waits=waits,
        free_look_ups=_newest(connection, account_id, Action.LOOK_UP, since, "account_calls"),
    )


def floods(connection: sqlite3.Connection, account_id: int) -> list[Flood]:
    """Return every flood wait and PEER_FLOOD that Telegram answered to the account."""
    rows = connection.execute(
        """
        SELECT ended_at, outcome, wait_seconds FROM attempts
        WHERE account_id = :account AND outcome IN ('flood_wait', 'peer_flood')
        UNION ALL
        SELECT ended_at, outcome, wait_seconds FROM account_calls
        WHERE account_id = :account AND outcome IN ('flood_wait', 'peer_flood')
        ORDER BY ended_at
        """,
        {"account": account_id},
    )
    return [
        Flood(from_stamp(at), None if outcome == "peer_flood" else timedelta(seconds=seconds))
        for at, outcome, seconds in rows
    ]


def ended_since_resumed(connection: sqlite3.Connection, task_id: int, limit: int) -> list[Outcome]:
    """Return how the task's newest calls ended since the user last set it going, in order."""
    rows = connection.execute(
        """
        SELECT a.outcome, a.wait_seconds, a.detail
        FROM attempts a JOIN tasks k ON k.id = a.task_id
        WHERE a.task_id = ? AND a.id > k.resumed_after AND a.outcome IS NOT NULL
        ORDER BY a.id DESC LIMIT ?
        """,
        (task_id, limit),
    )
    return [_outcome(*row) for row in reversed(rows.fetchall())]


def unsettled(connection: sqlite3.Connection) -> list[Settlement]:
    """Return the contacting attempts in flight with their claims, oldest first."""
    attempts = [
        to_attempt(row)
        for row in fetch_sql(
            connection,
            "SELECT * FROM attempts WHERE outcome IS NULL AND action IN ('invite', 'message') "
            "ORDER BY id",
        )
    ]
    claims = {
        claim.target_id: claim
        for claim in claims_of(connection, [attempt.target_id for attempt in attempts])
    }
    return [Settlement(attempt, claims[attempt.target_id]) for attempt in attempts]


def _newest(
    connection: sqlite3.Connection,
    account_id: int,
    action: Action,
    since: int,
    table: Literal["attempts", "account_calls"] = "attempts",
) -> list[datetime]:
    rows = connection.execute(
        f"SELECT started_at FROM {table} "  # noqa: S608 - one of two names in this file
        "WHERE account_id = ? AND action = ? AND started_at >= ? ORDER BY started_at DESC LIMIT ?",
        (account_id, action.value, since, CEILINGS[action].per_day),
    ).fetchall()
    return [from_stamp(started_at) for (started_at,) in reversed(rows)]


def _troubles(
    connection: sqlite3.Connection, account_id: int, since: int
) -> tuple[list[datetime], list[datetime]]:
    """Return the times of the troubles that halve the trust, and those of the other waits."""
    rows = connection.execute(
        """
        SELECT ended_at, outcome = 'peer_flood' OR wait_seconds >= :long FROM attempts
        WHERE account_id = :account AND ended_at >= :since
        AND outcome IN ('flood_wait', 'peer_flood')
        UNION ALL
        SELECT ended_at, outcome = 'peer_flood' OR wait_seconds >= :long FROM account_calls
        WHERE account_id = :account AND ended_at >= :since
        AND outcome IN ('flood_wait', 'peer_flood')
        ORDER BY ended_at
        """,
        {"long": LONG_FLOOD_WAIT.total_seconds(), "account": account_id, "since": since},
    ).fetchall()
    troubles = [from_stamp(at) for at, halves in rows if halves]
    return troubles, [from_stamp(at) for at, halves in rows if not halves]


def _outcome(code: str, wait_seconds: int, detail: str) -> Outcome:
    return Outcome(OutcomeCode(code), wait_seconds, detail)
