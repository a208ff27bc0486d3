"""An engine in memory with the real one's face, for tests of the window."""

from __future__ import annotations

import asyncio
from array import array
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from invite_desktop.domain.accounts import (
    BY_USER,
    Account,
    AccountState,
    Actor,
    HealthEvent,
    Profile,
    condition_of,
)
from invite_desktop.domain.attempts import Action, Attempt
from invite_desktop.domain.audiences import (
    Audience,
    Basis,
    CellRemark,
    FileCounts,
    ImportCounts,
    ImportedRow,
    ImportReport,
    InvalidRow,
    RowKind,
    RowProblem,
)
from invite_desktop.domain.chats import (
    AddressKind,
    ChatAddress,
    ChatInfo,
    ChatKind,
    Standing,
    parse_chat_address,
)
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import Message, message
from invite_desktop.domain.outcomes import OutcomeCode, TargetState
from invite_desktop.domain.pace import PaceDecision, PaceReason
from invite_desktop.domain.people import Person, PersonKeys
from invite_desktop.domain.schedule import ANY_TIME
from invite_desktop.domain.statistics import Counters
from invite_desktop.domain.tasks import (
    ChatRef,
    InviteTask,
    JournalEntry,
    NewTask,
    Priority,
    TaskKind,
    TaskMove,
    TaskReason,
    TaskSituation,
    TaskStatus,
    next_status,
)
from invite_desktop.engine.bulk import Bulk
from invite_desktop.engine.event_bus import EventBus
from invite_desktop.engine.events import (
    AccountChanged,
    AudiencesChanged,
    ImportAdvanced,
    TargetChanged,
    TaskChanged,
)
from invite_desktop.engine.login_flow import LoginFlow
from invite_desktop.engine.ports.files import FilePreview, ImportFile, PreviewRow, ReadOptions
from invite_desktop.engine.ports.ledger import LedgerFilter, LedgerRow, Target
from invite_desktop.engine.ports.login import (
    ApiCredentials,
    CodeSent,
    LoginRefusedError,
    LoginStep,
    QrCode,
    RefusalKind,
)
from invite_desktop.engine.ports.stores import AudienceUse, PeoplePart, TargetFilter
from invite_desktop.engine.proxy import ProxySetting
from invite_desktop.engine.views import (
    AccountStanding,
    AccountView,
    BudgetUse,
    ChatCheck,
    Overview,
    TaskPlan,
    TaskStatistics,
    TaskView,
)
from tests.fakes.backups import FakeBackups, FakeRestored
from tests.fakes.diagnosis import FakeDiagnosis
from tests.fakes.do_not_contact import FakeDoNotContact
from tests.fakes.drafts import FakeDrafts, FakeDryRuns, FakeSelfTests
from tests.fakes.exports import FakeExports, FakeReports
from tests.fakes.links import FakeJoinRequests, FakeLinks, FakeOnlyByLink, FakeRetention
from tests.fakes.proxies import FakeProxies
from tests.fakes.replies import FakeReplies
from tests.fakes.sources import FakeSources
from tests.fakes.task_bin import FakeBin, FakeCopies
from tests.fakes.trials import FakeTaskDryRuns, FakeTrials
from tests.fakes.vault import FakeVault

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from pathlib import Path

    from invite_desktop.domain.schedule import Schedule
    from invite_desktop.domain.shortening import Shortening
    from invite_desktop.engine.ports.audiences import PeopleQuery

NOW = datetime(2025, 12, 8, 9, 30, tzinfo=UTC)


class StillClock:
    """Time that stands until a test moves it."""

    def __init__(self) -> None:
        self.moment = NOW

    def now(self) -> datetime:
        return self.moment


def an_account(number: int, state: AccountState = AccountState.READY, **more: object) -> Account:
    names = ("Анна Орлова", "Борис Белых", "Вера Соколова", "Глеб Крылов")
    first, last = names[number % len(names)].split()
    profile = Profile(10_000 + number, first, last, f"club_admin_{number}", f"+7900000000{number}")
    return Account(number, profile, state, NOW - timedelta(days=3), **more)


def a_person(number: int) -> Person:
    return Person(
        number,
        PersonKeys(username=f"rehearsal_7_{number:05}"),
        full_name=f"Иван Петров {number}",
        first_name="Иван",
        last_name=f"Петров {number}",
        extra={"Город": "Тверь"},
    )


