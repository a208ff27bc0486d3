"""From a person on a list to somebody that one account can address."""

from __future__ import annotations

from dataclasses import replace
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


_NOBODY_THERE = frozenset({OutcomeCode.NOT_FOUND, OutcomeCode.BOT, OutcomeCode.DELETED_ACCOUNT})
"""What a username may lead to that is no human who can be reached by it."""

_NOT_HER = _NOBODY_THERE | {OutcomeCode.UNKNOWN_BY_PHONE}
"""What a look-up shows of a key that is hers no more, when another account has met her."""


class PersonFinder:
    """Looks people up within the account's budgets, each of them once for ever.

    Whose username leads nowhere goes back to be looked up by phone, if she has one.
    """

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
        if (action := look_up_of(claim.keys_left)) is None:
            await self._recorder.release(claim, unable=True)
            return Outcome(OutcomeCode.NOT_ADDRESSABLE)
        if claim.look_up is None:
            decision = self._pace.decide(claim.account_id, action, history)
            if decision.at > self._clock.now():
                await self._recorder.release(claim)
                return decision
        found = await self._recorder.look_up(claim, action, lambda: _ask(messenger, action, claim))
        return found if isinstance(found, Outcome) else found.peer


async def _ask(messenger: Messenger, action: Action, claim: Claim) -> FoundUser | Outcome:
    """Look a person up by one key, and return her only if she may be contacted.

    How the account addresses anybody else is not even remembered.
    """
    keys = claim.keys_left
    by_name = action is Action.LOOK_UP
    # Each key has its own budget.
    key = PersonKeys(username=keys.username) if by_name else PersonKeys(phone=keys.phone)
    answer = await messenger.look_up(key)
    outcome = answer if isinstance(answer, Outcome) else _why_not(answer, claim)
    if outcome is None:
        return answer
    detail = outcome.detail or outcome.code.value
    if by_name and keys.phone and outcome.code in _NOBODY_THERE:
        return replace(outcome, code=OutcomeCode.NAME_LEADS_NOWHERE, detail=detail)
    if claim.met_as is not None and outcome.code in _NOT_HER:
        # She is there under another key by now, and waits for an account that has met her.
        return replace(outcome, code=OutcomeCode.NOT_ADDRESSABLE, detail=detail)
    return outcome


def _why_not(found: FoundUser, claim: Claim) -> Outcome | None:
    # Whoever took her username over is a stranger.
    another = claim.met_as not in (None, found.peer.user_id)
    reasons = (
        (found.is_self, Outcome(OutcomeCode.MYSELF)),
        (another, Outcome(OutcomeCode.NOT_FOUND, detail="AnotherUser")),
        (found.is_bot, Outcome(OutcomeCode.BOT)),
        (found.is_deleted, Outcome(OutcomeCode.DELETED_ACCOUNT)),
    )
    return next((outcome for applies, outcome in reasons if applies), None)
