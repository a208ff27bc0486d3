"""The tasks of the fake engine, their chats and their figures."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from invite_desktop.domain.attempts import Action, Attempt
from invite_desktop.domain.chats import (
    ChatInfo,
    ChatKind,
    Standing,
    parse_chat_address,
)
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import Message, message
from invite_desktop.domain.outcomes import OutcomeCode, TargetState
from invite_desktop.domain.schedule import ANY_TIME
from invite_desktop.domain.statistics import Counters
from invite_desktop.domain.tasks import (
    InviteTask,
    JournalEntry,
    NewTask,
    Priority,
    TaskMove,
    TaskReason,
    TaskSituation,
    TaskStatus,
    next_status,
)
from invite_desktop.domain.words import words_for
from invite_desktop.engine.chat_check import chat_problem
from invite_desktop.engine.events import (
    TargetChanged,
    TaskChanged,
)
from invite_desktop.engine.ports.ledger import LedgerFilter, LedgerRow, Target
from invite_desktop.engine.ports.stores import TargetFilter
from invite_desktop.engine.views import (
    AccountStanding,
    ChatCheck,
    Overview,
    TaskPlan,
    TaskStatistics,
    TaskView,
)
from tests.fakes.specimens import NOW, a_person, an_account

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Sequence

    from invite_desktop.domain.accounts import (
        Account,
    )
    from invite_desktop.domain.schedule import Schedule
    from invite_desktop.domain.shortening import Shortening
    from tests.fakes.engine import FakeEngine

FIRST_ATTEMPT = NOW - timedelta(hours=5)
"""A person every 50 seconds from here: what the longest test has done is over by now."""


class FakeChatChecks:
    """Answers at once, or holds answers back by address until a test lets them go."""

    def __init__(self, engine: FakeEngine) -> None:
        self._engine = engine
        self.asked: list[str] = []
        self.gates: dict[str, asyncio.Event] = {}

    async def check(self, text: str) -> ChatCheck:
        address = parse_chat_address(text)
        self.asked.append(text)
        if (gate := self.gates.get(text)) is not None:
            await gate.wait()
        accounts = list(self._engine.accounts.rows.values())
        title = "Клуб любителей футбола" if "club" in text else f"Chat {address.value}"
        info = ChatInfo(777, title, ChatKind.SUPERGROUP, 1_240, address.value)
        standings = [self._standing(place, each) for place, each in enumerate(accounts)]
        return ChatCheck(address, info, standings, chat_problem(info, standings))

    def _standing(self, place: int, account: Account) -> AccountStanding:
        now = self._engine.clock.now()
        if not account.is_ready(now):
            why = words_for(account.state)
            return AccountStanding(account, Standing.READY_ADMIN, False, why, account.until)
        if place < 2:
            return AccountStanding(account, Standing.READY_ADMIN, ready=True)
        return AccountStanding(account, Standing.MEMBER, ready=False, why=None)


class FakeTasks:
    def __init__(self, engine: FakeEngine) -> None:
        self._engine = engine
        self.shorter: Sequence[Shortening] = ()
        self.rows: dict[int, InviteTask] = {}
        self.people: dict[int, list[Target]] = {}
        self.refusal: KnownError | None = None
        self.calls: list[tuple[str, int]] = []
        self.pages: list[int] = []
        self.viewed: list[int] = []
        self.journals: dict[int, list[JournalEntry]] = {}
        self.made: list[tuple[NewTask, str | None]] = []
        self.planned_for = ANY_TIME

    async def create(self, new: NewTask, stop_line: str | None = None) -> InviteTask:
        self.made.append((new, stop_line))
        number = len(self.rows) + 1
        title = new.chat.title if new.chat else "Гости вебинара"
        task = InviteTask(
            number,
            f"Приглашения в «{title}»" if new.chat else f"Сообщения: {title}",
            new.kind,
            new.audience_id,
            new.chat,
            new.text,
            new.priority,
            TaskSituation(TaskStatus.READY),
            NOW - timedelta(hours=number),
            schedule=new.schedule,
        )
        self.put(task, people=52)
        return task

    def put(self, task: InviteTask, people: int, first: int = 0) -> None:
        self.rows[task.id] = task
        self.people[task.id] = [
            Target(
                task.id * 1_000_000 + n, task.id, n + 1, a_person(first + n), TargetState.PENDING
            )
            for n in range(people)
        ]
        self._engine.bus.publish(TaskChanged(task.id))

    def situate(self, task_id: int, situation: TaskSituation) -> None:
        entry = JournalEntry(self._engine.clock.now(), situation)
        self.journals.setdefault(task_id, []).insert(0, entry)
        self.rows[task_id] = replace(self.rows[task_id], situation=situation)
        self._engine.bus.publish(TaskChanged(task_id))

    def end_target(self, task_id: int, place: int, state: TargetState, code: OutcomeCode) -> None:
        account_id = 2 if place % 3 == 2 else 1
        target = replace(
            self.people[task_id][place],
            state=state,
            outcome=code,
            account_id=account_id,
            changed_at=NOW,
        )
        self.people[task_id][place] = target
        self._engine.statistics.attempts.insert(0, self._row(task_id, target, code))
        self._engine.bus.publish(TargetChanged(task_id, target.id))

    def _row(self, task_id: int, target: Target, code: OutcomeCode) -> LedgerRow:
        number, by = len(self._engine.statistics.attempts) + 1, target.account_id or 1
        at = FIRST_ATTEMPT + timedelta(seconds=50 * number)
        attempt = Attempt(
            number, task_id, target.id, target.person.id, by, Action.INVITE, at, 0, at, code
        )
        label = an_account(by).profile.label
        return LedgerRow(attempt, self.rows[task_id].name, target.person.label, label)

    async def start(self, task_id: int) -> None:
        self._move(task_id, TaskMove.START)

    async def pause(self, task_id: int) -> None:
        self._move(task_id, TaskMove.PAUSE, TaskReason.BY_USER)

    async def resume(self, task_id: int) -> None:
        self._move(task_id, TaskMove.RESUME)

    async def cancel(self, task_id: int) -> None:
        self._move(task_id, TaskMove.CANCEL)

    async def retry(self, task_id: int) -> int:
        self._move(task_id, TaskMove.REOPEN)
        return 1

    async def views(self) -> Sequence[TaskView]:
        return [self._view(task) for task in self.rows.values() if task.deleted_at is None]

    async def view(self, task_id: int) -> TaskView:
        self.viewed.append(task_id)
        return self._view(self.rows[task_id])

    async def targets(
        self,
        task_id: int,
        wanted: TargetFilter | None = None,
        offset: int = 0,
        limit: int = 200,
    ) -> Sequence[Target]:
        self.pages.append(offset)
        return self._wanted(task_id, wanted or TargetFilter())[offset : offset + limit]

    async def count_targets(self, task_id: int, wanted: TargetFilter) -> int:
        return len(self._wanted(task_id, wanted))

    def _wanted(self, task_id: int, wanted: TargetFilter) -> list[Target]:
        return [
            each
            for each in self.people[task_id]
            if (not wanted.states or each.state in wanted.states)
            and (not wanted.outcomes or each.outcome in wanted.outcomes)
            and wanted.text.casefold() in each.person.label.casefold()
        ]

    async def journal(
        self, task_id: int, offset: int = 0, limit: int = 200
    ) -> Sequence[JournalEntry]:
        return self.journals.get(task_id, [])[offset : offset + limit]

    async def task(self, task_id: int) -> InviteTask:
        return self.rows[task_id]

    async def rename(self, task_id: int, name: str) -> InviteTask:
        if not name.strip():
            raise KnownError(message("The task needs a name."))
        return self._change(task_id, name=name.strip())

    async def change_priority(self, task_id: int, priority: Priority) -> None:
        self._change(task_id, priority=priority)

    def _change(self, task_id: int, **fields: object) -> InviteTask:
        self.rows[task_id] = replace(self.rows[task_id], **fields)
        self._engine.bus.publish(TaskChanged(task_id))
        return self.rows[task_id]

    async def change_schedule(self, task_id: int, schedule: Schedule) -> None:
        self.rows[task_id] = replace(self.rows[task_id], schedule=schedule)
        self._engine.bus.publish(TaskChanged(task_id))

    async def plan(
        self,
        people: int,
        kind: object,
        accounts: Sequence[Account],
        schedule: Schedule = ANY_TIME,
        by_phone: int = 0,
    ) -> TaskPlan:
        self.planned_for, self.planned_by_phone = schedule, by_phone
        done = NOW + timedelta(days=3) if accounts else None
        ready = len(accounts)
        return TaskPlan(people, ready, 2 if ready else 0, done, 15 * ready, self.shorter)

    def counters(self, task_id: int) -> Counters:
        return Counters(Counter((each.state, each.outcome) for each in self.people[task_id]))

    def _view(self, task: InviteTask) -> TaskView:
        running = task.status in (TaskStatus.RUNNING, TaskStatus.WAITING)
        return TaskView(
            task,
            self.counters(task.id),
            "Гости вебинара",
            NOW + timedelta(minutes=2) if running else None,
            NOW + timedelta(days=2) if running else None,
        )

    def _move(self, task_id: int, move: TaskMove, reason: TaskReason = TaskReason.NONE) -> None:
        self.calls.append((move.value, task_id))
        if self.refusal is not None:
            raise self.refusal
        status = next_status(self.rows[task_id].status, move)
        self.situate(task_id, TaskSituation(status, reason))


class FakeStatistics:
    def __init__(self, engine: FakeEngine) -> None:
        self._engine = engine
        self.attempts: list[LedgerRow] = []
        self.doubt: Message | None = None

    async def of_task(self, task_id: int) -> TaskStatistics:
        counters = self._engine.tasks.counters(task_id)
        attempts = [row for row in self.attempts if row.attempt.task_id == task_id]
        reasons = sorted(
            (
                (state, code, count)
                for (state, code), count in counters.by_reason.items()
                if code is not None
            ),
            key=lambda row: -row[2],
        )
        return TaskStatistics(
            self._engine.tasks.rows[task_id],
            counters,
            reasons,
            Counter(row.account_label for row in attempts),
            Counter(f"{row.attempt.started_at:%Y-%m-%dT%H}" for row in attempts),
        )

    async def overview(self) -> Overview:
        tasks = self._engine.tasks
        whole: Counter[tuple[TargetState, OutcomeCode | None]] = Counter()
        for task_id in tasks.rows:
            whole.update(tasks.counters(task_id).by_reason)
        return Overview(
            Counter(task.status for task in tasks.rows.values()),
            Counter(account.state for account in self._engine.accounts.rows.values()),
            Counters(whole),
            Counter(f"{row.attempt.started_at:%Y-%m-%d}" for row in self.attempts),
        )

    async def log(self, wanted: LedgerFilter, offset: int, limit: int) -> Sequence[LedgerRow]:
        found = [
            row
            for row in self.attempts
            if wanted.task_id in (None, row.attempt.task_id)
            and wanted.outcome in (None, row.attempt.outcome)
            and wanted.account_id in (None, row.attempt.account_id)
            and wanted.text.casefold() in row.person_label.casefold()
            and (wanted.since is None or wanted.since <= row.attempt.started_at)
            and (wanted.until is None or row.attempt.started_at < wanted.until)
        ]
        return found[offset : offset + limit]

    async def count_log(self, wanted: LedgerFilter) -> int:
        return len(await self.log(wanted, 0, len(self.attempts)))

    async def audit(self, task_id: int) -> Message | None:
        return self.doubt
