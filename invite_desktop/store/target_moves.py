"""The one way by which targets change their state: together with their task's counters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from invite_desktop.domain.outcomes import OPEN_STATES, OutcomeCode, TargetState
from invite_desktop.domain.statistics import Counters
from invite_desktop.store.mapping import to_json, to_optional_stamp, to_outcome_code

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Move:
    """Where targets go. ``claimed_by`` only for IN_WORK; ``account_id`` is who brought the end.

    ``verified``: a later check has said so.
    """

    state: TargetState
    at: datetime | None
    outcome: OutcomeCode | None = None
    detail: str = ""
    claimed_by: int | None = None
    account_id: int | None = None
    verified: bool = False


def move_target(connection: sqlite3.Connection, target_id: int, move: Move) -> None:
    """Bring one target into a state as ``move_targets`` does; for every call's way."""
    row = connection.execute(
        "SELECT task_id, state, outcome FROM targets WHERE id = ?", (target_id,)
    ).fetchone()
    if row is None:
        raise RuntimeError(f"there is no target {target_id}")
    task_id, state, outcome = row
    connection.execute(f"{_MOVE} WHERE id = ?", (*_moved(move), target_id))
    _count_over(
        connection, task_id, (state, outcome or ""), (move.state.value, _kept_outcome(move) or "")
    )


def move_targets(connection: sqlite3.Connection, target_ids: Sequence[int], move: Move) -> None:
    """Bring targets of any tasks into a state, and the counters with them."""
    ids = to_json(target_ids)
    leave_counters(connection, ids)
    moved = connection.execute(
        f"{_MOVE} WHERE id IN (SELECT value FROM json_each(?))",  # noqa: S608 - texts of this module
        (*_moved(move), ids),
    ).rowcount
    if moved != len(target_ids):
        raise RuntimeError(f"{len(target_ids)} targets were to move, {moved} did")
    enter_counters(connection, ids)


def allow_repetition(connection: sqlite3.Connection, target_ids: Sequence[int]) -> None:
    """Let targets be contacted once more although an earlier call may have had effect."""
    connection.execute(
        """
        UPDATE targets SET repeat_after =
            coalesce((SELECT max(a.id) FROM attempts a WHERE a.target_id = targets.id), 0)
        WHERE id IN (SELECT value FROM json_each(?))
        """,
        (to_json(target_ids),),
    )


def forget_target(connection: sqlite3.Connection, target_id: int) -> None:
    """Take a target out of its task; nothing may point to it any more."""
    leave_counters(connection, to_json([target_id]))
    connection.execute("DELETE FROM targets WHERE id = ?", (target_id,))


def count_new_targets(connection: sqlite3.Connection, task_id: int, count: int) -> None:
    """Count the pending targets of a task that was just made."""
    _shift(connection, [(task_id, TargetState.PENDING.value, None, count)], 1)


def kept_counters(rows: Iterable[tuple[str, str | None, int]]) -> Counters:
    """Return the counters of rows (state, outcome, count)."""
    return Counters(
        {(TargetState(state), to_outcome_code(outcome)): n for state, outcome, n in rows if n}
    )


def leave_counters(connection: sqlite3.Connection, ids: str) -> None:
    """Take targets, given as a JSON list, out of their counters before they change."""
    _shift(connection, _groups(connection, ids), -1)


def enter_counters(connection: sqlite3.Connection, ids: str) -> None:
    """Count targets, given as a JSON list, as they are now."""
    _shift(connection, _groups(connection, ids), 1)


def _groups(connection: sqlite3.Connection, ids: str) -> list[tuple[int, str, str | None, int]]:
    return connection.execute(
        """
        SELECT task_id, state, outcome, count(*) FROM targets
        WHERE id IN (SELECT value FROM json_each(?)) GROUP BY task_id, state, outcome
        """,
        (ids,),
    ).fetchall()


def _count_over(
    connection: sqlite3.Connection, task_id: int, left: tuple[str, str], entered: tuple[str, str]
) -> None:
    """Let one target pass from one counter, named by state and outcome, to another."""
    if left == entered:
        return
    values = (*left, task_id, *left, *entered)
    changed = connection.execute(_COUNT_OVER, values).rowcount
    if not changed:
        raise RuntimeError(f"nobody was counted as {left} in task {task_id}")
    if changed == 1:
        # Nobody was ever counted there before; where it was left that is missing, this refuses.
        connection.execute("INSERT INTO task_counters VALUES (?, ?, ?, 1)", (task_id, *entered))


def _shift(
    connection: sqlite3.Connection, groups: Iterable[tuple[int, str, str | None, int]], sign: int
) -> None:
    """Change counters; the schema refuses one below zero."""
    for task_id, state, outcome, count in groups:
        values = (sign * count, task_id, state, outcome or "")
        if not connection.execute(_COUNT, values).rowcount:
            connection.execute(
                "INSERT INTO task_counters (count, task_id, state, outcome) VALUES (?, ?, ?, ?)",
                values,
            )


_COUNT = (
    "UPDATE task_counters SET count = count + ? WHERE task_id = ? AND state = ? AND outcome = ?"
)

_COUNT_OVER = """
    UPDATE task_counters SET count = count + iif(state = ? AND outcome = ?, -1, 1)
    WHERE task_id = ? AND (state = ? AND outcome = ? OR state = ? AND outcome = ?)
"""

_MOVE = """
    UPDATE targets SET state = ?, outcome = ?, detail = ?, claimed_by = ?, changed_at = ?,
        account_id = coalesce(?, account_id), verified = max(verified, ?)
"""


def _moved(move: Move) -> tuple[object, ...]:
    outcome = _kept_outcome(move)
    return (
        move.state.value,
        outcome,
        "" if outcome is None else move.detail,
        move.claimed_by,
        to_optional_stamp(move.at),
        move.account_id,
        move.verified,
    )


def _kept_outcome(move: Move) -> str | None:
    return None if move.state in OPEN_STATES or move.outcome is None else move.outcome.value
