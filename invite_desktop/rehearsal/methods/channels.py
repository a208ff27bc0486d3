"""channels.* and the chats of messages.*: chats and who is in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.tl import functions, types

from invite_desktop.domain.chats import ChatKind
from invite_desktop.rehearsal import views
from invite_desktop.rehearsal.addressing import (
    basic_group_at,
    channel_at,
    known_channel_at,
    person_at,
)
from invite_desktop.rehearsal.dispatch import answers
from invite_desktop.rehearsal.faults import MethodError
from invite_desktop.rehearsal.population import Behaviour

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from telethon.tl.tlobject import TLObject

    from invite_desktop.rehearsal.backend import Call
    from invite_desktop.rehearsal.chats import Chat, Membership
    from invite_desktop.rehearsal.people import Person

_MAX_DIGEST = (1 << 64) - 1
_PAGE = 200
"""The most participants in one answer (core.telegram.org/method/channels.getParticipants)."""


@answers(functions.channels.GetChannelsRequest)
def get_channels(call: Call, request: TLObject) -> TLObject:
    """Return supergroups and channels; private ones that the caller left are forbidden."""
    found = [known_channel_at(call, address) for address in request.id]
    return types.messages.Chats([views.chat(call.world, chat, call.me) for chat in found])


@answers(functions.messages.GetChatsRequest)
def get_chats(call: Call, request: TLObject) -> TLObject:
    """Return basic groups."""
    found = [basic_group_at(call, chat_id) for chat_id in request.id]
    return types.messages.Chats([views.chat(call.world, chat, call.me) for chat in found])


@answers(functions.channels.GetFullChannelRequest)
def get_full_channel(call: Call, request: TLObject) -> TLObject:
    """Return all that the caller may know of a channel."""
    chat = channel_at(call, request.channel)
    admins = sum(member.rights is not None for member in chat.members.values())
    full = types.ChannelFull(
        id=chat.id,
        about="",
        read_inbox_max_id=1,
        read_outbox_max_id=1,
        unread_count=0,
        chat_photo=types.PhotoEmpty(0),
        notify_settings=types.PeerNotifySettings(),
        bot_info=[],
        pts=1,
        can_view_participants=chat.kind is ChatKind.SUPERGROUP or chat.is_admin(call.me.id) or None,
        participants_count=call.world.member_count(chat),
        admins_count=admins if chat.is_admin(call.me.id) else None,
        kicked_count=len(chat.removed) if chat.is_admin(call.me.id) else None,
        banned_count=0 if chat.is_admin(call.me.id) else None,
    )
    return types.messages.ChatFull(full, [views.chat(call.world, chat, call.me)], [])


@answers(functions.messages.GetFullChatRequest)
def get_full_chat(call: Call, request: TLObject) -> TLObject:
    """Return a basic group with all its members."""
    chat = basic_group_at(call, request.chat_id)
    members = [_group_participant(chat, user_id) for user_id in call.world.member_ids(chat)]
    full = types.ChatFull(
        chat.id,
        "",
        types.ChatParticipants(chat.id, members, version=1),
        types.PeerNotifySettings(),
    )
    people = views.users(call.world, (member.user_id for member in members), call.me)
    return types.messages.ChatFull(full, [views.chat(call.world, chat, call.me)], people)


@answers(functions.channels.GetParticipantRequest)
def get_participant(call: Call, request: TLObject) -> TLObject:
    """Return how somebody is in a channel."""
    chat = channel_at(call, request.channel)
    person = person_at(call, request.participant, "PARTICIPANT_ID_INVALID")
    if chat.kind is ChatKind.CHANNEL and person is not call.me and not chat.is_admin(call.me.id):
        raise MethodError("CHAT_ADMIN_REQUIRED")
    membership = call.world.membership(chat, person.id)
    if membership is not None:
        shown = _participant(call, chat, person, membership)
    elif call.world.is_removed(chat, person) and chat.is_admin(call.me.id):
        shown = _removed(chat, person.id)
    else:
        raise MethodError("USER_NOT_PARTICIPANT")
    people = views.users(call.world, (person.id, call.me.id), call.me)
    return types.channels.ChannelParticipant(shown, [], people)


@answers(functions.channels.GetParticipantsRequest)
def get_participants(call: Call, request: TLObject) -> TLObject:
    """Return a page of the participants that a filter lets through."""
    chat = channel_at(call, request.channel)
    if chat.kind is ChatKind.CHANNEL and not chat.is_admin(call.me.id):
        raise MethodError("CHAT_ADMIN_REQUIRED")
    if isinstance(
        request.filter, types.ChannelParticipantsKicked | types.ChannelParticipantsBanned
    ):
        return _removed_page(call, chat, request)
    passing = _passing(call, chat, request.filter)
    start = max(request.offset, 0)
    page = passing[start : start + max(0, min(request.limit, _PAGE))]
    if request.hash and request.hash == _digest(page):
        return types.channels.ChannelParticipantsNotModified()
    participants = []
    for user_id in page:
        person, member = call.world.people.someone(user_id), call.world.membership(chat, user_id)
        if person and member:
            participants.append(_participant(call, chat, person, member))
    people = views.users(call.world, page, call.me)
    return types.channels.ChannelParticipants(len(passing), participants, [], people)


def _passing(call: Call, chat: Chat, wanted: TLObject) -> list[int]:
    """Return the members that a filter lets through, in Telegram's order."""
    members = call.world.member_ids(chat)
    if isinstance(wanted, types.ChannelParticipantsRecent):
        return members
    if isinstance(wanted, types.ChannelParticipantsAdmins):
        return [user_id for user_id in members if chat.is_admin(user_id)]
    test = _test_of(call, wanted)
    people = ((user_id, call.world.people.someone(user_id)) for user_id in members)
    return [user_id for user_id, person in people if person is not None and test(person)]