def a_task(number: int, status: TaskStatus = TaskStatus.READY) -> InviteTask:
    address = ChatAddress(AddressKind.USERNAME, "football_club")
    return InviteTask(
        number,
        "Приглашения в «Клуб»",
        TaskKind.INVITE,
        1,
        ChatRef(777, "Клуб", ChatKind.SUPERGROUP, address),
        "",
        Priority.NORMAL,
        TaskSituation(status),
        NOW - timedelta(hours=number),
    )


class FakeAccounts:
    def __init__(self, engine: FakeEngine) -> None:
        self._engine = engine
        self.rows: dict[int, Account] = {}
        self.credentials: ApiCredentials | None = None
        self.login = FakeLogin()
        self.offline = False
        self.locked: KnownError | None = None
        self.calls: list[tuple[str, int]] = []
        self.events: dict[int, list[HealthEvent]] = {}
        self.busy: dict[int, str] = {}
        self.offline: set[int] = set()

    def put(self, account: Account) -> Account:
        self.rows[account.id] = account
        self._engine.bus.publish(AccountChanged(account.id))
        return account

    async def views(self) -> Sequence[AccountView]:
        return [self._view(account) for account in self.rows.values()]

    async def view(self, account_id: int) -> AccountView:
        if account_id not in self.rows:
            raise KnownError(message("This account is no longer here."))
        return self._view(self.rows[account_id])

    async def has_credentials(self) -> bool:
        if self.locked is not None:
            raise self.locked
        return self.credentials is not None

    async def set_credentials(self, credentials: ApiCredentials) -> None:
        if credentials.api_id == 1:
            raise KnownError(message("Telegram does not know this api_id."))
        self.credentials = credentials

    async def check_credentials(self, credentials: ApiCredentials) -> None:
        if self.offline:
            raise LoginRefusedError(
                message("Telegram cannot be reached."), message("Wait."), RefusalKind.NETWORK
            )

    async def ids_here(self) -> Collection[int]:
        return {account.profile.telegram_id for account in self.rows.values()}

    def new_login(self) -> LoginFlow:
        return LoginFlow(self)

    async def begin_login(self) -> FakeLogin:
        return self.login

    async def finish_login(self, login: FakeLogin) -> Account:
        if self.locked is not None:
            raise self.locked
        account = an_account(len(self.rows) + 1)
        self.put(account)
        await login.keep(account.id)
        return account

    async def check(self, account_id: int) -> AccountView:
        self.calls.append(("check", account_id))
        return self._view(self.rows[account_id])

    async def switch_off(self, account_id: int) -> None:
        self.put(replace(self.rows[account_id], state=AccountState.SWITCHED_OFF))

    async def switch_on(self, account_id: int) -> None:
        self.put(replace(self.rows[account_id], state=AccountState.READY))

    async def rest(self, account_id: int, until: datetime) -> None:
        self.calls.append(("rest", account_id))
        rest = {"state": AccountState.RESTING, "until": until, "note": BY_USER}
        self.put(replace(self.rows[account_id], **rest))

    async def release(self, account_id: int) -> None:
        self.calls.append(("release", account_id))
        if self.rows[account_id].note != BY_USER:
            raise KnownError(message("Telegram ordered this rest, and nothing may shorten it."))
        self.put(replace(self.rows[account_id], state=AccountState.READY, until=None, note=""))

    async def health(
        self, account_id: int, offset: int = 0, limit: int = 100
    ) -> Sequence[HealthEvent]:
        return self.events.get(account_id, [])[offset : offset + limit]

    async def log_out(self, account_id: int) -> None:
        self.calls.append(("log_out", account_id))
        del self.rows[account_id]
        self._engine.bus.publish(AccountChanged(account_id))

    def _view(self, account: Account) -> AccountView:
        now = self._engine.clock.now()
        busy, state = self.busy.get(account.id), account.state_at(now)
        offline = account.id in self.offline
        hour = PaceDecision(now + timedelta(minutes=12), PaceReason.HOUR)
        free = PaceDecision(now, PaceReason.NOW)
        troubles = (e for e in self.events.get(account.id, []) if e.by is Actor.TELEGRAM)
        return AccountView(
            account,
            state,
            busy,
            {
                Action.INVITE: BudgetUse(3, 15),
                Action.MESSAGE: BudgetUse(0, 12),
                Action.LOOK_UP: BudgetUse(41, 180),
                Action.CONTACT_IMPORT: BudgetUse(15, 15),
            },
            hour,
            condition_of(state, busy=busy is not None, no_network=offline),
            {**dict.fromkeys(Action, free), Action.INVITE: hour},
            0.3,
            14,
            next(troubles, None),
            now - timedelta(minutes=3) if offline else None,
        )


