"""messages.createChat, channels.createChannel, and the titles and pictures of chats."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.tl import functions, types

from invite_desktop.domain.chats import ChatKind
from invite_desktop.rehearsal.addressing import basic_group_at, channel_at, person_at
from invite_desktop.rehearsal.dispatch import answers
from invite_desktop.rehearsal.faults import MethodError
from invite_desktop.rehearsal.journal import describe_chat, describe_person
from invite_desktop.rehearsal.methods.files import photo_at, stored_picture
from invite_desktop.rehearsal.methods.invites import missing_invitees, outcome_in_new_chat

if TYPE_CHECKING:
    from telethon.tl.tlobject import TLObject

    from invite_desktop.rehearsal.backend import Call
    from invite_desktop.rehearsal.chats import Chat

_TO_GROUP, _TO_CHANNEL = "messages.createChat", "channels.createChannel"
_MOST_MEMBERS = 200
_MAX_TITLE, _MAX_ABOUT = 128, 255
"""Characters (core.telegram.org/api/config)."""


@answers(functions.messages.CreateChatRequest)
def create_chat(call: Call, request: TLObject) -> TLObject:
    """Make a basic group with people in it; who cannot be added is told like in invitations."""
    call.backend.limits.check(call.me, _TO_GROUP)
    title = _title(request.title)
    people = list(dict.fromkeys(person_at(call, address) for address in request.users))
    if not people:
        raise MethodError("USERS_TOO_FEW")
    if len(people) >= _MOST_MEMBERS:
        raise MethodError("USERS_TOO_MUCH")
    for person in people:
        call.backend.limits.contact(call.me, _TO_GROUP, person)
    results = {person: outcome_in_new_chat(call, ChatKind.BASIC_GROUP, person) for person in people}
    refusals = [result for result in results.values() if result.isupper()]
    if len(refusals) == len(people):
        raise MethodError(refusals[0])
    added = [person.id for person, result in results.items() if result == "added"]
    chat = call.world.story.make_chat(ChatKind.BASIC_GROUP, title, call.me, added)
    described = [describe_person(person, result=result) for person, result in results.items()]
    call.log(_TO_GROUP, chat=describe_chat(chat), users=described)
    return types.messages.InvitedUsers(call.updates_of(chat), missing_invitees(results))


@answers(functions.channels.CreateChannelRequest)
def create_channel(call: Call, request: TLObject) -> TLObject:
    """Make a supergroup or a broadcast channel."""
    call.backend.limits.check(call.me, _TO_CHANNEL)
    title = _title(request.title)
    if len(request.about) > _MAX_ABOUT:
        raise MethodError("CHAT_ABOUT_TOO_LONG")
    kind = ChatKind.SUPERGROUP if request.megagroup else ChatKind.CHANNEL
    chat = call.world.story.make_chat(kind, title, call.me)
    if request.about:
        call.world.story.describe(chat, request.about)
    call.log(_TO_CHANNEL, chat=describe_chat(chat), kind=kind.value)
    return call.updates_of(chat)


@answers(functions.channels.EditTitleRequest)
def edit_title(call: Call, request: TLObject) -> TLObject:
    """Give a supergroup or channel another title."""
    return _retitle(call, channel_at(call, request.channel), request.title)


@answers(functions.messages.EditChatTitleRequest)
def edit_chat_title(call: Call, request: TLObject) -> TLObject:
    """Give a basic group another title."""
    return _retitle(call, basic_group_at(call, request.chat_id), request.title)


@answers(functions.channels.EditPhotoRequest)
def edit_photo(call: Call, request: TLObject) -> TLObject:
    """Give a supergroup or channel a picture, or take it away."""
    return _adorn(call, channel_at(call, request.channel), request.photo)


@answers(functions.messages.EditChatPhotoRequest)
def edit_chat_photo(call: Call, request: TLObject) -> TLObject:
    """Give a basic group a picture, or take it away."""
    return _adorn(call, basic_group_at(call, request.chat_id), request.photo)


def _retitle(call: Call, chat: Chat, text: str) -> TLObject:
    _check_right(call, chat)
    title = _title(text)
    if title == chat.title:
        raise MethodError("CHAT_NOT_MODIFIED")
    call.world.story.retitle(chat, title, call.me.id)
    call.log("channels.editTitle", chat=describe_chat(chat))
    return call.updates_of(chat)


def _adorn(call: Call, chat: Chat, wanted: TLObject) -> TLObject:
    _check_right(call, chat)
    number = _picture(call, wanted)
    if number == chat.photo:
        raise MethodError("CHAT_NOT_MODIFIED")
    call.world.story.adorn(chat, number, call.me.id)
    call.log("channels.editPhoto", chat=describe_chat(chat), photo=number)
    return call.updates_of(chat)


def _picture(call: Call, wanted: TLObject) -> int:
    """Return the number of the stored picture that is meant, 0 for none."""
    if isinstance(wanted, types.InputChatPhotoEmpty):
        return 0
    if isinstance(wanted, types.InputChatPhoto):
        return photo_at(call, wanted.id)
    if wanted.file is None:
        raise MethodError("PHOTO_INVALID")
    return stored_picture(call, wanted.file)


def _check_right(call: Call, chat: Chat) -> None:
    if not chat.has_right(call.me.id, "change_info"):
        raise MethodError("CHAT_ADMIN_REQUIRED")


def _title(text: str) -> str:
    title = text.strip()[:_MAX_TITLE]
    if not title:
        raise MethodError("CHAT_TITLE_EMPTY")
    return title
