"""One personal message, from a claimed target to Telegram's confirmation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invite_desktop.domain.attempts import Action
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.outcomes import Outcome, OutcomeCode, TargetState
from invite_desktop.domain.templates import letter_of
from invite_desktop.engine.earlier_contacts import earlier_message
from invite_desktop.engine.ports.telegram import UserPeer
from invite_desktop.engine.requirements import refusal_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from invite_desktop.domain.formatted_text import FormattedText
    from invite_desktop.domain.pace import PaceDecision, PaceHistory
    from invite_desktop.engine.attempt_recorder import AttemptRecorder
    from invite_desktop.engine.message_files import MessageFiles
    from invite_desktop.engine.person_finder import PersonFinder
    from invite_desktop.engine.ports.ledger import Claim
    from invite_desktop.engine.ports.telegram import Messenger
    from invite_desktop.engine.setup import Ports
    from invite_desktop.engine.task_work import TaskWork


class MessageAction:
    """Finds the person, writes her message and sends it under the target's own random id.

    ``files`` are those that the account has uploaded. ``may_go_on`` is asked before the message
    goes: the task may have been paused meanwhile, the account switched off.
    """

    def __init__(
        self,
        finder: PersonFinder,
        recorder: AttemptRecorder,
        files: MessageFiles,
        ports: Ports,
        may_go_on: Callable[[TaskWork], bool],
    ) -> None:
        self._finder = finder
        self._recorder = recorder
        self._files = files
        self._ledger = ports.ledger
        self._restores = ports.restores
        self._may_go_on = may_go_on

    async def perform(
        self, claim: Claim, messenger: Messenger, work: TaskWork, history: PaceHistory
    ) -> Sequence[Outcome] | PaceDecision:
        """Return what happened; the claim is over then.

        A pace decision means that the target went back until a look-up is allowed.
        """
        try:
            letter = letter_of(work.task, claim.person)
        except KnownError:
            # Every text was tried when the task was made; this person has changed since.
            await self._recorder.end(claim, no_text := Outcome(OutcomeCode.NO_TEXT))
            return [no_text]
        peer = await self._finder.find(claim, messenger, history)
        if isinstance(peer, Outcome):
            return [peer]
        if not isinstance(peer, UserPeer):
            return peer
        # Whom the account had met before it asked about in bulk.
        refusal = await refusal_of(messenger, peer) if claim.peer is None else None
        if refusal is not None:
            return [await self._leave_out(claim, refusal)]
        return await self._write(claim, peer, letter, messenger, work)

    async def _leave_out(self, claim: Claim, refusal: Outcome) -> Outcome:
        """End the target of somebody who wants Premium or money; any other trouble is not hers."""
        if refusal.rule.target is TargetState.SKIPPED:
            await self._recorder.end(claim, refusal)
        else:
            await self._recorder.release(claim)
        return refusal

    async def _write(
        self,
        claim: Claim,
        peer: UserPeer,
        letter: FormattedText,
        messenger: Messenger,
        work: TaskWork,
    ) -> Sequence[Outcome]:
        """Send a message to somebody who can be addressed, unless something forbids it now."""
        file = await self._files.of(work.task, messenger)
        if isinstance(file, Outcome) or not self._may_go_on(work):
            await self._recorder.release(claim)
            return [file if isinstance(file, Outcome) else Outcome(OutcomeCode.INTERRUPTED)]
        if await self._was_written_to(claim, peer, work, letter.text):
            return []
        outcome = await self._recorder.call(
            claim,
            Action.MESSAGE,
            lambda: messenger.send_message(
                peer,
                letter.text,
                claim.random_id,
                entities=letter.entities,
                link_preview=work.task.link_preview,
                file=file,
            ),
        )
        return [self._files.judge(file, outcome)]

    async def _was_written_to(
        self, claim: Claim, peer: UserPeer, work: TaskWork, text: str
    ) -> bool:
        """End the target of somebody who got her message in a time that a backup has forgotten."""
        earlier = await earlier_message(self._restores, peer.user_id, work.task, text)
        if earlier is None:
            return False
        sender = earlier.message.account_id
        await self._ledger.keep_peer(sender, claim.person.id, earlier.message.peer)
        await self._recorder.end(claim, earlier.outcome, by=sender)
        return True
