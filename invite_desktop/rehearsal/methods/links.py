"""Invite links from outside: looking at them, joining by them and by public names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.tl import functions, types

from invite_desktop.domain.chats import ChatKind
from invite_desktop.rehearsal import message_views, views
from invite_desktop.rehearsal.addressing import channel_at
from invite_desktop.rehearsal.dispatch import answers
from invite_desktop.rehearsal.faults import MethodError
from invite_desktop.rehearsal.journal import describe_chat

if TYPE_CHECKING:
    from telethon.tl.tlobject import TLObject

    from invite_desktop.rehearsal.backend import Call
    from invite_desktop.rehearsal.chats import Chat, InviteLink


@answers(functions.messages.CheckChatInviteRequest)
def check_chat_invite(call: Call, request: TLObject) -> TLObject:
    """Return the chat behind a link: all of it to members, an outline to others."""
    chat, link = _good_link(call, request.hash)
    if call.me.id in chat.members:
        return types.ChatInviteAlready(views.chat(call.world, chat, call.me))
    return types.ChatInvite(
        chat.title,
        message_views.stored_photo(call.world, chat.photo, call.me),
        call.world.member_count(chat),
        color=0,
        channel=chat.is_channel or None,
        broadcast=chat.kind is ChatKind.CHANNEL or None,
        public=bool(chat.username) or None,
        megagroup=chat.kind is ChatKind.SUPERGROUP or None,
        request_needed=link.by_request or None,
    )


@answers(functions.messages.ImportChatInviteRequest)
def import_chat_invite(call: Call, request: TLObject) -> TLObject:
    """Join a chat by a link, or ask to be let in."""
    chat, link = _good_link(call, request.hash)
    return _join(call, chat, "messages.importChatInvite", link.hash, asks=link.by_request)


@answers(functions.channels.JoinChannelRequest)
def join_channel(call: Call, request: TLObject) -> TLObject:
    """Join a public supergroup or channel, or ask to be let in."""
    chat = channel_at(call, request.channel)
    return _join(call, chat, "channels.joinChannel", "", asks=chat.join_by_request)


def _good_link(call: Call, link_hash: str) -> tuple[Chat, InviteLink]:
    """Return a chat and the link to it.

    Raises MethodError (core.telegram.org/method/messages.importChatInvite).
    """
    if not link_hash:
        raise MethodError("INVITE_HASH_EMPTY")
    found = call.world.chat_by_link(link_hash)
    if found is None:
        raise MethodError("INVITE_HASH_INVALID")
    chat, link = found
    if call.me.id not in chat.members and not link.leads_in(call.world.now()):
        raise MethodError("INVITE_HASH_EXPIRED")
    return found


def _join(call: Call, chat: Chat, method: str, link_hash: str, *, asks: bool) -> TLObject:
    if call.me.id in chat.members:
        raise MethodError("USER_ALREADY_PARTICIPANT")
    if chat.is_thrown_out(call.me.id, call.world.now()):
        raise MethodError("CHANNEL_PRIVATE")
    call.backend.limits.check(call.me, method)
    if asks:
        if call.me.id not in chat.requests:
            call.world.story.ask(chat, call.me.id, link_hash)
            call.log(method, chat=describe_chat(chat), asked=True)
        raise MethodError("INVITE_REQUEST_SENT")
    call.world.story.join(chat, call.me.id, link=link_hash)
    call.log(method, chat=describe_chat(chat))
    return types.messages.ChatInviteJoinResultOk(call.updates())
