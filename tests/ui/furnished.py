"""What a few weeks of work leave behind: in an engine in memory, and in a real store."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from invite_desktop.domain.accounts import AccountState
from invite_desktop.domain.audiences import Audience, Basis
from invite_desktop.domain.diagnosis import Area, Repair, RepairKind
from invite_desktop.domain.messages import message
from invite_desktop.domain.outcomes import OutcomeCode, TargetState
from invite_desktop.domain.people import KeyKind, PersonKeys
from invite_desktop.domain.tasks import TaskKind, TaskStatus
from invite_desktop.domain.words import words_for
from invite_desktop.engine.diagnosis_rules import blocking, care, data_findings, disk_finding
from invite_desktop.engine.ports.backups import Backup
from invite_desktop.engine.ports.files import PersonRow
from invite_desktop.engine.ports.restores import Restore
from invite_desktop.engine.ports.server_view import Deed, DeedKind, ServerPerson
from invite_desktop.engine.ports.stores import AudienceUse, NewImport
from tests.fakes.engine import NOW, a_person, a_task, an_account
from tests.fakes.server_view import FakeServer
from tests.ui.views import WRITING

if TYPE_CHECKING:
    from tests.fakes.engine import FakeEngine
    from tests.fakes.house import House

LISTS = ("Гости вебинара", "Покупатели весны", "Newsletter 2026")


def fill(engine: FakeEngine) -> None:
    """Put accounts in every state, tasks of every status and three audiences in."""
    states = (AccountState.READY, AccountState.RESTING, AccountState.LIMITED)
    for number, state in enumerate((*states, AccountState.LOGGED_OUT), start=1):
        engine.accounts.put(an_account(number, state))
    for number, status in enumerate(TaskStatus, start=1):
        earlier = 30 * number * (number - 1) // 2
        engine.tasks.put(a_task(number, status), people=30 * number, first=earlier)
        for place in range(_ended(status) * number):
            joined = place % 4 != 3
            state = TargetState.JOINED if joined else TargetState.SKIPPED
            code = OutcomeCode.INVITED if joined else OutcomeCode.PRIVACY
            engine.tasks.end_target(number, place, state, code)
    words = "Здравствуйте, {{ first_name }}! Приходите в **клуб**."
    writing = replace(a_task(WRITING), kind=TaskKind.MESSAGE, chat=None, text=words)
    engine.tasks.put(writing, people=12, first=5_000)
    for number, name in enumerate(LISTS, 1):
        basis = Basis.CUSTOMERS if number < 3 else Basis.UNKNOWN
        engine.audiences.rows.append(
            Audience(number, name, basis, f"{name}.csv", NOW, people=1_240 * number)
        )
    engine.audiences.use = AudienceUse(1_235, opted_out=1, already_contacted=3, refused_before=1)
    _fill_dialogs(engine)


def seen_by_server(engine: FakeEngine) -> FakeServer:
    """Return a server that has seen just what the ledger of an engine says."""
    server = FakeServer()
    server.sums = replace(server.sums, people=1_500)
    for row in reversed(engine.statistics.attempts):
        attempt, person = row.attempt, a_person(row.attempt.person_id)
        joined = attempt.outcome is OutcomeCode.INVITED
        deed = Deed(
            DeedKind.JOINED if joined else DeedKind.REFUSED,
            attempt.started_at,
            f"@{an_account(attempt.account_id).profile.username}",
            "Клуб",
            reason=None if joined else message("their privacy settings forbid it"),
        )
        keys = person.keys
        deeds = (Deed(DeedKind.LOOKED_UP), deed)
        server.put(ServerPerson(person.id, person.full_name, keys.username, None, deeds))
    return server


def _ended(status: TaskStatus) -> int:
    """Return how many of each thirty people of a task have an end."""
    untouched = {TaskStatus.DRAFT, TaskStatus.READY}
    return 30 if status is TaskStatus.COMPLETED else 0 if status in untouched else 6


def _fill_dialogs(engine: FakeEngine) -> None:
    """Put in the bin, among the backups and into the diagnosis what has to find room there."""
    for number, status in enumerate((TaskStatus.COMPLETED, TaskStatus.CANCELLED, TaskStatus.DRAFT)):
        thrown = replace(
            a_task(WRITING + 1 + number, status), name="Приглашения в «Садоводы Твери»"
        )
        engine.tasks.put(replace(thrown, deleted_at=NOW - timedelta(days=number)), people=30)
    for days in (0, 1, 2, 7, 14):
        made_at = NOW - timedelta(days=days)
        name = f"backup-{made_at:%Y%m%d-%H%M%S}.sqlite3"
        engine.backups.there.append(Backup(name, Path(name), made_at, 1_234_567_890))
    engine.restored.restore = Restore(NOW, NOW, WRITING)
    task = engine.tasks.rows[1]
    engine.diagnosis.findings += [
        *data_findings(task, engine.tasks.counters(1), {KeyKind.TELEGRAM_ID: 12}),
        disk_finding(104_857_000_000),
        blocking(
            Area.AUDIENCE,
            message(
                "It is not known why the people of “{audience}” may be contacted.",
                audience=LISTS[2],
            ),
            Repair(RepairKind.CHANGE_BASIS, 3),
        ),
        care(
            Area.ACCOUNTS,
            message(
                "{account}: {state} until {time}.",
                account="Анна Орлова",
                state=words_for(AccountState.RESTING),
                time=NOW,
            ),
            Repair(RepairKind.RELEASE_ACCOUNT, 2),
        ),
    ]


async def furnish(house: House) -> None:
    """Store three audiences of people with every key and a column of their own."""
    for name in LISTS:
        rows = [
            PersonRow(
                number,
                PersonKeys(f"guest_{number:03}", f"+7900{number:07}", 1_000 + number),
                full_name=f"Гость {number:03}",
                extra={"Город": "Тверь" if number % 2 else "Псков"},
            )
            for number in range(1, 31)
        ]
        new = NewImport(
            name, Basis.CUSTOMERS, f"{name}.csv", (f"{name}.csv",), name, house.clock.now()
        )
        await house.ports.audiences.import_people(new, rows, lambda _rows: None, lambda: False)
