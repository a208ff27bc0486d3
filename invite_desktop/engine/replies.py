"""Hearing what people answer, and taking those off who want no more."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from functools import partial
from typing import TYPE_CHECKING

from invite_desktop.domain.breaker import too_many_opt_outs
from invite_desktop.domain.opt_out_words import checked_pattern, opt_out_in
from invite_desktop.domain.outcomes import Outcome
from invite_desktop.domain.tasks import TaskReason
from invite_desktop.engine.events import AudiencesChanged, RepliesHeard
from invite_desktop.engine.ports.replies import HeardReply

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from datetime import datetime

    from invite_desktop.engine.event_bus import EventBus
    from invite_desktop.engine.ports.replies import IncomingMessage, ReplyCounts, UpdateState
    from invite_desktop.engine.ports.telegram import Messenger
    from invite_desktop.engine.setup import Ports
    from invite_desktop.engine.task_board import TaskBoard

_logger = logging.getLogger(__name__)


class Replies:
    """Asks each account for what came since it last heard everything; nothing is heard twice.

    Telegram's pushed updates are only the bell: the difference alone is complete, and says the
    same again after a crash.
    """

    def __init__(self, ports: Ports, board: TaskBoard, bus: EventBus) -> None:
        self._ports = ports
        self._board = board
        self._bus = bus
        self._listening: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def catch_up(self, account_id: int, messenger: Messenger) -> Outcome | None:
        """Hear everything that came for an account; return the trouble that stood in the way."""
        # Two at once would each keep where they are, and the slower one the older state.
        async with self._listening[account_id]:
            return await self._catch_up(account_id, messenger)

    async def hear_all(self) -> Sequence[Outcome]:
        """Hear what came for every account that has contacted somebody; return the troubles.

        Without that an account listens when Telegram rings, and when it acts.
        """
        troubles = []
        for account in await self._ports.accounts.accounts():
            if not await self.has_listened(account.id):
                continue
            opened = await self._ports.gateway.open(account.id)
            trouble = (
                opened if isinstance(opened, Outcome) else await self.catch_up(account.id, opened)
            )
            if trouble is not None:
                troubles.append(trouble)
        return troubles

    async def _catch_up(self, account_id: int, messenger: Messenger) -> Outcome | None:
        store = self._ports.replies
        state = await store.update_state(account_id)
        if state is None:
            now = await messenger.update_state()
            if isinstance(now, Outcome):
                return now
            await store.keep(account_id, now, (), self._ports.clock.now())
            return None
        more = True
        while more:
            news = await messenger.news_since(state)
            if isinstance(news, Outcome):
                return news
            if news.missed_since is not None:
                _logger.info("account %d reads its dialogues: updates were dropped", account_id)
                keep = partial(self._keep, account_id, state)
                trouble = await _read_dialogues(messenger, news.missed_since, keep)
                if trouble is not None:
                    return trouble
            if news.messages or news.state != state:
                await self._keep(account_id, news.state, news.messages)
            state, more = news.state, news.more
        return None

    async def _keep(
        self, account_id: int, state: UpdateState, messages: Sequence[IncomingMessage]
    ) -> None:
        store = self._ports.replies
        patterns = await store.patterns()
        heard = [_heard(message, patterns) for message in messages]
        opted_out = await store.keep(account_id, state, heard, self._ports.clock.now())
        await self._tell(heard, opted_out)

    async def has_listened(self, account_id: int) -> bool:
        """Return whether somebody was contacted by an account, who may answer at any time."""
        return await self._ports.replies.update_state(account_id) is not None

    async def of_task(self, task_id: int) -> ReplyCounts:
        """Return how many people answered after a task contacted them."""
        return await self._ports.replies.counts(task_id)

    async def patterns(self) -> Sequence[str]:
        """Return the user's own words for "no more messages"; an asterisk ends a beginning."""
        return await self._ports.replies.patterns()

    async def set_patterns(self, patterns: Sequence[str]) -> Sequence[str]:
        """Replace them; return them as they are kept. Raises KnownError for one that is none."""
        kept = sorted({checked_pattern(pattern) for pattern in patterns})
        await self._ports.replies.keep_patterns(kept)
        return kept

    async def _tell(self, heard: Sequence[HeardReply], opted_out: int) -> None:
        if heard:
            self._bus.publish(RepliesHeard())
        if not opted_out:
            return
        self._bus.publish(AudiencesChanged())
        for work in self._board.all():
            counts = await self._ports.replies.counts(work.task.id, since_resumed=True)
            if not counts.opted_out:
                continue
            contacted = await self._ports.replies.contacted(work.task.id)
            if too_many_opt_outs(counts.opted_out, contacted):
                await self._board.pause(work, TaskReason.TOO_MANY_OPT_OUTS)


async def _read_dialogues(
    messenger: Messenger,
    since: datetime,
    keep: Callable[[Sequence[IncomingMessage]], Awaitable[None]],
) -> Outcome | None:
    """Hear what people wrote since a time that Telegram has no updates of any more."""
    page: str | None = ""
    while page is not None:
        people = await messenger.dialog_people(page)
        if isinstance(people, Outcome):
            return people
        for person in people.people:
            if person.is_bot or person.is_self:
                continue
            written = await messenger.messages_from(person.peer, since)
            if not isinstance(written, Outcome):
                await keep(written)
            elif written.stops_asking:
                return written
        older = people.oldest is not None and people.oldest < since
        page = None if older else people.next_page
    return None


def _heard(message: IncomingMessage, patterns: Sequence[str]) -> HeardReply:
    pattern = opt_out_in(message.text, patterns)
    return HeardReply(message.message_id, message.user_id, message.at, pattern)
