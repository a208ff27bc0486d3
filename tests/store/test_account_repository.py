from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from invite_desktop.domain.accounts import AccountState, Actor, Change, HealthFact, Profile
from invite_desktop.store.store import Store
from tests.store.setting import NOW, account, later, select

if TYPE_CHECKING:
    from pathlib import Path


ANNA = Profile(42, "Anna", "K", "anna_k", "+79001234567")


async def test_a_new_account_is_ready(store: Store):
    added = await store.accounts.add(ANNA, NOW)
    assert (added.profile, added.state, added.added_at) == (ANNA, AccountState.READY, NOW)
    assert await store.accounts.accounts() == [added]


async def test_accounts_come_oldest_first(store: Store):
    ids = [(await account(store, telegram_id)).id for telegram_id in (9, 3, 5)]
    assert [found.id for found in await store.accounts.accounts()] == ids


async def test_a_state_is_kept_exactly(store: Store):
    added = await account(store)
    until = later(hours=3, microseconds=1)
    changed = await store.accounts.change_state(
        added.id, Change(AccountState.RESTING, until, "flood_wait")
    )
    assert (changed.state, changed.until, changed.note) == (
        AccountState.RESTING,
        until,
        "flood_wait",
    )
    assert await store.accounts.accounts() == [changed]


async def test_every_change_of_state_is_remembered_with_its_time(path: Path):
    store = Store.open(path, now=lambda: later(hours=1))
    added = await account(store)
    await store.accounts.change_state(added.id, Change(AccountState.BANNED, None, "banned"))
    rows = await select(store, "SELECT state, at, note FROM account_events ORDER BY id")
    store.close()
    hour = 3_600_000_000
    assert [(state, note) for state, _, note in rows] == [("ready", ""), ("banned", "banned")]
    assert rows[1][1] - rows[0][1] == hour


async def test_a_profile_can_change(store: Store):
    added = await account(store, 42)
    assert (await store.accounts.update_profile(added.id, ANNA)).profile == ANNA


async def test_a_removed_account_is_hidden(store: Store):
    await store.accounts.remove((await account(store)).id)
    assert await store.accounts.accounts() == []


async def test_a_removed_account_comes_back_as_a_new_one(store: Store):
    first = await account(store, 42)
    await store.accounts.change_state(first.id, Change(AccountState.LOGGED_OUT, None, "logged_out"))
    await store.accounts.remove(first.id)
    again = await store.accounts.add(ANNA, later(days=30))
    assert again.id == first.id
    assert (again.state, again.note, again.profile) == (AccountState.READY, "", ANNA)
    assert again.added_at == later(days=30)


async def test_logging_in_again_keeps_the_earned_trust(store: Store):
    first = await account(store, 42)
    again = await store.accounts.add(ANNA, later(days=30))
    assert (again.id, again.added_at) == (first.id, NOW)


async def test_an_unknown_account_is_a_bug(store: Store):
    with pytest.raises(KeyError):
        await store.accounts.change_state(99, Change(AccountState.READY, None, ""))


# ---------------------------------------------------------------- health history


async def test_the_health_history_comes_newest_first_in_pages(store: Store):
    added = await account(store)
    for hours in range(3):
        rest = Change(AccountState.RESTING, later(hours=hours), "flood_wait", Actor.TELEGRAM, "X")
        await store.accounts.change_state(added.id, rest)
    newest, older = await store.accounts.health(added.id, 0, 2)
    assert (newest.until, older.until) == (later(hours=2), later(hours=1))
    assert (newest.by, newest.note, newest.detail) == (Actor.TELEGRAM, "flood_wait", "X")
    (_, first) = await store.accounts.health(added.id, 2, 10)
    assert (first.fact, first.by) == (HealthFact.ADDED, Actor.USER)


async def test_a_removal_is_remembered(store: Store):
    added = await account(store)
    await store.accounts.remove(added.id)
    newest, _ = await store.accounts.health(added.id, 0, 2)
    assert (newest.fact, newest.by) == (HealthFact.REMOVED, Actor.USER)


async def test_the_last_trouble_is_no_change_that_the_user_made(store: Store):
    first, second = await account(store, 1), await account(store, 2)
    limit = Change(AccountState.LIMITED, later(days=1), "peer_flood", Actor.TELEGRAM)
    await store.accounts.change_state(first.id, limit)
    off = Change(AccountState.SWITCHED_OFF, later(days=1), "peer_flood", Actor.USER)
    await store.accounts.change_state(first.id, off)
    troubles = await store.accounts.last_troubles()
    assert set(troubles) == {first.id}
    assert troubles[first.id].state is AccountState.LIMITED
    no_net = Change(AccountState.READY)
    await store.accounts.note_health(second.id, HealthFact.NO_NETWORK, no_net)
    assert (await store.accounts.last_troubles())[second.id].fact is HealthFact.NO_NETWORK


async def test_the_longest_rest_that_telegram_ordered_is_found(store: Store):
    added = await account(store)
    assert await store.accounts.ordered_rest(added.id, NOW) is None
    limit = Change(AccountState.LIMITED, later(days=1), "peer_flood", Actor.TELEGRAM)
    await store.accounts.change_state(added.id, limit)
    shorter = Change(AccountState.RESTING, later(hours=1), "flood_wait", Actor.TELEGRAM)
    await store.accounts.note_health(added.id, HealthFact.TROUBLE, shorter)
    own = Change(AccountState.RESTING, later(days=9), "by_user", Actor.USER)
    await store.accounts.change_state(added.id, own)
    assert await store.accounts.ordered_rest(added.id, NOW) == limit
    assert await store.accounts.ordered_rest(added.id, later(days=1)) is None
