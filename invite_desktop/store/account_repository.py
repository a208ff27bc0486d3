"""The user's accounts and the history of their health."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invite_desktop.domain.accounts import AccountState, Actor, Change, HealthFact
from invite_desktop.store.mapping import (
    to_account,
    to_health_event,
    to_optional_stamp,
    to_stamp,
)
from invite_desktop.store.models import AccountEventRow, AccountRow
from invite_desktop.store.rows import connection_of, fetch, fetch_sql

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from peewee import SqliteDatabase

    from invite_desktop.domain.accounts import Account, HealthEvent, Profile
    from invite_desktop.store.database import Database

_LAST_TROUBLES = """
    SELECT * FROM account_events WHERE id IN (
        SELECT max(id) FROM account_events
        WHERE fact IN ('no_network', 'trouble') OR by = 'telegram' AND note <> ''
        GROUP BY account_id
    )
"""

_ORDERED_REST = """
    SELECT * FROM account_events
    WHERE account_id = ? AND until > ? AND by = 'telegram' AND state IN ('resting', 'limited')
    ORDER BY until DESC LIMIT 1
"""


class AccountRepository:
    """The port AccountStore on SQLite. ``now`` dates the entries of the health history."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    async def accounts(self) -> Sequence[Account]:
        """Return all accounts that are not removed, oldest first."""
        return await self._database.read(_all)

    async def add(self, profile: Profile, at: datetime) -> Account:
        """Store a new account as ready, or bring back the one with this Telegram id.

        A removed account starts again as a new one: its trust grows from ``at``.
        """
        return await self._database.write(lambda database: _add(database, profile, at))

    async def change_state(self, account_id: int, change: Change) -> Account:
        """Change the state of an account, and enter that into its health history."""
        at = self._now()

        def work(database: SqliteDatabase) -> Account:
            until = to_optional_stamp(change.until)
            _update(database, account_id, state=change.state.value, until=until, note=change.note)
            _remember(database, account_id, at, HealthFact.STATE, change)
            return _account(database, account_id)

        return await self._database.write(work)

    async def note_health(self, account_id: int, fact: HealthFact, change: Change) -> None:
        """Enter something into the health history that changes no state."""
        at = self._now()
        await self._database.write(
            lambda database: _remember(database, account_id, at, fact, change)
        )

    async def health(self, account_id: int, offset: int, limit: int) -> Sequence[HealthEvent]:
        """Return a page of an account's health history, newest first."""
        query = (
            AccountEventRow.select()
            .where(AccountEventRow.account_id == account_id)
            .order_by(AccountEventRow.id.desc())
            .offset(offset)
            .limit(limit)
        )
        return await self._database.read(
            lambda database: [to_health_event(row) for row in fetch(database, query)]
        )

    async def last_troubles(self) -> Mapping[int, HealthEvent]:
        """Return the newest entry of each account that tells of a trouble, by account id."""
        return await self._database.read(
            lambda database: {
                row["account_id"]: to_health_event(row)
                for row in fetch_sql(connection_of(database), _LAST_TROUBLES)
            }
        )

    async def ordered_rest(self, account_id: int, now: datetime) -> Change | None:
        """Return the longest rest in the health history that Telegram ordered and still lasts."""
        values = (account_id, to_stamp(now))
        rows = await self._database.read(
            lambda database: fetch_sql(connection_of(database), _ORDERED_REST, values)
        )
        events = [to_health_event(row) for row in rows]
        return next((Change(e.state, e.until, e.note, e.by, e.detail) for e in events), None)

    async def update_profile(self, account_id: int, profile: Profile) -> Account:
        """Store what Telegram now says of the account."""

        def work(database: SqliteDatabase) -> Account:
            _update(database, account_id, **_columns(profile))
            return _account(database, account_id)

        return await self._database.write(work)

    async def remove(self, account_id: int) -> None:
        """Hide an account that was logged out; its ledger stays."""
        at = self._now()

        def work(database: SqliteDatabase) -> None:
            _update(database, account_id, removed_at=to_stamp(at))
            gone = Change(AccountState.LOGGED_OUT, by=Actor.USER)
            _remember(database, account_id, at, HealthFact.REMOVED, gone)

        await self._database.write(work)


def _all(database: SqliteDatabase) -> list[Account]:
    query = AccountRow.select().where(AccountRow.removed_at.is_null()).order_by(AccountRow.id)
    return [to_account(row) for row in fetch(database, query)]


def _account(database: SqliteDatabase, account_id: int) -> Account:
    rows = fetch(database, AccountRow.select().where(AccountRow.id == account_id))
    if not rows:
        raise KeyError(account_id)
    return to_account(rows[0])


def _add(database: SqliteDatabase, profile: Profile, at: datetime) -> Account:
    known = fetch(
        database, AccountRow.select().where(AccountRow.telegram_id == profile.telegram_id)
    )
    columns = {**_columns(profile), "state": AccountState.READY.value}
    if not known:
        insert = AccountRow.insert(**columns, note="", added_at=to_stamp(at))
        account_id: int = insert.execute(database)
    else:
        account_id = known[0]["id"]
        if known[0]["removed_at"] is not None:
            columns["added_at"] = to_stamp(at)
        _update(database, account_id, **columns, until=None, note="", removed_at=None)
    added = Change(AccountState.READY, by=Actor.USER)
    _remember(database, account_id, at, HealthFact.ADDED, added)
    return _account(database, account_id)


def _update(database: SqliteDatabase, account_id: int, **columns: object) -> None:
    query = AccountRow.update(**columns).where(AccountRow.id == account_id)
    if query.execute(database) != 1:
        raise KeyError(account_id)


def _remember(
    database: SqliteDatabase, account_id: int, at: datetime, fact: HealthFact, change: Change
) -> None:
    """Write an entry into the health history."""
    AccountEventRow.insert(
        account_id=account_id,
        at=to_stamp(at),
        state=change.state.value,
        until=to_optional_stamp(change.until),
        note=change.note,
        fact=fact.value,
        by=change.by.value,
        detail=change.detail,
    ).execute(database)


def _columns(profile: Profile) -> dict[str, object]:
    return {
        "telegram_id": profile.telegram_id,
        "first_name": profile.first_name,
        "last_name": profile.last_name,
        "username": profile.username,
        "phone": profile.phone,
    }
