"""A clock set forward opens no window of the pace: ceilings hold in real time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from invite_desktop.domain.attempts import Action
from invite_desktop.domain.clock_jumps import ClockJump, in_real_time
from invite_desktop.domain.pace import CEILINGS, DAY, GAP, HOUR, PaceHistory, next_allowed
from invite_desktop.domain.tasks import TaskStatus
from invite_desktop.engine.clock_watch import TOLERANCE, ClockWatch, steady_seconds

if TYPE_CHECKING:
    from invite_desktop.engine.events import Event
    from tests.fakes.house import House

BEGAN = datetime(2026, 3, 1, 12, tzinfo=UTC)
OLD = BEGAN - timedelta(days=60)
INVITE = Action.INVITE


class Laptop:
    """A computer whose clock can be set; ``passed`` is what really passed, sleep included."""

    def __init__(self) -> None:
        self.passed = timedelta()
        self.wrong = timedelta()

    def now(self) -> datetime:
        return BEGAN + self.passed + self.wrong

    async def sleep_until(self, moment: datetime) -> None:
        raise NotImplementedError

    def steady(self) -> float:
        return self.passed.total_seconds()


def seconds(least: int, most: int) -> st.SearchStrategy[timedelta]:
    return st.integers(least, most).map(lambda count: timedelta(seconds=count))


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("pass"), seconds(1, 8 * 3600)),
        st.tuples(st.just("work"), seconds(1, 3600)),
        st.tuples(st.just("set"), seconds(1, 3 * 86_400)),
        st.tuples(st.just("set"), seconds(1, 300)),
    ),
    max_size=25,
)
BACK_TOO = st.lists(
    st.one_of(
        st.tuples(st.just("work"), seconds(1, 3600)),
        st.tuples(st.just("set"), seconds(-3 * 86_400, 3 * 86_400)),
    ),
    max_size=25,
)


def played(steps: list[tuple[str, timedelta]]) -> list[timedelta]:
    """Return when invitations really went out, by somebody who always asks as soon as she may."""
    laptop = Laptop()
    watch = ClockWatch(laptop, laptop.steady)
    shown: list[datetime] = []
    really: list[timedelta] = []
    for what, length in steps:
        if what == "set":
            laptop.wrong += length
            continue
        end = laptop.passed + length
        while what == "work" and laptop.passed < end:
            history = in_real_time(PaceHistory(OLD, {INVITE: shown}), watch.jumps)
            now = laptop.now()
            at = next_allowed(INVITE, history, now, 1).at
            if at > now:
                laptop.passed = min(end, laptop.passed + (at - now))
                continue
            shown.append(now)
            really.append(laptop.passed)
        laptop.passed = max(end, laptop.passed)
    return really


def keeps_the_ceilings(really: list[timedelta]) -> None:
    slack = TOLERANCE + timedelta(seconds=1)
    for window, most in ((HOUR, CEILINGS[INVITE].per_hour), (DAY, CEILINGS[INVITE].per_day)):
        for first, last in zip(really, really[most:], strict=False):
            assert last - first >= window - slack


@settings(max_examples=200, deadline=None)
@given(STEPS)
def test_a_clock_set_forward_opens_no_window(steps: list[tuple[str, timedelta]]):
    really = played(steps)
    keeps_the_ceilings(really)


@settings(max_examples=200, deadline=None)
@given(BACK_TOO)
def test_a_clock_set_to_and_fro_opens_no_window(steps: list[tuple[str, timedelta]]):
    keeps_the_ceilings(played(steps))


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["pass", "work"]), seconds(1, 40_000)), max_size=12))
def test_without_a_setting_nothing_is_noticed_and_nothing_waits_longer(
    steps: list[tuple[str, timedelta]],
):
    laptop = Laptop()
    watch = ClockWatch(laptop, laptop.steady)
    for _what, length in steps:
        laptop.passed += length
        assert not watch.jumps
    really = played([("work", timedelta(hours=3))])
    assert len(really) >= 3 * CEILINGS[INVITE].per_hour
    assert all(later - one >= GAP for one, later in pairwise(really))


@pytest.mark.parametrize("drift", [timedelta(seconds=90), timedelta(seconds=-90)])
def test_a_clock_put_right_by_seconds_was_not_set(drift: timedelta):
    laptop = Laptop()
    watch = ClockWatch(laptop, laptop.steady)
    laptop.wrong += drift
    assert not watch.jumps


def test_small_settings_add_up():
    laptop = Laptop()
    watch = ClockWatch(laptop, laptop.steady)
    for _ in range(4):
        laptop.wrong += timedelta(seconds=50)
        laptop.passed += timedelta(minutes=1)
        watch.jumps  # noqa: B018 - each question looks
    assert sum((jump.by for jump in watch.jumps), timedelta()) > TOLERANCE


def test_the_days_of_trust_are_not_set_forward_either():
    jumps = [ClockJump(BEGAN + timedelta(days=20), timedelta(days=20))]
    history = in_real_time(PaceHistory(BEGAN - timedelta(days=2), {}), jumps)
    assert history.added_at == BEGAN + timedelta(days=18)


def test_the_steady_clock_goes_on():
    before = steady_seconds()
    assert steady_seconds() >= before


@pytest.mark.parametrize("ahead", [timedelta(hours=5), timedelta(days=2)], ids=str)
async def test_an_account_at_work_waits_out_its_hour_whatever_the_clock_shows(
    house: House, ahead: timedelta
):
    began, wrong = house.clock.now(), [timedelta()]

    def steady() -> float:
        return (house.clock.now() - began - wrong[0]).total_seconds()

    house.steady = steady
    await house.close()
    await house.open()
    account = await house.add_account()
    task = await house.invite_task(house.add_chat(account), house.people(8))

    def set_forward(_event: Event) -> None:
        if len(house.telegram.invitations) == 5 and not wrong[0]:
            house.clock.advance(ahead)
            wrong[0] = ahead

    house.engine.bus.subscribe(set_forward)
    assert (await house.run(task)).status is TaskStatus.COMPLETED
    shown = [invitation.at for invitation in house.telegram.invitations]
    really = [*shown[:5], *(at - ahead for at in shown[5:])]
    assert really[5] - really[0] >= HOUR
    assert really[5] - really[0] < HOUR + timedelta(minutes=10)
