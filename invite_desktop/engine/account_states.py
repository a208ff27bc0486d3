"""The one owner of account states: kept in memory for quick questions, in the store for good.

That an account is busy is nowhere stored, because nothing stored could be trusted after a crash.
Its lease is made of three things that cannot outlive the program: the lock on the profile, which
the operating system takes back from a process that died; the runner, of which there is one for an
account; and the claims of targets in the store, which the next start gives back before any runner
begins (``Ledger.release_stale_claims``). A call of which only the beginning is known is settled
first by the same account. So an account can neither be used twice nor stay busy for ever.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from invite_desktop.domain.accounts import (
    BY_USER,
    LOST_STATES,
    RETURNING_STATES,
    AccountState,
    Actor,
    Change,
    HealthFact,
    Outage,
)
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.domain.outcomes import AccountEffect, OutcomeCode
from invite_desktop.domain.pace import FLOOD_MARGIN, ordered_rest, peer_flood_rest
from invite_desktop.domain.words import words_for
from invite_desktop.engine.events import AccountChanged, AttentionNeeded
from invite_desktop.engine.undivided import undivided

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from invite_desktop.domain.accounts import Account, Profile
    from invite_desktop.domain.outcomes import Outcome
    from invite_desktop.engine.event_bus import EventBus
    from invite_desktop.engine.ports.clock import Clock
    from invite_desktop.engine.ports.ledger import Ledger
    from invite_desktop.engine.ports.stores import AccountStore

_STATE_AFTER = {
    AccountEffect.REST: AccountState.RESTING,
    AccountEffect.LIMIT: AccountState.LIMITED,
    AccountEffect.FREEZE: AccountState.FROZEN,
    AccountEffect.BAN: AccountState.BANNED,
    AccountEffect.LOG_OUT: AccountState.LOGGED_OUT,
}
_STATE_BY_NOTE = {
    OutcomeCode.FLOOD_WAIT.value: AccountState.RESTING,
    OutcomeCode.PEER_FLOOD.value: AccountState.LIMITED,
    BY_USER: AccountState.RESTING,
}


class AccountStates:
    """Every account that is not removed, and the changes that Telegram or the user make to it."""

    def __init__(self, store: AccountStore, ledger: Ledger, bus: EventBus, clock: Clock) -> None:
        self._store = store
        self._ledger = ledger
        self._bus = bus
        self._clock = clock
        self._known: dict[int, Account] = {}
        self._outages: dict[int, Outage] = {}
        self._watchers: list[Callable[[int], None]] = []

    def watch(self, watcher: Callable[[int], None]) -> None:
        """Call back with the account's id whenever one is added, removed or changes its state."""
        self._watchers.append(watcher)

    async def load(self) -> None:
        """Read all accounts from the store, with the rests that the ledger says they owe.

        The program may have ended between Telegram's answer and the change of the state.
        """
        self._known = {account.id: account for account in await self._store.accounts()}
        for account in self.all():
            owed = await self._owed_by_ledger(account.id)
            if owed is not None and _outlasts(owed, account):
                self._known[account.id] = await self._store.change_state(
                    account.id, _kept_off(account, owed)
                )

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

    def outage(self, account_id: int) -> Outage | None:
        """Return the time without Telegram that an account is in, None when it is in none.

        Kept in memory only: it says something of this moment, not of the account.
        """
        return self._outages.get(account_id)

    async def store(self, profile: Profile) -> Account:
        """Store an account that has just logged in; a rest that it still owes goes on.

        Nobody uses it before it is introduced, because its session is not in the keyring yet.
        """
        before = next((a for a in self.all() if a.profile.telegram_id == profile.telegram_id), None)
        account = await self._store.add(profile, self._clock.now())
        hidden = self._owed_by_state(before) if before is not None else None
        owed = _longest(hidden, await self._owed_to_telegram(account.id))
        if owed is not None:
            account = await self._store.change_state(account.id, owed)
        return account

    def introduce(self, account: Account) -> None:
        """Let everybody see and use an account."""
        self._keep(account)

    async def update_profile(self, account_id: int, profile: Profile) -> None:
        """Keep what Telegram says of an account that answers: so it is logged in, not banned."""
        await self.reached(account_id)
        account = await self._store.update_profile(account_id, profile)
        if account.state in LOST_STATES:
            again = await self._owed_to_telegram(account_id) or Change(AccountState.READY)
            account = await self._store.change_state(account_id, again)
        self._keep(account)

    async def remove(self, account_id: int) -> None:
        """Hide an account that was logged out."""
        await self._store.remove(account_id)
        self._known.pop(account_id, None)
        self._outages.pop(account_id, None)
        self._announce(account_id)

    # ------------------------------------------------------------ what the user orders

    async def switch_off(self, account_id: int) -> None:
        """Keep an account from acting. Raises KnownError when it cannot act anyway."""
        account = self._able(account_id)
        off = Change(AccountState.SWITCHED_OFF, account.until, account.note, Actor.USER)
        await self._change(account_id, off)

    async def switch_on(self, account_id: int) -> None:
        """Let a switched-off account act again; a rest that it still owes goes on."""
        account = self.get(account_id)
        if account.state is AccountState.SWITCHED_OFF:
            on = self._owed_by_state(account) or Change(AccountState.READY)
            await self._change(account_id, Change(on.state, on.until, on.note, Actor.USER))

    async def rest(self, account_id: int, until: datetime) -> None:
        """Let an account rest until a moment. Raises KnownError when that would change nothing."""
        account, now = self._able(account_id), self._clock.now()
        if until <= now:
            raise KnownError(
                message("This moment is over already."), message("Choose a later one.")
            )
        ordered = account.until if not account.rests_by_user else None
        if ordered is not None and ordered >= until:
            raise KnownError(
                message("The account has to rest until {moment} anyway.", moment=ordered),
                message("Choose a later moment, or leave it as it is."),
            )
        change = Change(AccountState.RESTING, until, BY_USER, Actor.USER)
        await self._change(account_id, _kept_off(account, change))

    async def release(self, account_id: int) -> None:
        """End a rest that the user ordered. Raises KnownError for one that Telegram ordered."""
        account = self.get(account_id)
        state = account.state_at(self._clock.now())
        if state not in RETURNING_STATES:
            raise KnownError(message("This account does not rest."))
        if not account.rests_by_user:
            raise KnownError(
                message("Telegram ordered this rest, and nothing may shorten it."),
                message("Wait until it is over; the tasks then go on by themselves."),
            )
        owed = await self._owed_to_telegram(account_id)
        await self._change(account_id, owed or Change(AccountState.READY, by=Actor.USER))

    async def wake(self, account_id: int) -> None:
        """Write down that a rest is over."""
        account = self.get(account_id)
        if account.state in RETURNING_STATES and account.is_ready(self._clock.now()):
            await self._change(account_id, Change(AccountState.READY))

    # ------------------------------------------------------------ what happens to it

    async def suffer(self, account_id: int, outcome: Outcome) -> None:
        """Do to an account what the outcome of its call means for it."""
        account = self._known.get(account_id)
        if account is None:
            return
        if outcome.code is OutcomeCode.NOT_CONNECTED:
            await self._lose_network(account)
            return
        await self.reached(account_id)
        state = _STATE_AFTER.get(outcome.rule.account)
        if state is None:
            return
        if state in RETURNING_STATES:
            await self._order_rest(account, state, outcome)
            return
        note, detail = outcome.code.value, outcome.detail
        await self._change(account_id, Change(state, None, note, Actor.TELEGRAM, detail))
        self._bus.publish(
            AttentionNeeded(
                message(
                    "{account}: {trouble}.",
                    account=account.profile.label,
                    trouble=words_for(outcome.code),
                )
            )
        )

    async def reached(self, account_id: int) -> None:
        """Note that an account has had an answer from Telegram."""
        account = self._known.get(account_id)
        if self._outages.pop(account_id, None) is not None and account is not None:
            await self._note(HealthFact.NETWORK_BACK, account)
            self._announce(account_id)

    async def _lose_network(self, account: Account) -> None:
        now, known = self._clock.now(), self._outages.get(account.id)
        if known is not None:
            self._outages[account.id] = replace(known, last_try=now, tries=known.tries + 1)
            return
        self._outages[account.id] = Outage(now, now)
        await self._note(HealthFact.NO_NETWORK, account)
        self._announce(account.id)

    async def _note(self, fact: HealthFact, account: Account) -> None:
        await undivided(
            self._store.note_health(account.id, fact, Change(account.state, account.until))
        )

    async def _order_rest(self, account: Account, state: AccountState, outcome: Outcome) -> None:
        until = await self._end_of_rest(account.id, state, outcome)
        note, detail = outcome.code.value, outcome.detail
        order = Change(state, until, note, Actor.TELEGRAM, detail)
        if account.state in LOST_STATES or not _outlasts(order, account):
            await undivided(self._store.note_health(account.id, HealthFact.TROUBLE, order))
            return
        await self._change(account.id, _kept_off(account, order))

    async def _end_of_rest(
        self, account_id: int, state: AccountState, outcome: Outcome
    ) -> datetime:
        if state is AccountState.LIMITED:
            # The ledger already holds the answer that has just come; it doubles with each one.
            floods = [f for f in await self._ledger.floods(account_id) if f.wait is None]
            earlier = max(0, len(floods) - 1)
            return self._clock.now() + peer_flood_rest(earlier)
        return self._clock.now() + FLOOD_MARGIN + timedelta(seconds=outcome.wait_seconds)

    # ------------------------------------------------------------ rests that are owed

    def _owed_by_state(self, account: Account) -> Change | None:
        """Return the rest that a state other than resting hides (switched off, logged out)."""
        state = _STATE_BY_NOTE.get(account.note)
        if state is None or account.until is None or account.until <= self._clock.now():
            return None
        return Change(state, account.until, account.note)

    async def _owed_to_telegram(self, account_id: int) -> Change | None:
        """Return the rest that Telegram ordered, by the history and the ledger, the longer one."""
        noted = await self._store.ordered_rest(account_id, self._clock.now())
        return _longest(noted, await self._owed_by_ledger(account_id))

    async def _owed_by_ledger(self, account_id: int) -> Change | None:
        found = ordered_rest(await self._ledger.floods(account_id), self._clock.now())
        if found is None:
            return None
        until, flood = found
        limited = flood.wait is None
        code = OutcomeCode.PEER_FLOOD if limited else OutcomeCode.FLOOD_WAIT
        state = AccountState.LIMITED if limited else AccountState.RESTING
        return Change(state, until, code.value, Actor.TELEGRAM)

    def _able(self, account_id: int) -> Account:
        account = self.get(account_id)
        if account.state in LOST_STATES:
            raise KnownError(
                message("The account cannot act anyway: {state}.", state=words_for(account.state))
            )
        return account

    # ------------------------------------------------------------ keeping

    async def _change(self, account_id: int, change: Change) -> None:
        """Write a change and tell of it; whoever is cancelled meanwhile leaves no half of it."""
        await undivided(self._changed(account_id, change))

    async def _changed(self, account_id: int, change: Change) -> None:
        self._keep(await self._store.change_state(account_id, change))

    def _keep(self, account: Account) -> None:
        self._known[account.id] = account
        self._announce(account.id)

    def _announce(self, account_id: int) -> None:
        for watcher in self._watchers:
            watcher(account_id)
        self._bus.publish(AccountChanged(account_id))


def _outlasts(order: Change, account: Account) -> bool:
    """Return whether an ordered rest ends later than the one under way."""
    if account.state in LOST_STATES:
        return False
    return order.until is not None and (account.until is None or order.until > account.until)


def _longest(*rests: Change | None) -> Change | None:
    lasting = [(rest.until, rest) for rest in rests if rest is not None and rest.until is not None]
    return max(lasting, key=lambda pair: pair[0], default=(None, None))[1]


def _kept_off(account: Account, change: Change) -> Change:
    """Return the change for an account that stays switched off when it is."""
    if account.state is not AccountState.SWITCHED_OFF:
        return change
    return Change(AccountState.SWITCHED_OFF, change.until, change.note, change.by, change.detail)
