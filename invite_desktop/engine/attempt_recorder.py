"""Calls that stand in the ledger: written before, made, and written down again, undivided."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from invite_desktop.domain.attempts import CONTACTING, Attempt
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.outcomes import Outcome, OutcomeCode
from invite_desktop.engine.events import TargetChanged
from invite_desktop.engine.undivided import end_of, undivided

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Sequence

    from invite_desktop.domain.attempts import Action
    from invite_desktop.engine.account_pace import Pace
    from invite_desktop.engine.event_bus import EventBus
    from invite_desktop.engine.ports.clock import Clock
    from invite_desktop.engine.ports.ledger import Claim, ClaimWish, Ledger
    from invite_desktop.engine.ports.telegram import FoundUser, UserPeer


_FLOODS = frozenset({OutcomeCode.FLOOD_WAIT, OutcomeCode.PEER_FLOOD})
"""Answers that weigh on the pace by themselves, not only as attempts."""


_FOLLOWED_BY_A_QUESTION = frozenset({OutcomeCode.FOUND, OutcomeCode.INVITED})
"""After these the account asks Telegram whether the person is a member; the outcome is written
meanwhile, and nothing else begins before it is."""


class AttemptRecorder:
    """Makes the calls of one account, one at a time, so that none is made without a trace.

    What could not be written at once (a full disk) is kept and written before the next call.
    """

    def __init__(self, ledger: Ledger, bus: EventBus, clock: Clock, pace: Pace) -> None:
        self._ledger = ledger
        self._bus = bus
        self._clock = clock
        self._pace = pace
        self._unwritten: tuple[Attempt, Outcome, UserPeer | None] | None = None
        self._held: Claim | None = None
        self._begun: Attempt | None = None
        self._writing: asyncio.Task[None] | None = None
        self._in_call = False

    @property
    def calling(self) -> bool:
        """Return whether a call is under way, or its outcome is being written."""
        return self._in_call or self._writing is not None

    async def claim(self, task_id: int, account_id: int, wish: ClaimWish) -> Claim | None:
        """Take a target for this account, None when there is none.

        The look-up that it needs first is begun with it, and shares the flush of the disk with an
        outcome that is still being written.
        """
        now = self._clock.now()
        claim = await self._ledger.claim(task_id, account_id, now, wish, to_look_up=True)
        if claim is not None:
            self._held, self._begun = claim, claim.look_up
            self._publish(claim.task_id, claim.target_id)
        if self._begun is not None:
            self._pace.note(self._begun)
        await self.written()
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
        return await undivided(self._call(claim, action, make, []))

    async def look_up(
        self, claim: Claim, action: Action, make: Callable[[], Awaitable[FoundUser | Outcome]]
    ) -> FoundUser | Outcome:
        """Look a claimed target's person up; remember how the account addresses her."""
        found: list[FoundUser] = []

        async def ask() -> Outcome:
            answer = await make()
            if isinstance(answer, Outcome):
                return answer
            found.append(answer)
            return Outcome(OutcomeCode.FOUND)

        outcome = await undivided(self._call(claim, action, ask, found))
        return found[0] if found else outcome

    async def end(self, claim: Claim, outcome: Outcome, by: int | None = None) -> None:
        """End a claimed target without a call; ``by``: the account that brought the end."""
        await self.written()
        await self._ledger.end_target(claim, outcome, self._clock.now(), by)
        self._held = None
        self._publish(claim.task_id, claim.target_id)

    async def settle(self, claim: Claim, outcome: Outcome) -> None:
        """Correct how a target has ended; written meanwhile, and before the next claim is made."""
        await self.written()
        await self._write_meanwhile(self._settle(claim, outcome))

    async def release(self, claim: Claim, *, unable: bool = False) -> None:
        """Put a claimed target back; ``unable``: this account can never address it."""
        await self.written()
        if (begun := self._begun) is not None:
            # It is not made any more; its end lets go of the target.
            self._begun = self._held = None
            await self.write(begun, Outcome(OutcomeCode.INTERRUPTED))
            return
        await self._ledger.release(claim, self._clock.now(), unable=unable)
        self._held = None
        self._publish(claim.task_id, claim.target_id)

    async def write(
        self, attempt: Attempt, outcome: Outcome, found: UserPeer | None = None
    ) -> None:
        """Write the outcome of an attempt, now or, when the store refuses, before the next call."""
        self._unwritten = None
        try:
            await self._ledger.finish(attempt, outcome, self._clock.now(), found)
        except KnownError:
            self._unwritten = (attempt, outcome, found)
            raise
        if outcome.code in _FLOODS:
            self._pace.forget(attempt.account_id)
        self._publish(attempt.task_id, attempt.target_id)

    async def catch_up(self) -> None:
        """Write what could not be written before, and let go of a target that was left held.

        What is still being written when nothing else is left is not waited for: whoever begins
        something does that.
        """
        writing = self._writing
        if writing is not None and not (writing.done() or self._held or self._unwritten):
            return
        await self.written()
        if self._unwritten is not None:
            await self.write(*self._unwritten)
        if (held := self._held) is not None:
            self._held = None
            try:
                await self.release(held)
            except KnownError:
                self._held = held if self._unwritten is None else None
                raise

    async def written(self) -> None:
        """Return when the last outcome stands in the ledger; raise what kept it from that."""
        if (writing := self._writing) is not None:
            try:
                await asyncio.shield(writing)
            finally:
                if writing.done():
                    self._writing = None

    async def leave(self) -> None:
        """Return when nothing is being written any more, whatever came of it."""
        if self._writing is not None:
            await end_of(self._writing)

    async def _call(
        self,
        claim: Claim,
        action: Action,
        make: Callable[[], Awaitable[Outcome]],
        found: Sequence[FoundUser],
    ) -> Outcome:
        await self.written()
        attempt = await self._begin(claim, action)
        contacting = action in CONTACTING
        if contacting:
            # From here on the ledger, not this claim, says what becomes of the target.
            self._held = None
        if isinstance(attempt, Outcome):
            self._publish(claim.task_id, claim.target_id)
            return attempt
        self._in_call = True
        try:
            outcome = await make()
        except BaseException:
            if not contacting:
                await self._close(attempt, Outcome(OutcomeCode.INTERRUPTED))
            raise
        finally:
            self._in_call = False
        if outcome.code is OutcomeCode.UNCERTAIN and contacting:
            return outcome
        if outcome.code is OutcomeCode.UNCERTAIN:
            # A look-up has no effect on anybody, so that nothing is left to be uncertain of.
            outcome = replace(outcome, code=OutcomeCode.NOT_CONNECTED)
        await self._close(attempt, outcome, found[0].peer if found else None)
        return outcome

    async def _begin(self, claim: Claim, action: Action) -> Attempt | Outcome:
        if (begun := self._begun) is not None and begun.action is action:
            self._begun = None
            return begun
        begin = self._ledger.begin_contact if action in CONTACTING else self._ledger.begin
        attempt = await begin(claim, action, self._clock.now())
        if isinstance(attempt, Attempt):
            self._pace.note(attempt)
        return attempt

    async def _close(
        self, attempt: Attempt, outcome: Outcome, found: UserPeer | None = None
    ) -> None:
        if outcome.code is not OutcomeCode.FOUND:
            self._held = None
        await self.written()
        writing = self.write(attempt, outcome, found)
        if outcome.code in _FOLLOWED_BY_A_QUESTION:
            await self._write_meanwhile(writing)
        else:
            await writing

    async def _write_meanwhile(self, writing: Coroutine[Any, Any, None]) -> None:
        self._writing = asyncio.ensure_future(writing)
        self._writing.add_done_callback(self._forget_if_written)
        # The transaction goes to the writer before anybody else gets a turn.
        await asyncio.sleep(0)

    def _forget_if_written(self, writing: asyncio.Future[None]) -> None:
        if writing is self._writing and not writing.cancelled() and writing.exception() is None:
            self._writing = None

    async def _settle(self, claim: Claim, outcome: Outcome) -> None:
        await self._ledger.settle_target(claim.target_id, outcome, self._clock.now())
        self._publish(claim.task_id, claim.target_id)

    def _publish(self, task_id: int, target_id: int) -> None:
        self._bus.publish(TargetChanged(task_id, target_id))
