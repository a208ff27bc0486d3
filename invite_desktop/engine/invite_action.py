"""One invitation, from a claimed target to a verified membership."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invite_desktop.domain.attempts import Action
from invite_desktop.domain.outcomes import Outcome, OutcomeCode, TargetState
from invite_desktop.engine.ports.telegram import Membership, UserPeer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from invite_desktop.domain.pace import PaceDecision, PaceHistory
    from invite_desktop.engine.attempt_recorder import AttemptRecorder
    from invite_desktop.engine.earlier_contacts import EarlierInvitations
    from invite_desktop.engine.person_finder import PersonFinder
    from invite_desktop.engine.ports.ledger import Claim
    from invite_desktop.engine.ports.telegram import ChatPeer, Messenger
    from invite_desktop.engine.task_work import TaskWork

_ENDS = frozenset({TargetState.SKIPPED, TargetState.ALREADY_MEMBER, TargetState.FAILED})


class InviteAction:
    """Finds the person, sees that she is not in the chat, invites her, and looks again.

    ``may_go_on`` is asked before each further call: the task may have been paused meanwhile, the
    account switched off.
    """

    def __init__(
        self,
        finder: PersonFinder,
        recorder: AttemptRecorder,
        earlier: EarlierInvitations,
        may_go_on: Callable[[TaskWork], bool],
    ) -> None:
        self._finder = finder
        self._recorder = recorder
        self._earlier = earlier
        self._may_go_on = may_go_on

    async def perform(
        self, claim: Claim, messenger: Messenger, work: TaskWork, history: PaceHistory
    ) -> Sequence[Outcome] | PaceDecision:
        """Return what happened, in order; the claim is over then.

        A pace decision means that the target went back until a look-up is allowed.
        """
        peer = await self._finder.find(claim, messenger, history)
        if isinstance(peer, Outcome):
            return [peer]
        if not isinstance(peer, UserPeer):
            return peer
        return await self._look_first(claim, messenger, work, peer)

    async def _look_first(
        self, claim: Claim, messenger: Messenger, work: TaskWork, peer: UserPeer
    ) -> Sequence[Outcome]:
        if not self._may_go_on(work):
            return await self._interrupt(claim)
        chat = work.peers[claim.account_id]
        if await self._was_invited(claim, chat, peer):
            return []
        before = await messenger.membership(chat, peer)
        if before is not Membership.NOT_A_MEMBER:
            return [await self._end_without_invitation(claim, before)]
        return await self._invite(claim, messenger, work, peer)

    async def _invite(
        self, claim: Claim, messenger: Messenger, work: TaskWork, peer: UserPeer
    ) -> Sequence[Outcome]:
        if not self._may_go_on(work):
            return await self._interrupt(claim)
        chat = work.peers[claim.account_id]
        outcome = await self._recorder.call(
            claim, Action.INVITE, lambda: messenger.invite(chat, peer)
        )
        if outcome.code is not OutcomeCode.INVITED:
            return [outcome]
        after = await messenger.membership(chat, peer)
        return self._verify(claim, outcome, after)

    async def _was_invited(self, claim: Claim, chat: ChatPeer, peer: UserPeer) -> bool:
        """End the target of somebody invited in a time that a backup has forgotten."""
        earlier = await self._earlier.of(claim.task_id, chat.chat_id, peer.user_id)
        if earlier is None:
            return False
        await self._recorder.end(claim, earlier.outcome, by=earlier.by)
        return True

    async def _interrupt(self, claim: Claim) -> Sequence[Outcome]:
        await self._recorder.release(claim)
        return [Outcome(OutcomeCode.INTERRUPTED)]

    async def _end_without_invitation(self, claim: Claim, seen: Membership | Outcome) -> Outcome:
        if isinstance(seen, Membership):
            member = seen is Membership.MEMBER
            seen = Outcome(OutcomeCode.ALREADY_MEMBER if member else OutcomeCode.REMOVED_FROM_CHAT)
        if seen.code is OutcomeCode.NOT_ADDRESSABLE:
            await self._recorder.release(claim, unable=True)
        elif seen.rule.target in _ENDS:
            await self._recorder.end(claim, seen)
        else:
            # Nothing was asked of her yet, so that whatever went wrong leaves her where she was.
            await self._recorder.release(claim)
        return seen

    def _verify(
        self, claim: Claim, invited: Outcome, after: Membership | Outcome
    ) -> Sequence[Outcome]:
        if isinstance(after, Outcome):
            # She stays invited and is asked for again; what nobody knows pauses the task here too.
            return [invited, after] if after.stops_asking else [invited]
        if after is not Membership.MEMBER:
            return [invited]
        joined = Outcome(OutcomeCode.JOINED)
        self._recorder.settle(claim, joined)
        return [joined]
