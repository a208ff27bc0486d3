"""Calls that stand in the ledger: written before, made, and written down again, undivided."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from invite_desktop.domain.attempts import CONTACTING, Attempt
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.outcomes import Outcome, OutcomeCode
from invite_desktop.engine.events import TargetChanged
from invite_desktop.engine.next_claim import NextClaim
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


class _Entry(NamedTuple):
    """The outcome of an attempt, and how the account addresses the person if it says that."""

    attempt: Attempt
    outcome: Outcome
    found: UserPeer | None = None


class AttemptRecorder:
    """Makes the calls of one account, one at a time, so that none is made without a trace.

    What could not be written at once (a full disk) is kept and written before the next call.
    ``next_wish`` says whom the account would claim in a task after one more contact, None unless
    it may do so at once: she is claimed in the transaction with which the contact begins.
    """

    def __init__(self, ledger: Ledger, bus: EventBus, clock: Clock, pace: Pace) -> None:
        self._ledger = ledger
        self._bus = bus
        self._clock = clock
        self._pace = pace
        self._unwritten: deque[_Entry] = deque()
        self._held: Claim | None = None
        self._begun: Attempt | None = None
        self._next = NextClaim(ledger, clock)
        self._writings: deque[asyncio.Task[None]] = deque()
        self._in_call = False
        self.next_wish: Callable[[int], ClaimWish | None] = lambda _task_id: None

    @property
    def calling(self) -> bool:
        """Return whether a call is under way, or its outcome is being written."""
        return self._in_call or bool(self._writings)

    async def claim(
        self, task_id: int, account_id: int, wish: Callable[[], ClaimWish]
    ) -> Claim | None:
        """Take a target for this account, None when there is none.

        The look-up that it needs first is begun with it, and shares the flush of the disk with an
        outcome that is still being written. Whoever was claimed ahead comes first.
        """
        if self._next.is_of(task_id) and (claim := await self._next.take()) is not None:
            self._hold(claim)
            return claim
        await self.put_back()
        now = self._clock.now()
        claim = await self._ledger.claim(task_id, account_id, now, wish(), to_look_up=True)
        if claim is not None:
            self._hold(claim)
        await self.written()
        return claim

    @property
    def claimed_ahead(self) -> object | None:
        """Return what stands for whoever was claimed ahead and not yet taken."""
        return self._next.claiming

    async def put_back(self) -> None:
        """Let go of whoever was claimed ahead."""
        if (claim := await self._next.take()) is not None:
            self._hold(claim)
            await self.release(claim)

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
        """Look a claimed target's person up; remember how the account addresses her.

        It touches nobody, so that it need not be undivided: cut short, it ends as INTERRUPTED.
        """
        found: list[FoundUser] = []

        async def ask() -> Outcome:
            answer = await make()
            if isinstance(answer, Outcome):
                return answer
            found.append(answer)
            return Outcome(OutcomeCode.FOUND)

        outcome = await self._call(claim, action, ask, found)
        return found[0] if found else outcome

    async def end(self, claim: Claim, outcome: Outcome, by: int | None = None) -> None:
        """End a claimed target without a call; ``by``: the account that brought the end."""
        await self.written()
        if (begun := self._begun) is not None:
            # It is not made any more; the end of the target is its end, too.
            self._begun = self._held = None
            await self.write(begun, outcome)
            return
        await self._ledger.end_target(claim, outcome, self._clock.now(), by)
        self._held = None
        self._publish(claim.task_id, claim.target_id)

    def settle(self, claim: Claim, outcome: Outcome) -> None:
        """Correct how a target has ended; written meanwhile, and before the next contact."""
        # With somebody claimed ahead there soon is more to write.
        more = self.claimed_ahead is not None
        self._write_meanwhile(self._settle(claim, outcome, with_next=more))

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
        self,
        attempt: Attempt,
        outcome: Outcome,
        found: UserPeer | None = None,
        *,
        with_next: bool = False,
    ) -> None:
        """Write the outcome of an attempt, now or, when the store refuses, before the next call.

        ``with_next``: it may wait a moment for what is written next.
        """
        try:
            await self._write(_Entry(attempt, outcome, found), with_next=with_next)
        except KnownError:
            self._unwritten.append(_Entry(attempt, outcome, found))
            raise

    async def catch_up(self) -> None:
        """Write what could not be written before, and let go of a target that was left held.

        What is still being written when nothing else is left is not waited for: whoever begins
        something does that.
        """
        all_well = not any(writing.done() for writing in self._writings)
        if all_well and not (self._held or self._unwritten):
            return
        await self.written()
        while self._unwritten:
            await self._write(self._unwritten[0])
            self._unwritten.popleft()
        if (held := self._held) is not None:
            self._held = None
            try:
                await self.release(held)
            except KnownError:
                self._held = held if not self._unwritten else None
                raise

    async def written(self) -> None:
        """Return when all outcomes stand in the ledger; raise what kept one from that."""
        while self._writings:
            writing = self._writings[0]
            try:
                await asyncio.shield(writing)
            finally:
                if writing.done():
                    self._forget(writing)

    async def leave(self) -> None:
        """Let go of everybody, and return when nothing is being written any more.

        What the store refuses is left to the start of the program, which puts it right.
        """
        with contextlib.suppress(KnownError):
            await self.catch_up()
            await self.put_back()
        for writing in tuple(self._writings):
            await end_of(writing)

    async def _call(
        self,
        claim: Claim,
        action: Action,
        make: Callable[[], Awaitable[Outcome]],
        found: Sequence[FoundUser],
    ) -> Outcome:
        contacting = action in CONTACTING
        attempt = await self._begin(claim, action)
        if contacting:
            # From here on the ledger, not this claim, says what becomes of the target.
            self._held = None
            await self._written_with(attempt)
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
        attempt: Attempt | Outcome
        if action in CONTACTING:
            if (wish := self.next_wish(claim.task_id)) is not None:
                self._next.begin(claim.task_id, claim.account_id, wish)
            attempt = await self._ledger.begin_contact(claim, action, self._clock.now())
        else:
            attempt = await self._ledger.begin(claim, action, self._clock.now())
        if isinstance(attempt, Attempt):
            self._pace.note(attempt)
        return attempt

    async def _written_with(self, attempt: Attempt | Outcome) -> None:
        """See that what was to be written before a contact is; else the contact is not made."""
        try:
            await self.written()
        except KnownError:
            if isinstance(attempt, Attempt):
                self._unwritten.append(_Entry(attempt, Outcome(OutcomeCode.INTERRUPTED)))
            raise

    async def _close(
        self, attempt: Attempt, outcome: Outcome, found: UserPeer | None = None
    ) -> None:
        if found is None:
            self._held = None
            try:
                await self.written()
            except BaseException:
                # What could not be written before keeps this from being written, not from being so.
                self._unwritten.append(_Entry(attempt, outcome))
                raise
        if outcome.code is OutcomeCode.FOUND:
            # Her membership is asked next, and the contact then begins in the same transaction.
            self._write_meanwhile(self.write(attempt, outcome, found, with_next=True))
        elif outcome.code is OutcomeCode.INVITED:
            more = self.claimed_ahead is not None
            self._write_meanwhile(self.write(attempt, outcome, with_next=more))
        else:
            await self.write(attempt, outcome)

    async def _write(self, entry: _Entry, *, with_next: bool = False) -> None:
        attempt, outcome, found = entry
        now = self._clock.now()
        await self._ledger.finish(attempt, outcome, now, found, with_next=with_next)
        if outcome.code in _FLOODS:
            self._pace.forget(attempt.account_id)
        self._publish(attempt.task_id, attempt.target_id)

    def _write_meanwhile(self, writing: Coroutine[Any, Any, None]) -> None:
        """Write while the account asks Telegram something; no contact begins before."""
        task = asyncio.ensure_future(writing)
        self._writings.append(task)
        task.add_done_callback(self._forget_if_written)

    def _forget_if_written(self, writing: asyncio.Task[None]) -> None:
        if not writing.cancelled() and writing.exception() is None:
            self._forget(writing)

    def _forget(self, writing: asyncio.Task[None]) -> None:
        if writing in self._writings:
            self._writings.remove(writing)

    def _hold(self, claim: Claim) -> None:
        self._held, self._begun = claim, claim.look_up
        self._publish(claim.task_id, claim.target_id)
        if claim.look_up is not None:
            self._pace.note(claim.look_up)

    async def _settle(self, claim: Claim, outcome: Outcome, *, with_next: bool) -> None:
        now = self._clock.now()
        await self._ledger.settle_target(claim.target_id, outcome, now, with_next=with_next)
        self._publish(claim.task_id, claim.target_id)

    def _publish(self, task_id: int, target_id: int) -> None:
        self._bus.publish(TargetChanged(task_id, target_id))
