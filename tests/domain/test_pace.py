"""The pace: no window ever holds more than its ceiling, whatever the clock does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invite_desktop.domain.attempts import CONTACTING, LOOKING_UP, Action
from invite_desktop.domain.pace import (
    CEILINGS,
    DAY,
    GAP,
    HOUR,
    JITTER,
    PaceHistory,
    PaceReason,
    daily_budget,
    next_allowed,
    peer_flood_rest,
    trust,
)

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
