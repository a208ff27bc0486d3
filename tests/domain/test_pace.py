"""The pace: no window ever holds more than its ceiling, whatever the clock does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from invite_desktop.domain.attempts import CONTACTING, LOOKING_UP, Action
from invite_desktop.domain.pace import (
    CEILINGS,
    CLEAN_DAYS_TO_FULL_TRUST,
    DAY,
    FLOOD_MARGIN,
    GAP,
    HOUR,
    JITTER,
    Flood,
    PaceDecision,
    PaceHistory,
    PaceReason,
    clean_days_to_full_trust,
    daily_budget,
    next_allowed,
    next_free_look_up,
    ordered_rest,
    peer_flood_rest,
    trust,
)
from tests.examples import examples

if TYPE_CHECKING:
    from random import Random

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=100)

moments = st.timedeltas(min_value=timedelta(), max_value=timedelta(days=30)).map(NOW.__sub__)
idle_times = st.lists(
    st.timedeltas(min_value=timedelta(), max_value=timedelta(hours=3)), min_size=60, max_size=120
)


def history(added_at: datetime = LONG_AGO, **done: list[datetime]) -> PaceHistory:
    return PaceHistory(added_at, {Action(name): times for name, times in done.items()})


def run(action: Action, waits: list[timedelta], seed: int, added_at: datetime) -> list[datetime]:
    """Act as early as allowed, or later by some idle time; return when each action happened."""
    now, done = NOW, []
    for wait in waits:
        decision = next_allowed(action, PaceHistory(added_at, {action: done}), now, seed)
        now = max(now, decision.at) + wait
        decision = next_allowed(action, PaceHistory(added_at, {action: done}), now, seed)
        assert decision.at <= now, "what was allowed must still be allowed later"
        done.append(now)
    return done


def busiest(times: list[datetime], window: timedelta) -> int:
    return max(sum(t <= other < t + window for other in times) for t in times)


@given(st.sampled_from(Action), idle_times, st.integers(), st.sampled_from([NOW, LONG_AGO]))
def test_no_sliding_window_holds_more_than_its_ceiling(
    action: Action, waits: list[timedelta], seed: int, added_at: datetime
):
    times = run(action, waits, seed, added_at)
    ceiling = CEILINGS[action]
    assert busiest(times, DAY) <= ceiling.per_day
    if ceiling.per_hour is not None:
        assert busiest(times, HOUR) <= ceiling.per_hour
    assert all(later - earlier >= GAP for earlier, later in pairwise(times))


@settings(max_examples=examples(15))
@given(
    st.lists(st.tuples(st.booleans(), st.integers(0, 900)), min_size=150, max_size=400),
    st.integers(),
)
def test_look_ups_of_chats_and_people_share_the_ceiling_of_a_day(
    wishes: list[tuple[bool, int]], seed: int
):
    """A task decides on a look-up, a check looks a chat up, and only then the task writes its own.

    That is the worst order in which the two can meet.
    """
    now, own, free = NOW, list[datetime](), list[datetime]()

    def past() -> PaceHistory:
        return PaceHistory(LONG_AGO, {Action.LOOK_UP: own}, free_look_ups=free)

    for for_a_task, seconds in wishes:
        now += timedelta(seconds=seconds)
        decided = for_a_task and next_allowed(Action.LOOK_UP, past(), now, seed).at <= now
        if next_free_look_up(past(), now) <= now:
            free.append(now)
        if decided:
            own.append(now)
    assert busiest(sorted([*own, *free]), DAY) <= CEILINGS[Action.LOOK_UP].per_day


def test_a_look_up_for_no_target_leaves_the_last_one_to_a_task():
    times = [NOW - timedelta(minutes=minutes) for minutes in range(179, 0, -1)]
    past = PaceHistory(LONG_AGO, {}, free_look_ups=times)
    assert next_free_look_up(past, NOW) == times[0] + DAY
    assert next_allowed(Action.LOOK_UP, past, NOW, 1) == PaceDecision(NOW, PaceReason.NOW)
    assert next_free_look_up(past, times[0] + DAY) == times[0] + DAY


@given(st.lists(st.sampled_from([timedelta(0)]), min_size=80, max_size=80))
def test_a_new_account_uses_less_than_a_third_of_the_day(waits: list[timedelta]):
    times = run(Action.INVITE, waits, 1, NOW)
    first_day = [t for t in times if t < NOW + DAY]
    assert len(first_day) == 15


@given(
    st.sampled_from(sorted(CONTACTING)),
    st.lists(moments, max_size=60),
    st.timedeltas(min_value=timedelta(days=-2), max_value=timedelta(days=2)),
    st.integers(),
)
def test_a_clock_set_to_any_time_opens_no_window_early(
    action: Action, done: list[datetime], shift: timedelta, seed: int
):
    """Entries of the future count as done just now: setting the clock back gains nothing."""
    now = NOW + shift
    decision = next_allowed(action, history(**{action.value: done}), now, seed)
    seen = [min(t, now) for t in done]
    at = decision.at
    assert sum(at - HOUR < t <= at for t in seen) < (CEILINGS[action].per_hour or 10**9)
    assert sum(at - DAY < t <= at for t in seen) < CEILINGS[action].per_day
    assert all(at - t >= GAP for t in seen)
    assert at >= now


def test_the_gap_is_kept_between_an_invitation_and_a_message():
    decision = next_allowed(Action.MESSAGE, history(invite=[NOW]), NOW, 7)
    assert decision.reason is PaceReason.GAP
    assert NOW + GAP <= decision.at <= NOW + GAP + JITTER


@pytest.mark.parametrize("action", sorted(LOOKING_UP))
def test_look_ups_keep_a_gap_among_themselves(action: Action):
    decision = next_allowed(action, history(look_up=[NOW]), NOW, 7)
    assert NOW + GAP <= decision.at <= NOW + GAP + JITTER


def test_an_invitation_may_follow_its_look_up_at_once():
    assert next_allowed(Action.INVITE, history(look_up=[NOW]), NOW, 7).at == NOW


def test_the_jitter_differs_between_accounts_and_is_stable_for_each():
    done = history(invite=[NOW])
    gaps = {seed: next_allowed(Action.INVITE, done, NOW, seed).at for seed in range(20)}
    assert len(set(gaps.values())) == 20
    assert gaps == {seed: next_allowed(Action.INVITE, done, NOW, seed).at for seed in range(20)}


def test_a_full_hour_waits_until_its_first_action_is_an_hour_old():
    done = [NOW - timedelta(minutes=50) + i * timedelta(minutes=5) for i in range(5)]
    decision = next_allowed(Action.INVITE, history(invite=done), NOW, 1)
    assert (decision.at, decision.reason) == (done[0] + HOUR, PaceReason.HOUR)


def test_a_full_day_waits_until_its_first_action_is_a_day_old():
    done = [NOW - timedelta(hours=23) + i * timedelta(minutes=15) for i in range(50)]
    decision = next_allowed(Action.INVITE, history(invite=done), NOW, 1)
    assert (decision.at, decision.reason) == (done[0] + DAY, PaceReason.DAY)


def test_an_account_that_did_nothing_may_act_now():
    decision = next_allowed(Action.INVITE, history(), NOW, 1)
    assert (decision.at, decision.reason) == (NOW, PaceReason.NOW)


@given(st.lists(moments, max_size=8), moments)
def test_trust_stays_within_its_bounds(troubles: list[datetime], added_at: datetime):
    assert 0.05 <= trust(PaceHistory(added_at, {}, troubles), NOW) <= 1.0


@given(moments, st.lists(moments, max_size=5), st.integers(0, 40))
def test_trust_only_grows_while_nothing_happens(
    added_at: datetime, troubles: list[datetime], days: int
):
    done = PaceHistory(added_at, {}, troubles)
    assert trust(done, NOW) <= trust(done, NOW + timedelta(days=days))


@given(moments, st.lists(moments, max_size=5))
def test_a_trouble_never_raises_trust(added_at: datetime, troubles: list[datetime]):
    before = trust(PaceHistory(added_at, {}, troubles), NOW)
    assert trust(PaceHistory(added_at, {}, [*troubles, NOW]), NOW) == max(0.05, before / 2)


@pytest.mark.parametrize(("days", "level"), [(0, 0.3), (7, 0.65), (14, 1.0), (99, 1.0)])
def test_trust_grows_to_full_in_fourteen_clean_days(days: int, level: float):
    assert trust(PaceHistory(NOW - timedelta(days=days), {}), NOW) == pytest.approx(level)


@pytest.mark.parametrize(
    ("action", "level", "budget"),
    [
        (Action.INVITE, 0.3, 15),
        (Action.INVITE, 1.0, 50),
        (Action.MESSAGE, 0.05, 2),
        (Action.LOOK_UP, 0.05, 180),
        (Action.CONTACT_IMPORT, 0.3, 15),
    ],
)
def test_trust_scales_the_daily_budget_of_contacts_only(action: Action, level: float, budget: int):
    assert daily_budget(action, level) == budget


@pytest.mark.parametrize(("earlier", "days"), [(0, 1), (1, 2), (3, 8), (5, 32), (40, 32)])
def test_each_peer_flood_doubles_the_rest(earlier: int, days: int):
    assert peer_flood_rest(earlier) == timedelta(days=days)


# ------------------------------------------------------------ whatever the clock does

steps = st.lists(
    st.tuples(
        st.sampled_from(Action),
        st.sampled_from([0.0, 0.0, 0.0, 1.0, 40.0, 600.0, 4000.0, 30_000.0]),
        st.sampled_from([0.0, 0.0, 0.0, 1.0, 3600.0, 86_400.0]),
    ),
    min_size=50,
    max_size=110,
)


@settings(max_examples=examples(15))
@given(steps, st.integers(0, 9), st.sampled_from([NOW, LONG_AGO]))
def test_in_real_time_no_window_is_ever_too_full(
    plan: list[tuple[Action, float, float]], seed: int, added_at: datetime
):
    """Two tasks interleaved, a laptop that sleeps, a clock set back: real time keeps the law.

    ``plan``: what somebody wants to do, after how many seconds of idling or sleep, and by how many
    seconds the clock was set back before.
    """
    real, back = NOW, timedelta()
    done: dict[Action, list[datetime]] = {action: [] for action in Action}
    really: dict[Action, list[datetime]] = {action: [] for action in Action}
    for action, idle, set_back in plan:
        back += timedelta(seconds=set_back)
        real += timedelta(seconds=idle)
        # Whoever waits looks at the clock again and again, and never acts before its moment.
        for _ in range(60):
            decision = next_allowed(action, PaceHistory(added_at, done), real - back, seed)
            if decision.at <= real - back:
                done[action].append(real - back)
                really[action].append(real)
                break
            real += decision.at - (real - back)
    for action, times in really.items():
        ceiling = CEILINGS[action]
        if times:
            assert busiest(times, DAY) <= ceiling.per_day
            assert busiest(times, HOUR) <= (ceiling.per_hour or 10**9)
    for kinds in (CONTACTING, LOOKING_UP):
        together = sorted(time for kind in kinds for time in really[kind])
        assert all(later - earlier >= GAP for earlier, later in pairwise(together))


@pytest.mark.parametrize("zone", ["Europe/Moscow", "America/New_York", "Australia/Lord_Howe"])
@given(st.integers(0, 365 * 48), st.integers(0, 12))
def test_daylight_saving_changes_no_wait(zone: str, half_hours: int, minutes: int):
    """Moments are compared as such: an hour that the clock shows twice is two hours."""
    moment = (NOW + timedelta(minutes=30) * half_hours).astimezone(ZoneInfo(zone))
    done = [
        (moment.astimezone(UTC) + timedelta(minutes=minutes) * i).astimezone(moment.tzinfo)
        for i in range(5)
    ]
    decision = next_allowed(Action.INVITE, history(invite=done), done[-1].astimezone(UTC), 1)
    assert (decision.at - done[0].astimezone(UTC)) >= HOUR


# ------------------------------------------------------------ clean days


@given(st.lists(st.integers(0, 13), max_size=14), st.booleans())
def test_only_clean_days_make_trust_grow(days: list[int], long: bool):
    """A day with a wait adds nothing, whether the wait was long enough to halve or not."""
    added_at = NOW - timedelta(days=14)
    waits = [added_at + timedelta(days=day, hours=12) for day in days]
    dirty = {"troubles": waits} if long else {"waits": waits}
    level = trust(PaceHistory(added_at, {}, **dirty), NOW)
    assert level <= 0.3 + 0.05 * (14 - len(set(days))) + 1e-9
    if days:
        assert level < 1.0


def test_a_short_wait_halves_nothing():
    calm = PaceHistory(NOW - timedelta(days=7), {}, waits=[NOW])
    assert trust(calm, NOW) == pytest.approx(0.65)


@given(moments, st.lists(moments, max_size=4), st.lists(moments, max_size=4))
def test_the_promised_day_of_full_limits_is_kept_and_not_too_late(
    added_at: datetime, troubles: list[datetime], waits: list[datetime]
):
    done = PaceHistory(added_at, {}, troubles, waits)
    days = clean_days_to_full_trust(done, NOW)
    assert 0 <= days <= CLEAN_DAYS_TO_FULL_TRUST + 5
    # Today may be spoilt already: then the clean days begin with tomorrow.
    assert trust(done, NOW + (days + 1) * DAY) == pytest.approx(1.0)
    if days:
        assert trust(done, NOW + (days - 1) * DAY) < 1.0 - 1e-9


@pytest.mark.parametrize("action", sorted(CONTACTING))
def test_full_trust_is_the_whole_budget(action: Action):
    level = trust(PaceHistory(NOW - timedelta(days=14), {}), NOW)
    assert daily_budget(action, level) == CEILINGS[action].per_day


def test_the_first_days_grow_evenly():
    budgets = [
        daily_budget(Action.INVITE, trust(PaceHistory(NOW - timedelta(days=days), {}), NOW))
        for days in range(15)
    ]
    assert budgets == [15, 17, 20, 22, 25, 27, 30, 32, 35, 37, 40, 42, 45, 47, 50]


# ------------------------------------------------------------ rests from the ledger


def test_without_flood_answers_there_is_no_rest():
    assert ordered_rest([], NOW) is None


def test_a_flood_wait_orders_what_was_asked_for_and_a_margin():
    flood = Flood(NOW, timedelta(seconds=40))
    assert ordered_rest([flood], NOW) == (NOW + timedelta(seconds=40) + FLOOD_MARGIN, flood)
    assert ordered_rest([flood], NOW + timedelta(seconds=40) + FLOOD_MARGIN) is None


@given(st.lists(moments, min_size=1, max_size=7, unique=True), st.randoms())
def test_each_peer_flood_in_the_ledger_doubles_the_next_rest(times: list[datetime], dice: Random):
    floods = [Flood(moment) for moment in times]
    dice.shuffle(floods)
    longest = max(at + peer_flood_rest(n) for n, at in enumerate(sorted(times)))
    found = ordered_rest(floods, NOW)
    assert found is None if longest <= NOW else found is not None and found[0] == longest


def test_the_ceilings_are_those_that_were_promised():
    promised = {action: (limit.per_hour, limit.per_day) for action, limit in CEILINGS.items()}
    assert promised[Action.INVITE] == (5, 50)
    assert promised[Action.MESSAGE] == (10, 40)
    assert timedelta(seconds=45) == GAP
    assert timedelta(seconds=300) == FLOOD_MARGIN
