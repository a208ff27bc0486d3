"""Who was added to a chat: the log of recent actions, and the lines that Telegram leaves there.

Sources: core.telegram.org/api/recent-actions (kept for 48 hours), messageActionChatAddUser.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from telethon.tl.functions.channels import GetAdminLogRequest
from telethon.tl.functions.messages import GetHistoryRequest
from telethon.tl.types import (
    ChannelAdminLogEventActionParticipantInvite,
    ChannelAdminLogEventsFilter,
    MessageActionChatAddUser,
    MessageService,
    PeerUser,
)

from invite_desktop.domain.chats import ChatKind
from invite_desktop.engine.ports.chat_history import Invitation, Invitations
from invite_desktop.telegram.peers import chat_input_peer, input_channel

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from telethon.tl.types import ChannelAdminLogEvent, TypeMessage

    from invite_desktop.engine.ports.telegram import ChatPeer
    from invite_desktop.telegram.account_connection import AccountConnection

LOG_KEPT_FOR = timedelta(hours=47)
"""Telegram keeps its log for 48 hours; the last one is left to clocks that differ."""

PAGE = 100
"""The most that Telegram gives at once."""

_MOST_PAGES = 50
"""So far is the history of a supergroup read, where the log tells the newest anyway."""


async def invitations_since(
    connection: AccountConnection, chat: ChatPeer, since: datetime
) -> Invitations:
    """Return who was added from a moment on.

    A basic group has no log, but every member has its lines; in a supergroup they may be missing,
    in a channel there are none. Raises CallError.
    """
    if chat.kind is ChatKind.BASIC_GROUP:
        return Invitations(await _from_history(connection, chat, since))
    found = await _from_log(connection, chat, since)
    if chat.kind is ChatKind.SUPERGROUP:
        found += await _from_history(connection, chat, since, _MOST_PAGES)
    return Invitations(found, LOG_KEPT_FOR)


async def _from_log(
    connection: AccountConnection, chat: ChatPeer, since: datetime
) -> list[Invitation]:
    found: list[Invitation] = []
    wanted = ChannelAdminLogEventsFilter(invite=True)
    before = 0
    while True:
        request = GetAdminLogRequest(
            input_channel(chat), "", max_id=before, min_id=0, limit=PAGE, events_filter=wanted
        )
        events = (await connection.call(request)).events
        newer = [event for event in events if event.date >= since]
        found += [entry for event in newer for entry in _logged(event)]
        if not events or len(newer) < len(events):
            return found
        before = events[-1].id


async def _from_history(
    connection: AccountConnection, chat: ChatPeer, since: datetime, most_pages: int | None = None
) -> list[Invitation]:
    found: list[Invitation] = []
    before, pages = 0, 0
    while most_pages is None or pages < most_pages:
        request = GetHistoryRequest(chat_input_peer(chat), before, None, 0, PAGE, 0, 0, 0)
        messages = (await connection.call(request)).messages
        newer = [each for each in messages if getattr(each, "date", None) and each.date >= since]
        found += [entry for each in newer for entry in _served(each)]
        if not messages or len(newer) < len(messages):
            return found
        before, pages = messages[-1].id, pages + 1
    return found


def _logged(event: ChannelAdminLogEvent) -> Iterator[Invitation]:
    if not isinstance(event.action, ChannelAdminLogEventActionParticipantInvite):
        return
    user_id = getattr(event.action.participant, "user_id", None)
    if user_id is not None:
        yield Invitation(user_id, event.user_id, event.date)


def _served(message: TypeMessage) -> Iterator[Invitation]:
    """Yield whom a line of the chat says that another one has added."""
    if not isinstance(message, MessageService):
        return
    if not isinstance(message.action, MessageActionChatAddUser):
        return
    inviter = message.from_id.user_id if isinstance(message.from_id, PeerUser) else 0
    for user_id in message.action.users:
        if user_id != inviter:
            yield Invitation(user_id, inviter, message.date)
