"""Calls that cost an account's budget for no target, and what its look-ups of chats brought."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invite_desktop.domain.chats import ChatKind
from invite_desktop.engine.ports.telegram import ChatPeer
from invite_desktop.store.mapping import to_stamp

if TYPE_CHECKING:
    import sqlite3
    from datetime import datetime

    from invite_desktop.domain.attempts import Action
    from invite_desktop.domain.outcomes import Outcome


def begin(connection: sqlite3.Connection, account_id: int, action: Action, at: datetime) -> int:
    """Write a call before it is made, and return its id."""
    (call_id,) = connection.execute(
        "INSERT INTO account_calls (account_id, action, started_at) VALUES (?, ?, ?) RETURNING id",
        (account_id, action.value, to_stamp(at)),
    ).fetchone()
    return int(call_id)


def finish(connection: sqlite3.Connection, call_id: int, outcome: Outcome, at: datetime) -> None:
    """Write how a call ended."""
    connection.execute(
        "UPDATE account_calls SET ended_at = ?, outcome = ?, wait_seconds = ? WHERE id = ?",
        (to_stamp(at), outcome.code.value, outcome.wait_seconds, call_id),
    )


def named_chat(connection: sqlite3.Connection, account_id: int, username: str) -> ChatPeer | None:
    """Return the chat to which a name led this account, None before it was resolved."""
    row = connection.execute(
        "SELECT chat_id, access_hash, kind FROM named_chats WHERE account_id = ? AND username = ?",
        (account_id, username.lower()),
    ).fetchone()
    return ChatPeer(row[0], row[1], ChatKind(row[2])) if row else None


def keep_named_chat(
    connection: sqlite3.Connection, account_id: int, username: str, peer: ChatPeer | None
) -> None:
    """Remember to which chat a name leads, or (None) that it must be resolved anew."""
    key = (account_id, username.lower())
    connection.execute("DELETE FROM named_chats WHERE account_id = ? AND username = ?", key)
    if peer is not None:
        connection.execute(
            "INSERT INTO named_chats VALUES (?, ?, ?, ?, ?)",
            (*key, peer.chat_id, peer.access_hash, peer.kind.value),
        )
