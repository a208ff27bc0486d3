"""Limits of the accounts: who hurries is stopped, who keeps the product's pace is not."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from telethon import errors, functions, types

from invite_desktop.domain.attempts import Action
from invite_desktop.domain.pace import FLOOD_MARGIN, PaceHistory, next_allowed
from invite_desktop.rehearsal.demo import demo_world
from invite_desktop.rehearsal.faults import MethodError
from invite_desktop.rehearsal.limits import Limits
from invite_desktop.rehearsal.people import ListedPerson
from invite_desktop.rehearsal.population import CALM, Behaviour
from invite_desktop.rehearsal.scenario import default_mix
from tests.fakes.rehearsal import CLUB, running_rehearsal

if TYPE_CHECKING:
    from pathlib import Path

INVITE, SEND = "channels.inviteToChannel", "messages.sendMessage"
PICTURE = "messages.sendMedia"
RESOLVE, IMPORT = "contacts.resolveUsername", "contacts.importContacts"
HURRIED = replace(CALM, limits=default_mix().limits)
"""Everybody is willing, and the accounts have their usual limits."""
START = datetime(2030, 3, 1, 9, tzinfo=UTC)


@dataclass
class Life:
    """One account, its limits, and a clock that only the test moves."""

    mix: object = None
    seed: int = 1
    now: datetime = START
    met: list[tuple[datetime, str]] = field(default_factory=list)

    def __post_init__(self):
        self.world = demo_world(mix=self.mix, seed=self.seed, clock=lambda: self.now)
        self.account = next(iter(self.world.accounts.values()))
        self.limits = Limits(self.world)
        self._people = (
            self.world.people.add(ListedPerson(f"person_{number}")) for number in range(100_000)
        )

    def call(self, method: str, person: object = None) -> str:
        """Return the fault that a call meets, "" when it passes."""
        try:
            self.limits.check(self.account, method)
            if method in {INVITE, SEND, PICTURE}:
                self.limits.contact(self.account, method, person or next(self._people))
            if method == IMPORT and not self.limits.importable(self.account, 1):
                return "retry"
        except MethodError as fault:
            self.met.append((self.now, fault.name))
            return fault.name
        return ""

    def wait(self, **time: float) -> None:
        self.now += timedelta(**time)


def seconds_of(fault: str) -> int:
    return int(re.fullmatch(r"FLOOD_WAIT_(\d+)", fault).group(1))


METHODS = {
    Action.INVITE: INVITE,
    Action.MESSAGE: SEND,
    Action.LOOK_UP: RESOLVE,
    Action.CONTACT_IMPORT: IMPORT,
}


def live_by_the_pace(life: Life, days: int, actions: tuple[Action, ...]) -> int:
    """Do as much as the pace allows, day and night; return how many actions there were."""
    done: dict[Action, list[datetime]] = {action: [] for action in METHODS}
    rests_until, count = life.now, 0
    end = life.now + timedelta(days=days)
    while True:
        now = max(life.now, rests_until)
        history = PaceHistory(START, done)
        plans = {action: next_allowed(action, history, now, life.seed).at for action in actions}
        action = min(plans, key=plans.__getitem__)
        life.now = plans[action]
        if life.now >= end:
            return count
        done[action] = [t for t in done[action] if t > life.now - timedelta(days=1)] + [life.now]
        count += 1
        if (fault := life.call(METHODS[action])).startswith("FLOOD"):
            rests_until = life.now + timedelta(seconds=seconds_of(fault)) + FLOOD_MARGIN
        elif fault:
            rests_until = life.now + timedelta(days=1)


@pytest.mark.parametrize("seed", [1, *(pytest.param(n, marks=pytest.mark.long) for n in (2, 3))])
@pytest.mark.parametrize(
    "actions",
    [(Action.INVITE, Action.LOOK_UP), (Action.INVITE, Action.MESSAGE), (Action.CONTACT_IMPORT,)],
    ids="+".join,
)
def test_the_products_pace_meets_no_limit_in_a_month(seed: int, actions: tuple[Action, ...]):
    life = Life(seed=seed)
    count = live_by_the_pace(life, 30, actions)
    assert count > (400 if Action.CONTACT_IMPORT in actions else 1000)
    assert [fault for _, fault in life.met if not fault.startswith("FLOOD_WAIT")] == []
    # What is left are the waits that people's seeds bring.
    brought = sum(life.world.people.conduct(p).flood_seconds > 0 for p in people_of(life))
    assert len(life.met) == brought


def people_of(life: Life):
    accounts = life.world.accounts
    return [
        p for i in life.limits._caused if (p := life.world.people.someone(i)) and i not in accounts
    ]


@pytest.mark.parametrize("method", [INVITE, SEND])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_who_is_greedy_and_waits_only_when_told_meets_peer_flood_within_a_day(
    method: str, seed: int
):
    life = Life(seed=seed)
    calls = 0
    while (fault := life.call(method)) != "PEER_FLOOD":
        calls += 1
        life.wait(seconds=seconds_of(fault) if fault else 1)
        assert calls < 100
    assert life.now - START < timedelta(days=1)


def test_peer_flood_passes_with_rest_and_lasts_longer_the_next_time():
    life = Life(HURRIED)

    def until_flooded() -> timedelta:
        while (fault := life.call(INVITE)) != "PEER_FLOOD":
            life.wait(seconds=seconds_of(fault) if fault else 1)
        began = life.now
        life.wait(hours=1)
        assert life.call(INVITE) == "PEER_FLOOD"
        while life.call(INVITE) == "PEER_FLOOD":
            life.wait(hours=1)
        return life.now - began

    first, second = until_flooded(), until_flooded()
    assert timedelta(hours=12) <= first <= timedelta(hours=14)
    assert second >= 2 * timedelta(hours=12)


def score_after(behaviour: Behaviour | None, *, complains: bool = False, contact: bool = False):
    life = Life(HURRIED)
    person = life.world.person("one_person", behaviour=behaviour)
    if complains:
        person.conduct = replace(life.world.people.conduct(person), complains=True)
    if contact:
        life.world.story.save_contact(life.account, person.id, "A", "")
    for _ in range(5):
        life.call(INVITE, person)
    return life.limits._standings[life.account.id].score


def test_refusals_and_complaints_raise_the_score_and_contacts_hardly_do():
    calm, refused = score_after(Behaviour.WILLING), score_after(Behaviour.PRIVACY)
    complained = score_after(Behaviour.WILLING, complains=True)
    assert score_after(Behaviour.WILLING, contact=True) < calm < refused < complained


def test_an_old_account_bears_more_than_a_fresh_one():
    def contacts_until_flooded(age: timedelta) -> int:
        life = Life(HURRIED)
        life.call(INVITE)
        life.now += age
        count = 0
        with suppress(MethodError):
            while True:
                life.limits.contact(life.account, INVITE, next(life._people))
                life.wait(seconds=30)
                count += 1
        return count

    assert contacts_until_flooded(timedelta(days=30)) > 1.2 * contacts_until_flooded(timedelta())


def test_flood_waits_grow_with_repetition_and_shrink_with_time():
    life = Life(HURRIED)

    def next_wait() -> int:
        while not (fault := life.call(SEND)):
            pass
        life.wait(seconds=seconds_of(fault))
        return seconds_of(fault)

    first, second, third = next_wait(), next_wait(), next_wait()
    assert (first, second, third) == (60, 180, 540)
    life.wait(days=3)
    assert next_wait() == 60


def test_a_flood_wait_is_of_one_method_and_one_account():
    life = Life(HURRIED)
    while not life.call(RESOLVE):
        pass
    assert life.call(RESOLVE).startswith("FLOOD_WAIT")
    assert life.call(INVITE) == ""
    life.account = list(life.world.accounts.values())[1]
    assert life.call(RESOLVE) == ""


def test_a_burst_of_look_ups_is_punished_for_hours():
    life = Life(HURRIED)
    calls = 0
    while not (fault := life.call(RESOLVE)):
        calls += 1
        life.wait(seconds=1)
    assert 50 <= calls <= 70
    assert seconds_of(fault) >= 4 * 3600


def test_look_ups_end_at_about_two_hundred_a_day():
    life = Life(HURRIED)
    calls = 0
    while not life.call(RESOLVE):
        calls += 1
        life.wait(seconds=60)
    assert 190 <= calls <= 230


def test_imports_first_come_back_unread_and_then_have_to_wait():
    life = Life(HURRIED)
    met = [life.call(IMPORT) for _ in range(60)]
    assert met[:25] == [""] * 25
    assert met[25:50] == ["retry"] * 25
    assert seconds_of(met[50]) >= 3600
    life.wait(days=3)
    assert life.call(IMPORT) == ""


def test_without_limits_nobody_has_to_wait():
    life = Life(CALM)
    assert {life.call(m) for m in (INVITE, SEND, RESOLVE, IMPORT) for _ in range(500)} == {""}


async def test_limits_outlive_a_restart(tmp_path: Path):
    def world():
        return demo_world(mix=HURRIED, clock=lambda: START)

    def invite(number: int):
        return functions.channels.InviteToChannelRequest(CLUB, [users[number]])

    async with running_rehearsal(world(), state_dir=tmp_path) as rehearsal:
        session = rehearsal.session(rehearsal.accounts[0])
        async with rehearsal.client(session=session) as client:
            users = [await client.get_input_entity(f"person_{number}") for number in range(25)]
            with suppress(errors.FloodWaitError):
                for number in range(25):
                    await client(invite(number))
        port = rehearsal.port
    async with (
        running_rehearsal(world(), state_dir=tmp_path, port=port) as rehearsal,
        rehearsal.client(session=session) as client,
    ):
        with pytest.raises(errors.FloodWaitError) as caught:
            await client(invite(24))
    assert caught.value.seconds == 60


async def test_numbers_beyond_the_budget_come_back_in_retry_contacts():
    contacts = [
        types.InputPhoneContact(number, f"+790011122{number:02}", "A", "") for number in range(30)
    ]
    async with (
        running_rehearsal(demo_world(mix=HURRIED)) as rehearsal,
        rehearsal.client(rehearsal.accounts[0]) as client,
    ):
        answer = await client(functions.contacts.ImportContactsRequest(contacts))
    assert len(answer.imported) == 25
    assert answer.retry_contacts == [25, 26, 27, 28, 29]


async def test_limits_are_measured_with_the_clock_that_a_client_announces():
    async with (
        running_rehearsal(demo_world(mix=HURRIED)) as rehearsal,
        rehearsal.client(rehearsal.accounts[0]) as client,
    ):
        now = rehearsal.world.clock().timestamp()
        event = types.InputAppEvent(now, "rehearsal.clock", 0, types.JsonNumber(1_000_000))
        await client(functions.help.SaveAppLogRequest([event]))
        for number in range(100):
            await client.get_input_entity(f"person_{number}")


def test_pictures_and_words_fill_one_vessel():
    life = Life(HURRIED)
    for number in range(30):
        assert not life.call(SEND if number % 2 else PICTURE)
    assert seconds_of(life.call(PICTURE))
    assert seconds_of(life.call(SEND))


def test_chats_can_be_entered_and_made_so_fast_only():
    life = Life(HURRIED)
    for number in range(20):
        assert not life.call(("channels.joinChannel", "messages.createChat")[number % 2])
    assert seconds_of(life.call("messages.importChatInvite"))
