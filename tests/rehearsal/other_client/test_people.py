"""Finding people: by name, by phone, through chats, and never by a bare id."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pyrogram import errors
from pyrogram.raw import functions, types

from invite_desktop.rehearsal.people import ListedPerson
from invite_desktop.rehearsal.population import CALM, Behaviour, Conduct, Reception
from invite_desktop.rehearsal.world import World
from tests.fakes.rehearsal import CLUB
from tests.rehearsal.other_client.clients import ask, connected, running, user

if TYPE_CHECKING:
    from pyrogram import Client

    from tests.fakes.rehearsal import Rehearsal

CONTACTS = functions.contacts.GetContacts(hash=0)


def resolve(name: str) -> functions.contacts.ResolveUsername:
    return functions.contacts.ResolveUsername(username=name)


async def found(client: Client, name: str) -> types.User:
    return (await ask(client, resolve(name))).users[0]


def import_phones(*phones: str) -> functions.contacts.ImportContacts:
    contacts = [
        types.InputPhoneContact(client_id=i, phone=phone, first_name="Ася", last_name="Ким")
        for i, phone in enumerate(phones)
    ]
    return functions.contacts.ImportContacts(contacts=contacts)


async def test_a_name_is_found_whatever_its_case(rehearsal: Rehearsal, client: Client):
    person = rehearsal.world.person("Some_Person")
    assert (await found(client, "sOME_pERSON")).id == person.id


@pytest.mark.parametrize("name", ["", "ab", "1abcde", "so-me", "x" * 40, "имя_имя"])
async def test_what_is_no_name_is_refused(client: Client, name: str):
    with pytest.raises(errors.UsernameInvalid):
        await ask(client, resolve(name))


async def test_a_name_of_nobody_is_not_occupied(rehearsal: Rehearsal, client: Client):
    rehearsal.world.person("nobody_here", behaviour=Behaviour.ABSENT)
    with pytest.raises(errors.UsernameNotOccupied):
        await client.resolve_peer("nobody_here")


async def test_where_nobody_is_born_only_listed_people_exist():
    world = World(mix=CALM)
    account = world.account("+79000000001", "Ева")
    world.register([ListedPerson("listed_one")])
    async with running(world) as rehearsal, connected(rehearsal, account) as client:
        assert await client.resolve_peer("listed_one")
        with pytest.raises(errors.UsernameNotOccupied):
            await client.resolve_peer("other_one")


async def test_each_account_gets_a_hash_of_its_own(client: Client, second: Client):
    mine, hers = await user(client, "some_person"), await user(second, "some_person")
    assert mine.user_id == hers.user_id
    assert mine.access_hash != hers.access_hash


async def test_a_hash_of_another_account_names_nobody(client: Client, second: Client):
    hers = await user(second, "some_person")
    (empty,) = await ask(client, functions.users.GetUsers(id=[hers]))
    assert isinstance(empty, types.UserEmpty)
    with pytest.raises(errors.UserIdInvalid):
        await ask(client, functions.users.GetFullUser(id=hers))


async def test_a_bare_id_is_nobody(rehearsal: Rehearsal, client: Client):
    rehearsal.world.person(telegram_id=77)
    with pytest.raises(errors.PeerIdInvalid):
        await client.resolve_peer(77)


async def test_a_bare_id_becomes_somebody_through_a_shared_chat(
    rehearsal: Rehearsal, client: Client
):
    world = rehearsal.world
    world.seat(world.chat_by_username(CLUB), world.person(telegram_id=77, first_name="Ася"))
    assert [member async for member in client.get_chat_members(CLUB)]
    assert (await client.get_users(77)).first_name == "Ася"


async def test_the_phone_of_a_stranger_is_hidden(rehearsal: Rehearsal, client: Client):
    rehearsal.world.person("some_person", phone="+79001112233")
    assert (await found(client, "some_person")).phone is None


async def test_a_name_is_changed(client: Client, second: Client):
    assert await client.set_username("new_name_of_mine")
    assert (await found(second, "new_name_of_mine")).username == "new_name_of_mine"
    with pytest.raises(errors.UsernameNotOccupied):
        await ask(second, resolve("rehearsal_admin1"))


async def test_somebody_takes_another_name(rehearsal: Rehearsal, client: Client):
    person = rehearsal.world.person("old_name")
    before = await found(client, "old_name")
    rehearsal.world.acts.change_username(person, "new_name")
    assert (await found(client, "new_name")).id == before.id
    (seen,) = await ask(client, functions.users.GetUsers(id=[_input(before)]))
    assert seen.username == "new_name"


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("rehearsal_admin2", errors.UsernameOccupied),
        (CLUB, errors.UsernameOccupied),
        ("1x", errors.UsernameInvalid),
        ("rehearsal_admin1", errors.UsernameNotModified),
    ],
)
async def test_not_every_name_can_be_taken(client: Client, name: str, error: type[Exception]):
    with pytest.raises(error):
        await client.set_username(name)


async def test_a_deleted_account_has_no_name(rehearsal: Rehearsal, client: Client):
    rehearsal.world.person("gone_one", first_name="Ася", behaviour=Behaviour.DELETED)
    gone = await found(client, "gone_one")
    assert (gone.deleted, gone.first_name) == (True, None)


async def test_who_deletes_her_account_is_seen_so(rehearsal: Rehearsal, client: Client):
    before = await found(client, "some_person")
    rehearsal.world.acts.delete_account(rehearsal.world.person("some_person"))
    (gone,) = await ask(client, functions.users.GetUsers(id=[_input(before)]))
    assert (gone.deleted, gone.username) == (True, None)


@pytest.mark.parametrize("name", ["weather_bot", "WeatherBot"])
async def test_names_that_end_in_bot_are_bots(client: Client, name: str):
    assert (await found(client, name)).bot


async def test_all_of_a_person_can_be_asked_for(rehearsal: Rehearsal, client: Client):
    rehearsal.world.person("dear_one", behaviour=Reception.PAID)
    full = await ask(client, functions.users.GetFullUser(id=await user(client, "dear_one")))
    assert full.full_user.send_paid_messages_stars == 10


async def test_the_client_knows_whose_it_is(rehearsal: Rehearsal, client: Client):
    me = await client.get_me()
    assert (me.id, me.is_self) == (rehearsal.accounts[0].id, True)


async def test_common_chats_are_told(client: Client):
    request = functions.messages.GetCommonChats(
        user_id=await user(client, "rehearsal_admin2"), max_id=0, limit=100
    )
    assert CLUB in {getattr(chat, "username", "") for chat in (await ask(client, request)).chats}


class TestPhones:
    async def test_a_phone_becomes_a_contact(self, rehearsal: Rehearsal, client: Client):
        person = rehearsal.world.person(phone="+79001112233")
        answer = await ask(client, import_phones("+7 900 111-22-33"))
        assert [(hit.user_id, hit.client_id) for hit in answer.imported] == [(person.id, 0)]
        (contact,) = answer.users
        assert (contact.contact, contact.first_name, contact.phone) == (True, "Ася", "79001112233")

    async def test_a_phone_that_cannot_be_found_is_missing_from_the_answer(
        self, rehearsal: Rehearsal, client: Client
    ):
        rehearsal.world.person(phone="+79001112233", behaviour=Conduct(found_by_phone=False))
        answer = await ask(client, import_phones("+79001112233", "+79004445566"))
        assert [hit.client_id for hit in answer.imported] == [1]

    async def test_a_phone_can_be_resolved(self, rehearsal: Rehearsal, client: Client):
        person = rehearsal.world.person(phone="+79001112233")
        assert (await client.resolve_peer("+7 900 111-22-33")).user_id == person.id

    async def test_a_phone_of_nobody_is_not_occupied(self, rehearsal: Rehearsal, client: Client):
        rehearsal.world.person(phone="+79001112233", behaviour=Behaviour.ABSENT)
        with pytest.raises(errors.PhoneNotOccupied):
            await client.resolve_peer("+79001112233")


class TestContacts:
    async def test_contacts_can_be_listed_and_deleted(self, client: Client):
        (saved,) = (await ask(client, import_phones("+79001112233"))).users
        assert [contact.id for contact in (await ask(client, CONTACTS)).users] == [saved.id]
        await ask(client, functions.contacts.DeleteContacts(id=[_input(saved)]))
        assert (await ask(client, CONTACTS)).users == []

    async def test_somebody_known_can_be_added_as_a_contact(self, client: Client):
        await client.add_contact("some_person", "Ася")
        again = await found(client, "some_person")
        assert (again.contact, again.first_name) == (True, "Ася")

    async def test_accounts_with_each_others_contact_are_mutual(
        self, rehearsal: Rehearsal, client: Client, second: Client
    ):
        one, two = rehearsal.accounts[:2]
        await ask(client, import_phones(two.phone))
        assert not (await found(client, two.username)).mutual_contact
        await ask(second, import_phones(one.phone))
        assert (await found(client, two.username)).mutual_contact

    async def test_a_hash_of_another_account_is_no_contact(self, client: Client, second: Client):
        request = functions.contacts.AddContact(
            id=await user(second, "some_person"), first_name="А", last_name="", phone=""
        )
        with pytest.raises(errors.ContactIdInvalid):
            await ask(client, request)

    async def test_who_is_blocked_is_listed_until_unblocked(self, client: Client):
        listing = functions.contacts.GetBlocked(offset=0, limit=10)
        blocked = await user(client, "some_person")
        assert await client.block_user("some_person")
        found_ = (await ask(client, listing)).blocked
        assert [item.peer_id.user_id for item in found_] == [blocked.user_id]
        assert await client.unblock_user("some_person")
        assert (await ask(client, listing)).blocked == []


class TestPhotos:
    async def test_a_profile_photo_can_be_downloaded(self, client: Client):
        me = await client.get_me()
        picture = await client.download_media(me.photo.big_file_id, in_memory=True)
        assert bytes(picture.getbuffer()).startswith(b"\x89PNG")

    async def test_all_photos_are_listed(self, client: Client):
        (photo,) = [photo async for photo in client.get_chat_photos("me")]
        picture = await client.download_media(photo.big_file_id, in_memory=True)
        assert bytes(picture.getbuffer()).startswith(b"\x89PNG")

    async def test_not_everybody_has_one(self, client: Client):
        people = [await found(client, f"person_{number}") for number in range(30)]
        assert 0 < sum(person.photo is not None for person in people) < 30


def _input(person: types.User) -> types.InputUser:
    return types.InputUser(user_id=person.id, access_hash=person.access_hash)
