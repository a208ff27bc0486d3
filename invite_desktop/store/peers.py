"""How accounts address people, and what a look-up teaches about who they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.store.person_merge import is_contacted_now, merge_people

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from invite_desktop.domain.people import Person, PersonKeys
    from invite_desktop.engine.ports.telegram import UserPeer


def present_id(connection: sqlite3.Connection, person_id: int) -> int:
    """Return the id under which a person is stored now, also after a merge."""
    merged = connection.execute(
        "SELECT person_id FROM merged_people WHERE old_id = ?", (person_id,)
    ).fetchone()
    return int(merged[0]) if merged else person_id


def keep_peer(
    connection: sqlite3.Connection, account_id: int, person_id: int, peer: UserPeer
) -> None:
    """Remember how an account addresses a person; it can now do so in every task.

    The Telegram id that came with it becomes hers, and another stored person with that id turns
    out to be her, unless a running task is contacting one of them this moment.
    """
    person_id, known = _present(connection, person_id)
    connection.execute(
        """
        INSERT INTO peers VALUES (?, ?, ?, ?) ON CONFLICT (account_id, person_id)
        DO UPDATE SET user_id = excluded.user_id, access_hash = excluded.access_hash
        """,
        (account_id, person_id, peer.user_id, peer.access_hash),
    )
    _unmark_unable(connection, account_id, person_id)
    if known is None:
        _learn_telegram_id(connection, person_id, peer.user_id)


def keep_met(connection: sqlite3.Connection, account_id: int, peers: Sequence[UserPeer]) -> None:
    """Remember how an account addresses the stored people who have these Telegram ids."""
    for peer in peers:
        found = connection.execute(
            """
            SELECT id FROM people WHERE telegram_id = :user
            UNION ALL SELECT person_id FROM other_keys
            WHERE kind = 'telegram_id' AND value = CAST(:user AS TEXT)
            """,
            {"user": peer.user_id},
        ).fetchone()
        if found:
            keep_peer(connection, account_id, found[0], peer)


def follow_new_keys(connection: sqlite3.Connection, person: Person, keys: PersonKeys) -> None:
    """Forget how accounts address a person when her new keys may lead to another human.

    Who was contacted is known by her Telegram id from then on. Raises KnownError when that is to
    become another one, and while a task is contacting her.
    """
    otherwise = _is_found_otherwise(person.keys, keys)
    if not otherwise and keys.telegram_id in (None, person.keys.telegram_id):
        return
    _refuse_while_at_work(connection, person.id)
    if _was_contacted(connection, person.id):
        _require_same_human(connection, person.id, keys)
        return
    connection.execute(
        "DELETE FROM peers WHERE person_id = ? AND (? OR user_id <> ?)",
        (person.id, otherwise, keys.telegram_id),
    )


def _require_same_human(connection: sqlite3.Connection, person_id: int, keys: PersonKeys) -> None:
    met_as = connection.execute(
        "SELECT 1 FROM peers WHERE person_id = ? AND user_id IS NOT ?",
        (person_id, keys.telegram_id),
    ).fetchone()
    if met_as:
        raise KnownError(
            message(
                "This person was contacted already, so this entry cannot become somebody else."
            ),
            message("Keep the Telegram ID, or import the other person as a new one."),
        )


def _is_found_otherwise(before: PersonKeys, after: PersonKeys) -> bool:
    """Return whether the key by which she is looked up was replaced; by name, else by phone."""
    if before.username and after.username:
        return before.username.lower() != after.username.lower()
    by_phone = before.phone and after.phone and not (before.username or after.username)
    return bool(by_phone) and before.phone != after.phone


def _refuse_while_at_work(connection: sqlite3.Connection, person_id: int) -> None:
    at_work = connection.execute(
        "SELECT 1 FROM targets WHERE person_id = ? AND state = 'in_work'", (person_id,)
    ).fetchone()
    if at_work:
        raise KnownError(
            message("A task is contacting this person right now."),
            message("Wait a moment, or pause the task, and save the changes again."),
        )


def _was_contacted(connection: sqlite3.Connection, person_id: int) -> bool:
    contacted = connection.execute(
        """
        SELECT 1 FROM targets WHERE person_id = ?
            AND state IN ('invited', 'joined', 'sent', 'already_member', 'uncertain')
        """,
        (person_id,),
    ).fetchone()
    return contacted is not None


def _present(connection: sqlite3.Connection, person_id: int) -> tuple[int, int | None]:
    """Return the id under which a person is stored now, and her Telegram id."""
    by_id = "SELECT id, telegram_id FROM people WHERE id = ?"
    row = connection.execute(by_id, (person_id,)).fetchone()
    if row is None:
        merged = present_id(connection, person_id)
        row = connection.execute(by_id, (merged,)).fetchone()
    if row is None:
        raise RuntimeError(f"there is no person {person_id}")
    return row[0], row[1]


def _unmark_unable(connection: sqlite3.Connection, account_id: int, person_id: int) -> None:
    unable = connection.execute(
        """
        DELETE FROM unable_accounts
        WHERE account_id = ? AND target_id IN (SELECT id FROM targets WHERE person_id = ?)
        RETURNING target_id
        """,
        (account_id, person_id),
    ).fetchall()
    if unable:
        connection.executemany(
            "UPDATE targets SET unable_accounts = unable_accounts - 1 WHERE id = ?", unable
        )


def _learn_telegram_id(connection: sqlite3.Connection, person_id: int, user_id: int) -> None:
    owner = connection.execute(
        """
        SELECT id FROM people WHERE telegram_id = :user
        UNION SELECT person_id FROM other_keys
        WHERE kind = 'telegram_id' AND value = CAST(:user AS TEXT)
        """,
        {"user": user_id},
    ).fetchone()
    if owner is None:
        connection.execute("UPDATE people SET telegram_id = ? WHERE id = ?", (user_id, person_id))
    elif owner[0] != person_id and not is_contacted_now(connection, person_id, owner[0]):
        merge_people(connection, person_id, owner[0])
