"""What the pace learns from the ledger."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invite_desktop.domain.attempts import Action
from invite_desktop.domain.chats import ChatKind
from invite_desktop.domain.outcomes import Outcome, OutcomeCode
from invite_desktop.domain.pace import (
    CEILINGS,
    DAY,
    LONG_FLOOD_WAIT,
    Flood,
    PaceHistory,
    next_allowed,
)
from invite_desktop.engine.ports.telegram import ChatPeer
from invite_desktop.store.mapping import to_stamp
from invite_desktop.store.rows import connection_of
from tests.store.setting import NOW, Desk, account, later, select

minutes_ago = st.integers(0, 2000).map(lambda minutes: NOW - timedelta(minutes=minutes))


async def put_attempts(desk: Desk, action: Action, times: list[datetime]) -> None:
    """Write ended calls of the desk's account into the ledger."""
    target = await desk.claim()
    rows = [
        (desk.task_id, target.target_id, target.person.id, desk.account_id, action.value, at, at)
        for at in map(to_stamp, times)
    ]
    await desk.store.database.write(
        lambda database: connection_of(database).executemany(
            "INSERT INTO attempts (task_id, target_id, person_id, account_id, action, started_at, "
            "ended_at, random_id, outcome) VALUES (?, ?, ?, ?, ?, ?, ?, 0, 'privacy')",
            rows,
        )
    )


async def test_the_pace_sees_the_actions_of_the_last_day_by_kind(desk: Desk):
    await desk.act_at(NOW - timedelta(hours=25), Action.INVITE)
    await desk.act_at(NOW - timedelta(hours=24), Action.INVITE)
    await desk.act_at(NOW - timedelta(hours=1), Action.LOOK_UP)
    history = await desk.store.ledger.pace_history(desk.account_id, NOW)
    assert history.added_at == NOW
    assert history.actions[Action.INVITE] == [NOW - timedelta(hours=24)]
    assert history.actions[Action.LOOK_UP] == [NOW - timedelta(hours=1)]
    assert history.actions[Action.MESSAGE] == []


async def test_the_pace_sees_look_ups_that_belong_to_no_target(desk: Desk):
    ledger = desk.store.ledger
    for hours in (25, 24, 1):
        await ledger.begin_call(desk.account_id, Action.LOOK_UP, NOW - timedelta(hours=hours))
    history = await ledger.pace_history(desk.account_id, NOW)
    assert history.free_look_ups == [NOW - timedelta(hours=24), NOW - timedelta(hours=1)]
    assert history.times_of(Action.LOOK_UP) == tuple(history.free_look_ups)
    assert history.actions[Action.LOOK_UP] == []


async def test_the_pace_sees_the_flood_wait_of_such_a_look_up(desk: Desk):
    ledger = desk.store.ledger
    for seconds in (30, int(LONG_FLOOD_WAIT.total_seconds())):
        call_id = await ledger.begin_call(desk.account_id, Action.LOOK_UP, NOW)
        await ledger.finish_call(
            call_id, Outcome(OutcomeCode.FLOOD_WAIT, seconds), later(seconds=1)
        )
    history = await ledger.pace_history(desk.account_id, NOW)
    assert (history.waits, history.troubles) == ([later(seconds=1)], [later(seconds=1)])
    assert [flood.wait for flood in await ledger.floods(desk.account_id)] == [
        timedelta(seconds=30),
        LONG_FLOOD_WAIT,
    ]


async def test_a_chat_is_remembered_by_its_name_for_the_account_that_looked(desk: Desk):
    ledger, peer = desk.store.ledger, ChatPeer(77, -5, ChatKind.SUPERGROUP)
    other = (await account(desk.store, 701)).id
    await ledger.keep_named_chat(desk.account_id, "Football_Club", peer)
    assert await ledger.named_chat(desk.account_id, "football_CLUB") == peer
    assert await ledger.named_chat(other, "football_club") is None
    await ledger.keep_named_chat(desk.account_id, "football_club", None)
    assert await ledger.named_chat(desk.account_id, "football_club") is None


