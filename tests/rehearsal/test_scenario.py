"""Scenario files: what they say is what the world does, and nonsense is refused in words."""

from __future__ import annotations

import tracemalloc
from typing import TYPE_CHECKING

import pytest

from invite_desktop.domain.errors import KnownError
from invite_desktop.rehearsal.__main__ import main
from invite_desktop.rehearsal.demo import demo_world
from invite_desktop.rehearsal.habits import Reaction
from invite_desktop.rehearsal.invented_people import people_of
from invite_desktop.rehearsal.people import ListedPerson
from invite_desktop.rehearsal.people_files import read_people, write_people
from invite_desktop.rehearsal.population import Behaviour, Population, Reception
from invite_desktop.rehearsal.resources import default_scenario_path
from invite_desktop.rehearsal.scenario import (
    default_scenario,
    read_scenario,
    scenario_of,
)
from invite_desktop.rehearsal.troubles import Trouble, TroubleKind

if TYPE_CHECKING:
    from pathlib import Path


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "scenario.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_default_scenario_says_something_about_every_outcome():
    mix = default_scenario().mix
    assert set(mix.invites) == set(Behaviour)
    assert set(mix.messages) == set(Reception)
    assert default_scenario().troubles == ()


def test_every_share_of_the_default_scenario_is_explained():
    lines = default_scenario_path().read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines):
        if line.split(" = ")[0] in {*Behaviour, *Reception}:
            assert lines[number - 1].startswith("#"), line


def test_a_copy_of_the_default_scenario_is_the_default_scenario():
    assert read_scenario(default_scenario_path()) == default_scenario()


def test_what_a_file_leaves_out_is_as_usual(tmp_path: Path):
    scenario = read_scenario(written(tmp_path, "[lookups]\nfound_by_phone = 1\n"))
    assert scenario.mix.found_by_phone == 1.0
    assert scenario.mix.invites == default_scenario().mix.invites
    assert scenario.mix.limits == default_scenario().mix.limits


def test_the_mix_of_a_file_decides_how_people_answer(tmp_path: Path):
    only = "\n".join(f"{kind} = {1.0 if kind == 'privacy' else 0.0}" for kind in Behaviour)
    scenario = read_scenario(written(tmp_path, f"[invites]\n{only}\n"))
    world = demo_world(mix=scenario.mix)
    world.register(ListedPerson(f"person_{number}") for number in range(50))
    people = [world.people.known(ListedPerson(f"person_{number}")) for number in range(50)]
    assert {world.people.conduct(p).behaviour for p in people} == {Behaviour.PRIVACY}


def test_a_file_decides_who_answers_what_and_who_leaves(tmp_path: Path):
    text = (
        "[answers]\nshare = 1\nopt_outs = 0\nshortest = 5\nlongest = 5\n"
        "[answers.russian]\nothers = ['да']\n"
        "[leaving]\nwithin_day = 1\nwithin_week = 1\nwithin_month = 1\n"
    )
    population = Population(1, read_scenario(written(tmp_path, text)).mix)
    assert population.reaction("username:anna", 1, "Анна") == Reaction(5, "да")
    assert population.departure("username:anna", 1) <= 24 * 3600
    assert population.mix.habits.english == default_scenario().mix.habits.english


def test_limits_can_be_turned_off(tmp_path: Path):
    assert read_scenario(written(tmp_path, "[limits]\non = false\n")).mix.limits is None


