"""Reading a dialogue back to a time, whatever pages Telegram makes of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from telethon.tl.types import Message, MessageEmpty, PeerUser
from telethon.tl.types.messages import Messages, MessagesSlice

from invite_desktop.engine.ports.telegram import UserPeer
from invite_desktop.telegram.incoming import messages_from

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telethon.tl.functions.messages import GetHistoryRequest

SINCE = datetime(2026, 3, 1, tzinfo=UTC)
ANNA = UserPeer(7, 70)


@dataclass
class History:
    """A connection that answers with prepared pages and keeps where they were to begin."""

    pages: list[Messages | MessagesSlice]
    offsets: list[int] = field(default_factory=list)

    async def call(self, request: GetHistoryRequest) -> Messages | MessagesSlice:
        self.offsets.append(request.offset_id)
        return self.pages.pop(0)


def written(number: int, after: int = 1, *, out: bool = False) -> Message:
    date = SINCE + timedelta(minutes=after)
    return Message(number, PeerUser(ANNA.user_id), date, f"text {number}", out=out)


def part(messages: Sequence[Any]) -> MessagesSlice:
    return MessagesSlice(1000, list(messages), [], [], [])


async def numbers_in(history: History) -> list[int]:
    return [item.message_id for item in await messages_from(history, ANNA, SINCE)]


async def test_a_short_page_of_a_longer_dialogue_is_not_its_end():
    history = History([part([written(9), written(8)]), part([written(5), written(4, after=-1)])])
    assert await numbers_in(history) == [5, 8, 9]
    assert history.offsets == [0, 8]


async def test_a_whole_dialogue_is_asked_for_once():
    history = History([Messages([written(2), written(1)], [], [], [])])
    assert await numbers_in(history) == [1, 2]
    assert history.offsets == [0]


async def test_deleted_and_own_messages_are_passed_over():
    page = [written(9, out=True), MessageEmpty(8, None), written(7, after=0)]
    history = History([part(page), part([MessageEmpty(6, None)]), part([])])
    assert await numbers_in(history) == [7]
    assert history.offsets == [0, 7, 6]
