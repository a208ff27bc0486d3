"""The accounts and log-ins of the fake engine."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
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
from invite_desktop.domain.attempts import Action
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.domain.pace import PaceDecision, PaceReason
from invite_desktop.engine.events import (
    AccountChanged,
)
from invite_desktop.engine.login_flow import LoginFlow
from invite_desktop.engine.ports.login import (
    ApiCredentials,
    CodeSent,
    LoginRefusedError,
    LoginStep,
    QrCode,
    RefusalKind,
)
from invite_desktop.engine.views import (
    AccountView,
    BudgetUse,
)
from tests.fakes.specimens import an_account

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from tests.fakes.engine import FakeEngine


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
        if self.refusal is not None:
            self._scanned.clear()
        self._refuse()
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
        self._refuse()

    def _refuse(self) -> None:
        refusal, self.refusal = self.refusal, None
        if refusal is not None:
            raise refusal
