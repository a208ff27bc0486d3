"""All that is limited in time ends in the world's time; what a person types or scans, in hers."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from telethon import errors, functions, types

from invite_desktop.rehearsal.demo import demo_world
from invite_desktop.rehearsal.population import CALM, Behaviour, Conduct
from invite_desktop.rehearsal.scenario import default_mix
from tests.fakes.clock import HandClock
from tests.fakes.rehearsal import CLUB, running_rehearsal

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from telethon import TelegramClient

    from tests.fakes.rehearsal import Rehearsal

HURRIED = replace(CALM, limits=default_mix().limits)
HOUR = 3600


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
async def hurried(clock: HandClock) -> AsyncIterator[Rehearsal]:
    async with running_rehearsal(demo_world(mix=HURRIED, clock=clock)) as running:
        yield running


@pytest.fixture
async def one(hurried: Rehearsal) -> AsyncIterator[TelegramClient]:
    async with hurried.client(hurried.accounts[0]) as connected:
        yield connected


async def ask(client: TelegramClient, request: object) -> object:
    """Ask without Telethon's own memory of waits, which counts real seconds."""
    client._flood_waited_requests.clear()
    return await client(request)


def resolve(number: int):
    return functions.contacts.ResolveUsernameRequest(f"somebody_{number}")


async def test_a_flood_wait(hurried: Rehearsal, one: TelegramClient, clock: HandClock):
    hurried.world.person("costly_one", behaviour=Conduct(flood_seconds=600))
    invite = functions.channels.InviteToChannelRequest(CLUB, ["costly_one"])
    with pytest.raises(errors.FloodWaitError) as caught:
        await ask(one, invite)
    assert caught.value.seconds == 600
    clock.pass_(590)
    with pytest.raises(errors.FloodWaitError) as caught:
        await ask(one, invite)
    assert caught.value.seconds == 10
    clock.pass_(10)
    assert not (await ask(one, invite)).missing_invitees


async def test_the_budget_of_look_ups(one: TelegramClient, clock: HandClock):
    for number in range(60):
        await ask(one, resolve(number))
    with pytest.raises(errors.FloodWaitError) as caught:
        await ask(one, resolve(60))
    clock.pass_(caught.value.seconds)
    assert (await ask(one, resolve(60))).users


async def test_the_budget_of_imports(one: TelegramClient, clock: HandClock):
    def imports(first: int):
        contacts = [
            types.InputPhoneContact(n, f"+7900123{first + n:04d}", "a", "b") for n in range(25)
        ]
        return functions.contacts.ImportContactsRequest(contacts)

    assert len((await ask(one, imports(0))).imported) == 25
    assert len((await ask(one, imports(100))).retry_contacts) == 25
    clock.pass_(51 * HOUR)
    assert len((await ask(one, imports(100))).imported) == 25


async def test_peer_flood(hurried: Rehearsal, one: TelegramClient, clock: HandClock):
    for number in range(200):
        hurried.world.person(f"shy_{number}", behaviour=Behaviour.PRIVACY_ERROR)

    async def invite(number: int) -> type[Exception]:
        clock.pass_(360)
        request = functions.channels.InviteToChannelRequest(CLUB, [f"shy_{number}"])
        with pytest.raises(errors.RPCError) as caught:
            await ask(one, request)
        return caught.type

    met = [await invite(number) for number in range(200)]
    flooded = met.index(errors.PeerFloodError)
    assert set(met[:flooded]) == {errors.UserPrivacyRestrictedError}
    assert set(met[flooded : flooded + 20]) == {errors.PeerFloodError}
    clock.pass_(96 * HOUR)
    assert await invite(199) is errors.UserPrivacyRestrictedError


async def test_a_link(hurried: Rehearsal, one: TelegramClient, clock: HandClock):
    club, until = await one.get_input_entity(CLUB), clock.now + timedelta(hours=1)
    made = await one(functions.messages.ExportChatInviteRequest(club, expire_date=until))
    person = hurried.world.person("some_person")
    link_hash = made.link.rpartition("+")[2]
    chat, link = hurried.world.chat_by_link(link_hash)
    clock.pass_(HOUR - 1)
    assert link.leads_in(hurried.world.now())
    clock.pass_(2)
    async with hurried.client(hurried.accounts[1]) as second:
        await second(functions.channels.LeaveChannelRequest(CLUB))
        with pytest.raises(errors.InviteHashExpiredError):
            await second(functions.messages.ImportChatInviteRequest(link_hash))
    assert person.id not in chat.members


async def test_slow_mode(hurried: Rehearsal, one: TelegramClient, clock: HandClock):
    chat = await one.get_input_entity("rehearsal_old_chat")
    await one(functions.channels.ToggleSlowModeRequest(chat, 3600))
    hurried.world.seat(hurried.world.chat_by_username("rehearsal_old_chat"), hurried.accounts[1])
    async with hurried.client(hurried.accounts[1]) as second:
        peer = await second.get_input_entity("rehearsal_old_chat")
        await second.send_message(peer, "раз")
        with pytest.raises(errors.SlowModeWaitError) as caught:
            await second.send_message(peer, "два")
        second._flood_waited_requests.clear()
        clock.pass_(caught.value.seconds)
        await second.send_message(peer, "два")


async def test_a_code_waits_for_a_person_whatever_the_worlds_clock_says(
    hurried: Rehearsal, clock: HandClock
):
    async with hurried.client() as newcomer:
        sent = await newcomer.send_code_request("+9996620001")
        clock.pass_(30 * 24 * HOUR)
        me = await newcomer.sign_in("+9996620001", "22222", phone_code_hash=sent.phone_code_hash)
        assert me.phone == "9996620001"


async def test_a_qr_code_waits_for_a_person_whatever_the_worlds_clock_says(
    hurried: Rehearsal, one: TelegramClient, clock: HandClock
):
    async with hurried.client() as newcomer:
        login = await newcomer.qr_login()
        clock.pass_(30 * 24 * HOUR)
        waiting = asyncio.ensure_future(login.wait(timeout=5))
        await one(functions.auth.AcceptLoginTokenRequest(login.token))
        assert (await waiting).phone == "9996620001"


async def test_at_ten_thousand_times_the_speed_a_minute_passes_in_six_milliseconds():
    async with (
        running_rehearsal(demo_world(mix=CALM)) as rehearsal,
        rehearsal.client(rehearsal.accounts[0]) as client,
    ):
        rehearsal.world.person("costly_one", behaviour=Conduct(flood_seconds=600))
        peer = await client.get_input_entity("costly_one")
        rehearsal.world.set_clock(rehearsal.world.now(), 10_000)
        request = functions.messages.SendMessageRequest(peer, "привет")
        with pytest.raises(errors.FloodWaitError):
            await ask(client, request)
        await asyncio.sleep(0.08)
        assert (await ask(client, request)).out
