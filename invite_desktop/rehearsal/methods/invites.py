"""channels.inviteToChannel and messages.addChatUser: adding people by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.tl import functions, types

from invite_desktop.domain.chats import MAX_MANUAL_CHANNEL_MEMBERS, ChatKind
from invite_desktop.rehearsal.addressing import basic_group_at, channel_at, person_at
from invite_desktop.rehearsal.dispatch import answers
from invite_desktop.rehearsal.faults import MethodError
from invite_desktop.rehearsal.journal import describe_chat, describe_person
from invite_desktop.rehearsal.population import Behaviour

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from telethon.tl.tlobject import TLObject

    from invite_desktop.rehearsal.backend import Call
    from invite_desktop.rehearsal.chats import Chat
    from invite_desktop.rehearsal.people import Person

_TO_CHANNEL, _TO_GROUP = "channels.inviteToChannel", "messages.addChatUser"
_BASIC_GROUP_SIZE = 200
_REFUSALS = {
    Behaviour.PRIVACY_ERROR: "USER_PRIVACY_RESTRICTED",
    Behaviour.NOT_MUTUAL_CONTACT: "USER_NOT_MUTUAL_CONTACT",
    Behaviour.TOO_MANY_CHATS: "USER_CHANNELS_TOO_MUCH",
    Behaviour.DELETED: "INPUT_USER_DEACTIVATED",
    Behaviour.ADD_FAILED: "CHAT_MEMBER_ADD_FAILED",
    Behaviour.BLOCKED: "USER_BLOCKED",
}
"""Refusals that come as an error (core.telegram.org/method/channels.inviteToChannel)."""

_FOR_CONTACTS = {
    Behaviour.PRIVACY,
    Behaviour.PREMIUM_WOULD_ALLOW,
    Behaviour.PRIVACY_ERROR,
    Behaviour.NOT_MUTUAL_CONTACT,
}
"""Settings that let those in whom the person has among her contacts."""


@answers(functions.channels.InviteToChannelRequest)
def invite_to_channel(call: Call, request: TLObject) -> TLObject:
    """Add people to a supergroup or channel."""
    chat = channel_at(call, request.channel)
    _check_right(call, chat)
    call.backend.limits.check(call.me, _TO_CHANNEL)
    people = [person_at(call, address) for address in request.users]
    if not people:
        raise MethodError("USERS_TOO_FEW")
    if chat.kind is ChatKind.CHANNEL and _is_full(call, chat, MAX_MANUAL_CHANNEL_MEMBERS):
        raise MethodError("USERS_TOO_MUCH")
    return _add(call, chat, people, _TO_CHANNEL)


@answers(functions.messages.AddChatUserRequest)
def add_chat_user(call: Call, request: TLObject) -> TLObject:
    """Add one person to a basic group."""
    chat = basic_group_at(call, request.chat_id)
    _check_right(call, chat)
    call.backend.limits.check(call.me, _TO_GROUP)
    person = person_at(call, request.user_id)
    if call.world.membership(chat, person.id) is not None:
        raise MethodError("USER_ALREADY_PARTICIPANT")
    if _is_full(call, chat, _BASIC_GROUP_SIZE):
        raise MethodError("USERS_TOO_MUCH")
    return _add(call, chat, [person], _TO_GROUP)


def _check_right(call: Call, chat: Chat) -> None:
    if call.me.id not in chat.members:
        raise MethodError("CHAT_WRITE_FORBIDDEN")
    if not chat.may_invite(call.me.id):
        raise MethodError("CHAT_ADMIN_REQUIRED")


def _is_full(call: Call, chat: Chat, limit: int) -> bool:
    return call.world.member_count(chat) >= limit


def _add(call: Call, chat: Chat, people: Sequence[Person], method: str) -> TLObject:
    """Add people, one by one; of several, those that an error would name are left out."""
    for person in people:
        call.backend.limits.contact(call.me, method, person)
    results = {person: _outcome(call, chat, person) for person in people}
    refusals = [result for result in results.values() if result.isupper()]
    if refusals and len(refusals) == len(people):
        raise MethodError(refusals[0])
    for person, result in results.items():
        if result == "added":
            call.world.story.join(chat, person.id, call.me.id)
    described = [describe_person(person, result=result) for person, result in results.items()]
    call.log(method, chat=describe_chat(chat), users=described)
    return types.messages.InvitedUsers(call.updates_of(chat), missing_invitees(results))


def _outcome(call: Call, chat: Chat, person: Person) -> str:
    """Return what comes of adding somebody, in the words of the journal; an error in capitals."""
    if call.world.membership(chat, person.id) is not None:
        return "already"
    if call.world.is_removed(chat, person):
        return "USER_KICKED"
    result = outcome_in_new_chat(call, chat.kind, person)
    if result != "USER_BLOCKED" and person.id in chat.left and not _is_mutual(call, person):
        return "USER_NOT_MUTUAL_CONTACT"
    return result


def outcome_in_new_chat(call: Call, kind: ChatKind, person: Person) -> str:
    """Return what comes of adding somebody to a chat that she has had nothing to do with."""
    if call.world.people.has_blocked(person, call.me.id):
        return "USER_BLOCKED"
    behaviour = call.world.people.conduct(person).behaviour
    if behaviour in _FOR_CONTACTS and call.world.people.has_saved(person, call.me.id):
        behaviour = Behaviour.WILLING
    if behaviour in _REFUSALS:
        return _REFUSALS[behaviour]
    if behaviour is Behaviour.BOT:
        return "USER_BOT" if kind is ChatKind.CHANNEL else "BOT_GROUPS_BLOCKED"
    words = {
        Behaviour.PRIVACY: "missing:privacy",
        Behaviour.PREMIUM_WOULD_ALLOW: "missing:premium_would_allow_invite",
        Behaviour.SILENT_NO_ADD: "silent",
    }
    return words.get(behaviour, "silent" if call.silent else "added")


def _is_mutual(call: Call, person: Person) -> bool:
    return person.id in call.me.contacts and call.world.people.has_saved(person, call.me.id)


def missing_invitees(results: Mapping[Person, str]) -> list[TLObject]:
    """Return those who were not added and of whom that is said."""
    return [
        types.MissingInvitee(
            person.id,
            premium_would_allow_invite=result == "missing:premium_would_allow_invite" or None,
        )
        for person, result in results.items()
        if result.startswith("missing:") or result.isupper()
    ]
