"""The seeded answers: pure functions of seed and key, in the shares of the mix."""

from __future__ import annotations

import random
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invite_desktop.rehearsal.people import ListedPerson, canonical_key
from invite_desktop.rehearsal.population import (
    Behaviour,
    Population,
    Reception,
    invented_id,
)
from invite_desktop.rehearsal.scenario import default_mix
from invite_desktop.rehearsal.world import World

if TYPE_CHECKING:
    from types import FrameType

MIX = default_mix()
KEYS = [f"username:person_{number}" for number in range(20_000)]


@given(st.integers(-(2**63), 2**63), st.text(min_size=1))
def test_the_same_seed_and_key_give_the_same_answers(seed: int, key: str):
    assert Population(seed, MIX).conduct(key) == Population(seed, MIX).conduct(key)


def test_another_process_gives_the_same_answers():
    code = (
        "from invite_desktop.rehearsal.population import Population\n"
        "from invite_desktop.rehearsal.scenario import default_mix\n"
        "p = Population(7, default_mix())\n"
        "print([p.conduct(f'username:p{i}') for i in range(50)])"
    )
    there = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout
    assert there.strip() == str([Population(7, MIX).conduct(f"username:p{i}") for i in range(50)])


def test_another_seed_gives_other_answers():
    one, two = Population(1, MIX), Population(2, MIX)
    differing = sum(one.conduct(key) != two.conduct(key) for key in KEYS[:1000])
    assert differing > 500


@pytest.mark.parametrize("behaviour", list(Behaviour))
def test_behaviours_have_their_shares(behaviour: Behaviour):
    population = Population(3, MIX)
    found = Counter(population.behaviour(key) for key in KEYS)
    assert found[behaviour] / len(KEYS) == pytest.approx(
        population.mix.invites[behaviour], abs=0.012
    )


def test_the_other_shares_hold_too():
    population = Population(4, MIX)
    conducts = [population.conduct(key) for key in KEYS]
    receptions = Counter(conduct.reception for conduct in conducts)
    for reception in Reception:
        expected = population.mix.messages[reception]
        assert receptions[reception] / len(KEYS) == pytest.approx(expected, abs=0.012)
    assert sum(c.found_by_phone for c in conducts) / len(KEYS) == pytest.approx(0.35, abs=0.015)
    assert sum(c.flood_seconds > 0 for c in conducts) / len(KEYS) == pytest.approx(0.02, abs=0.005)
    assert {c.stars > 0 for c in conducts if c.reception is Reception.PAID} == {True}
    waits = [c.flood_seconds for c in conducts if c.flood_seconds]
    assert 30 <= min(waits) < 120
    assert 800 < max(waits) <= 900


def test_shares_that_do_not_add_up_are_refused():
    with pytest.raises(ValueError, match="add up"):
        Population(1, replace(MIX, invites={Behaviour.WILLING: 0.5}))


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        (("Name", "+7900", 5), "username:name"),
        ((None, "+7900", 5), "phone:+7900"),
        ((None, None, 5), "id:5"),
    ],
)
def test_the_strongest_key_counts(keys: tuple[str | None, str | None, int], expected: str):
    assert canonical_key(*keys) == expected


def test_order_and_company_play_no_part():
    people = [ListedPerson(f"person_{number}", f"+7900{number:07}") for number in range(500)]
    shuffled = random.Random(1).sample(people, len(people))
    one, two = World(9), World(9)
    one.register(people)
    two.register(shuffled)
    for listed in people:
        first, second = one.people.known(listed), two.people.known(listed)
        assert (first.id, one.people.conduct(first)) == (second.id, two.people.conduct(second))


def test_births_answer_as_registration_does():
    listed, born = World(5), World(5, births=True)
    listed.register([ListedPerson(f"person_{number}") for number in range(300)])
    for number in range(300):
        one, two = (
            listed.people.by_username(f"person_{number}"),
            born.people.by_username(f"Person_{number}"),
        )
        assert (one is None) == (two is None)
        if one and two:
            assert one.id == two.id
            assert listed.people.conduct(one) == born.people.conduct(two)


def test_invented_ids_stay_below_telegrams_promise():
    ids = {invented_id(key) for key in KEYS}
    assert len(ids) == len(KEYS)
    assert max(ids) < 2**52


def test_two_rows_with_one_telegram_id_are_two_people():
    world = World()
    assert (
        world.register([ListedPerson("one_name", None, 5), ListedPerson("other_name", None, 5)])
        == 2
    )


def calls_to_register(size: int) -> int:
    """Register so many people in a world that is full already; return the calls it takes."""
    world = World()
    everybody = [
        ListedPerson(f"person_{number}", f"+7900{number:07}", None, "Имя", "Фамилия")
        for number in range(2 * size)
    ]
    world.register(everybody[:size])
    calls = 0

    def count(_frame: FrameType, event: str, _what: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        assert world.register(everybody[size:]) == size
    finally:
        sys.setprofile(before)
    return calls


def test_a_person_of_a_long_list_costs_no_more_than_one_of_a_short_list():
    short, long = calls_to_register(200) / 200, calls_to_register(2000) / 2000
    assert long == pytest.approx(short, rel=0.05)
    assert long < 100
