"""The user's accounts and the history of their health."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invite_desktop.domain.accounts import AccountState
from invite_desktop.store.mapping import to_account, to_optional_stamp, to_stamp
from invite_desktop.store.models import AccountEventRow, AccountRow
from invite_desktop.store.rows import fetch

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from peewee import SqliteDatabase

    from invite_desktop.domain.accounts import Account, Profile
    from invite_desktop.store.database import Database


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

    async def set_state(
        self, account_id: int, state: AccountState, until: datetime | None, note: str
    ) -> Account:
        """Change the state of an account and note that in its health history."""
        at = self._now()

        def work(database: SqliteDatabase) -> Account:
            _update(database, account_id, state=state, until=to_optional_stamp(until), note=note)
            return _remember(database, account_id, at)

        return await self._database.write(work)

    async def update_profile(self, account_id: int, profile: Profile) -> Account:
        """Store what Telegram now says of the account."""

        def work(database: SqliteDatabase) -> Account:
            _update(database, account_id, **_columns(profile))
            return _account(database, account_id)

        return await self._database.write(work)

    async def remove(self, account_id: int) -> None:
        """Hide an account that was logged out; its ledger stays."""
        at = to_stamp(self._now())
        await self._database.write(lambda database: _update(database, account_id, removed_at=at))


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
        return _remember(database, insert.execute(database), at)
    if known[0]["removed_at"] is not None:
        columns["added_at"] = to_stamp(at)
    _update(database, known[0]["id"], **columns, until=None, note="", removed_at=None)
    return _remember(database, known[0]["id"], at)


def _update(database: SqliteDatabase, account_id: int, **columns: object) -> None:
    query = AccountRow.update(**columns).where(AccountRow.id == account_id)
    if query.execute(database) != 1:
        raise KeyError(account_id)


def _remember(database: SqliteDatabase, account_id: int, at: datetime) -> Account:
    """Write the present state into the health history; return the account."""
    account = _account(database, account_id)
    AccountEventRow.insert(
        account_id=account_id,
        at=to_stamp(at),
        state=account.state.value,
        until=to_optional_stamp(account.until),
        note=account.note,
    ).execute(database)
    return account


def _columns(profile: Profile) -> dict[str, object]:
    return {
        "telegram_id": profile.telegram_id,
        "first_name": profile.first_name,
        "last_name": profile.last_name,
        "username": profile.username,
        "phone": profile.phone,
    }
