"""What people are going to do, as the seed says it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from invite_desktop.domain.opt_out_words import opt_out_in
from invite_desktop.rehearsal.habits import Habits, Phrases
from invite_desktop.rehearsal.population import CALM, Population
from invite_desktop.rehearsal.scenario import default_mix

DAY = 24 * 3600
KEYS = [f"username:person_{number}" for number in range(10_000)]
HABITS = Habits(
    answering=0.2,
    opting_out=0.3,
    reading=0.5,
    answer_after=(60, 6000),
    read_after=(10, 20),
    russian=Phrases(("стоп",), ("да",)),
    english=Phrases(("stop",), ("yes",)),
    leaving=(0.1, 0.2, 0.4),
)
POPULATION = Population(5, replace(CALM, habits=HABITS))


def test_so_many_answer_and_so_many_of_these_want_no_more():
    drawn = [POPULATION.reaction(key, 1, "Анна") for key in KEYS]
    written = [each for each in drawn if each and each.text]
    read = [each for each in drawn if each and not each.text]
    assert len(written) / len(KEYS) == pytest.approx(0.2, abs=0.015)
    assert sum(each.opt_out for each in written) / len(written) == pytest.approx(0.3, abs=0.04)
    assert len(read) / (len(KEYS) - len(written)) == pytest.approx(0.5, abs=0.02)


def test_answers_come_within_their_time_and_half_of_them_early():
    delays = [each.after for key in KEYS if (each := POPULATION.reaction(key, 1, "")) and each.text]
    assert 60 <= min(delays) < 70
    assert 5000 < max(delays) <= 6000
    assert sum(delay < 600 for delay in delays) / len(delays) == pytest.approx(0.5, abs=0.05)


@pytest.mark.parametrize(
    ("name", "words"), [("Анна Ли", {"стоп", "да"}), ("Ann Lee", {"stop", "yes"})]
)
def test_people_write_in_the_language_of_their_name(name: str, words: set[str]):
    drawn = [POPULATION.reaction(key, 1, name) for key in KEYS[:500]]
    assert {each.text for each in drawn if each and each.text} == words


def test_each_message_is_a_case_of_its_own_and_another_seed_another_world():
    first, again, second = (
        [POPULATION.reaction(key, number, "") for key in KEYS] for number in (1, 1, 2)
    )
    other = [Population(6, POPULATION.mix).reaction(key, 1, "") for key in KEYS]
    assert first == again
    assert first != second
    assert first != other


@pytest.mark.parametrize(("days", "share"), [(1, 0.1), (7, 0.2), (30, 0.4)])
def test_so_many_have_left_after_so_many_days(days: int, share: float):
    gone = [POPULATION.departure(key, 1) for key in KEYS]
    left = sum(after is not None and after <= days * DAY for after in gone)
    assert left / len(KEYS) == pytest.approx(share, abs=0.015)
    assert min(after for after in gone if after is not None) >= 3600


def test_in_a_calm_world_nobody_does_anything():
    calm = Population(1, CALM)
    assert not any(calm.reaction(key, 1, "") or calm.departure(key, 1) for key in KEYS[:500])


@pytest.mark.parametrize("language", ["russian", "english"])
def test_the_usual_words_for_no_more_are_understood_and_no_others_taken_for_them(language: str):
    phrases = getattr(default_mix().habits, language)
    assert all(opt_out_in(text) for text in phrases.opt_outs)
    assert not any(opt_out_in(text) for text in phrases.others)
