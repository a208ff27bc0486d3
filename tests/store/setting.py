"""A small world for the tests of the store: people, accounts, tasks."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from invite_desktop.domain.accounts import Profile
from invite_desktop.domain.attempts import Action
from invite_desktop.domain.audiences import Basis
from invite_desktop.domain.chats import AddressKind, ChatAddress, ChatKind
from invite_desktop.domain.outcomes import Outcome, OutcomeCode
from invite_desktop.domain.people import PersonKeys
from invite_desktop.domain.tasks import ChatRef, NewTask, TaskKind
from invite_desktop.engine.ports.files import PersonRow
from invite_desktop.engine.ports.stores import NewImport, TargetFilter
from invite_desktop.store import import_knots, slices
from invite_desktop.store.database import Database
from tests.fakes.new_stores import open_store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    import pytest

    from invite_desktop.domain.accounts import Account
    from invite_desktop.domain.audiences import ImportReport
    from invite_desktop.domain.tasks import InviteTask
    from invite_desktop.engine.ports.files import ReadRow
    from invite_desktop.engine.ports.ledger import Claim, Target
    from invite_desktop.store.store import Store

REFUSED = Outcome(OutcomeCode.PRIVACY)
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


def small_slices(monkeypatch: pytest.MonkeyPatch, rows: int) -> None:
    """Let a transaction of long work take so many rows, and one merge, however fast it is."""
    for name in ("FIRST_ROWS", "LEAST_ROWS", "MOST_ROWS"):
        monkeypatch.setattr(slices, name, rows)
    monkeypatch.setattr(slices, "WANTED_SECONDS", -1.0)
    monkeypatch.setattr(import_knots, "PEOPLE_AT_ONCE", 1)


class PowerCutError(Exception):
    """The program ends between two transactions."""


def cut_at(monkeypatch: pytest.MonkeyPatch, moment: int) -> None:
    """End the program before its transaction of that number."""
    write, count = Database.write_now, 0

    def until(self: Database, work: Callable[..., object], *, durable: bool = True) -> object:
        nonlocal count
        count += 1
        if count > moment:
            raise PowerCutError
        return write(self, work, durable=durable)

    monkeypatch.setattr(Database, "write_now", until)


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


async def select(store: Store, sql: str, *params: object) -> list[tuple[object, ...]]:
    """Look into the file itself."""
    return await store.database.read(lambda database: database.execute_sql(sql, params).fetchall())


async def counters_hold(store: Store) -> bool:
    kept = await store.tasks.all_counters()
    counted = {task.id: await store.tasks.recount(task.id) for task in await store.tasks.tasks()}
    return kept == counted


@dataclass
class Desk:
    """A store with one account and one invite task for a few people."""

    path: Path
    store: Store
    account_id: int
    audience_id: int
    task_id: int

    @classmethod
    async def prepare(cls, path: Path, count: int = 6) -> Desk:
        store = open_store(path)
        audience = (await imported(store, people(count))).audience
        task = await invite_task(store, audience.id)
        return cls(path, store, (await account(store)).id, audience.id, task.id)

    def reopen(self) -> None:
        self.store.close()
        self.store = open_store(self.path)

    async def claim(self) -> Claim:
        claim = await self.claim_or_none()
        assert claim is not None
        return claim

    async def claim_or_none(self) -> Claim | None:
        return await self.store.ledger.claim(self.task_id, self.account_id, NOW)

    async def other_account(self) -> int:
        return (await account(self.store, 701)).id

    async def act(self, claim: Claim, code: OutcomeCode, action: Action = Action.INVITE) -> None:
        attempt = await self.store.ledger.begin(claim, action, NOW)
        await self.store.ledger.finish(attempt, Outcome(code), NOW)

    async def act_at(self, at: datetime, action: Action, outcome: Outcome = REFUSED) -> None:
        attempt = await self.store.ledger.begin(await self.claim(), action, at)
        await self.store.ledger.finish(attempt, outcome, at)

    async def targets(self) -> list[Target]:
        return list(await self.store.tasks.targets(self.task_id, TargetFilter(), 0, 1000))

    def as_if_of(self, claim: Claim, account_id: int) -> Claim:
        return dataclasses.replace(claim, account_id=account_id)

    async def force_in_work(self, claim: Claim) -> None:
        """Break the state of a target, as only a bug could."""
        sql = "UPDATE targets SET state = 'in_work', outcome = NULL, claimed_by = ? WHERE id = ?"
        await self.store.database.write(
            lambda database: database.execute_sql(sql, (claim.account_id, claim.target_id))
        )
