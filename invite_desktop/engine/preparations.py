"""What one account does before anything new: hear answers, settle what is open, look around."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from invite_desktop.domain.outcomes import Outcome, OutcomeCode
from invite_desktop.engine.requirements import Requirements
from invite_desktop.engine.settling import Settling
from invite_desktop.engine.task_chats import see_chat_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from invite_desktop.engine.attempt_recorder import AttemptRecorder
    from invite_desktop.engine.consequences import Consequences
    from invite_desktop.engine.message_files import MessageFiles
    from invite_desktop.engine.ports.ledger import Settlement
    from invite_desktop.engine.ports.telegram import Messenger
    from invite_desktop.engine.task_work import TaskWork
    from invite_desktop.engine.workshop import Workshop

LISTEN_EVERY = timedelta(hours=6)
"""So often an account asks for answers at the least, even if Telegram announced none.

Nothing is sent over a connection that is not alive, and a new one is asked for answers first.
"""


class Preparations:
    """Keeps one account from new actions until everything that comes before them is done."""

    def __init__(
        self,
        account_id: int,
        shop: Workshop,
        consequences: Consequences,
        recorder: AttemptRecorder,
        files: MessageFiles,
    ) -> None:
        self._id = account_id
        self._shop = shop
        self._clock = shop.ports.clock
        self._consequences = consequences
        self._recorder = recorder
        self._settling = Settling(shop.ports, files)
        self._requirements = Requirements(account_id, shop)
        self._must_settle = True
        self._news = True
        self._heard_at = datetime.min.replace(tzinfo=UTC)

    def hear(self) -> None:
        """Say that something came for the account, or may have come."""
        self._news = True

    def settle_first(self) -> None:
        """Say that the ledger may hold a contact of which only the beginning is known."""
        self._must_settle = True

    async def are_due(self) -> bool:
        """Return whether there is something to settle or to hear although there is no task."""
        self._must_settle = self._must_settle and bool(await self._open_contacts())
        return self._must_settle or await self.has_news()

    async def has_news(self) -> bool:
        """Return whether people may have written to an account that contacted somebody."""
        self._news = self._news or self._heard_at + LISTEN_EVERY <= self._clock.now()
        return self._news and await self._shop.replies.has_listened(self._id)

    async def next_listening(self) -> datetime | None:
        """Return when to ask again although Telegram rang no bell: a lost connection is silent."""
        if not await self._shop.replies.has_listened(self._id):
            return None
        return max(self._heard_at + LISTEN_EVERY, self._clock.now())

    async def make(self, messenger: Messenger, works: Callable[[], Sequence[TaskWork]]) -> bool:
        """Do all that comes before an action in the tasks; False when that must wait.

        ``works`` is asked each time: what was just heard or settled may have paused one of them.
        """
        # Hearing comes first: settling may repeat a message, and somebody may have said no to it.
        return (
            await self.listen(messenger)
            and await self._settle_all(messenger)
            and await self._look_around(messenger, works())
            and await self._ask_requirements(messenger, works())
        )

    async def listen(self, messenger: Messenger) -> bool:
        """Hear what people answered before anything is sent; False when that must wait."""
        now = self._clock.now()
        if not self._news and now < self._heard_at + LISTEN_EVERY:
            return True
        self._news = False
        trouble = await self._shop.replies.catch_up(self._id, messenger)
        if trouble is not None:
            self._news = True
            await self._consequences.of_question(trouble)
            return False
        self._heard_at = now
        return True

    async def _open_contacts(self) -> list[Settlement]:
        """Return this account's contacts of which only the beginning is known, oldest first."""
        unsettled = await self._shop.ports.ledger.unsettled()
        return [item for item in unsettled if item.attempt.account_id == self._id]

    async def _settle_all(self, messenger: Messenger) -> bool:
        """Find out how this account's open contacts ended; False when that must wait."""
        if not self._must_settle:
            return True
        for settlement in await self._open_contacts():
            attempt = settlement.attempt
            outcome = await self._settling.outcome_of(settlement, messenger)
            work = self._shop.board.find(attempt.task_id)
            if outcome.is_about_account:
                await self._consequences.of_question(outcome, work)
                return False
            await self._recorder.write(attempt, outcome)
            if work is not None:
                await self._consequences.for_all(outcome, work)
            else:
                await self._consequences.for_account(outcome)
        self._must_settle = False
        return True

    async def _look_around(self, messenger: Messenger, works: Sequence[TaskWork]) -> bool:
        """See what the account may do in the chats of tasks it does not know; False: later."""
        for work in works:
            chat = work.task.chat
            if work.may_act(self._id) is not None or chat is None:
                continue
            sight = await see_chat_of(messenger, chat)
            if not isinstance(sight, Outcome):
                work.admit({self._id: sight})
            elif sight.code is OutcomeCode.LOOK_UPS_SPENT:
                work.postponed[self._id] = await self._shop.pace.next_free_look_up(self._id)
            elif sight.is_about_account:
                await self._consequences.of_question(sight, work)
                return False
            else:
                await self._consequences.for_unknown_chat(sight, work)
        return True

    async def _ask_requirements(self, messenger: Messenger, works: Sequence[TaskWork]) -> bool:
        """Leave out who wants Premium or money for a message; False when asking must wait."""
        for work in works:
            trouble = await self._requirements.ask(messenger, work)
            if trouble is not None:
                await self._consequences.of_question(trouble, work)
                return False
        return True
