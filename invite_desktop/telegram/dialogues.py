"""The account's own dialogues, read to their end page by page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from telethon import utils
from telethon.tl.functions.messages import GetDialogsRequest
from telethon.tl.types import Channel, Chat, InputPeerEmpty, PeerUser
from telethon.tl.types.messages import Dialogs

if TYPE_CHECKING:
    from telethon.tl.types import TypeChat, TypeDialog, TypeInputPeer, User

    from invite_desktop.telegram.account_connection import AccountConnection

PAGE = 100
"""The most dialogues that Telegram gives at once (messages.getDialogs)."""


async def chats_of_dialogues(connection: AccountConnection) -> list[TypeChat]:
    """Return the groups and channels among an account's dialogues. Raises CallError."""
    chats: dict[int, TypeChat] = {}
    seen: set[int] = set()
    request: GetDialogsRequest | None = first_request()
    while request is not None:
        page = await connection.call(request)
        members_of = (c for c in page.chats if isinstance(c, (Channel, Chat)))
        chats.update({utils.get_peer_id(chat): chat for chat in members_of})
        peers = {utils.get_peer_id(dialogue.peer) for dialogue in page.dialogs}
        whole = isinstance(page, Dialogs) or peers <= seen
        seen |= peers
        request = None if whole else _next_request(page)
    return list(chats.values())


def first_request() -> GetDialogsRequest:
    """Return the request for the latest dialogues."""
    return GetDialogsRequest(None, 0, InputPeerEmpty(), PAGE, 0)


async def people_of_dialogues(
    connection: AccountConnection, request: GetDialogsRequest
) -> tuple[list[User], GetDialogsRequest | None]:
    """Return the people of one page of dialogues, and the request for the next page.

    That request begins at the time of the page's last message. Raises CallError. None at the end.
    """
    page = await connection.call(request)
    users = {user.id: user for user in page.users}
    talked_to = [d.peer.user_id for d in page.dialogs if isinstance(d.peer, PeerUser)]
    following = None if isinstance(page, Dialogs) or not page.dialogs else _next_request(page)
    if following is not None and following.to_dict() == request.to_dict():
        following = None
    return [users[user_id] for user_id in talked_to if user_id in users], following


def _next_request(page: Any) -> GetDialogsRequest | None:  # noqa: ANN401 - messages.DialogsSlice
    """Return the request for the page after this one, which goes on from its last message."""
    messages = {(utils.get_peer_id(m.peer_id), m.id): m for m in page.messages if m.peer_id}
    for dialogue in reversed(page.dialogs):
        top = messages.get((utils.get_peer_id(dialogue.peer), dialogue.top_message))
        if top is not None:
            peer = _offset_peer(dialogue, page)
            return GetDialogsRequest(top.date, top.id, peer, PAGE, 0, exclude_pinned=True)
    return None


def _offset_peer(dialogue: TypeDialog, page: Any) -> TypeInputPeer:  # noqa: ANN401 - messages.DialogsSlice
    marked = utils.get_peer_id(dialogue.peer)
    side_list = (*page.users, *page.chats)
    entity = next((item for item in side_list if utils.get_peer_id(item) == marked), None)
    if entity is None or not isinstance(getattr(entity, "access_hash", 0), int):
        return InputPeerEmpty()
    return utils.get_input_peer(entity, allow_self=False, check_hash=False)
