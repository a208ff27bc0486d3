"""People answer, read and leave by themselves when their moment has come, each once."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from telethon import events, functions

from invite_desktop.rehearsal.demo import demo_world
from invite_desktop.rehearsal.habits import Habits
from invite_desktop.rehearsal.people import ListedPerson
from invite_desktop.rehearsal.population import CALM, Behaviour
from tests.fakes.clock import HandClock
from tests.fakes.rehearsal import CLUB, running_rehearsal

if TYPE_CHECKING:
    from pathlib import Path

    from telethon import TelegramClient

    from invite_desktop.rehearsal.people import Account, Person
    from invite_desktop.rehearsal.world import World

HOUR = 3600
STOPS = Habits(answering=1.0, opting_out=1.0, answer_after=(HOUR, HOUR))
READS = Habits(reading=1.0, read_after=(HOUR, HOUR))
LEAVES = Habits(leaving=(1.0, 1.0, 1.0))


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


def living(habits: Habits, clock: HandClock | None = None) -> World:
    return demo_world(mix=replace(CALM, habits=habits), clock=clock)


def meet(world: World, name: str = "anna") -> tuple[Account, Person]:
    return next(iter(world.accounts.values())), world.people.by_username(name)


def dialogue(account: Account, person: Person) -> list[str]:
    return [letter.text for letter in account.mailbox.dialogue(person.id)]


def written(account: Account, person: Person) -> list[str]:
    return [item.text for item in account.mailbox.dialogue(person.id) if not item.out]


class TestInTheirTime:
    def test_an_answer_comes_when_it_is_due_and_once(self, clock: HandClock):
        world = living(STOPS, clock)
        me, anna = meet(world)
        world.story.send(me, anna, "Здравствуйте!")
        clock.pass_(HOUR - 1)
        assert world.intentions.carry_out() == 0
        clock.pass_(1)
        assert world.intentions.carry_out() == 1
        clock.pass_(100 * HOUR)
        assert world.intentions.carry_out() == 0
        assert dialogue(me, anna) == ["Здравствуйте!", "стоп"]
        assert me.mailbox.read_by_peer_up_to(anna.id) == 1

    def test_some_only_read(self, clock: HandClock):
        world = living(READS, clock)
        me, anna = meet(world)
        world.story.send(me, anna, "Здравствуйте!")
        clock.pass_(HOUR)
        world.intentions.carry_out()
        assert me.mailbox.read_by_peer_up_to(anna.id) == 1
        assert written(me, anna) == []

    def test_who_joined_leaves_within_a_day(self, clock: HandClock):
        world = living(LEAVES, clock)
        me, anna = meet(world)
        club = world.chat_by_username(CLUB)
        world.story.join(club, anna.id, me.id)
        clock.pass_(HOUR - 1)
        assert world.intentions.carry_out() == 0
        clock.pass_(24 * HOUR)
        assert world.intentions.carry_out() == 1
        assert anna.id not in club.members
        assert anna.id in club.left

    def test_a_change_of_rights_is_no_second_joining(self, clock: HandClock):
        world = living(LEAVES, clock)
        me, anna = meet(world)
        club = world.chat_by_username(CLUB)
        world.story.join(club, anna.id, me.id)
        world.story.ban(club, anna.id, me.id, frozenset({"send_media"}))
        assert len(world.intentions.pending()) == 1

    def test_accounts_bots_and_the_deleted_do_nothing(self, clock: HandClock):
        world = living(replace(STOPS, leaving=(1.0, 1.0, 1.0)), clock)
        me, other = list(world.accounts.values())[:2]
        bot = world.person("some_bot", behaviour=Behaviour.BOT)
        gone = world.person("gone_one", behaviour=Behaviour.DELETED)
        for person in (other, bot, gone):
            world.story.send(me, person, "Здравствуйте!")
        assert world.intentions.pending() == []

    def test_who_was_thrown_out_or_blocked_meanwhile_does_nothing(self, clock: HandClock):
        world = living(replace(STOPS, leaving=(1.0, 1.0, 1.0)), clock)
        me, anna = meet(world)
        club = world.chat_by_username(CLUB)
        world.story.join(club, anna.id, me.id)
        world.story.send(me, anna, "Здравствуйте!")
        world.story.ban(club, anna.id, me.id, frozenset({"view_messages"}))
        world.story.block(me, anna.id)
        clock.pass_(24 * HOUR)
        world.intentions.carry_out()
        assert world.intentions.pending() == []
        assert written(me, anna) == []

    def test_of_much_that_is_due_only_a_part_is_done_at_once(self, clock: HandClock):
        world = living(STOPS, clock)
        me = meet(world)[0]
        for number in range(30):
            world.story.send(me, world.people.by_username(f"person_{number}"), "Здравствуйте!")
        clock.pass_(HOUR)
        assert [world.intentions.carry_out(20) for _ in range(3)] == [20, 10, 0]


class TestKept:
    async def test_what_was_intended_is_done_after_a_restart_and_what_was_done_is_not(
        self, tmp_path: Path, clock: HandClock
    ):
        world = living(STOPS, clock)
        async with running_rehearsal(world, state_dir=tmp_path):
            me, anna = meet(world)
            world.story.send(me, anna, "раз")
            clock.pass_(HOUR / 2)
            world.story.send(me, world.people.by_username("boris"), "два")
            clock.pass_(HOUR / 2)
            world.intentions.carry_out()
        for _ in range(2):
            world = living(STOPS, clock)
            async with running_rehearsal(world, state_dir=tmp_path):
                me, anna = meet(world)
                boris = meet(world, "boris")[1]
                clock.pass_(10 * HOUR)
                world.intentions.carry_out()
                assert dialogue(me, anna) == ["раз", "стоп"]
                assert dialogue(me, boris) == ["два", "стоп"]

    async def test_wherever_the_file_ends_a_message_has_its_answer_or_will_get_it(
        self, tmp_path: Path, clock: HandClock
    ):
        world = living(STOPS, clock)
        async with running_rehearsal(world, state_dir=tmp_path):
            me, anna = meet(world)
            world.story.send(me, anna, "раз")
            clock.pass_(HOUR)
            world.intentions.carry_out()
        lines = (tmp_path / "state.jsonl").read_bytes().splitlines(keepends=True)
        for number in range(len(lines) + 1):
            (tmp_path / "state.jsonl").write_bytes(b"".join(lines[:number]))
            world = living(STOPS, clock)
            world.changes.open(tmp_path / "state.jsonl")
            me, anna = meet(world)
            world.intentions.carry_out()
            world.changes.close()
            assert dialogue(me, anna) in ([], ["раз", "стоп"])

    async def test_who_left_is_still_known_to_have_been_there(
        self, tmp_path: Path, clock: HandClock
    ):
        world = living(LEAVES, clock)
        async with running_rehearsal(world, state_dir=tmp_path):
            me, anna = meet(world)
            club = world.chat_by_username(CLUB)
            link = world.story.make_link(club, me.id, "Осень")
            world.story.join(club, anna.id, me.id)
            world.acts.join_by_link(world.people.by_username("boris"), link.hash)
            clock.pass_(24 * HOUR)
            world.intentions.carry_out()
            before = club.departures
        for _ in range(2):
            world = living(LEAVES, clock)
            async with running_rehearsal(world, state_dir=tmp_path):
                club = world.chat_by_username(CLUB)
                assert club.departures == before
                assert len(club.departures) == 2
                assert club.links[link.hash].usage == 1
                assert club.members.keys() == world.accounts.keys()


class TestAtARunningServer:
    async def test_at_fifty_thousand_times_the_speed_an_answer_of_tomorrow_comes_in_seconds(self):
        world = living(replace(STOPS, answer_after=(24 * HOUR, 24 * HOUR)))
        async with (
            running_rehearsal(world) as rehearsal,
            rehearsal.client(rehearsal.accounts[0]) as client,
        ):
            world.set_clock(world.now(), 50_000)
            heard = listening(client)
            sent = await client.send_message("anna", "Здравствуйте!")
            answer = await asyncio.wait_for(heard.get(), 30)
        assert answer.raw_text == "стоп"
        assert timedelta(hours=24) <= answer.date - sent.date

    async def test_what_became_due_while_the_server_was_away_is_in_the_difference(
        self, tmp_path: Path, clock: HandClock
    ):
        world = living(STOPS, clock)
        async with (
            running_rehearsal(world, state_dir=tmp_path) as rehearsal,
            rehearsal.client(rehearsal.accounts[0]) as client,
        ):
            session = client.session
            await client.send_message("anna", "Здравствуйте!")
            state = await client(functions.updates.GetStateRequest())
        clock.pass_(2 * HOUR)
        world = living(STOPS, clock)
        async with running_rehearsal(world, state_dir=tmp_path) as rehearsal:
            session.set_dc(2, "127.0.0.1", rehearsal.port)
            async with rehearsal.client(session=session) as client:
                missed = await difference_with_a_message(client, state)
        assert [message.message for message in missed.new_messages] == ["стоп"]

    async def test_a_clock_that_is_set_forward_is_noticed(self):
        world = living(replace(STOPS, answer_after=(30 * 24 * HOUR, 30 * 24 * HOUR)))
        async with (
            running_rehearsal(world) as rehearsal,
            rehearsal.client(rehearsal.accounts[0]) as client,
        ):
            heard = listening(client)
            await client.send_message("anna", "Здравствуйте!")
            world.set_clock(world.now() + 31 * 24 * HOUR, 1)
            assert (await asyncio.wait_for(heard.get(), 30)).raw_text == "стоп"

    async def test_while_nobody_has_plans_nothing_wakes(self):
        world = living(STOPS)
        async with running_rehearsal(world) as rehearsal:
            keeper = rehearsal.server._timekeeper
            assert keeper._alarm is None
            me, anna = meet(world)
            world.story.send(me, anna, "Здравствуйте!")
            assert keeper._alarm is not None
            world.set_clock(world.now() + HOUR, 1)
            await until_nobody_has_plans(world)
            assert keeper._alarm is None

    async def test_the_log_tells_what_people_did(self, tmp_path: Path):
        world = living(replace(STOPS, answer_after=(1, 1), leaving=(1.0, 1.0, 1.0)))
        log = tmp_path / "log.jsonl"
        async with (
            running_rehearsal(world, log_file=log) as rehearsal,
            rehearsal.client(rehearsal.accounts[0]) as client,
        ):
            world.set_clock(world.now(), 1_000_000)
            await client.send_message("anna", "Здравствуйте!")
            await client(functions.channels.InviteToChannelRequest(CLUB, ["anna"]))
            await until_nobody_has_plans(world)
        lines = [json.loads(line) for line in log.read_text().splitlines()]
        told = {line["method"]: line for line in lines if line["method"].startswith("people.")}
        assert told["people.opt_out"]["text"] == "стоп"
        assert told["people.opt_out"]["account"] == "+9996620001"
        assert told["people.opt_out"]["person"]["username"] == "anna"
        assert told["people.leave"]["chat"]["username"] == CLUB


async def until_nobody_has_plans(world: World) -> None:
    async with asyncio.timeout(30):
        while world.intentions.pending():  # noqa: ASYNC110 - real time passes, and rings no bell
            await asyncio.sleep(0.02)


def listening(client: TelegramClient) -> asyncio.Queue:
    heard: asyncio.Queue = asyncio.Queue()

    @client.on(events.NewMessage(incoming=True))
    async def take(event: object) -> None:
        heard.put_nowait(event)

    return heard


async def difference_with_a_message(client: TelegramClient, state: object) -> object:
    async with asyncio.timeout(30):
        while True:
            request = functions.updates.GetDifferenceRequest(state.pts, state.date, state.qts)
            missed = await client(request)
            if getattr(missed, "new_messages", None):
                return missed
            await asyncio.sleep(0.05)


def test_the_people_of_a_list_react_alike_in_any_order():
    people = [ListedPerson(f"person_{number}", None, None, "Анна") for number in range(40)]
    plans = []
    for order in (people, people[::-1]):
        world = living(replace(STOPS, answering=0.5, opting_out=0.5))
        world.register(people)
        me = meet(world)[0]
        for listed in order:
            world.story.send(me, world.people.known(listed), "Здравствуйте!")
        plans.append({(i.person_id, i.kind, i.text) for i in world.intentions.pending()})
    assert plans[0] == plans[1]
    assert 5 < len(plans[0]) < 35
