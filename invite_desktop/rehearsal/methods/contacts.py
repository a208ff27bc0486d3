"""contacts.*: finding people by name and by phone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from telethon.tl import functions, types

from invite_desktop.rehearsal import views
from invite_desktop.rehearsal.addressing import person_at
from invite_desktop.rehearsal.directory import USERNAME
from invite_desktop.rehearsal.dispatch import answers
from invite_desktop.rehearsal.faults import MethodError
from invite_desktop.rehearsal.journal import describe_person
from invite_desktop.rehearsal.tl import Longs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telethon.tl.tlobject import TLObject

    from invite_desktop.rehearsal.backend import Call
    from invite_desktop.rehearsal.people import Person

_MAX_PAGE = 100


@answers(functions.contacts.ResolveUsernameRequest)
def resolve_username(call: Call, request: TLObject) -> TLObject:
    """Return the person or public chat with a username."""
    me = call.me
    call.backend.limits.check(me, "contacts.resolveUsername")
    if not USERNAME.fullmatch(request.username):
        raise MethodError("USERNAME_INVALID")
    chat = call.world.chat_by_username(request.username)
    if chat is not None:
        return types.contacts.ResolvedPeer(views.peer(chat), [views.chat(call.world, chat, me)], [])
    person = call.world.people.by_username(request.username)
    if person is None:
        raise MethodError("USERNAME_NOT_OCCUPIED")
    return _resolved(call, person)


@answers(functions.contacts.ResolvePhoneRequest)
def resolve_phone(call: Call, request: TLObject) -> TLObject:
    """Return the person with a phone, if her settings let her be found."""
    call.backend.limits.check(call.me, "contacts.resolvePhone")
    person = call.world.people.by_phone(_phone(request.phone), call.me.id)
    if person is None:
        raise MethodError("PHONE_NOT_OCCUPIED")
    return _resolved(call, person)


@answers(functions.contacts.ImportContactsRequest)
def import_contacts(call: Call, request: TLObject) -> TLObject:
    """Save contacts; who cannot be found by phone is silently missing from the answer.

    Numbers beyond the account's budget come back in ``retry_contacts``, not looked at.
    """
    me = call.me
    call.backend.limits.check(me, "contacts.importContacts")
    imported: list[tuple[Person, int]] = []
    looked_at = call.backend.limits.importable(me, len(request.contacts))
    for contact in request.contacts[:looked_at]:
        person = call.world.people.by_phone(_phone(contact.phone), me.id)
        if person is not None:
            call.world.story.save_contact(me, person.id, contact.first_name, contact.last_name)
            imported.append((person, contact.client_id))
    _log_people(call, "contacts.importContacts", [person for person, _ in imported])
    return types.contacts.ImportedContacts(
        [types.ImportedContact(person.id, client_id) for person, client_id in imported],
        [],
        Longs(contact.client_id for contact in request.contacts[looked_at:]),
        views.users(call.world, (person.id for person, _ in imported), me),
    )


@answers(functions.contacts.AddContactRequest)
def add_contact(call: Call, request: TLObject) -> TLObject:
    """Save somebody who is known already as a contact."""
    person = person_at(call, request.id, "CONTACT_ID_INVALID")
    call.world.story.save_contact(call.me, person.id, request.first_name, request.last_name)
    _log_people(call, "contacts.addContact", [person])
    return _contacts_changed(call, [person])


@answers(functions.contacts.DeleteContactsRequest)
def delete_contacts(call: Call, request: TLObject) -> TLObject:
    """Take people out of the contacts."""
    people = [person_at(call, address, "CONTACT_ID_INVALID") for address in request.id]
    for person in people:
        call.world.story.drop_contact(call.me, person.id)
    _log_people(call, "contacts.deleteContacts", people)
    return _contacts_changed(call, people)


@answers(functions.contacts.BlockRequest)
def block(call: Call, request: TLObject) -> bool:
    """Block somebody: she can write to the account no more, nor it to her."""
    person = person_at(call, request.id, "CONTACT_ID_INVALID")
    if person is call.me:
        raise MethodError("CONTACT_ID_INVALID")
    call.world.story.block(call.me, person.id)
    _log_people(call, "contacts.block", [person])
    return True


@answers(functions.contacts.UnblockRequest)
def unblock(call: Call, request: TLObject) -> bool:
    """Block somebody no more."""
    person = person_at(call, request.id, "CONTACT_ID_INVALID")
    call.world.story.unblock(call.me, person.id)
    _log_people(call, "contacts.unblock", [person])
    return True


@answers(functions.contacts.GetBlockedRequest)
def get_blocked(call: Call, request: TLObject) -> TLObject:
    """Return a page of the people whom the account has blocked."""
    blocked = list(call.world.people.blocks.get(call.me.id, {}).items())
    start = max(request.offset, 0)
    page = blocked[start : start + max(0, min(request.limit, _MAX_PAGE))]
    shown = [types.PeerBlocked(types.PeerUser(user_id), at) for user_id, at in page]
    people = views.users(call.world, (user_id for user_id, _ in page), call.me)
    if len(page) == len(blocked):
        return types.contacts.Blocked(shown, [], people)
    return types.contacts.BlockedSlice(len(blocked), shown, [], people)


@answers(functions.contacts.GetContactsRequest)
def get_contacts(call: Call, _request: TLObject) -> TLObject:
    """Return the contacts."""
    me = call.me
    people = [person for i in me.contacts if (person := call.world.people.someone(i)) is not None]
    contacts = [
        types.Contact(person.id, mutual=views.is_mutual(call.world, person, me))
        for person in people
    ]
    return types.contacts.Contacts(contacts, 0, views.users(call.world, me.contacts, me))


def _resolved(call: Call, person: Person) -> TLObject:
    found = [views.user(call.world, person, call.me)]
    return types.contacts.ResolvedPeer(types.PeerUser(person.id), [], found)


def _contacts_changed(call: Call, people: Sequence[Person]) -> TLObject:
    updates = [
        types.UpdatePeerSettings(types.PeerUser(person.id), types.PeerSettings())
        for person in people
    ]
    shown = views.users(call.world, (person.id for person in people), call.me)
    return types.Updates(updates, shown, [], call.world.now(), 0)


def _log_people(call: Call, method: str, people: Sequence[Person]) -> None:
    call.log(method, users=[describe_person(person) for person in people])


def _phone(text: str) -> str:
    return "+" + re.sub(r"\D", "", text)
