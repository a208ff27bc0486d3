"""What Telegram says has come for an account (core.telegram.org/api/updates)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from telethon.tl.functions.messages import GetHistoryRequest
from telethon.tl.types import (
    Message,
    MessageEmpty,
    PeerUser,
    UpdateEditMessage,
    UpdateNewMessage,
    UpdateShort,
    UpdateShortChatMessage,
    UpdateShortMessage,
    UpdatesTooLong,
)
from telethon.tl.types.messages import Messages
from telethon.tl.types.updates import DifferenceEmpty, DifferenceSlice, DifferenceTooLong

from invite_desktop.engine.ports.replies import IncomingMessage, News, UpdateState
from invite_desktop.telegram.peers import user_input_peer

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from invite_desktop.engine.ports.telegram import UserPeer
    from invite_desktop.telegram.account_connection import AccountConnection
    from invite_desktop.telegram.client_factory import OwnedClient

PAGE = 100
"""The most messages that Telegram gives at once (messages.getHistory)."""


def state_of(state: Any) -> UpdateState:  # noqa: ANN401 - Telethon has no types
    """Return an ``updates.state`` as the engine keeps it."""
    return UpdateState(state.pts, state.qts, state.date)


def news_of(difference: Any, since: UpdateState) -> News:  # noqa: ANN401 - Telethon has no types
    """Return the private messages of others in a difference, and how far it leads.

    A message that was changed is told once more, with its new words: they may say no by now.
    """
    if isinstance(difference, DifferenceEmpty):
        return News((), UpdateState(since.pts, since.qts, difference.date), more=False)
    if isinstance(difference, DifferenceTooLong):
        state = UpdateState(difference.pts, since.qts, since.date)
        return News((), state, more=True, missed_since=since.date)
    more = isinstance(difference, DifferenceSlice)
    state = difference.intermediate_state if more else difference.state
    bots = {user.id for user in difference.users if getattr(user, "bot", False)}
    heard = [
        IncomingMessage(item.id, item.peer_id.user_id, item.date, item.message or "")
        for item in (*difference.new_messages, *_edited_in(difference))
        if _is_from_a_person(item) and item.peer_id.user_id not in bots
    ]
    return News(heard, state_of(state), more)


async def messages_from(
    connection: AccountConnection, user: UserPeer, since: datetime
) -> list[IncomingMessage]:
    """Return what a person wrote since a time, oldest first. Raises CallError."""
    found: list[IncomingMessage] = []
    before: int | None = 0
    while before is not None:
        request = GetHistoryRequest(user_input_peer(user), before, None, 0, PAGE, 0, 0, 0)
        answer = await connection.call(request)
        page = [item for item in answer.messages if not isinstance(item, MessageEmpty)]
        new = [item for item in page if item.date >= since]
        found += [
            IncomingMessage(item.id, user.user_id, item.date, item.message or "")
            for item in new
            if _is_from_a_person(item)
        ]
        # A page may be short though more follows: Telegram says itself whether it is everything.
        whole = isinstance(answer, Messages) or len(new) < len(page)
        before = None if whole else min((item.id for item in answer.messages), default=None)
    return sorted(found, key=lambda item: item.message_id)


def ring_for(client: OwnedClient, heard: Callable[[], None]) -> None:
    """Call back whenever Telegram pushes a new private message, or one to a basic group."""

    def pushed(push: object) -> None:
        if tells_of_a_message(push):
            heard()

    client.listen(pushed)


def tells_of_a_message(push: object) -> bool:
    """Return whether a push says that somebody else wrote, or that too much came to be pushed."""
    if isinstance(push, UpdatesTooLong):
        return True
    if isinstance(push, (UpdateShortMessage, UpdateShortChatMessage)):
        return not push.out
    if isinstance(push, UpdateShort):
        return _is_news(push.update)
    return any(_is_news(update) for update in getattr(push, "updates", ()))


def _edited_in(difference: Any) -> list[object]:  # noqa: ANN401 - Telethon has no types
    """Return the messages whose words were changed; a reaction to one (edit_hide) changes none."""
    updates = difference.other_updates
    edited = [update.message for update in updates if isinstance(update, UpdateEditMessage)]
    return [item for item in edited if not getattr(item, "edit_hide", False)]


def _is_news(update: object) -> bool:
    if not isinstance(update, (UpdateNewMessage, UpdateEditMessage)):
        return False
    return not getattr(update.message, "out", False)


def _is_from_a_person(item: object) -> bool:
    return isinstance(item, Message) and not item.out and isinstance(item.peer_id, PeerUser)
