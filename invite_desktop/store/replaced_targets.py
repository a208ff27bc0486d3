"""Whom a task came to after a backup was made is not come to again when the backup is put back."""

from __future__ import annotations

import contextlib
import logging
import sqlite3
from typing import TYPE_CHECKING

from invite_desktop.domain.outcomes import OutcomeCode, TargetState
from invite_desktop.store.mapping import from_stamp
from invite_desktop.store.target_moves import Move, move_target

if TYPE_CHECKING:
    from pathlib import Path

_logger = logging.getLogger(__name__)

# A target keeps its random id for ever, so that nobody else's is taken for it. Those at work when
# the backup was made may have a call in flight, which Telegram is asked about.
_ENDED_SINCE = """
    SELECT t.id, r.state, r.outcome, r.detail, r.changed_at, a.id, r.verified
    FROM main.targets t JOIN replaced.targets r ON r.id = t.id AND r.random_id = t.random_id
    LEFT JOIN main.accounts a ON a.id = r.account_id
    WHERE t.state = 'pending' AND r.state NOT IN ('pending', 'in_work')
"""


def take_over_ends(connection: sqlite3.Connection, replaced: Path) -> None:
    """End the targets of a backup as they have ended in the database that it replaces.

    What a damaged file does not tell any more is left to the questions to Telegram.
    """
    if not replaced.exists():
        return
    with contextlib.ExitStack() as attached:
        try:
            connection.execute("ATTACH DATABASE ? AS replaced", (str(replaced),))
            attached.callback(connection.execute, "DETACH DATABASE replaced")
            ended = connection.execute(_ENDED_SINCE).fetchall()
        except sqlite3.Error as error:
            _logger.warning("the replaced targets cannot be read: %s", type(error).__name__)
            return
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        for target_id, state, outcome, detail, at, account_id, verified in ended:
            move = Move(
                TargetState(state),
                None if at is None else from_stamp(at),
                OutcomeCode(outcome),
                detail,
                account_id=account_id,
                verified=bool(verified),
            )
            move_target(connection, target_id, move)
