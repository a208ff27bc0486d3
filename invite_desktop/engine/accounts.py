"""The user's accounts: seen, added, checked, switched off and logged out."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from invite_desktop.domain.accounts import AccountState, condition_of
from invite_desktop.domain.attempts import Action
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.domain.outcomes import AccountEffect, Outcome
from invite_desktop.domain.pace import clean_days_to_full_trust, trust
from invite_desktop.domain.words import words_for
from invite_desktop.engine.account_pace import budgets_today
from invite_desktop.engine.login_flow import LoginFlow
from invite_desktop.engine.views import AccountView

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from invite_desktop.domain.accounts import Account, HealthEvent
    from invite_desktop.engine.account_pace import Pace
    from invite_desktop.engine.account_states import AccountStates
    from invite_desktop.engine.account_turns import AccountTurns
    from invite_desktop.engine.ports.login import ApiCredentials, Login
    from invite_desktop.engine.setup import Ports
    from invite_desktop.engine.supervisor import Supervisor

_log = logging.getLogger(__name__)


class Accounts:
    """Every method that changes something raises KnownError when Telegram or the keyring refuse."""

    def __init__(
        self,
        ports: Ports,
        states: AccountStates,
        pace: Pace,
        supervisor: Supervisor,
        turns: AccountTurns,
    ) -> None:
        self._ports = ports
        self._states = states
        self._pace = pace
        self._supervisor = supervisor
        self._turns = turns
        self._logins: list[LoginFlow] = []
        # Personal data that Telegram gives again at any time: kept in memory only.
        self._photos: dict[int, bytes] = {}

    async def views(self) -> Sequence[AccountView]:
        """Return all accounts as the Accounts tab shows them, oldest first."""
        troubles = await self._ports.accounts.last_troubles()
        return [await self._view(each, troubles.get(each.id)) for each in self._states.all()]

    async def view(self, account_id: int) -> AccountView:
        """Return one account as the Accounts tab shows it."""
        account = self._states.get(account_id)
        troubles = await self._ports.accounts.last_troubles()
        return await self._view(account, troubles.get(account_id))

    async def health(
        self, account_id: int, offset: int = 0, limit: int = 100
    ) -> Sequence[HealthEvent]:
        """Return a page of an account's health history, newest first."""
        return await self._ports.accounts.health(account_id, offset, limit)

    async def has_credentials(self) -> bool:
        """Return whether the user has entered her api_id and api_hash."""
        return await self._ports.vault.credentials() is not None

    async def set_credentials(self, credentials: ApiCredentials) -> None:
        """Keep the user's api_id and api_hash in the keyring."""
        if credentials.api_id <= 0 or not credentials.api_hash.strip():
            raise KnownError(
                message("api_id is a number, and api_hash must not be empty."),
                message("Copy both from my.telegram.org."),
            )
        await self._ports.vault.keep_credentials(credentials)

    async def check_credentials(self, credentials: ApiCredentials) -> None:
        """Ask Telegram about an api_id and api_hash. Raises LoginRefusedError."""
        await self._ports.logins.check(credentials)

    def new_login(self) -> LoginFlow:
        """Return another account's way in, at its beginning."""
        flow = LoginFlow(self)
        self._logins.append(flow)
        flow.watch(lambda: self._logins.remove(flow) if flow.is_over else None)
        return flow

    async def leave_logins(self) -> None:
        """Take back every log-in that is half done, because the program ends."""
        for flow in tuple(self._logins):
            try:
                await flow.leave()
            except KnownError as refusal:
                _log.warning("A log-in could not be taken back: %s", refusal)

    async def ids_here(self) -> Collection[int]:
        """Return the Telegram ids of the accounts that are logged in here."""
        return {
            account.profile.telegram_id
            for account in self._states.all()
            if account.state is not AccountState.LOGGED_OUT
        }

    async def begin_login(self) -> Login:
        """Connect for a log-in."""
        credentials = await self._ports.vault.credentials()
        if credentials is None:
            raise KnownError(
                message("There is no api_id and api_hash yet."),
                message("Enter those that my.telegram.org gave you."),
            )
        return await self._ports.logins.begin(credentials)

    async def finish_login(self, login: Login) -> Account:
        """Keep the account that has logged in, and its session in the keyring."""
        profile = await login.profile()
        known = {account.id for account in self._states.all()}
        account = await self._states.store(profile)
        try:
            await login.keep(account.id)
        except KnownError:
            if account.id not in known:
                await self._states.remove(account.id)
            raise
        self._states.introduce(account)
        return account

    async def check(self, account_id: int) -> AccountView:
        """Ask Telegram about the account now; one that answers is logged in and not banned."""
        self._states.get(account_id)
        messenger = await self._ports.gateway.open(account_id)
        if isinstance(messenger, Outcome):
            return await self._after_trouble(account_id, messenger)
        profile = await messenger.who_am_i()
        if isinstance(profile, Outcome):
            return await self._after_trouble(account_id, profile)
        await self._states.update_profile(account_id, profile)
        photo = await messenger.own_photo()
        if isinstance(photo, bytes):
            self._photos[account_id] = photo
        elif photo is None:
            self._photos.pop(account_id, None)
        return await self.view(account_id)

    async def _after_trouble(self, account_id: int, trouble: Outcome) -> AccountView:
        """Do to the account what a check has found. Raises KnownError when it found nothing."""
        await self._states.suffer(account_id, trouble)
        if trouble.rule.account in (AccountEffect.NONE, AccountEffect.BACK_OFF):
            raise KnownError(
                message(
                    "The account could not be checked: {trouble}.",
                    trouble=words_for(trouble.code),
                ),
                message("Try again in a few minutes."),
            )
        return await self.view(account_id)

    async def switch_off(self, account_id: int) -> None:
        """Keep an account from acting until it is switched on; its call under way ends first."""
        await self._states.switch_off(account_id)

    async def switch_on(self, account_id: int) -> None:
        """Let a switched-off account act again; a rest that it owes goes on."""
        await self._states.switch_on(account_id)

    async def rest(self, account_id: int, until: datetime) -> None:
        """Let an account rest until a moment; its call under way ends first."""
        await self._states.rest(account_id, until)

    async def release(self, account_id: int) -> None:
        """End a rest that the user ordered; one that Telegram ordered cannot be shortened."""
        await self._states.release(account_id)

    async def log_out(self, account_id: int) -> None:
        """End the session at Telegram, delete it from the keyring and hide the account."""
        self._states.get(account_id)
        await self._supervisor.retire(account_id)
        try:
            await self._ports.gateway.log_out(account_id)
            await self._states.remove(account_id)
        except BaseException:
            self._supervisor.reinstate(account_id)
            raise

    async def _view(self, account: Account, last_trouble: HealthEvent | None) -> AccountView:
        history = await self._pace.history(account.id)
        now = self._ports.clock.now()
        state, busy_with = account.state_at(now), self._supervisor.busy_with(account.id)
        imports = self._turns.imports_of(account.id)
        outage = self._states.outage(account.id)
        next_actions = self._pace.next_actions(account, history)
        return AccountView(
            account=account,
            state=state,
            busy_with=busy_with,
            imports=imports,
            today=budgets_today(history, now),
            next_invite=next_actions[Action.INVITE],
            condition=condition_of(
                state, busy=bool(busy_with or imports), no_network=outage is not None
            ),
            next_actions=next_actions,
            trust=trust(history, now),
            days_to_full_limits=clean_days_to_full_trust(history, now),
            last_trouble=last_trouble,
            no_network_since=outage.since if outage else None,
            photo=self._photos.get(account.id),
        )
