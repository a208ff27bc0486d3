"""Who answers that she wants no more messages gets none, whatever happens to the program."""

from __future__ import annotations

import asyncio
import random
import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from telethon import TelegramClient
from telethon.crypto import rsa
from telethon.sessions import StringSession
from telethon.tl.functions.help import SaveAppLogRequest
from telethon.tl.types import InputAppEvent, JsonNumber

from invite_desktop.rehearsal.population import Behaviour, Population
from invite_desktop.rehearsal.scenario import read_scenario
from tests.end_to_end.program import kill_after, run, serving, start

if TYPE_CHECKING:
    from pathlib import Path

    from tests.end_to_end.program import Finished, Server

PEOPLE = 36
SLOW, FAST = 3_000, 50_000
DAY = 24 * 3600
KILLS = 4
EVERYBODY_CAN_BE_WRITTEN_TO = "\n".join(
    [
        *("[invites]", *(f"{kind} = {float(kind is Behaviour.WILLING)}" for kind in Behaviour)),
        *("[messages]", "free = 1.0", "premium_required = 0.0", "paid = 0.0"),
        *("blocks_sender = 0.0", "[flood_waits]", "share = 0.0", "[limits]", "on = false", ""),
    ]
)


@dataclass(frozen=True)
class Play:
    """Two lists of the same people, so that two tasks write to them, and what they will answer."""

    directory: Path

    def __post_init__(self) -> None:
        names = [f"person_{number:03},Анна {number}" for number in range(PEOPLE)]
        for path, rows in ((self.first, names), (self.second, names[::-1])):
            path.write_text("\n".join(["username,name", *rows]), encoding="utf-8")

    @property
    def first(self) -> Path:
        return self.directory / "first.csv"

    @property
    def second(self) -> Path:
        return self.directory / "second.csv"

    @property
    def scenario(self) -> Path:
        return self.directory / "scenario.toml"

    def write_scenario(self, share: float, opt_outs: float, shortest: int, longest: int) -> None:
        answers = f"share = {share}\nopt_outs = {opt_outs}\nshortest = {shortest}"
        self.scenario.write_text(
            f"{EVERYBODY_CAN_BE_WRITTEN_TO}\n[answers]\n{answers}\nlongest = {longest}\n",
            encoding="utf-8",
        )

    def arguments(self, people: Path, *options: object) -> list[object]:
        return [
            *("rehearse", people, "--kind", "message", "--text", f"Hello from {people.stem}!"),
            *("--json", "--profile", self.directory / "profile", *options),
        ]

    def rehearse(self, people: Path, *options: object) -> Finished:
        """Run a task until it is through: many opt-outs pause it, and asking again resumes it."""
        for _ in range(PEOPLE):
            finished = run(self.directory, *self.arguments(people, *options), timeout=200)
            if finished.code == 0:
                return finished
            assert finished.result["task"]["reason"] == "too_many_opt_outs", finished.out
        raise AssertionError("it never came to its end")

    def expected(self) -> tuple[set[str], set[str]]:
        """The usernames of those who answer a first message, and of those who say no in it."""
        population = Population(1, read_scenario(self.scenario).mix)
        names = [f"person_{number:03}" for number in range(PEOPLE)]
        drawn = {name: population.reaction(f"username:{name}", 1, "") for name in names}
        written = {name for name, reaction in drawn.items() if reaction and reaction.text}
        return written, {name for name in written if drawn[name].opt_out}

    def listed(self) -> set[str]:
        """The usernames on the do-not-contact list, as the database has it."""
        database = self.directory / "profile" / "rehearsal" / "invite-desktop.sqlite3"
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
            query = "SELECT value FROM do_not_contact WHERE kind = 'username'"
            return {value for (value,) in connection.execute(query)}


@pytest.fixture
def play(tmp_path: Path) -> Play:
    return Play(tmp_path)


def named(server: Server, *methods: str) -> list[str]:
    """The usernames in the server's log of what people did, in its order."""
    return [line["person"]["username"] for method in methods for line in server.executed(method)]


def written_to(server: Server, text: str) -> list[str]:
    calls = server.executed("messages.sendMessage")
    return [call["to"]["username"] for call in calls if text in call["text"]]


