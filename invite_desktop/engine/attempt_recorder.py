"""Calls that stand in the ledger: written before, made, and written down again, undivided."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from invite_desktop.domain.attempts import CONTACTING
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.outcomes import Outcome, OutcomeCode
from invite_desktop.engine.events import TargetChanged
from invite_desktop.engine.undivided import undivided

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from invite_desktop.domain.attempts import Action, Attempt
    from invite_desktop.engine.event_bus import EventBus
    from invite_desktop.engine.ports.clock import Clock
    from invite_desktop.engine.ports.stores import Claim, ClaimWish, Ledger


class AttemptRecorder:
    """Makes the calls of one account, one at a time, so that none is made without a trace.

    What could not be written at once (a full disk) is kept and written before the next call.
    """

    def __init__(self, ledger: Ledger, bus: EventBus, clock: Clock) -> None:
        self._ledger = ledger
        self._bus = bus
        self._clock = clock
        self._unwritten: tuple[Attempt, Outcome] | None = None
        self._held: Claim | None = None
        self.calling = False

    async def claim(self, task_id: int, account_id: int, wish: ClaimWish) -> Claim | None:
        """Take a target for this account, None when there is none."""
        claim = await self._ledger.claim(task_id, account_id, self._clock.now(), wish)
        if claim is not None:
            self._held = claim
            self._publish(claim.task_id, claim.target_id)
        return claim

    async def call(
        self, claim: Claim, action: Action, make: Callable[[], Awaitable[Outcome]]
    ) -> Outcome:
        """Make a call for a claimed target and return how it ended.

        A contact that the ledger refuses at the last moment (a look-up may have shown who she is)
        ends its target without a call. An UNCERTAIN contact stays in flight in the ledger, to be
        settled. So does a contact whose call raised anything; a look-up that raised has done
        nobody anything and is closed.
        """
        return await undivided(self._call(claim, action, make))

    async def end(self, claim: Claim, outcome: Outcome, by: int | None = None) -> None:
        """End a claimed target without a call; ``by``: the account that brought the end."""
        await self._ledger.end_target(claim, outcome, self._clock.now(), by)
        self._held = None
        self._publish(claim.task_id, claim.target_id)

    async def release(self, claim: Claim, *, unable: bool = False) -> None:
        """Put a claimed target back; ``unable``: this account can never address it."""
        await self._ledger.release(claim, self._clock.now(), unable=unable)
        self._held = None
        self._publish(claim.task_id, claim.target_id)

    async def write(self, attempt: Attempt, outcome: Outcome) -> None:
        """Write the outcome of an attempt, now or, when the store refuses, before the next call."""
        self._unwritten = None
        try:
            await self._ledger.finish(attempt, outcome, self._clock.now())
        except KnownError:
            self._unwritten = (attempt, outcome)
            raise
        self._publish(attempt.task_id, attempt.target_id)

    async def catch_up(self) -> None:
        """Write what could not be written before, and let go of a target that was left held."""
        if self._unwritten is not None:
            await self.write(*self._unwritten)
        if (held := self._held) is not None:
            self._held = None
            try:
                await self.release(held)
            except KnownError:
                self._held = held
                raise

    async def _call(
        self, claim: Claim, action: Action, make: Callable[[], Awaitable[Outcome]]
    ) -> Outcome:
        contacting = action in CONTACTING
        if contacting and (refusal := await self._ledger.refusal(claim)) is not None:
            await self.end(claim, refusal)
            return refusal
        attempt = await self._ledger.begin(claim, action, self._clock.now())
        if contacting:
            # From here on the ledger, not this claim, says what becomes of the target.
            self._held = None
        self.calling = True
        try:
            outcome = await make()
        except BaseException:
            if not contacting:
                await self._close(attempt, Outcome(OutcomeCode.INTERRUPTED))
            raise
        finally:
            self.calling = False
        if outcome.code is OutcomeCode.UNCERTAIN and contacting:
            return outcome
        if outcome.code is OutcomeCode.UNCERTAIN:
            # A look-up has no effect on anybody, so that nothing is left to be uncertain of.
            outcome = replace(outcome, code=OutcomeCode.NOT_CONNECTED)
        await self._close(attempt, outcome)
        return outcome

    async def _close(self, attempt: Attempt, outcome: Outcome) -> None:
        if outcome.code is not OutcomeCode.FOUND:
            self._held = None
        await self.write(attempt, outcome)

    def _publish(self, task_id: int, target_id: int) -> None:
        self._bus.publish(TargetChanged(task_id, target_id))
