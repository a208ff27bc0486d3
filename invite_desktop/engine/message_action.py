"""One personal message, from a claimed target to Telegram's confirmation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invite_desktop.domain.attempts import Action
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.outcomes import Outcome, OutcomeCode
from invite_desktop.domain.templates import personal_message
from invite_desktop.engine.ports.telegram import UserPeer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from invite_desktop.domain.pace import PaceDecision, PaceHistory
    from invite_desktop.engine.attempt_recorder import AttemptRecorder
    from invite_desktop.engine.person_finder import PersonFinder
    from invite_desktop.engine.ports.stores import Claim
    from invite_desktop.engine.ports.telegram import Messenger
    from invite_desktop.engine.task_work import TaskWork


class MessageAction:
    """Finds the person, writes her message and sends it under the target's own random id."""

    def __init__(self, finder: PersonFinder, recorder: AttemptRecorder) -> None:
        self._finder = finder
        self._recorder = recorder

    async def perform(
        self, claim: Claim, messenger: Messenger, work: TaskWork, history: PaceHistory
    ) -> Sequence[Outcome] | PaceDecision:
        """Return what happened; the claim is over then.

        A pace decision means that the target went back until a look-up is allowed.
        """
        try:
            letter = personal_message(work.task.text, claim.person)
        except KnownError as error:
            # Every text was tried when the task was made; this person has changed since.
            await self._recorder.release(claim)
            return [Outcome(OutcomeCode.UNKNOWN_ERROR, detail=str(error))]
        peer = await self._finder.find(claim, messenger, history)
        if isinstance(peer, Outcome):
            return [peer]
        if not isinstance(peer, UserPeer):
            return peer
        if not work.active:
            await self._recorder.release(claim)
            return [Outcome(OutcomeCode.INTERRUPTED)]
        outcome = await self._recorder.call(
            claim,
            Action.MESSAGE,
            lambda: messenger.send_message(
                peer, letter.text, claim.random_id, entities=letter.entities
            ),
        )
        return [outcome]
