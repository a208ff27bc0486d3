"""Who came by a link, who asks to be let in, and the answers to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.tl import functions, types

from invite_desktop.rehearsal import views
from invite_desktop.rehearsal.addressing import person_at
from invite_desktop.rehearsal.dispatch import answers
from invite_desktop.rehearsal.faults import MethodError
from invite_desktop.rehearsal.journal import describe_chat, describe_person
from invite_desktop.rehearsal.methods.exported_links import inviting_at, link_of

if TYPE_CHECKING:
    from telethon.tl.tlobject import TLObject

    from invite_desktop.rehearsal.backend import Call
    from invite_desktop.rehearsal.chats import Chat
    from invite_desktop.rehearsal.people import Person

_MAX_PAGE = 100


@answers(functions.messages.GetChatInviteImportersRequest)
def get_chat_invite_importers(call: Call, request: TLObject) -> TLObject:
    """Return a page of those who joined by a link, or who wait; the latest first."""
    chat = inviting_at(call, request.peer)
    link = link_of(chat, request.link).hash if request.link else ""
    found = _waiting(chat, link) if request.requested else _joined(chat, link)
    if request.q:
        found = [item for item in found if _is_called(call, item.user_id, request.q)]
    found.sort(key=lambda item: (item.date, item.user_id), reverse=True)
    page = _page(found, request)
    named = [*(item.user_id for item in page), *views.named_by(page)]
    people = views.users(call.world, named, call.me)
    return types.messages.ChatInviteImporters(len(found), page, people)


@answers(functions.messages.HideChatJoinRequestRequest)
def hide_chat_join_request(call: Call, request: TLObject) -> TLObject:
    """Let somebody in who waits, or turn her away."""
    chat = inviting_at(call, request.peer)
    person = person_at(call, request.user_id)
    if call.world.membership(chat, person.id) is not None:
        raise MethodError("USER_ALREADY_PARTICIPANT")
    if person.id not in chat.requests:
        raise MethodError("HIDE_REQUESTER_MISSING")
    _answer(call, chat, person, approved=bool(request.approved))
    return call.updates()


@answers(functions.messages.HideAllChatJoinRequestsRequest)
def hide_all_chat_join_requests(call: Call, request: TLObject) -> TLObject:
    """Let in or turn away everybody who waits, or those who asked by one link."""
    chat = inviting_at(call, request.peer)
    link = link_of(chat, request.link).hash if request.link else ""
    for user_id, asked in list(chat.requests.items()):
        person = call.world.people.someone(user_id)
        if person is not None and (not link or asked.link == link):
            _answer(call, chat, person, approved=bool(request.approved))
    return call.updates()


def _answer(call: Call, chat: Chat, person: Person, *, approved: bool) -> None:
    if approved:
        link = chat.requests[person.id].link
        call.world.story.join(chat, person.id, link=link, approved_by=call.me.id)
    else:
        call.world.story.refuse(chat, person.id)
    method = "messages.hideChatJoinRequest"
    call.log(method, chat=describe_chat(chat), whom=describe_person(person), approved=approved)


def _waiting(chat: Chat, link: str) -> list[TLObject]:
    return [
        types.ChatInviteImporter(user_id, asked.at, requested=True)
        for user_id, asked in chat.requests.items()
        if not link or asked.link == link
    ]


def _joined(chat: Chat, link: str) -> list[TLObject]:
    return [
        types.ChatInviteImporter(user_id, member.joined_at, approved_by=member.approved_by or None)
        for user_id, member in chat.members.items()
        if (member.link == link if link else member.link)
    ]


def _page(found: list[TLObject], request: TLObject) -> list[TLObject]:
    """Return what comes after the date and person of the last page (core.telegram.org/api/offsets).

    Several may have come in one second; the person says after whom of them to go on.
    """
    start = 0
    moment = int(request.offset_date.timestamp()) if request.offset_date else 0
    if moment > 0:
        after = getattr(request.offset_user, "user_id", 0)
        place = (moment, after)
        start = next(
            (i for i, item in enumerate(found) if (item.date, item.user_id) < place), len(found)
        )
    return found[start : start + max(0, min(request.limit, _MAX_PAGE))]


def _is_called(call: Call, user_id: int, text: str) -> bool:
    person = call.world.people.someone(user_id)
    if person is None:
        return False
    names = (person.first_name, person.last_name, person.username or "")
    return any(name.casefold().startswith(text.casefold()) for name in names)
