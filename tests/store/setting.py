"""A small world for the tests of the store: people, accounts, tasks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from invite_desktop.domain.accounts import Profile
from invite_desktop.domain.audiences import Basis
from invite_desktop.domain.chats import AddressKind, ChatAddress, ChatKind
from invite_desktop.domain.people import PersonKeys
from invite_desktop.domain.tasks import ChatRef, NewTask, TaskKind
from invite_desktop.engine.ports.files import PersonRow
from invite_desktop.engine.ports.stores import NewImport

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from invite_desktop.domain.accounts import Account
    from invite_desktop.domain.audiences import ImportReport
    from invite_desktop.domain.tasks import InviteTask
    from invite_desktop.engine.ports.files import ReadRow
    from invite_desktop.store.store import Store

NOW = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)


def later(**parts: float) -> datetime:
    return NOW + timedelta(**parts)


def person(
    number: int = 1,
    username: str | None = None,
    phone: str | None = None,
    telegram_id: int | None = None,
    **fields: object,
) -> PersonRow:
    return PersonRow(number, PersonKeys(username, phone, telegram_id), **fields)  # type: ignore[arg-type]


def people(count: int) -> list[PersonRow]:
    return [person(n, f"person{n}") for n in range(1, count + 1)]


def new_import(fingerprint: str = "f", name: str = "Guests", **fields: object) -> NewImport:
    values = {"basis": Basis.CUSTOMERS, "source": "guests.csv", "files": ("guests.csv",), "at": NOW}
    return NewImport(audience_name=name, fingerprint=fingerprint, **{**values, **fields})  # type: ignore[arg-type]


async def imported(store: Store, rows: Iterable[ReadRow], fingerprint: str = "f") -> ImportReport:
    return await store.audiences.import_people(
        new_import(fingerprint), rows, lambda _: None, lambda: False
    )


async def account(store: Store, telegram_id: int = 700) -> Account:
    return await store.accounts.add(Profile(telegram_id, f"Account {telegram_id}"), NOW)


def chat(chat_id: int = 55) -> ChatRef:
    address = ChatAddress(AddressKind.USERNAME, "football")
    return ChatRef(chat_id, "Football", ChatKind.SUPERGROUP, address)


async def invite_task(store: Store, audience_id: int, chat_id: int = 55) -> InviteTask:
    new = NewTask(TaskKind.INVITE, audience_id, chat(chat_id))
    return await store.tasks.create(new, "Invitations", NOW)


async def message_task(store: Store, audience_id: int) -> InviteTask:
    new = NewTask(TaskKind.MESSAGE, audience_id, text="Hello")
    return await store.tasks.create(new, "Messages", NOW)


def query(connection: sqlite3.Connection, sql: str) -> list[tuple[object, ...]]:
    return connection.execute(sql).fetchall()
