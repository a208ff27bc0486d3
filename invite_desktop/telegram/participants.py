"""The members of a chat, read to the end page by page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.tl.functions.channels import GetParticipantsRequest
from telethon.tl.functions.messages import GetFullChatRequest
from telethon.tl.types import ChannelParticipantsRecent, ChatParticipantsForbidden

from invite_desktop.domain.chats import ChatKind
from invite_desktop.domain.outcomes import Outcome, OutcomeCode
from invite_desktop.telegram.account_connection import CallError
from invite_desktop.telegram.peers import input_channel

if TYPE_CHECKING:
    from telethon.tl.types import User

    from invite_desktop.engine.ports.telegram import ChatPeer
    from invite_desktop.telegram.account_connection import AccountConnection

PAGE = 200
"""The most participants that Telegram gives at once (channels.getParticipants)."""


async def participants_of(connection: AccountConnection, chat: ChatPeer) -> list[User]:
    """Return the users in a chat; Telegram lists at most 10 000 of a channel.

    Raises CallError: CHAT_UNREACHABLE when the list is hidden from this account.
    """
    found: dict[int, User] = {}
    offset: int | None = 0
    while offset is not None:
        users, offset = await participants_from(connection, chat, offset)
        found.update({user.id: user for user in users})
    return list(found.values())


async def participants_from(
    connection: AccountConnection, chat: ChatPeer, offset: int
) -> tuple[list[User], int | None]:
    """Return a part of the users in a chat, and where the next one begins, None at the end.

    Raises CallError as ``participants_of`` does.
    """
    if chat.kind is ChatKind.BASIC_GROUP:
        return await _of_basic_group(connection, chat), None
    request = GetParticipantsRequest(
        input_channel(chat), ChannelParticipantsRecent(), offset, PAGE, 0
    )
    page = await connection.call(request)
    users = {user.id: user for user in page.users}
    inside = [entry.user_id for entry in page.participants if hasattr(entry, "user_id")]
    offset += len(page.participants)
    over = not page.participants or offset >= page.count
    return [users[user_id] for user_id in inside if user_id in users], None if over else offset


async def _of_basic_group(connection: AccountConnection, chat: ChatPeer) -> list[User]:
    answer = await connection.call(GetFullChatRequest(chat.chat_id))
    listed = answer.full_chat.participants
    if isinstance(listed, ChatParticipantsForbidden):
        raise CallError(Outcome(OutcomeCode.CHAT_UNREACHABLE, detail="ChatParticipantsForbidden"))
    users = {user.id: user for user in answer.users}
    ids = (entry.user_id for entry in listed.participants)
    return [users[user_id] for user_id in ids if user_id in users]
