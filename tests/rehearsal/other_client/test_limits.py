"""Limits of the accounts, in the world's time, as an own client meets them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from pyrogram import errors
from pyrogram.raw import functions, types

from invite_desktop.rehearsal.demo import demo_world
from invite_desktop.rehearsal.population import CALM, Behaviour, Conduct
from invite_desktop.rehearsal.scenario import default_mix
from tests.fakes.clock import HandClock
from tests.fakes.rehearsal import CLUB
from tests.rehearsal.other_client.clients import ask, channel, connected, running

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from pyrogram import Client

    from invite_desktop.rehearsal.world import World
    from tests.fakes.rehearsal import Rehearsal

START = datetime(2030, 3, 1, 9, tzinfo=UTC)
HURRIED = replace(CALM, limits=default_mix().limits)
"""Everybody is willing, and the accounts have their usual limits."""


class Life:
    """One account in a world whose clock only the test moves, and people not yet contacted."""

    def __init__(self, rehearsal: Rehearsal, client: Client, clock: HandClock) -> None:
        self.rehearsal, self.client, self.clock = rehearsal, client, clock
        self.people = self._strangers()

    def _strangers(self) -> Iterator[types.InputPeerUser]:
        """People with the hashes of the account: finding each by name would cost a look-up."""
        world, me = self.rehearsal.world, self.rehearsal.accounts[0]
        for number in range(10_000):
            person = world.person(f"person_{number}")
            yield types.InputPeerUser(
                user_id=person.id, access_hash=world.access_hash(me.id, person.id)
            )

    async def send(self, whom: types.InputPeerUser | None = None) -> object:
        request = functions.messages.SendMessage(
            peer=whom or next(self.people), message="привет", random_id=self.client.rnd_id()
        )
        return await ask(self.client, request)

    async def look_up(self) -> object:
        request = functions.contacts.ResolveUsername(username="some_person")
        return await ask(self.client, request)

    async def import_phones(self, count: int) -> types.contacts.ImportedContacts:
        contacts = [
            types.InputPhoneContact(
                client_id=number, phone=f"+790011{number:05}", first_name="А", last_name=""
            )
            for number in range(count)
        ]
        return await ask(self.client, functions.contacts.ImportContacts(contacts=contacts))

    async def wait_of(self, call: object, pause: float = 0.0) -> tuple[int, int]:
        """Call until a flood wait comes; how many calls went well, and its seconds."""
        for done in range(10_000):
            try:
                await call()
            except errors.FloodWait as flood:
                return done, flood.value
            self.clock.pass_(pause)
        raise AssertionError("no wait came")


@pytest.fixture
def clock() -> HandClock:
    return HandClock(START)


@pytest.fixture
def world(clock: HandClock) -> World:
    return demo_world(mix=HURRIED, clock=clock)


@pytest.fixture
async def rehearsal(world: World) -> AsyncIterator[Rehearsal]:
    async with running(world) as started:
        yield started


@pytest.fixture
def life(rehearsal: Rehearsal, client: Client, clock: HandClock) -> Life:
    return Life(rehearsal, client, clock)


async def test_flood_waits_grow_with_repetition_and_shrink_with_time(life: Life):
    waits = []
    for _ in range(3):
        waits.append((await life.wait_of(life.send))[1])
        life.clock.pass_(waits[-1])
    assert waits == [60, 180, 540]
    life.clock.pass_(3 * 24 * 3600)
    assert (await life.wait_of(life.send))[1] == 60


async def test_who_does_not_wait_is_told_how_long_is_left(life: Life):
    await life.wait_of(life.send)
    life.clock.pass_(20)
    assert await life.wait_of(life.send) == (0, 40)


async def test_a_flood_wait_is_of_one_method(life: Life):
    await life.wait_of(life.look_up)
    assert await life.send()


async def test_a_flood_wait_is_of_one_account(life: Life, second: Client):
    await life.wait_of(life.look_up)
    assert await second.resolve_peer("some_person")


async def test_a_burst_of_look_ups_is_punished_for_hours(life: Life):
    calls, seconds = await life.wait_of(life.look_up, pause=1)
    assert 50 <= calls <= 70
    assert seconds >= 4 * 3600


async def test_look_ups_end_at_about_two_hundred_a_day(life: Life):
    calls, _ = await life.wait_of(life.look_up, pause=60)
    assert 190 <= calls <= 230


async def test_phones_beyond_the_budget_are_not_looked_at(life: Life):
    answer = await life.import_phones(30)
    assert len(answer.imported) == 25
    assert list(answer.retry_contacts) == [25, 26, 27, 28, 29]


async def test_who_imports_on_has_to_wait(life: Life):
    await life.import_phones(50)
    with pytest.raises(errors.FloodWait) as caught:
        await life.import_phones(1)
    assert caught.value.value >= 3600
    life.clock.pass_(3 * 24 * 3600)
    assert (await life.import_phones(1)).imported


async def until_flooded(life: Life) -> int:
    """Write as fast as the waits allow, until PEER_FLOOD; how many messages went out."""
    for done in range(200):
        try:
            await life.send()
        except errors.FloodWait as flood:
            life.clock.pass_(flood.value)
        except errors.PeerFlood:
            return done
        life.clock.pass_(1)
    raise AssertionError("no PEER_FLOOD came")


async def test_who_is_greedy_meets_peer_flood_within_a_day(life: Life):
    await until_flooded(life)
    assert life.clock.now - START < timedelta(days=1)


async def test_peer_flood_passes_with_rest_and_lasts_longer_the_next_time(life: Life):
    rests = []
    for _ in range(2):
        await until_flooded(life)
        began = life.clock.now
        while await _is_flooded(life):
            life.clock.pass_(3600)
        rests.append(life.clock.now - began)
    assert timedelta(hours=12) <= rests[0] <= timedelta(hours=14)
    assert rests[1] >= 2 * timedelta(hours=12)


async def _is_flooded(life: Life) -> bool:
    try:
        await life.send()
    except errors.PeerFlood:
        return True
    except errors.FloodWait as flood:
        life.clock.pass_(flood.value)
        return await _is_flooded(life)
    return False


async def test_an_old_account_bears_more_than_a_fresh_one(life: Life, second: Client):
    fresh = await until_flooded(life)
    old = Life(life.rehearsal, second, life.clock)
    old.people = _addressed_by(life.rehearsal)
    await old.send()
    life.clock.pass_(40 * 24 * 3600)
    assert await until_flooded(old) > fresh


def _addressed_by(rehearsal: Rehearsal) -> Iterator[types.InputPeerUser]:
    world, second = rehearsal.world, rehearsal.accounts[1]
    for number in range(10_000):
        person = world.person(f"other_{number}")
        yield types.InputPeerUser(
            user_id=person.id, access_hash=world.access_hash(second.id, person.id)
        )


@pytest.mark.parametrize(
    "conduct",
    [Conduct(behaviour=Behaviour.PRIVACY), Conduct(complains=True)],
    ids=["refusals", "complaints"],
)
async def test_who_is_unwelcome_meets_peer_flood_sooner(
    life: Life, second: Client, conduct: Conduct
):
    accepted = await _invited_until_flooded(life.client, life, Conduct())
    refused = await _invited_until_flooded(second, life, conduct)
    assert refused < accepted


async def test_contacts_hardly_count(life: Life, second: Client):
    strangers = await _invited_until_flooded(life.client, life, Conduct())
    contacts = await _invited_until_flooded(second, life, Conduct(), contacts=True)
    assert contacts > 1.5 * strangers


async def _invited_until_flooded(
    client: Client, life: Life, conduct: Conduct, *, contacts: bool = False
) -> int:
    """Invite ten people an hour; how many until PEER_FLOOD, three hundred at most."""
    world = life.rehearsal.world
    me = life.rehearsal.accounts[0 if client is life.client else 1]
    club = await channel(client, CLUB)
    for done in range(0, 300, 10):
        people = [
            world.person(f"guest_{me.id}_{number}", behaviour=conduct)
            for number in range(done, done + 10)
        ]
        for person in people if contacts else ():
            world.story.save_contact(me, person.id, "Ася", "")
        users = [
            types.InputUser(user_id=i.id, access_hash=world.access_hash(me.id, i.id))
            for i in people
        ]
        try:
            await ask(client, functions.channels.InviteToChannel(channel=club, users=users))
        except errors.PeerFlood:
            return done
        life.clock.pass_(3600)
    return 300


async def test_limits_outlive_a_restart(world: World, clock: HandClock, tmp_path: Path):
    async with running(world, state_dir=tmp_path) as rehearsal:
        key = rehearsal.server.issue_key(rehearsal.accounts[0])
        async with connected(rehearsal, key=key) as client:
            life = Life(rehearsal, client, clock)
            await life.wait_of(life.send)
    again = demo_world(mix=HURRIED, clock=clock)
    async with (
        running(again, state_dir=tmp_path) as rehearsal,
        connected(rehearsal, key=key) as client,
    ):
        life = Life(rehearsal, client, clock)
        assert await life.wait_of(life.send) == (0, 60)


async def test_limits_are_measured_with_the_clock_that_a_client_announces():
    world = demo_world(mix=HURRIED)
    async with (
        running(world) as rehearsal,
        connected(rehearsal, rehearsal.accounts[0]) as client,
    ):
        event = types.InputAppEvent(
            time=world.clock().timestamp(),
            type="rehearsal.clock",
            peer=0,
            data=types.JsonNumber(value=1_000_000),
        )
        assert await ask(client, functions.help.SaveAppLog(events=[event]))
        for number in range(100):
            await client.resolve_peer(f"person_{number}")


async def test_calm_worlds_have_no_limits():
    async with (
        running(demo_world(mix=CALM)) as rehearsal,
        connected(rehearsal, rehearsal.accounts[0]) as client,
    ):
        for number in range(100):
            await client.resolve_peer(f"person_{number}")