class FakeLogin:
    """A log-in that takes the code 12345 and, if asked to, the password "wolf".

    ``scan`` lets somebody scan the QR code; ``refusal`` is raised once by the next step.
    """

    def __init__(self) -> None:
        self.needs_password = False
        self.steps: list[str] = []
        self.sent = CodeSent("", message("to your Telegram app"), 5, message("by text message"), 0)
        self.refusal: KnownError | None = None
        self.gate: asyncio.Event | None = None
        self._scanned = asyncio.Event()
        self._codes = 0

    async def send_code(self, phone: str) -> CodeSent:
        await self._step(f"phone {phone}")
        self.sent = replace(self.sent, phone=phone)
        return self.sent

    async def resend_code(self) -> CodeSent:
        await self._step("again")
        return replace(self.sent, where=message("by text message"), next_way=None)

    async def submit_code(self, code: str) -> LoginStep:
        await self._step("code")
        if code != "12345":
            raise KnownError(message("This code is wrong."), message("Type it once more."))
        return LoginStep.PASSWORD if self.needs_password else LoginStep.DONE

    async def qr_code(self, except_ids: Collection[int] = ()) -> QrCode:
        await self._step("qr")
        self._codes += 1
        return QrCode(f"tg://login?token=token{self._codes}", 30.0)

    async def scanned(self, patience: float) -> LoginStep | None:
        await self._scanned.wait()
        return LoginStep.PASSWORD if self.needs_password else LoginStep.DONE

    def scan(self) -> None:
        self._scanned.set()

    async def password_hint(self) -> str:
        return "grey and hungry"

    async def submit_password(self, password: str) -> LoginStep:
        await self._step("password")
        if password != "wolf":  # noqa: S105 - the demo's own
            raise KnownError(message("This password is wrong."))
        return LoginStep.DONE

    async def profile(self) -> Profile:
        return an_account(999).profile

    async def keep(self, account_id: int) -> None:
        await self._step(f"kept {account_id}")

    async def abandon(self) -> None:
        self.steps.append("abandoned")

    async def _step(self, name: str) -> None:
        self.steps.append(name)
        if self.gate is not None:
            await self.gate.wait()
        refusal, self.refusal = self.refusal, None
        if refusal is not None:
            raise refusal


def _judged(number: int, row: Sequence[str], fields: Sequence[str]) -> PreviewRow:
    cells = dict(zip(fields, row, strict=False))
    remarks = [
        CellRemark(fields.index("consent_date"), "", cells["consent_date"], RowProblem.BAD_DATE)
        for _ in (1,)
        if cells.get("consent_date", "1") in {"позже", "later"}
    ]
    pairs = zip(fields, row, strict=False)
    named = any(cell for field, cell in pairs if field in {"username", "phone"})
    return PreviewRow(number, None if named else RowProblem.NO_KEY, remarks)


