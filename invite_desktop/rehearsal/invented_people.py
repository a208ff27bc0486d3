"""People of whom no list speaks, to fill a world up to the size that a scenario asks for."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from invite_desktop.rehearsal.people import ListedPerson, canonical_key
from invite_desktop.rehearsal.population import LAST_NAMES, Population

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from invite_desktop.rehearsal.scenario import PeopleRules, Scenario


def people_of(
    scenario: Scenario, listed: Iterable[ListedPerson], seed: int
) -> Iterator[ListedPerson]:
    """Yield the people of a list, and invented ones until there are as many as a scenario says."""
    count = 0
    for person in listed:
        count += 1
        yield person
    population = Population(seed, scenario.mix)
    for number in range(scenario.people.size - count):
        yield invented_person(number, population, scenario.people)


def invented_person(number: int, population: Population, rules: PeopleRules) -> ListedPerson:
    """Return one invented person; a pure function of the world's seed and her number.

    The phones look like Russian ones, so that the program's import takes them.
    """
    dice = random.Random(f"{population.seed}:{number}")
    phone = f"+7900{number:07}" if dice.random() < rules.with_phone else None
    named = dice.random() < rules.with_username or phone is None
    username = f"rehearsed_{number:06}" if named else None
    first_name = population.first_name(canonical_key(username, phone, None))
    last_name = dice.choice(LAST_NAMES)
    if first_name[-1] in "ая":
        last_name += "а"
    return ListedPerson(username, phone, None, first_name, last_name)
