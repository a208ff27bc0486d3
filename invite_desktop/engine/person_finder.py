"""From a person on a list to somebody that one account can address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invite_desktop.domain.attempts import Action, look_up_of
from invite_desktop.domain.outcomes import Outcome, OutcomeCode
from invite_desktop.domain.people import PersonKeys

if TYPE_CHECKING:
    from invite_desktop.domain.pace import PaceDecision, PaceHistory
    from invite_desktop.engine.account_pace import Pace
    from invite_desktop.engine.attempt_recorder import AttemptRecorder
    from invite_desktop.engine.ports.clock import Clock
    from invite_desktop.engine.ports.ledger import Claim
    from invite_desktop.engine.ports.telegram import FoundUser, Messenger, UserPeer


class PersonFinder:
    """Looks people up within the account's budgets, each of them once for ever."""

    def __init__(self, clock: Clock, pace: Pace, recorder: AttemptRecorder) -> None:
        self._clock = clock
        self._pace = pace
        self._recorder = recorder

    async def find(
        self, claim: Claim, messenger: Messenger, history: PaceHistory
    ) -> UserPeer | Outcome | PaceDecision:
        """Return how the account addresses the claimed target's person.

        ``history`` is what the account did so far, for the budget of look-ups.
        Anything but a peer means that the claim is over: the target has ended or went back (an
        outcome), or went back because the budget of look-ups is used up (a pace decision).
        """
        if claim.peer is not None:
            return claim.peer
        if (action := look_up_of(claim.person.keys)) is None:
            await self._recorder.release(claim, unable=True)
            return Outcome(OutcomeCode.NOT_ADDRESSABLE)
        if claim.look_up is None:
            decision = self._pace.decide(claim.account_id, action, history)
            if decision.at > self._clock.now():
                await self._recorder.release(claim)
                return decision
        keys = _key_for(action, claim.person.keys)
        found = await self._recorder.look_up(claim, action, lambda: messenger.look_up(keys))
        if isinstance(found, Outcome):
            return found
        if (reason := _why_not(found)) is not None:
            await self._recorder.end(claim, Outcome(reason))
            return Outcome(reason)
        return found.peer


def _key_for(action: Action, keys: PersonKeys) -> PersonKeys:
    """Return the one key that a look-up uses: each has its own budget."""
    if action is Action.LOOK_UP:
        return PersonKeys(username=keys.username)
    return PersonKeys(phone=keys.phone)


def _why_not(found: FoundUser) -> OutcomeCode | None:
    reasons = (
        (found.is_self, OutcomeCode.MYSELF),
        (found.is_bot, OutcomeCode.BOT),
        (found.is_deleted, OutcomeCode.DELETED_ACCOUNT),
    )
    return next((code for applies, code in reasons if applies), None)
