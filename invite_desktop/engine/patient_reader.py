"""Calls to Telegram that only read: made again after a wait where that helps."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from invite_desktop.domain.accounts import AccountState
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.domain.outcomes import AccountEffect, Outcome, OutcomeCode
from invite_desktop.domain.words import words_for
from invite_desktop.engine.back_off import BackOff
from invite_desktop.engine.events import ImportWaiting

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from invite_desktop.engine.account_states import AccountStates
    from invite_desktop.engine.account_turns import AccountTurns
    from invite_desktop.engine.event_bus import EventBus
    from invite_desktop.engine.ports.telegram import Messenger
    from invite_desktop.engine.setup import Ports

_T = TypeVar("_T")

_MOST_TRIES = 6
"""How often an account that cannot reach Telegram is tried before it is given up."""


class PatientReader:
    """Asks Telegram as one account; every wait is announced as ImportWaiting."""

    def __init__(
        self, ports: Ports, accounts: AccountStates, turns: AccountTurns, bus: EventBus
    ) -> None:
        self._ports = ports
        self._accounts = accounts
        self._turns = turns
        self._bus = bus

    async def ask(
        self, account_id: int, call: Callable[[Messenger], Awaitable[_T | Outcome]]
    ) -> _T:
        """Make a call, again after a flood wait or a lost connection. Raises KnownError.

        A task that uses the account at this moment ends its action first.
        """
        back_off = BackOff(self._ports.clock)
        last = Outcome(OutcomeCode.NOT_CONNECTED)
        for _ in range(_MOST_TRIES):
            answer = await self._answer(account_id, call)
            if not isinstance(answer, Outcome):
                return answer
            last = answer
            await self._wait_after(account_id, answer, back_off)
        raise self._given_up(account_id, last)

    async def _answer(
        self, account_id: int, call: Callable[[Messenger], Awaitable[_T | Outcome]]
    ) -> _T | Outcome:
        while True:
            await self._rest(account_id)
            async with self._turns.turn(account_id):
                if self._rests(account_id):
                    continue
                messenger = await self._ports.gateway.open(account_id)
                answer = messenger if isinstance(messenger, Outcome) else await call(messenger)
                if isinstance(answer, Outcome):
                    await self._accounts.suffer(account_id, answer)
                return answer

    def _rests(self, account_id: int) -> bool:
        state = self._accounts.get(account_id).state_at(self._ports.clock.now())
        return state is AccountState.RESTING

    async def _rest(self, account_id: int) -> None:
        """Wait out a rest that Telegram asked for, also in the last run of the program."""
        if self._rests(account_id):
            await self._wait(account_id, self._accounts.get(account_id).until)

    async def _wait_after(self, account_id: int, answer: Outcome, back_off: BackOff) -> None:
        """Wait as long as the answer asks for. Raises KnownError when waiting does not help."""
        if answer.code is OutcomeCode.FLOOD_WAIT:
            await self._wait(account_id, self._accounts.get(account_id).until)
        elif answer.rule.account is AccountEffect.BACK_OFF:
            back_off.begin()
            await self._wait(account_id, back_off.until)
        else:
            raise self._given_up(account_id, answer)

    async def _wait(self, account_id: int, until: datetime | None) -> None:
        if until is not None:
            self._bus.publish(ImportWaiting(until))
            await self._ports.clock.sleep_until(until)
            await self._accounts.wake(account_id)

    def _given_up(self, account_id: int, answer: Outcome) -> KnownError:
        account = self._accounts.get(account_id)
        return KnownError(
            message(
                "{account} could not read this list: {trouble}.",
                account=account.profile.label,
                trouble=words_for(answer.code),
            ),
            message(
                "No audience was made. What was read so far is kept: go on later, "
                "or take another account."
            ),
        )