def _test_of(call: Call, wanted: TLObject) -> Callable[[Person], bool]:
    world, me = call.world, call.me
    if isinstance(wanted, types.ChannelParticipantsBots):
        return lambda person: world.people.conduct(person).behaviour is Behaviour.BOT
    text = (wanted.q or "").casefold()
    if isinstance(wanted, types.ChannelParticipantsContacts):
        return lambda person: person.id in me.contacts and _matches(person, text)
    return lambda person: _matches(person, text)


def _matches(person: Person, text: str) -> bool:
    names = (person.first_name, person.last_name, person.username or "")
    return not text or any(name.casefold().startswith(text) for name in names)


def _participant(call: Call, chat: Chat, person: Person, member: Membership) -> TLObject:
    if member.creator:
        return types.ChannelParticipantCreator(person.id, views.admin_rights(member.rights))
    if member.rights is not None:
        return types.ChannelParticipantAdmin(
            person.id,
            promoted_by=chat.creator_id,
            date=member.joined_at,
            admin_rights=views.admin_rights(member.rights),
            is_self=person is call.me or None,
            inviter_id=chat.creator_id if person is call.me else None,
        )
    if person is call.me:
        inviter = member.inviter_id or chat.creator_id
        return types.ChannelParticipantSelf(person.id, inviter, member.joined_at)
    return types.ChannelParticipant(person.id, member.joined_at)


def _group_participant(chat: Chat, user_id: int) -> TLObject:
    member = chat.members[user_id]
    inviter = member.inviter_id or chat.creator_id
    if member.creator:
        return types.ChatParticipantCreator(user_id)
    if member.rights is not None:
        return types.ChatParticipantAdmin(user_id, inviter, member.joined_at)
    return types.ChatParticipant(user_id, inviter, member.joined_at)


def _removed(chat: Chat, user_id: int) -> TLObject:
    return types.ChannelParticipantBanned(
        types.PeerUser(user_id),
        kicked_by=chat.removed.get(user_id, chat.creator_id),
        date=chat.made_at,
        banned_rights=views.removed_rights(),
        left=True,
    )


def _removed_page(call: Call, chat: Chat, request: TLObject) -> TLObject:
    if not chat.is_admin(call.me.id):
        raise MethodError("CHAT_ADMIN_REQUIRED")
    start = max(request.offset, 0)
    page = list(chat.removed)[start : start + max(0, min(request.limit, _PAGE))]
    people = views.users(call.world, page, call.me)
    shown = [_removed(chat, user_id) for user_id in page]
    return types.channels.ChannelParticipants(len(chat.removed), shown, [], people)


def _digest(user_ids: Iterable[int]) -> int:
    """Return the hash of a page, signed (core.telegram.org/api/offsets#hash-generation)."""
    digest = 0
    for user_id in user_ids:
        digest ^= digest >> 21
        digest ^= digest << 35 & _MAX_DIGEST
        digest ^= digest >> 4
        digest = digest + user_id & _MAX_DIGEST
    return digest - (1 << 64) if digest >> 63 else digest