class FakeImports:
    def __init__(self, engine: FakeEngine) -> None:
        self._engine = engine
        self.reports: list[ImportReport] = []
        self.runs: list[tuple[Sequence[Path], Basis, str, ReadOptions]] = []
        self.previews: list[ReadOptions] = []
        self.gate: asyncio.Event | None = None
        self.files: list[ImportFile] = []
        self.sources: list[str] = []
        self.refusal: KnownError | None = None

    async def preview(self, path: Path, options: ReadOptions | None = None) -> FilePreview:
        self.previews.append(options or ReadOptions())
        text = await asyncio.to_thread(path.read_text, encoding="utf-8")
        lines = text.splitlines()
        if not lines:
            raise KnownError(message("The file is empty."), message("Choose another file."))
        header = True if options is None or options.has_header is None else options.has_header
        if path.name.startswith("broken"):
            raise KnownError(message("“{name}” is broken.", name=path.name))
        cells = [line.split(";") for line in lines]
        guesses = {"ник": "username", "телефон": "phone", "имя": "full_name"}
        fields = [guesses.get(name.lower(), "extra") for name in cells[0]]
        if options and options.columns is not None:
            fields = [options.columns.get(place, "extra") for place in range(len(fields))]
        rows = cells[1:] if header else cells
        rows = rows[:200]
        sheets = ("May", "June", "Blank") if path.name.startswith("book") else ()
        sheet = (options and options.sheet) or "".join(sheets[:1])
        if sheet == "Blank":
            raise KnownError(message("The sheet is empty."))
        return FilePreview(
            path,
            "csv",
            "utf-8",
            header,
            cells[0] if header else [],
            fields,
            rows,
            sheets=sheets,
            sheet=sheet,
            header_row=1 if header else 0,
            judged=[_judged(number, row, fields) for number, row in enumerate(rows, 1 + header)]
            if {"username", "phone"} & set(fields)
            else [],
        )

    async def run(
        self,
        paths: Sequence[Path | ImportFile],
        basis: Basis,
        name: str = "",
        options: ReadOptions | None = None,
        source: str = "",
    ) -> ImportReport:
        self.files = [
            each if isinstance(each, ImportFile) else ImportFile(each, options or ReadOptions())
            for each in paths
        ]
        if self.refusal is not None:
            refusal, self.refusal = self.refusal, None
            raise refusal
        self.sources.append(source)
        paths = [file.path for file in self.files]
        options = self.files[0].options
        self._engine.bus.publish(ImportAdvanced(40))
        if self.gate is not None:
            await self.gate.wait()
        self.runs.append((tuple(paths), basis, name, options or ReadOptions()))
        number = len(self.reports) + 1
        audience = Audience(
            100 + number, name or paths[0].stem, basis, paths[0].name, NOW, people=57
        )
        report = ImportReport(
            number,
            audience,
            tuple(path.name for path in paths),
            NOW,
            ImportCounts(
                read=66,
                new=52,
                updated=5,
                duplicate=4,
                invalid=4,
                opted_out=1,
                by_username=41,
                by_phone=14,
                by_id=2,
                remarks=1,
            ),
            (
                InvalidRow(7, "Ольга;;;", RowProblem.NO_KEY),
                InvalidRow(19, "Пётр;@a!;", RowProblem.BAD_USERNAME),
                InvalidRow(33, "Ирина;;12", RowProblem.BAD_PHONE),
                InvalidRow(51, "-1001234567890", RowProblem.CHAT_ID),
            ),
            by_file=tuple(FileCounts(path.name, 33, 26, 2, 2) for path in paths)
            if len(paths) > 1
            else (),
        )
        self.reports.append(report)
        self._engine.audiences.rows.append(audience)
        self._engine.bus.publish(AudiencesChanged())
        return report

    async def history(self) -> Sequence[ImportReport]:
        return [replace(report, invalid_rows=()) for report in reversed(self.reports)]

    async def rows(
        self, import_id: int, kind: RowKind, offset: int = 0, limit: int = 200
    ) -> Sequence[ImportedRow]:
        report = await self.report(import_id)
        if kind is RowKind.INVALID:
            found = [
                ImportedRow(row.number, (*report.files, "")[0], row.content, problem=row.problem)
                for row in report.invalid_rows
            ]
        elif kind is RowKind.DUPLICATE:
            found = [ImportedRow(9, (*report.files, "")[0], person=a_person(9), rows=4)]
        else:
            count = getattr(report.counts, kind.value)
            found = [
                ImportedRow(number, (*report.files, "")[0], person=a_person(number))
                for number in range(2, 2 + count)
            ]
        return found[offset : offset + limit]

    async def remarks(
        self, import_id: int, offset: int = 0, limit: int = 200
    ) -> Sequence[ImportedRow]:
        report = await self.report(import_id)
        found = [
            ImportedRow(3, (*report.files, "")[0], "Согласие: да", problem=RowProblem.BAD_DATE)
        ]
        return found[offset : offset + min(limit, report.counts.remarks)]

    async def undo(self, import_id: int) -> ImportReport:
        place = next(
            place for place, each in enumerate(self.reports) if each.import_id == import_id
        )
        self.reports[place] = replace(self.reports[place], undone_at=NOW)
        self._engine.bus.publish(AudiencesChanged())
        return self.reports[place]

    async def report(self, import_id: int) -> ImportReport:
        return next(report for report in self.reports if report.import_id == import_id)


