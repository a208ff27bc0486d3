"""Administrators at work: rights, bans, slow mode, names, migration; and leaving."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from telethon.tl import functions

from invite_desktop.domain.chats import ChatKind
from invite_desktop.rehearsal.addressing import basic_group_at, channel_at, person_at
from invite_desktop.rehearsal.chats import EVERY_RIGHT, VIEW
from invite_desktop.rehearsal.dispatch import answers
from invite_desktop.rehearsal.faults import MethodError
from invite_desktop.rehearsal.journal import describe_chat, describe_person
from invite_desktop.rehearsal.names import check_free_name

if TYPE_CHECKING:
    from telethon.tl.tlobject import TLObject

    from invite_desktop.rehearsal.backend import Call
    from invite_desktop.rehearsal.chats import Chat
    from invite_desktop.rehearsal.people import Person

_LEAST_BAN, _LONGEST_BAN = 30, 366 * 24 * 3600
"""Seconds; shorter and longer bans last (core.telegram.org/constructor/chatBannedRights)."""

_SLOW_MODES = {0, 10, 30, 60, 300, 900, 3600}
_FLAG = re.compile(r"[a-z_]+")


@answers(functions.channels.EditAdminRequest)
def edit_admin(call: Call, request: TLObject) -> TLObject:
    """Make a member an administrator, change her rights, or take them away."""
    chat, me = channel_at(call, request.channel), call.me
    _check_right(call, chat, "add_admins")
    person = person_at(call, request.user_id)
    member = chat.members.get(person.id)
    if call.world.membership(chat, person.id) is None:
        raise MethodError("USER_NOT_PARTICIPANT")
    rights = _flags(request.admin_rights) & EVERY_RIGHT
    mine = chat.members[me.id]
    if member is not None and member.creator:
        raise MethodError("USER_CREATOR")
    if not mine.creator:
        if not rights <= (mine.rights or frozenset()):
            raise MethodError("RIGHT_FORBIDDEN")
        if member is not None and member.rights is not None and member.promoted_by != me.id:
            raise MethodError("CHAT_ADMIN_REQUIRED")
    if member is None:
        call.world.story.enrol(chat, person.id)
    call.world.story.set_rights(chat, person.id, rights or None, me.id, request.rank or "")
    _log(call, "channels.editAdmin", chat, person, rights=sorted(rights))
    return call.updates_of(chat)


@answers(functions.messages.EditChatAdminRequest)
def edit_chat_admin(call: Call, request: TLObject) -> bool:
    """Make a member of a basic group an administrator, or one no more."""
    chat = basic_group_at(call, request.chat_id)
    if not chat.members[call.me.id].creator:
        raise MethodError("CHAT_ADMIN_REQUIRED")
    person = person_at(call, request.user_id)
    member = chat.members.get(person.id)
    if member is None:
        raise MethodError("USER_NOT_PARTICIPANT")
    if member.creator:
        raise MethodError("USER_CREATOR")
    rights = EVERY_RIGHT - {"add_admins"} if request.is_admin else None
    call.world.story.set_rights(chat, person.id, rights, call.me.id)
    _log(call, "messages.editChatAdmin", chat, person, admin=bool(request.is_admin))
    return True


@answers(functions.channels.EditBannedRequest)
def edit_banned(call: Call, request: TLObject) -> TLObject:
    """Throw somebody out, restrict her, or lift either."""
    chat, me = channel_at(call, request.channel), call.me
    _check_right(call, chat, "ban_users")
    person = person_at(call, request.participant, "PARTICIPANT_ID_INVALID")
    if chat.is_admin(person.id):
        raise MethodError("USER_ADMIN_INVALID")
    rights = _flags(request.banned_rights)
    if chat.kind is ChatKind.CHANNEL and rights and VIEW not in rights:
        raise MethodError("BANNED_RIGHTS_INVALID")
    now, until = call.world.now(), request.banned_rights.until_date
    end = int(until.timestamp()) if until is not None else 0
    lasting = not now + _LEAST_BAN <= end <= now + _LONGEST_BAN
    call.world.story.ban(chat, person.id, me.id, rights, 0 if lasting else end)
    _log(call, "channels.editBanned", chat, person, rights=sorted(rights))
    return call.updates_of(chat)


@answers(functions.messages.DeleteChatUserRequest)
def delete_chat_user(call: Call, request: TLObject) -> TLObject:
    """Take somebody out of a basic group, or leave it."""
    chat, me = basic_group_at(call, request.chat_id), call.me
    person = person_at(call, request.user_id)
    if person.id not in chat.members:
        raise MethodError("USER_NOT_PARTICIPANT")
    if person is me:
        call.world.story.leave(chat, me.id)
    else:
        own_guest = chat.members[person.id].inviter_id == me.id
        if chat.is_admin(person.id) and not chat.members[me.id].creator:
            raise MethodError("CHAT_ADMIN_REQUIRED")
        if not own_guest and not chat.has_right(me.id, "ban_users"):
            raise MethodError("CHAT_ADMIN_REQUIRED")
        call.world.story.drop_from_group(chat, person.id, me.id)
    _log(call, "messages.deleteChatUser", chat, person)
    return call.updates_of(chat)


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
    return call.updates_of(chat)


@answers(functions.messages.MigrateChatRequest)
def migrate_chat(call: Call, request: TLObject) -> TLObject:
    """Turn a basic group into a supergroup."""
    chat = basic_group_at(call, request.chat_id)
    if not chat.members[call.me.id].creator:
        raise MethodError("CHAT_ADMIN_REQUIRED")
    became = call.world.story.migrate(chat)
    call.log("messages.migrateChat", chat=describe_chat(became))
    return call.updates()


@answers(functions.channels.ToggleSlowModeRequest)
def toggle_slow_mode(call: Call, request: TLObject) -> TLObject:
    """Let members of a supergroup write only every so many seconds."""
    chat = channel_at(call, request.channel)
    _check_right(call, chat, "ban_users")
    if request.seconds not in _SLOW_MODES or chat.kind is not ChatKind.SUPERGROUP:
        raise MethodError("SECONDS_INVALID")
    if request.seconds == chat.slow_mode:
        raise MethodError("CHAT_NOT_MODIFIED")
    call.world.story.set_slow_mode(chat, request.seconds, call.me.id)
    call.log("channels.toggleSlowMode", chat=describe_chat(chat), seconds=request.seconds)
    return call.updates_of(chat)


@answers(functions.channels.ToggleJoinRequestRequest)
def toggle_join_request(call: Call, request: TLObject) -> TLObject:
    """Let who joins a public supergroup wait for an administrator, or not."""
    chat = channel_at(call, request.channel)
    _check_right(call, chat, "ban_users")
    if chat.kind is not ChatKind.SUPERGROUP or not chat.username:
        raise MethodError("CHAT_PUBLIC_REQUIRED")
    if bool(request.enabled) == chat.join_by_request:
        raise MethodError("CHAT_NOT_MODIFIED")
    call.world.story.set_join_by_request(chat, needed=bool(request.enabled))
    return call.updates_of(chat)


@answers(functions.channels.UpdateUsernameRequest)
def update_channel_username(call: Call, request: TLObject) -> bool:
    """Give a supergroup or channel another public name, or make it private."""
    chat = channel_at(call, request.channel)
    if call.me.id != chat.creator_id:
        raise MethodError("CHAT_ADMIN_REQUIRED")
    check_free_name(call.world, request.username, chat.username)
    call.world.story.rename_chat(chat, request.username or None, call.me.id)
    call.log("channels.updateUsername", chat=describe_chat(chat))
    return True


def _check_right(call: Call, chat: Chat, right: str) -> None:
    if not chat.has_right(call.me.id, right):
        raise MethodError("CHAT_ADMIN_REQUIRED")


def _flags(rights: TLObject) -> frozenset[str]:
    """Return the names of the flags that are set."""
    return frozenset(
        name for name, value in vars(rights).items() if value is True and _FLAG.fullmatch(name)
    )


def _log(call: Call, method: str, chat: Chat, person: Person, **more: object) -> None:
    call.log(method, chat=describe_chat(chat), whom=describe_person(person), **more)
