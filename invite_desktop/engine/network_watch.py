"""Whoever cannot reach Telegram tries again by itself, with or without a task to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invite_desktop.domain.accounts import LOST_STATES, AccountState
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.outcomes import Outcome, OutcomeCode
from invite_desktop.engine.back_off import FIRST_PAUSE, LONGEST_PAUSE
from invite_desktop.engine.background import BackgroundScope

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from invite_desktop.engine.account_states import AccountStates
    from invite_desktop.engine.ports.clock import Clock
    from invite_desktop.engine.ports.telegram import TelegramGateway

_SLOWER = 1.25
_NOT_TRIED = LOST_STATES | {AccountState.SWITCHED_OFF}


class NetworkWatch:
    """Connects the accounts without network again, in longer and longer pauses."""

    def __init__(
        self,
        gateway: TelegramGateway,
        accounts: AccountStates,
        clock: Clock,
        on_error: Callable[[BaseException], None],
    ) -> None:
        self._gateway = gateway
        self._accounts = accounts
        self._clock = clock
        self._scope = BackgroundScope(on_error)
        self._trying: set[int] = set()
        self._closed = False
        accounts.watch(self._account_changed)

    async def close(self) -> None:
        """Try no more."""
        self._closed = True
        await self._scope.close()

    def _account_changed(self, account_id: int) -> None:
        if self._is_needed(account_id) and account_id not in self._trying and not self._closed:
            self._trying.add(account_id)
            self._scope.start(self._try(account_id), f"account {account_id}: network")

    def _is_needed(self, account_id: int) -> bool:
        account = self._accounts.find(account_id)
        lost = self._accounts.outage(account_id) is not None
        return lost and account is not None and account.state not in _NOT_TRIED

    async def _try(self, account_id: int) -> None:
        try:
            while self._is_needed(account_id):
                moment = self._moment(account_id)
                if moment is not None and moment > self._clock.now():
                    # Meanwhile an account at work may have tried, which moves the moment on.
                    await self._clock.sleep_until(moment)
                else:
                    await self._try_once(account_id)
        finally:
            self._trying.discard(account_id)

    def _moment(self, account_id: int) -> datetime | None:
        """Return when to try again: later than an account at work would after as many tries."""
        outage = self._accounts.outage(account_id)
        if outage is None:
            return None
        doubled: int = 2 ** min(outage.tries - 1, 10)
        pause = min(FIRST_PAUSE * doubled, LONGEST_PAUSE)
        return outage.last_try + pause * _SLOWER

    async def _try_once(self, account_id: int) -> None:
        try:
            answer = await self._gateway.open(account_id)
        except KnownError:
            # The keyring refuses, which is said where the account is used; here it is tried again.
            answer = Outcome(OutcomeCode.NOT_CONNECTED, detail="Keyring")
        if isinstance(answer, Outcome):
            await self._accounts.suffer(account_id, answer)
        else:
            await self._accounts.reached(account_id)
