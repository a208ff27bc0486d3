from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from invite_desktop.domain.accounts import AccountState, Profile
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
    changed = await store.accounts.set_state(added.id, AccountState.RESTING, until, "flood_wait")
    assert (changed.state, changed.until, changed.note) == (
        AccountState.RESTING,
        until,
        "flood_wait",
    )
    assert await store.accounts.accounts() == [changed]


async def test_every_change_of_state_is_remembered_with_its_time(path: Path):
    store = Store.open(path, now=lambda: later(hours=1))
    added = await account(store)
    await store.accounts.set_state(added.id, AccountState.BANNED, None, "banned")
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
    await store.accounts.set_state(first.id, AccountState.LOGGED_OUT, None, "logged_out")
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
        await store.accounts.set_state(99, AccountState.READY, None, "")
