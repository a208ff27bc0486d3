"""Who may be written to, and what that takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.tl import types

from invite_desktop.rehearsal.faults import MethodError
from invite_desktop.rehearsal.population import Behaviour, Reception

if TYPE_CHECKING:
    from telethon.tl.tlobject import TLObject

    from invite_desktop.rehearsal.backend import Call
    from invite_desktop.rehearsal.people import Person

_PAID_MESSAGES = 200
"""The layer that brought core.telegram.org/api/paid-messages; older clients are told no price."""


def requirement(call: Call, person: Person) -> TLObject:
    """Return what it takes to write to somebody.

    Nothing for those she has among her contacts; who only wants Premium accounts also reads those
    she has written to (core.telegram.org/api/privacy#require-premium-for-new-non-contact-users).
    """
    me, conduct = call.me, call.world.people.conduct(person)
    if person is me or call.world.people.has_saved(person, me.id):
        return types.RequirementToContactEmpty()
    if conduct.reception is Reception.PREMIUM_REQUIRED:
        if not me.premium and not me.mailbox.has_letter_from(person.id):
            return types.RequirementToContactPremium()
    elif conduct.reception is Reception.PAID:
        return types.RequirementToContactPaidMessages(conduct.stars)
    return types.RequirementToContactEmpty()


def check_reception(call: Call, person: Person, stars: int = 0) -> None:
    """Raise MethodError in the words of core.telegram.org/method/messages.sendMessage.

    ``stars``: what the caller is ready to pay; the accounts here have none.
    """
    people = call.world.people
    conduct = people.conduct(person)
    if conduct.behaviour is Behaviour.DELETED:
        raise MethodError("INPUT_USER_DEACTIVATED")
    if people.has_blocked(call.me, person.id):
        raise MethodError("YOU_BLOCKED_USER")
    if (
        people.has_blocked(person, call.me.id)
        or conduct.reception is Reception.BLOCKS_SENDER
        or conduct.behaviour is Behaviour.BLOCKED
    ):
        raise MethodError("USER_IS_BLOCKED", 400)
    needed = requirement(call, person)
    if isinstance(needed, types.RequirementToContactPremium):
        raise MethodError("PRIVACY_PREMIUM_REQUIRED")
    if isinstance(needed, types.RequirementToContactPaidMessages):
        if call.key.layer < _PAID_MESSAGES:
            raise MethodError("ALLOW_PAYMENT_REQUIRED")
        if stars >= needed.stars_amount:
            raise MethodError("BALANCE_TOO_LOW")
        raise MethodError(f"ALLOW_PAYMENT_REQUIRED_{needed.stars_amount}")