class FakeAudiences:
    def __init__(self) -> None:
        self.rows: list[Audience] = []
        self.use = AudienceUse(52, opted_out=1, already_contacted=3, refused_before=1)

    async def all(self) -> Sequence[Audience]:
        return tuple(self.rows)

    async def people(self, audience_id: int, offset: int, limit: int) -> Sequence[Person]:
        return [a_person(number) for number in range(offset, min(offset + limit, 57))]

    async def people_after(self, audience_id: int, after: int, limit: int) -> PeoplePart:
        people = [a_person(number) for number in range(after + 1, min(after + 1 + limit, 57))]
        return PeoplePart(people, after + len(people))

    async def person_ids(self, audience_id: int, query: PeopleQuery) -> array[int]:
        everybody = map(a_person, range(57))
        return array("q", [p.id for p in everybody if query.text.casefold() in p.label.casefold()])

    async def people_by_id(self, ids: Sequence[int]) -> Sequence[Person]:
        return [a_person(number) for number in ids]

    async def use_of(self, audience_id: int, chat: object) -> AudienceUse:
        return self.use


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
        return ChatCheck(address, info, standings)

    def _standing(self, place: int, account: Account) -> AccountStanding:
        now = self._engine.clock.now()
        if not account.is_ready(now):
            why = message("it rests")
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

    def put(self, task: InviteTask, people: int) -> None:
        self.rows[task.id] = task
        self.people[task.id] = [
            Target(task.id * 1_000_000 + n, task.id, n + 1, a_person(n), TargetState.PENDING)
            for n in range(people)
        ]
        self._engine.bus.publish(TaskChanged(task.id))

    def situate(self, task_id: int, situation: TaskSituation) -> None:
        entry = JournalEntry(self._engine.clock.now(), situation)
        self.journals.setdefault(task_id, []).insert(0, entry)
        self.rows[task_id] = replace(self.rows[task_id], situation=situation)
        self._engine.bus.publish(TaskChanged(task_id))

    def end_target(self, task_id: int, place: int, state: TargetState, code: OutcomeCode) -> None:
        target = self.people[task_id][place]
        self.people[task_id][place] = replace(
            target, state=state, outcome=code, account_id=1, changed_at=NOW
        )
        self._engine.statistics.attempts.insert(0, self._row(task_id, target, code))
        self._engine.bus.publish(TargetChanged(task_id, target.id))

    def _row(self, task_id: int, target: Target, code: OutcomeCode) -> LedgerRow:
        number = len(self._engine.statistics.attempts) + 1
        at = NOW + timedelta(seconds=50 * number)
        attempt = Attempt(
            number, task_id, target.id, target.person.id, 1, Action.INVITE, at, 0, at, code
        )
        return LedgerRow(attempt, self.rows[task_id].name, target.person.label, "Анна Орлова")

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
    ) -> TaskPlan:
        self.planned_for = schedule
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
            {"Анна Орлова": counters.processed, "Борис Белых": 3} if counters.processed else {},
            {"2025-12-08T08": 4, "2025-12-08T09": counters.processed} if counters.processed else {},
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
            {"2025-12-08": 12} if tasks.rows else {},
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


class FakeEngine:
    """Start with nothing; tests put accounts, audiences and tasks."""

    def __init__(self, on_error: Callable[[BaseException], None]) -> None:
        self.bus = EventBus(on_error)
        self.clock = StillClock()
        self.statistics = FakeStatistics(self)
        self.accounts = FakeAccounts(self)
        self.audiences = FakeAudiences()
        self.imports = FakeImports(self)
        self.exports = FakeExports()
        self.reports = FakeReports()
        self.sources = FakeSources(self)
        self.do_not_contact = FakeDoNotContact(self)
        self.replies = FakeReplies()
        self.chat_checks = FakeChatChecks(self)
        self.tasks = FakeTasks(self)
        self.bulk = Bulk(self.tasks)
        self.bin = FakeBin(self)
        self.backups = FakeBackups(self.clock.now())
        self.restored = FakeRestored()
        self.copies = FakeCopies(self)
        self.diagnosis = FakeDiagnosis()
        self.drafts = FakeDrafts(self.audiences)
        self.dry_runs = FakeDryRuns(self.audiences)
        self.self_tests = FakeSelfTests()
        self.trials = FakeTrials(self)
        self.task_dry_runs = FakeTaskDryRuns()
        self.links = FakeLinks(self)
        self.join_requests = FakeJoinRequests(self)
        self.only_by_link = FakeOnlyByLink(self)
        self.retention = FakeRetention()
        self.proxies = FakeProxies(FakeVault())
        self.proxy = ProxySetting(self.proxies)
