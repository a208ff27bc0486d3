"""What a few weeks of work leave behind: in an engine in memory, and in a real store."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from invite_desktop.domain.accounts import AccountState
from invite_desktop.domain.audiences import Audience, Basis
from invite_desktop.domain.outcomes import OutcomeCode, TargetState
from invite_desktop.domain.people import PersonKeys
from invite_desktop.domain.tasks import TaskKind, TaskStatus
from invite_desktop.engine.ports.files import PersonRow
from invite_desktop.engine.ports.stores import NewImport
from tests.fakes.engine import NOW, a_task, an_account
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
        engine.tasks.put(a_task(number, status), people=30 * number)
        for place in range(6 * number if status is not TaskStatus.DRAFT else 0):
            joined = place % 4 != 3
            state = TargetState.JOINED if joined else TargetState.SKIPPED
            code = OutcomeCode.INVITED if joined else OutcomeCode.PRIVACY
            engine.tasks.end_target(number, place, state, code)
    words = "Здравствуйте, {{ first_name }}! Приходите в **клуб**."
    writing = replace(a_task(WRITING), kind=TaskKind.MESSAGE, chat=None, text=words)
    engine.tasks.put(writing, people=12)
    for number, name in enumerate(LISTS, 1):
        basis = Basis.CUSTOMERS if number < 3 else Basis.UNKNOWN
        engine.audiences.rows.append(
            Audience(number, name, basis, f"{name}.csv", NOW, people=1_240 * number)
        )


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
