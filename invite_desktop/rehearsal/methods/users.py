"""users.*: people and what it takes to write to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.tl import functions, types

from invite_desktop.rehearsal import views
from invite_desktop.rehearsal.addressing import person_at
from invite_desktop.rehearsal.dispatch import answers
from invite_desktop.rehearsal.faults import MethodError
from invite_desktop.rehearsal.population import Reception

if TYPE_CHECKING:
    from telethon.tl.tlobject import TLObject

    from invite_desktop.rehearsal.backend import Call


@answers(functions.users.GetUsersRequest)
def get_users(call: Call, request: TLObject) -> list[TLObject]:
    """Return people; who is not addressed with the caller's own hash is empty."""
    return [_user_or_empty(call, address) for address in request.id]


@answers(functions.users.GetFullUserRequest)
def get_full_user(call: Call, request: TLObject) -> TLObject:
    """Return all that is known of somebody."""
    person = person_at(call, request.id)
    conduct = call.world.people.conduct(person)
    full = types.UserFull(
        person.id,
        types.PeerSettings(),
        types.PeerNotifySettings(),
        common_chats_count=len(_common_chats(call, person.id)),
        contact_require_premium=conduct.reception is Reception.PREMIUM_REQUIRED or None,
        send_paid_messages_stars=conduct.stars or None,
    )
    return types.users.UserFull(full, [], [views.user(call.world, person, call.me)])


@answers(functions.users.GetRequirementsToContactRequest)
def get_requirements_to_contact(call: Call, request: TLObject) -> list[TLObject]:
    """Return who may be written to freely, who needs Premium and who wants to be paid."""
    return [_requirement(call, address) for address in request.id]


def _user_or_empty(call: Call, address: TLObject) -> TLObject:
    try:
        return views.user(call.world, person_at(call, address), call.me)
    except MethodError:
        if not hasattr(address, "user_id"):
            raise
        return types.UserEmpty(address.user_id)


def _requirement(call: Call, address: TLObject) -> TLObject:
    person = person_at(call, address)
    conduct = call.world.people.conduct(person)
    if conduct.reception is Reception.PREMIUM_REQUIRED and not call.me.premium:
        return types.RequirementToContactPremium()
    if conduct.reception is Reception.PAID:
        return types.RequirementToContactPaidMessages(conduct.stars)
    return types.RequirementToContactEmpty()


def _common_chats(call: Call, user_id: int) -> list[int]:
    world = call.world
    return [
        chat.id
        for chat in world.chats_of(call.me.id)
        if world.membership(chat, user_id) is not None
    ]