async def test_the_pace_sees_calls_in_flight_and_calls_from_the_future(desk: Desk):
    await desk.store.ledger.begin(await desk.claim(), Action.INVITE, later(hours=2))
    history = await desk.store.ledger.pace_history(desk.account_id, NOW)
    assert history.actions[Action.INVITE] == [later(hours=2)]


async def test_the_pace_reads_no_more_of_a_day_than_decides(desk: Desk):
    ceiling = CEILINGS[Action.INVITE].per_day
    times = [NOW - timedelta(minutes=minutes) for minutes in range(ceiling + 30, 0, -1)]
    await put_attempts(desk, Action.INVITE, times)
    history = await desk.store.ledger.pace_history(desk.account_id, NOW)
    assert history.actions[Action.INVITE] == times[-ceiling:]


@given(
    st.dictionaries(st.sampled_from(Action), st.lists(minutes_ago, max_size=200)),
    st.integers(-3000, 3000),
)
def test_the_newest_actions_decide_as_the_whole_day_would(
    done: dict[Action, list[datetime]], shift: int
):
    """What the ledger leaves out changes no decision, whatever the clock shows."""
    now = NOW + timedelta(minutes=shift)
    whole = {action: sorted(done.get(action, ())) for action in Action}
    newest = {
        action: [t for t in times if t >= now - DAY][-CEILINGS[action].per_day :]
        for action, times in whole.items()
    }
    for action in Action:
        decision = next_allowed(action, PaceHistory(NOW, newest), now, 1)
        assert decision == next_allowed(action, PaceHistory(NOW, whole), now, 1)


async def test_the_pace_is_read_through_an_index(desk: Desk):
    plan = await select(
        desk.store,
        "EXPLAIN QUERY PLAN SELECT started_at FROM attempts WHERE account_id = 1 "
        "AND action = 'invite' AND started_at >= 0 ORDER BY started_at DESC LIMIT 50",
    )
    (step,) = [row[3] for row in plan]
    assert "COVERING INDEX attempts_pace (account_id=? AND action=? AND started_at>?)" in step


async def test_the_pace_of_one_account_is_not_that_of_another(desk: Desk):
    other = (await account(desk.store, 701)).id
    await desk.act_at(NOW, Action.INVITE)
    history = await desk.store.ledger.pace_history(other, NOW)
    assert not any(history.actions.values())


@pytest.mark.parametrize(
    ("outcome", "troubles"),
    [
        (Outcome(OutcomeCode.PEER_FLOOD), 1),
        (Outcome(OutcomeCode.FLOOD_WAIT, int(LONG_FLOOD_WAIT.total_seconds())), 1),
        (Outcome(OutcomeCode.FLOOD_WAIT, int(LONG_FLOOD_WAIT.total_seconds()) - 1), 0),
        (Outcome(OutcomeCode.PRIVACY), 0),
    ],
)
async def test_long_waits_and_complaints_are_troubles(desk: Desk, outcome: Outcome, troubles: int):
    await desk.act_at(NOW, Action.INVITE, outcome)
    history = await desk.store.ledger.pace_history(desk.account_id, later(days=40))
    assert list(history.troubles) == [NOW] * troubles
    short = outcome.code is OutcomeCode.FLOOD_WAIT and not troubles
    assert list(history.waits) == [NOW] * short


async def test_troubles_before_the_account_came_back_are_past(desk: Desk):
    await desk.act_at(NOW - timedelta(days=3), Action.INVITE, Outcome(OutcomeCode.PEER_FLOOD))
    history = await desk.store.ledger.pace_history(desk.account_id, NOW)
    assert history.troubles == []
    floods = await desk.store.ledger.floods(desk.account_id)
    assert floods == [Flood(NOW - timedelta(days=3))]