def test_troubles_are_read(tmp_path: Path):
    text = (
        '[[trouble]]\nwhat = "error"\nmethod = "users.getUsers"\ncalls = [2]\nerror = "TIMEOUT"\n'
    )
    assert read_scenario(written(tmp_path, text)).troubles == (
        Trouble(TroubleKind.ERROR, "users.getUsers", calls=(2,), error="TIMEOUT"),
    )


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[invites]\nwilling = 0.9", "invites"),
        ("[invites]\nwiling = 0.5", "invites.wiling"),
        ("[nonsense]", "nonsense"),
        ("[lookups]\nfound_by_phone = 2", "found_by_phone"),
        ("[lookups]\nfound_by_phone = nan", "found_by_phone"),
        ("[lookups]\nfound_by_phone = 'many'", "found_by_phone"),
        ("[answers]\nshare = 1.5", "answers.share"),
        ("[answers]\nshortest = 60\nlongest = 30", "answers.longest"),
        ("[answers]\nread_shortest = 0", "answers.read_shortest"),
        ("[answers.russian]\nothers = []", "answers.russian.others"),
        ("[answers.english]\nopt_outs = ['stop', ' ']", "answers.english.opt_outs"),
        ("[answers.german]\nothers = ['ja']", "answers.german"),
        ("[leaving]\nwithin_day = 0.5\nwithin_week = 0.2", "leaving"),
        ("[people]\nsize = 200001", "people.size"),
        ("[people]\nsize = 1.5", "people.size"),
        ("[flood_waits]\nshortest = 900\nlongest = 30", "longest"),
        ("[limits.invite]\nholds = 0", "limits.invite.holds"),
        ("[limits.score]\nhalves = 0", "halves"),
        ("[[trouble]]\nwhat = 'plague'\nrate = 0.1", "plague"),
        ("[[trouble]]\nwhat = 'error'", "rate"),
        ("[[trouble]]\nwhat = 'error'\nrate = 3", "rate"),
        ("[[trouble]]\nwhat = 'error'\nmethod = 'no.such'\nrate = 0.1", "such"),
        ("[[trouble]]\nwhat = 'latency'\nrate = 0.1", "seconds"),
        ("[[trouble]]\nwhat = 'error'\ncalls = [0]", "calls"),
        ("[[trouble]]\nwhat = 'transport'\ncode = 5\nrate = 0.1", "code"),
        ("trouble = 3", "trouble"),
        ("[broken", ""),
    ],
)
def test_nonsense_is_refused_and_named(tmp_path: Path, text: str, named: str):
    with pytest.raises(KnownError, match="makes no sense") as caught:
        read_scenario(written(tmp_path, text))
    assert named in str(caught.value)


def test_a_missing_file_is_refused_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert main(["--scenario", str(tmp_path / "none.toml")]) == 2
    assert capsys.readouterr().err == "The scenario “none.toml” cannot be read.\n"


class TestInventedPeople:
    def scenario(self, size: int):
        return scenario_of({"people": {"size": size}})

    def test_a_list_is_filled_up_to_the_size(self):
        listed = [ListedPerson("one_of_hers"), ListedPerson(None, "+79001112233")]
        people = list(people_of(self.scenario(10), listed, 1))
        assert people[:2] == listed
        assert len(people) == 10

    def test_a_longer_list_stays_whole(self):
        listed = [ListedPerson(f"person_{number}") for number in range(20)]
        assert list(people_of(self.scenario(10), listed, 1)) == listed

    def test_the_same_seed_invents_the_same_people(self):
        one, again, other = (list(people_of(self.scenario(50), (), seed)) for seed in (1, 1, 2))
        assert one == again != other

    def test_everybody_can_be_reached_and_shares_hold(self):
        people = list(people_of(self.scenario(5000), (), 3))
        assert all(person.username or person.phone for person in people)
        assert sum(bool(p.phone) for p in people) / 5000 == pytest.approx(0.5, abs=0.03)
        assert len({p.username for p in people if p.username}) > 4000

    def test_invented_people_can_be_written_and_read_again(self, tmp_path: Path):
        people = list(people_of(self.scenario(30), (), 4))
        write_people(tmp_path / "people.csv", people)
        assert list(read_people(tmp_path / "people.csv")) == people


@pytest.mark.long
def test_a_world_of_two_hundred_thousand_fits_into_its_share_of_memory():
    tracemalloc.start()
    world = demo_world(births=False)
    world.register(people_of(scenario_of({"people": {"size": 200_000}}), (), 1))
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(world.people) == 200_003
    assert size < 300e6
