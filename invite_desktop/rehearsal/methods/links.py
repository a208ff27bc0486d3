"""Invite links: looking at them, making them, joining by them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.tl import functions, types

from invite_desktop.domain.chats import ChatKind
from invite_desktop.rehearsal import views
from invite_desktop.rehearsal.addressing import channel_at, chat_at
from invite_desktop.rehearsal.dispatch import answers
from invite_desktop.rehearsal.faults import MethodError
from invite_desktop.rehearsal.journal import describe_chat

if TYPE_CHECKING:
    from telethon.tl.tlobject import TLObject

    from invite_desktop.rehearsal.backend import Call
    from invite_desktop.rehearsal.chats import Chat, InviteLink

_MAX_TITLE = 32


@answers(functions.messages.CheckChatInviteRequest)
def check_chat_invite(call: Call, request: TLObject) -> TLObject:
    """Return the chat behind a link: all of it to members, an outline to others."""
    chat, _link = _good_link(call, request.hash)
    if call.me.id in chat.members:
        return types.ChatInviteAlready(views.chat(call.world, chat, call.me))
    return types.ChatInvite(
        chat.title,
        types.PhotoEmpty(0),
        call.world.member_count(chat),
        color=0,
        channel=chat.is_channel or None,
        broadcast=chat.kind is ChatKind.CHANNEL or None,
        public=bool(chat.username) or None,
        megagroup=chat.kind is ChatKind.SUPERGROUP or None,
    )


@answers(functions.messages.ImportChatInviteRequest)
def import_chat_invite(call: Call, request: TLObject) -> TLObject:
    """Join a chat by a link."""
    chat, link = _good_link(call, request.hash)
    return _join(call, chat, "messages.importChatInvite", link.hash)


@answers(functions.channels.JoinChannelRequest)
def join_channel(call: Call, request: TLObject) -> TLObject:
    """Join a public supergroup or channel."""
    return _join(call, channel_at(call, request.channel), "channels.joinChannel", "")


@answers(functions.channels.LeaveChannelRequest)
def leave_channel(call: Call, request: TLObject) -> TLObject:
    """Leave a supergroup or channel."""
    chat = channel_at(call, request.channel)
    if call.me.id not in chat.members:
        raise MethodError("USER_NOT_PARTICIPANT")
    if chat.members[call.me.id].creator:
        raise MethodError("USER_CREATOR")
    call.world.story.leave(chat, call.me.id)
    call.log("channels.leaveChannel", chat=describe_chat(chat))
    return _changed(call, chat)


@answers(functions.messages.ExportChatInviteRequest)
def export_chat_invite(call: Call, request: TLObject) -> TLObject:
    """Make an invite link of the caller's own."""
    chat = chat_at(call, request.peer)
    if not chat.may_invite(call.me.id):
        raise MethodError("CHAT_ADMIN_REQUIRED")
    title = (request.title or "")[:_MAX_TITLE]
    expires_at = int(request.expire_date.timestamp()) if request.expire_date else 0
    if expires_at and expires_at <= call.world.now():
        raise MethodError("EXPIRE_DATE_INVALID")
    if request.usage_limit and request.usage_limit < 0:
        raise MethodError("USAGE_LIMIT_INVALID")
    limit = request.usage_limit or 0
    link = call.world.story.make_link(chat, call.me.id, title, expires_at, limit)
    call.log("messages.exportChatInvite", chat=describe_chat(chat), link=link.address, title=title)
    return views.invite(link)


def _good_link(call: Call, link_hash: str) -> tuple[Chat, InviteLink]:
    me = call.me
    if not link_hash:
        raise MethodError("INVITE_HASH_EMPTY")
    found = call.world.chat_by_link(link_hash)
    if found is None:
        raise MethodError("INVITE_HASH_INVALID")
    chat, link = found
    expired = link.expires_at and link.expires_at <= call.world.now()
    used_up = link.usage_limit and link.usage >= link.usage_limit
    if me.id not in chat.members and (expired or used_up):
        raise MethodError("INVITE_HASH_EXPIRED")
    return found


def _join(call: Call, chat: Chat, method: str, link_hash: str) -> TLObject:
    if call.me.id in chat.members:
        raise MethodError("USER_ALREADY_PARTICIPANT")
    if call.me.id in chat.removed:
        raise MethodError("CHANNEL_PRIVATE")
    call.world.story.join(chat, call.me.id, link=link_hash)
    call.log(method, chat=describe_chat(chat))
    return types.messages.ChatInviteJoinResultOk(_changed(call, chat))


def _changed(call: Call, chat: Chat) -> TLObject:
    update = types.UpdateChannel(chat.id) if chat.is_channel else types.UpdateChat(chat.id)
    shown = views.chat(call.world, chat, call.me)
    return types.Updates([update], [], [shown], call.world.now(), 0)
