"""Who came by an invite link, and who asks to be let in (messages.getChatInviteImporters)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from telethon.tl.functions.messages import GetChatInviteImportersRequest
from telethon.tl.types import InputUser, InputUserEmpty

from invite_desktop.engine.ports.telegram import Joiner, JoinersPage
from invite_desktop.telegram.peers import chat_input_peer, telegram_person

if TYPE_CHECKING:
    from invite_desktop.engine.ports.telegram import ChatPeer
    from invite_desktop.telegram.account_connection import AccountConnection

PAGE = 100
"""The most that Telegram gives at once."""

_FROM_THE_TOP = datetime.fromtimestamp(0, UTC)


async def joiners_from(
    connection: AccountConnection, chat: ChatPeer, link: str | None, page: str
) -> JoinersPage:
    """Return a part of those who came by a link, or (None) of those who ask to be let in.

    A page is named by date, id and access hash of the last one before it. Raises CallError.
    """
    date, user = _place(page)
    request = GetChatInviteImportersRequest(
        chat_input_peer(chat), date, user, PAGE, requested=link is None or None, link=link
    )
    answer = await connection.call(request)
    users = {found.id: found for found in answer.users}
    listed = [entry for entry in answer.importers if entry.user_id in users]
    joiners = [Joiner(telegram_person(users[each.user_id]), each.date) for each in listed]
    over = len(answer.importers) < PAGE or not joiners
    return JoinersPage(joiners, None if over else _name(joiners[-1]))


def _place(page: str) -> tuple[datetime, InputUser | InputUserEmpty]:
    if not page:
        return _FROM_THE_TOP, InputUserEmpty()
    date, user_id, access_hash = map(int, page.split(":"))
    return datetime.fromtimestamp(date, UTC), InputUser(user_id, access_hash)


def _name(last: Joiner) -> str:
    peer = last.person.peer
    return f"{int(last.at.timestamp())}:{peer.user_id}:{peer.access_hash}"
