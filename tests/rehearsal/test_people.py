"""Finding people: by name, by phone, through chats, and never by a bare id."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from telethon import errors, functions, types

from invite_desktop.rehearsal.people import ListedPerson
from invite_desktop.rehearsal.population import CALM, Behaviour, Conduct, Reception
from invite_desktop.rehearsal.world import World
from tests.fakes.rehearsal import running_rehearsal

if TYPE_CHECKING:
    from telethon import TelegramClient

    from tests.fakes.rehearsal import Rehearsal


resolve = functions.contacts.ResolveUsernameRequest


def import_phone(*phones: object):
    contacts = [types.InputPhoneContact(i, phone, "Ася", "Ким") for i, phone in enumerate(phones)]
    return functions.contacts.ImportContactsRequest(contacts)


async def test_a_name_is_found_whatever_its_case(rehearsal: Rehearsal, client: TelegramClient):
    person = rehearsal.world.person("Some_Person")
    found = await client(resolve("sOME_pERSON"))
    assert found.users[0].id == person.id


@pytest.mark.parametrize("name", ["", "ab", "1abcde", "so-me", "x" * 40, "имя_имя"])
async def test_what_is_no_name_is_refused(client: TelegramClient, name: str):
    with pytest.raises(errors.UsernameInvalidError):
        await client(resolve(name))


async def test_a_name_of_nobody_is_not_occupied(rehearsal: Rehearsal, client: TelegramClient):
    rehearsal.world.person("nobody_here", behaviour=Behaviour.ABSENT)
    with pytest.raises(errors.UsernameNotOccupiedError):
        await client(resolve("nobody_here"))


async def test_where_nobody_is_born_only_listed_people_exist():
    world = World(mix=CALM)
    account = world.account("+79000000001", "Ева")
    world.register([ListedPerson("listed_one")])
    async with running_rehearsal(world) as rehearsal, rehearsal.client(account) as client:
        await client(resolve("listed_one"))
        with pytest.raises(errors.UsernameNotOccupiedError):
            await client(resolve("other_one"))


async def test_each_account_gets_a_hash_of_its_own(client: TelegramClient, second: TelegramClient):
    mine, hers = await client(resolve("some_person")), await second(resolve("some_person"))
    assert mine.users[0].id == hers.users[0].id
    assert mine.users[0].access_hash != hers.users[0].access_hash


async def test_the_phone_of_a_stranger_is_hidden(rehearsal: Rehearsal, client: TelegramClient):
    rehearsal.world.person("some_person", phone="+79001112233")
    assert (await client(resolve("some_person"))).users[0].phone is None


async def test_a_deleted_account_has_no_name(rehearsal: Rehearsal, client: TelegramClient):
    rehearsal.world.person("gone_one", first_name="Ася", behaviour=Behaviour.DELETED)
    user = (await client(resolve("gone_one"))).users[0]
    assert (user.deleted, user.first_name) == (True, None)


@pytest.mark.parametrize("name", ["weather_bot", "WeatherBot"])
async def test_names_that_end_in_bot_are_bots(client: TelegramClient, name: str):
    assert (await client(resolve(name))).users[0].bot


async def test_a_phone_becomes_a_contact(rehearsal: Rehearsal, client: TelegramClient):
    person = rehearsal.world.person(phone="+79001112233")
    answer = await client(import_phone("+7 900 111-22-33"))
    assert [(hit.user_id, hit.client_id) for hit in answer.imported] == [(person.id, 0)]
    (user,) = answer.users
    assert (user.contact, user.first_name, user.phone) == (True, "Ася", "79001112233")


async def test_a_phone_that_cannot_be_found_is_missing_from_the_answer(
    rehearsal: Rehearsal, client: TelegramClient
):
    rehearsal.world.person(phone="+79001112233", behaviour=Conduct(found_by_phone=False))
    answer = await client(import_phone("+79001112233", "+79004445566"))
    assert [hit.client_id for hit in answer.imported] == [1]


async def test_contacts_can_be_listed_and_deleted(client: TelegramClient):
    imported = (await client(import_phone("+79001112233"))).users[0]
    contacts = await client(functions.contacts.GetContactsRequest(0))
    assert [user.id for user in contacts.users] == [imported.id]
    await client(functions.contacts.DeleteContactsRequest([imported]))
    assert (await client(functions.contacts.GetContactsRequest(0))).users == []


async def test_somebody_known_can_be_added_as_a_contact(client: TelegramClient):
    user = (await client(resolve("some_person"))).users[0]
    await client(functions.contacts.AddContactRequest(user, "Ася", "", ""))
    again = (await client(resolve("some_person"))).users[0]
    assert (again.contact, again.first_name) == (True, "Ася")


async def test_accounts_with_each_others_contact_are_mutual(
    rehearsal: Rehearsal, client: TelegramClient, second: TelegramClient
):
    one, two = rehearsal.accounts[:2]
    await client(import_phone(two.phone))
    assert not (await client(resolve(two.username))).users[0].mutual_contact
    await second(import_phone(one.phone))
    assert (await client(resolve(two.username))).users[0].mutual_contact


async def test_a_phone_can_be_resolved(rehearsal: Rehearsal, client: TelegramClient):
    person = rehearsal.world.person(phone="+79001112233")
    found = await client(functions.contacts.ResolvePhoneRequest("79001112233"))
    assert found.users[0].id == person.id


async def test_a_phone_of_nobody_is_not_occupied(rehearsal: Rehearsal, client: TelegramClient):
    rehearsal.world.person(phone="+79001112233", behaviour=Behaviour.ABSENT)
    with pytest.raises(errors.PhoneNotOccupiedError):
        await client(functions.contacts.ResolvePhoneRequest("+79001112233"))


async def test_a_bare_id_is_nobody(rehearsal: Rehearsal, client: TelegramClient):
    rehearsal.world.person(telegram_id=77)
    (user,) = await client(functions.users.GetUsersRequest([types.InputUser(77, 0)]))
    assert isinstance(user, types.UserEmpty)


async def test_a_bare_id_becomes_somebody_through_a_shared_chat(
    rehearsal: Rehearsal, client: TelegramClient
):
    world = rehearsal.world
    person = world.person(telegram_id=77, first_name="Ася")
    world.seat(world.chat_by_username("rehearsal_club"), person)
    await client.get_participants("rehearsal_club")
    assert (await client.get_entity(77)).first_name == "Ася"


async def test_telethon_knows_me(rehearsal: Rehearsal, client: TelegramClient):
    me = await client.get_me()
    assert (me.id, me.is_self) == (rehearsal.accounts[0].id, True)


async def test_all_of_a_person_can_be_asked_for(rehearsal: Rehearsal, client: TelegramClient):
    rehearsal.world.person("dear_one", behaviour=Reception.PAID)
    full = await client(functions.users.GetFullUserRequest("dear_one"))
    assert full.full_user.send_paid_messages_stars == 10


async def test_what_it_takes_to_write_is_told_in_bulk(rehearsal: Rehearsal, client: TelegramClient):
    for name, reception in zip(("free_one", "vip_one", "dear_one"), Reception, strict=False):
        rehearsal.world.person(name, behaviour=reception)
    users = [await client.get_input_entity(name) for name in ("free_one", "vip_one", "dear_one")]
    answer = await client(functions.users.GetRequirementsToContactRequest(users))
    assert [type(item) for item in answer] == [
        types.RequirementToContactEmpty,
        types.RequirementToContactPremium,
        types.RequirementToContactPaidMessages,
    ]
    assert answer[2].stars_amount == 10
