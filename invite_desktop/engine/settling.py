"""How did it end? Answers for contacts of which only the beginning is known."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from invite_desktop.domain.attempts import Action
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.outcomes import Outcome, OutcomeCode, TargetState
from invite_desktop.domain.tasks import ACTIVE_STATUSES
from invite_desktop.domain.templates import letter_of
from invite_desktop.engine.ports.telegram import Membership
from invite_desktop.engine.task_chats import see_chat_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from invite_desktop.domain.formatted_text import FormattedText
    from invite_desktop.domain.tasks import InviteTask
    from invite_desktop.engine.message_files import MessageFiles
    from invite_desktop.engine.ports.ledger import Settlement
    from invite_desktop.engine.ports.telegram import Messenger, OwnMessage
    from invite_desktop.engine.setup import Ports

REPEAT_WITHIN = timedelta(minutes=10)
"""So long does Telegram surely recognise a repeated random_id."""

_CLOCKS_APART = timedelta(minutes=2)
_MESSAGES_TO_LOOK_AT = 20

_UNCERTAIN = Outcome(OutcomeCode.UNCERTAIN)
_NO_FILE = frozenset({OutcomeCode.FILE_UNUSABLE, OutcomeCode.INTERRUPTED})
"""Without its file a message cannot be repeated; the dialogue still tells whether it went."""

_DONE = frozenset({TargetState.SENT, TargetState.SKIPPED, TargetState.FAILED})


class Settling:
    """Asks Telegram how a contact in flight ended; invites nobody.

    A message is repeated only under its own random_id, which Telegram delivers once.
    """

    def __init__(self, ports: Ports, files: MessageFiles) -> None:
        self._tasks = ports.tasks
        self._ledger = ports.ledger
        self._restores = ports.restores
        self._clock = ports.clock
        self._files = files

    async def outcome_of(self, settlement: Settlement, messenger: Messenger) -> Outcome:
        """Return how the contact ended.

        An outcome about the account means: not known yet, ask again later. UNCERTAIN means that
        it can never be known.
        """
        task = await self._tasks.task(settlement.attempt.task_id)
        if settlement.claim.peer is None:
            return _UNCERTAIN
        if settlement.attempt.action is Action.INVITE:
            return await self._invitation(settlement, task, messenger)
        return await self._message(settlement, task, messenger)

    async def _invitation(
        self, settlement: Settlement, task: InviteTask, messenger: Messenger
    ) -> Outcome:
        peer = settlement.claim.peer
        if task.chat is None or peer is None:
            return _UNCERTAIN
        sight = await see_chat_of(messenger, task.chat)
        if isinstance(sight, Outcome):
            return _later_or_never(sight)
        if sight.peer is None:
            return _UNCERTAIN
        membership = await messenger.membership(sight.peer, peer)
        if isinstance(membership, Outcome):
            return _later_or_never(membership)
        return Outcome(OutcomeCode.JOINED) if membership is Membership.MEMBER else _UNCERTAIN

    async def _message(
        self, settlement: Settlement, task: InviteTask, messenger: Messenger
    ) -> Outcome:
        peer = settlement.claim.peer
        letter = _letter(task, settlement)
        if peer is None or letter is None:
            return _UNCERTAIN
        if await self._may_repeat(settlement, task):
            repeated = await self._repeat(settlement, task, letter, messenger)
            if repeated.code not in _NO_FILE:
                return repeated if repeated.rule.target in _DONE else _again_later(repeated)
        own = await messenger.own_messages(peer, _MESSAGES_TO_LOOK_AT)
        if isinstance(own, Outcome):
            return _later_or_never(own)
        seen = _is_among(letter.text, settlement.attempt.started_at, own)
        return Outcome(OutcomeCode.SENT if seen else OutcomeCode.INTERRUPTED)

    async def _may_repeat(self, settlement: Settlement, task: InviteTask) -> bool:
        """Return whether Telegram would surely know a repetition, and nobody said no meanwhile."""
        age = self._clock.now() - settlement.attempt.started_at
        # An age below zero says that the clock was set back: the true one may be any.
        if task.status not in ACTIVE_STATUSES or not timedelta() <= age < REPEAT_WITHIN:
            return False
        restore = await self._restores.last()
        if restore is not None and settlement.attempt.started_at <= restore.restored_at:
            # After the backup was made it may have been sent, repeated and answered.
            return False
        return not await self._ledger.is_opted_out(settlement.claim.person.id)

    async def _repeat(
        self, settlement: Settlement, task: InviteTask, letter: FormattedText, messenger: Messenger
    ) -> Outcome:
        """Send a message once more under its own random_id, which Telegram delivers once."""
        peer = settlement.claim.peer
        file = await self._files.of(task, messenger)
        if isinstance(file, Outcome) or peer is None:
            return file if isinstance(file, Outcome) else _UNCERTAIN
        outcome = await messenger.send_message(
            peer,
            letter.text,
            settlement.attempt.random_id,
            entities=letter.entities,
            link_preview=task.link_preview,
            file=file,
        )
        return self._files.judge(file, outcome)


def _letter(task: InviteTask, settlement: Settlement) -> FormattedText | None:
    try:
        return letter_of(task, settlement.claim.person)
    except KnownError:
        # The person was changed since; without the text nothing can be compared.
        return None


def _is_among(text: str, started_at: datetime, own: Sequence[OwnMessage]) -> bool:
    """Return whether the message is in the dialogue.

    One of the account's own from the minutes of the attempt counts even with another text: to
    write to nobody is the smaller mistake.
    """
    first, last = started_at - _CLOCKS_APART, started_at + REPEAT_WITHIN
    return any(item.text.strip() == text or first <= item.sent_at <= last for item in own)


def _later_or_never(trouble: Outcome) -> Outcome:
    return trouble if trouble.is_about_account else _UNCERTAIN


def _again_later(repeated: Outcome) -> Outcome:
    """Return a repetition's trouble; a connection that broke again is a connection to wait for."""
    if repeated.code is OutcomeCode.UNCERTAIN:
        return Outcome(OutcomeCode.NOT_CONNECTED, detail=repeated.detail)
    return _later_or_never(repeated)
