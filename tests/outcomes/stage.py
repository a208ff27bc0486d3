"""One account, one person, one task, played through the real Telethon with the clock at a halt."""

from __future__ import annotations

import asyncio
from base64 import b64decode
from dataclasses import dataclass
from typing import TYPE_CHECKING

from invite_desktop.domain.audiences import Basis
from invite_desktop.domain.outcomes import OPEN_STATES, OutcomeCode, TargetState
from invite_desktop.domain.tasks import FINAL_STATUSES, NewTask, TaskKind, TaskReason
from invite_desktop.engine.ports.files import PersonRow
from invite_desktop.engine.ports.ledger import LedgerFilter
from invite_desktop.engine.ports.stores import NewImport
from tests.fakes.rehearsal import CLUB

if TYPE_CHECKING:
    from invite_desktop.domain.accounts import AccountState
    from invite_desktop.domain.attempts import Attempt
    from invite_desktop.domain.people import PersonKeys
    from invite_desktop.domain.tasks import InviteTask, TaskSituation
    from invite_desktop.engine.ports.ledger import Target
    from tests.faults.field import Field

A_PICTURE = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="
)

_BEFORE_THE_END = frozenset({None, OutcomeCode.FOUND})


@dataclass
class Stage:
    """Nothing is due a second time here: hardly any time passes."""

    field: Field

    async def task(
        self,
        kind: TaskKind,
        keys: PersonKeys,
        name: str = "t",
        *,
        picture: bool = False,
        text: str = "Hello!",
    ) -> InviteTask:
        """Make a task for one person."""
        field, engine = self.field, self.field.engine
        new = NewImport(name, Basis.CUSTOMERS, "t", ("t.csv",), name, field.clock.now())
        report = await field.ports.audiences.import_people(
            new, [PersonRow(1, keys)], lambda _: None, lambda: False
        )
        if kind is TaskKind.INVITE:
            chat = (await engine.chat_checks.check(f"@{CLUB}")).chat_ref()
            return await engine.tasks.create(NewTask(kind, report.audience.id, chat))
        file = field.path.with_name("picture.png")
        file.write_bytes(A_PICTURE)
        new_task = NewTask(
            kind, report.audience.id, None, text, attachment=str(file) if picture else ""
        )
        return await engine.tasks.create(new_task)

    async def play(self, task: InviteTask, *, takes_time: bool = False) -> None:
        """Start a task and return when nobody works on it any more."""
        if not takes_time:
            self.field.clock.stop()
        await self.field.engine.tasks.start(task.id)
        async with asyncio.timeout(15):
            await self.field.until(lambda: self._is_over(task))

    async def _is_over(self, task: InviteTask) -> bool:
        contacted = any(each.outcome not in _BEFORE_THE_END for each in await self.attempts())
        target, situation = await self.target(task), await self.situation(task)
        if target.state not in OPEN_STATES:
            return situation.status in FINAL_STATUSES
        waits = target.state is TargetState.PENDING and situation.reason is not TaskReason.NONE
        return contacted and waits and await self.field._is_quiet()

    async def attempts(self) -> list[Attempt]:
        """What stands in the ledger, oldest first."""
        rows = await self.field.ports.ledger.rows(LedgerFilter(), 0, 100)
        return [row.attempt for row in reversed(rows)]

    async def target(self, task: InviteTask) -> Target:
        (target,) = await self.field.engine.tasks.targets(task.id)
        return target

    async def account(self) -> AccountState:
        (view,) = await self.field.engine.accounts.views()
        return view.state

    async def situation(self, task: InviteTask) -> TaskSituation:
        return await self.field.situation(task)
