"""channels.* and the chats of messages.*: chats and what is to be known of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.tl import functions, types

from invite_desktop.domain.chats import ChatKind
from invite_desktop.rehearsal import message_views, views
from invite_desktop.rehearsal.addressing import basic_group_at, channel_at, known_channel_at
from invite_desktop.rehearsal.chats import VIEW
from invite_desktop.rehearsal.dispatch import answers

if TYPE_CHECKING:
    from telethon.tl.tlobject import TLObject

    from invite_desktop.rehearsal.backend import Call
    from invite_desktop.rehearsal.chats import Chat


@answers(functions.channels.GetChannelsRequest)
def get_channels(call: Call, request: TLObject) -> TLObject:
    """Return supergroups and channels; private ones that the caller left are forbidden."""
    found = [known_channel_at(call, address) for address in request.id]
    return types.messages.Chats([views.chat(call.world, chat, call.me) for chat in found])


@answers(functions.messages.GetChatsRequest)
def get_chats(call: Call, request: TLObject) -> TLObject:
    """Return basic groups."""
    found = [basic_group_at(call, chat_id, migrated=True) for chat_id in request.id]
    return types.messages.Chats([views.chat(call.world, chat, call.me) for chat in found])


@answers(functions.channels.GetFullChannelRequest)
def get_full_channel(call: Call, request: TLObject) -> TLObject:
    """Return all that the caller may know of a channel."""
    chat = channel_at(call, request.channel)
    me, history = call.me, chat.history
    admin, invites = chat.is_admin(me.id), chat.may_invite(me.id)
    thrown_out = sum(VIEW in ban.rights for ban in chat.bans.values())
    read = me.posts_read.get(chat.id, 0)
    full = types.ChannelFull(
        id=chat.id,
        about=chat.about,
        read_inbox_max_id=read,
        read_outbox_max_id=history.last_id,
        unread_count=history.unread(me.id, read),
        chat_photo=message_views.stored_photo(call.world, chat.photo, me),
        notify_settings=types.PeerNotifySettings(),
        bot_info=[],
        pts=history.pts,
        can_view_participants=chat.kind is ChatKind.SUPERGROUP or admin or None,
        participants_count=call.world.member_count(chat),
        admins_count=_admin_count(chat) if admin else None,
        kicked_count=thrown_out if admin else None,
        banned_count=len(chat.bans) - thrown_out if admin else None,
        exported_invite=_own_link(chat, me.id),
        requests_pending=len(chat.requests) if invites else None,
        recent_requesters=list(chat.requests)[-10:] if invites else None,
        slowmode_seconds=chat.slow_mode or None,
        migrated_from_chat_id=chat.migrated_from or None,
        migrated_from_max_id=me.mailbox.last_id if chat.migrated_from else None,
    )
    chats = [views.chat(call.world, chat, me)]
    if chat.migrated_from:
        chats.append(views.chat(call.world, call.world.chats[chat.migrated_from], me))
    people = views.users(call.world, list(chat.requests)[-10:] if invites else (), me)
    return types.messages.ChatFull(full, chats, people)


@answers(functions.messages.GetFullChatRequest)
def get_full_chat(call: Call, request: TLObject) -> TLObject:
    """Return a basic group with all its members."""
    chat = basic_group_at(call, request.chat_id)
    members = [_group_participant(chat, user_id) for user_id in call.world.member_ids(chat)]
    full = types.ChatFull(
        chat.id,
        chat.about,
        types.ChatParticipants(chat.id, members, version=1),
        types.PeerNotifySettings(),
        chat_photo=message_views.stored_photo(call.world, chat.photo, call.me),
        exported_invite=_own_link(chat, call.me.id),
        requests_pending=len(chat.requests) if chat.may_invite(call.me.id) else None,
        recent_requesters=list(chat.requests)[-10:] if chat.may_invite(call.me.id) else None,
    )
    named = [*(member.user_id for member in members), *views.named_by(members)]
    people = views.users(call.world, named, call.me)
    return types.messages.ChatFull(full, [views.chat(call.world, chat, call.me)], people)


def _admin_count(chat: Chat) -> int:
    return sum(member.rights is not None for member in chat.members.values())


def _own_link(chat: Chat, admin_id: int) -> TLObject | None:
    """Return an administrator's permanent link."""
    own = (
        link
        for link in chat.links.values()
        if link.admin_id == admin_id and link.permanent and not link.revoked
    )
    link = next(own, None)
    return views.invite(link, chat) if link and chat.may_invite(admin_id) else None


def _group_participant(chat: Chat, user_id: int) -> TLObject:
    member = chat.members[user_id]
    inviter = member.inviter_id or chat.creator_id
    if member.creator:
        return types.ChatParticipantCreator(user_id)
    if member.rights is not None:
        return types.ChatParticipantAdmin(user_id, inviter, member.joined_at)
    return types.ChatParticipant(user_id, inviter, member.joined_at)
