"""A server that goes away and comes back: the account notices both by itself."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from invite_desktop.domain.accounts import AccountState, Change, HealthFact
from invite_desktop.domain.chats import parse_chat_address
from tests.benchmarks.chat_check import CLUB, checking

if TYPE_CHECKING:
    from pathlib import Path


async def test_an_account_without_network_comes_back_when_the_server_does(tmp_path: Path):
    async with checking(tmp_path, accounts=1) as (checks, stage):
        assert len((await checks.check(CLUB)).ready) == 1
        states = checks._accounts
        coming_back = asyncio.ensure_future(stage.server.restart(pause=0.3))
        await asyncio.sleep(0.05)
        (row,) = (await checks.recheck(parse_chat_address(CLUB))).accounts
        assert "no connection" in str(row.why)
        assert states.outage(1) is not None
        await coming_back
        async with asyncio.timeout(10):
            while states.outage(1) is not None:  # noqa: ASYNC110 - the account is asked, as a screen asks
                await asyncio.sleep(0.01)
        # The account is back a moment before that is written down.
        await states._store.note_health(1, HealthFact.TROUBLE, Change(AccountState.READY))
        facts = [event.fact for event in await states._store.health(1, 1, 9)]
        assert facts == [HealthFact.NETWORK_BACK, HealthFact.NO_NETWORK, HealthFact.ADDED]
        assert len((await checks.check(CLUB)).ready) == 1
