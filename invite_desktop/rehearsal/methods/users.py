"""users.*: people and what it takes to write to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.tl import functions, types

from invite_desktop.rehearsal import views
from invite_desktop.rehearsal.addressing import person_at
from invite_desktop.rehearsal.dispatch import answers
from invite_desktop.rehearsal.faults import MethodError
from invite_desktop.rehearsal.methods.files import full_portrait
from invite_desktop.rehearsal.methods.reception import requirement

if TYPE_CHECKING:
    from telethon.tl.tlobject import TLObject

    from invite_desktop.rehearsal.backend import Call

_MAX_PAGE = 100


@answers(functions.users.GetUsersRequest)
def get_users(call: Call, request: TLObject) -> list[TLObject]:
    """Return people; who is not addressed with the caller's own hash is empty."""
    return [_user_or_empty(call, address) for address in request.id]


@answers(functions.users.GetFullUserRequest)
def get_full_user(call: Call, request: TLObject) -> TLObject:
    """Return all that is known of somebody."""
    person = person_at(call, request.id)
    needed = requirement(call, person)
    full = types.UserFull(
        person.id,
        types.PeerSettings(),
        types.PeerNotifySettings(),
        common_chats_count=len(_common_chats(call, person.id)),
        blocked=call.world.people.has_blocked(call.me, person.id) or None,
        profile_photo=full_portrait(call, person),
        contact_require_premium=isinstance(needed, types.RequirementToContactPremium) or None,
        send_paid_messages_stars=getattr(needed, "stars_amount", None),
    )
    return types.users.UserFull(full, [], [views.user(call.world, person, call.me)])


@answers(functions.users.GetRequirementsToContactRequest)
def get_requirements_to_contact(call: Call, request: TLObject) -> list[TLObject]:
    """Return who may be written to freely, who needs Premium and who wants to be paid."""
    return [requirement(call, person_at(call, address)) for address in request.id]


@answers(functions.messages.GetCommonChatsRequest)
def get_common_chats(call: Call, request: TLObject) -> TLObject:
    """Return the chats that the caller and somebody are both in."""
    person = person_at(call, request.user_id)
    found = [i for i in _common_chats(call, person.id) if not request.max_id or i < request.max_id]
    page = found[: max(0, min(request.limit, _MAX_PAGE))]
    shown = [views.chat(call.world, call.world.chats[number], call.me) for number in page]
    return types.messages.Chats(shown)


def _user_or_empty(call: Call, address: TLObject) -> TLObject:
    try:
        return views.user(call.world, person_at(call, address), call.me)
    except MethodError:
        if not hasattr(address, "user_id"):
            raise
        return types.UserEmpty(address.user_id)


def _common_chats(call: Call, user_id: int) -> list[int]:
    world = call.world
    return [
        chat.id
        for chat in world.chats_of(call.me.id)
        if world.membership(chat, user_id) is not None
    ]