def pass_time(server: Server, seconds: int) -> None:
    """Set the server's clock forward as a client does that has slept, and let people act."""

    async def announce() -> None:
        rsa.add_key(server.key.read_text(), old=False)
        session = StringSession()
        session.set_dc(2, "127.0.0.1", server.port)
        client = TelegramClient(session, 12345, "0123456789abcdef0123456789abcdef")
        await client.connect()
        shown = time.time() + seconds
        event = InputAppEvent(shown, "rehearsal.clock", 0, JsonNumber(1.0))
        await client(SaveAppLogRequest([event]))
        await client.disconnect()

    asyncio.run(announce())


def wait_for_answers(server: Server, count: int) -> None:
    deadline = time.monotonic() + 30
    while len(named(server, "people.answer", "people.opt_out")) < count:
        assert time.monotonic() < deadline, "people did not answer"
        time.sleep(0.1)


def check_the_second_task(play: Play, server: Server, *options: object) -> dict[str, int]:
    """Write to the same people again: to nobody who said no, and to everybody else once.

    Return how many answered that.
    """
    _, no_more = play.expected()
    finished = play.rehearse(play.second, *options)
    again = written_to(server, "second")
    assert not no_more & set(again)
    assert len(again) == len(set(again)) == PEOPLE - len(no_more)
    assert finished.result["counters"]["sent"] == PEOPLE - len(no_more)
    replies: dict[str, int] = finished.result["replies"]
    return replies


@pytest.mark.timeout(300)
def test_who_says_stop_is_on_the_list_and_gets_no_other_message(play: Play):
    play.write_scenario(0.6, 0.5, 60, 20 * DAY)
    written, no_more = play.expected()
    assert 3 < len(no_more) < len(written) < PEOPLE
    result = play.rehearse(play.first, "--scenario", play.scenario).result
    assert result["replies"] == {"answered": len(written), "opted_out": len(no_more)}
    assert play.listed() == no_more
    second = play.rehearse(play.second, "--scenario", play.scenario).result
    assert second["counters"]["sent"] == PEOPLE - len(no_more)
    skipped = [row["count"] for row in second["outcomes"] if row["reason"] == "opted_out"]
    assert sum(skipped) + second["import"]["opted_out"] == len(no_more)


@pytest.mark.timeout(300)
def test_what_was_answered_while_the_program_was_closed_is_heard_at_its_next_start(play: Play):
    play.write_scenario(0.6, 0.5, 25 * DAY, 26 * DAY)
    written, no_more = play.expected()
    with serving(play.directory, "--scenario", play.scenario) as server:
        options = (*server.options, "--speed", FAST)
        first = play.rehearse(play.first, *options).result
        assert first["replies"] == {"answered": 0, "opted_out": 0}
        assert play.listed() == set()
        pass_time(server, 400 * DAY)
        wait_for_answers(server, len(written))
        again = play.rehearse(play.first, *options).result
        assert again["replies"] == {"answered": len(written), "opted_out": len(no_more)}
        assert play.listed() == set(named(server, "people.opt_out")) == no_more
        # Answers to the first task are none to the second, whose own come after 25 days.
        second = check_the_second_task(play, server, *options)
        assert second == {"answered": 0, "opted_out": 0}


@pytest.mark.timeout(300)
def test_killed_at_any_moment_it_still_writes_to_nobody_who_said_no(play: Play):
    play.write_scenario(0.6, 0.12, 30, 3600)
    written, no_more = play.expected()
    assert no_more
    with serving(play.directory, "--scenario", play.scenario) as server:
        arguments = play.arguments(play.first, *server.options, "--speed", SLOW)
        for _ in range(KILLS):
            kill_after(start(play.directory, *arguments), random.uniform(1.0, 4.0))
        options = (*server.options, "--speed", FAST)
        play.rehearse(play.first, *options)
        pass_time(server, 400 * DAY)
        wait_for_answers(server, len(written))
        result = play.rehearse(play.first, *options).result
        assert result["replies"] == {"answered": len(written), "opted_out": len(no_more)}
        assert play.listed() == set(named(server, "people.opt_out")) == no_more
        assert len(named(server, "people.opt_out", "people.answer")) == len(written)
        check_the_second_task(play, server, *options)
