"""The one owner of account states: kept in memory for quick questions, in the store for good."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from invite_desktop.domain.accounts import RETURNING_STATES, AccountState
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.domain.outcomes import AccountEffect, OutcomeCode
from invite_desktop.domain.pace import FLOOD_MARGIN, peer_flood_rest
from invite_desktop.domain.words import words_for
from invite_desktop.engine.events import AccountChanged, AttentionNeeded

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from invite_desktop.domain.accounts import Account, Profile
    from invite_desktop.domain.outcomes import Outcome
    from invite_desktop.engine.event_bus import EventBus
    from invite_desktop.engine.ports.clock import Clock
    from invite_desktop.engine.ports.stores import AccountStore, Ledger

_STATE_AFTER = {
    AccountEffect.REST: AccountState.RESTING,
    AccountEffect.LIMIT: AccountState.LIMITED,
    AccountEffect.FREEZE: AccountState.FROZEN,
    AccountEffect.BAN: AccountState.BANNED,
    AccountEffect.LOG_OUT: AccountState.LOGGED_OUT,
}
_LOST = frozenset({AccountState.FROZEN, AccountState.BANNED, AccountState.LOGGED_OUT})
_STATE_BY_NOTE = {
    OutcomeCode.FLOOD_WAIT.value: AccountState.RESTING,
    OutcomeCode.PEER_FLOOD.value: AccountState.LIMITED,
}


class AccountStates:
    """Every account that is not removed, and the changes that Telegram or the user make to it."""

    def __init__(self, store: AccountStore, ledger: Ledger, bus: EventBus, clock: Clock) -> None:
        self._store = store
        self._ledger = ledger
        self._bus = bus
        self._clock = clock
        self._known: dict[int, Account] = {}
        self._watchers: list[Callable[[int], None]] = []

    def watch(self, watcher: Callable[[int], None]) -> None:
        """Call back with the account's id whenever one is added, removed or changes its state."""
        self._watchers.append(watcher)

    async def load(self) -> None:
        """Read all accounts from the store.

        A rest that Telegram ordered in the moment in which the program ended begins now.
        """
        self._known = {account.id: account for account in await self._store.accounts()}
        for account in self.all():
            last = await self._ledger.last_wait(account.id)
            state = None if last is None else _STATE_AFTER.get(last.outcome.rule.account)
            if last is not None and state is not None:
                await self._rest(account, state, last.outcome, last.at)

    def all(self) -> Sequence[Account]:
        """Return all accounts, oldest first."""
        return tuple(self._known.values())

    def find(self, account_id: int) -> Account | None:
        """Return one account, None when it was removed."""
        return self._known.get(account_id)

    def get(self, account_id: int) -> Account:
        """Return one account. Raises KnownError when it was removed."""
        if (account := self._known.get(account_id)) is None:
            raise KnownError(message("This account is no longer here."))
        return account

    async def store(self, profile: Profile) -> Account:
        """Store an account that has just logged in; a rest that it still owes goes on.

        Nobody uses it before it is introduced, because its session is not in the keyring yet.
        """
        before = next((a for a in self.all() if a.profile.telegram_id == profile.telegram_id), None)
        account = await self._store.add(profile, self._clock.now())
        if before is not None and (state := self._rest_owed(before)) is not AccountState.READY:
            account = await self._store.set_state(account.id, state, before.until, before.note)
        return account

    def introduce(self, account: Account) -> None:
        """Let everybody see and use an account."""
        self._keep(account)

    async def update_profile(self, account_id: int, profile: Profile) -> None:
        """Keep what Telegram says of an account that answers: so it is logged in, not banned."""
        account = await self._store.update_profile(account_id, profile)
        if account.state in _LOST:
            account = await self._store.set_state(account_id, AccountState.READY, None, "")
        self._keep(account)

    async def remove(self, account_id: int) -> None:
        """Hide an account that was logged out."""
        await self._store.remove(account_id)
        self._known.pop(account_id, None)
        self._announce(account_id)

    async def switch_off(self, account_id: int) -> None:
        """Keep an account from acting. Raises KnownError when it cannot act anyway."""
        account = self.get(account_id)
        if account.state in _LOST:
            raise KnownError(
                message("The account cannot act anyway: {state}.", state=words_for(account.state))
            )
        await self._set(account_id, AccountState.SWITCHED_OFF, account.until, account.note)

    async def switch_on(self, account_id: int) -> None:
        """Let a switched-off account act again, after the rest it owes."""
        account = self.get(account_id)
        if account.state is not AccountState.SWITCHED_OFF:
            return
        state = self._rest_owed(account)
        if state is AccountState.READY:
            await self._set(account_id, state, None, "")
        else:
            await self._set(account_id, state, account.until, account.note)

    async def wake(self, account_id: int) -> None:
        """Make an account ready whose rest is over."""
        account = self.get(account_id)
        if account.state in RETURNING_STATES and account.is_ready(self._clock.now()):
            await self._set(account_id, AccountState.READY, None, "")

    async def suffer(self, account_id: int, outcome: Outcome) -> None:
        """Do to an account what the outcome of its call means for it."""
        state = _STATE_AFTER.get(outcome.rule.account)
        account = self._known.get(account_id)
        if state is None or account is None:
            return
        if state in RETURNING_STATES:
            await self._rest(account, state, outcome, self._clock.now())
            return
        await self._set(account_id, state, None, outcome.code.value)
        self._bus.publish(
            AttentionNeeded(
                message(
                    "{account}: {trouble}.",
                    account=account.profile.label,
                    trouble=words_for(outcome.code),
                )
            )
        )

    async def _rest(
        self, account: Account, state: AccountState, outcome: Outcome, since: datetime
    ) -> None:
        if account.state in _LOST:
            return
        until, note = await self._end_of_rest(account.id, state, outcome, since), outcome.code.value
        if until <= self._clock.now():
            return
        if account.until is not None and account.until >= until:
            return
        if account.state is AccountState.SWITCHED_OFF:
            state = AccountState.SWITCHED_OFF
        await self._set(account.id, state, until, note)

    async def _end_of_rest(
        self, account_id: int, state: AccountState, outcome: Outcome, since: datetime
    ) -> datetime:
        if state is AccountState.LIMITED:
            # The ledger already holds the answer that has just come.
            earlier = max(0, await self._ledger.peer_floods(account_id) - 1)
            return since + peer_flood_rest(earlier)
        return since + FLOOD_MARGIN + timedelta(seconds=outcome.wait_seconds)

    def _rest_owed(self, account: Account) -> AccountState:
        if account.until is None or account.until <= self._clock.now():
            return AccountState.READY
        return _STATE_BY_NOTE.get(account.note, AccountState.READY)

    async def _set(
        self, account_id: int, state: AccountState, until: datetime | None, note: str
    ) -> None:
        self._keep(await self._store.set_state(account_id, state, until, note))

    def _keep(self, account: Account) -> None:
        self._known[account.id] = account
        self._announce(account.id)

    def _announce(self, account_id: int) -> None:
        for watcher in self._watchers:
            watcher(account_id)
        self._bus.publish(AccountChanged(account_id))
