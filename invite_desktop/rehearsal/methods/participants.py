"""channels.getParticipants and its kin: who is in a channel, and who may not be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.tl import functions, types

from invite_desktop.domain.chats import ChatKind
from invite_desktop.rehearsal import views
from invite_desktop.rehearsal.addressing import channel_at, person_at
from invite_desktop.rehearsal.chats import VIEW
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

_REACH = 10_000
"""Beyond the first ten thousand of a list Telegram shows nobody."""


@answers(functions.channels.GetParticipantRequest)
def get_participant(call: Call, request: TLObject) -> TLObject:
    """Return how somebody is in a channel."""
    chat = channel_at(call, request.channel)
    person = person_at(call, request.participant, "PARTICIPANT_ID_INVALID")
    if chat.kind is ChatKind.CHANNEL and person is not call.me and not chat.is_admin(call.me.id):
        raise MethodError("CHAT_ADMIN_REQUIRED")
    membership = call.world.membership(chat, person.id)
    ban = chat.ban_of(person.id, call.world.now())
    if ban is not None and (membership is None or person is not call.me):
        shown = _seen_ban(call, chat, person)
    elif membership is not None:
        shown = _participant(call, chat, person, membership)
    elif call.world.is_removed(chat, person) and chat.is_admin(call.me.id):
        shown = _banned(call, chat, person)
    else:
        raise MethodError("USER_NOT_PARTICIPANT")
    named = (person.id, call.me.id, *views.named_by([shown]))
    people = views.users(call.world, named, call.me)
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
        return _banned_page(call, chat, request)
    passing = _passing(call, chat, request.filter)
    start = max(request.offset, 0)
    page = passing[:_REACH][start : start + max(0, min(request.limit, _PAGE))]
    if request.hash and request.hash == _digest(page):
        return types.channels.ChannelParticipantsNotModified()
    participants = []
    for user_id in page:
        person, member = call.world.people.someone(user_id), call.world.membership(chat, user_id)
        if person and member:
            participants.append(_participant(call, chat, person, member))
    people = views.users(call.world, [*page, *views.named_by(participants)], call.me)
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
            promoted_by=member.promoted_by or chat.creator_id,
            date=member.joined_at,
            admin_rights=views.admin_rights(member.rights),
            rank=member.rank or None,
            can_edit=_can_edit(call, chat, member) or None,
            is_self=person is call.me or None,
            inviter_id=chat.creator_id if person is call.me else None,
        )
    if person is call.me:
        inviter = member.inviter_id or chat.creator_id
        asked = bool(member.approved_by) or None
        return types.ChannelParticipantSelf(person.id, inviter, member.joined_at, via_request=asked)
    return types.ChannelParticipant(person.id, member.joined_at)


def _can_edit(call: Call, chat: Chat, member: Membership) -> bool:
    mine = chat.members.get(call.me.id)
    promoted = member.promoted_by == call.me.id and chat.has_right(call.me.id, "add_admins")
    return (mine is not None and mine.creator) or promoted


def _seen_ban(call: Call, chat: Chat, person: Person) -> TLObject:
    """Return a ban to who may know of it: administrators, and everybody of members."""
    if not chat.is_admin(call.me.id) and call.world.membership(chat, person.id) is None:
        raise MethodError("USER_NOT_PARTICIPANT")
    return _banned(call, chat, person)


def _banned(call: Call, chat: Chat, person: Person) -> TLObject:
    ban = chat.bans.get(person.id)
    return types.ChannelParticipantBanned(
        types.PeerUser(person.id),
        kicked_by=ban.by if ban else chat.creator_id,
        date=ban.at if ban and ban.at else chat.made_at,
        banned_rights=views.banned_rights(ban),
        left=call.world.membership(chat, person.id) is None or None,
    )


def _banned_page(call: Call, chat: Chat, request: TLObject) -> TLObject:
    """Return a page of those who were thrown out, or of those who may not do everything."""
    if not chat.is_admin(call.me.id):
        raise MethodError("CHAT_ADMIN_REQUIRED")
    kicked = isinstance(request.filter, types.ChannelParticipantsKicked)
    text, now = request.filter.q.casefold(), call.world.now()
    people = (
        call.world.people.someone(user_id)
        for user_id in chat.bans
        if (ban := chat.ban_of(user_id, now)) and (VIEW in ban.rights) == kicked
    )
    found = [person for person in people if person is not None and _matches(person, text)]
    start = max(request.offset, 0)
    page = found[start : start + max(0, min(request.limit, _PAGE))]
    shown = [_banned(call, chat, person) for person in page]
    named = [*(person.id for person in page), *views.named_by(shown)]
    users = views.users(call.world, named, call.me)
    return types.channels.ChannelParticipants(len(found), shown, [], users)


def _digest(user_ids: Iterable[int]) -> int:
    """Return the hash of a page, signed (core.telegram.org/api/offsets#hash-generation)."""
    digest = 0
    for user_id in user_ids:
        digest ^= digest >> 21
        digest ^= digest << 35 & _MAX_DIGEST
        digest ^= digest >> 4
        digest = digest + user_id & _MAX_DIGEST
    return digest - (1 << 64) if digest >> 63 else digest
