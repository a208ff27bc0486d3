"""The engine's check of a chat before the rehearsal server: what it asks, and what it leaves."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from telethon.tl.functions.channels import GetFullChannelRequest
from telethon.tl.functions.contacts import ResolveUsernameRequest

from invite_desktop.domain.chats import parse_chat_address
from tests.benchmarks.chat_check import CLUB, checking

if TYPE_CHECKING:
    from pathlib import Path

    from tests.contracts.stages import RehearsalStage

ACCOUNTS = 3


def asked(stage: RehearsalStage, request: type) -> int:
    return sum(isinstance(call.request, request) for call in stage.server.calls)


@pytest.mark.parametrize(
    "text", [CLUB, "football_club", "t.me/football_club", "tg://resolve?domain=football_club"]
)
async def test_every_form_of_a_link_finds_the_club(tmp_path: Path, text: str):
    async with checking(tmp_path, ACCOUNTS) as (checks, _):
        check = await checks.check(text)
        assert len(check.ready) == ACCOUNTS
        assert check.info.title == "Football"


async def test_a_name_is_resolved_once_by_each_account(tmp_path: Path):
    async with checking(tmp_path, ACCOUNTS) as (checks, stage):
        for _ in range(3):
            await checks.recheck(parse_chat_address(CLUB))
        assert asked(stage, ResolveUsernameRequest) == ACCOUNTS


async def test_a_name_that_leads_nowhere_is_asked_for_once(tmp_path: Path):
    async with checking(tmp_path, ACCOUNTS) as (checks, stage):
        for _ in range(3):
            assert (await checks.check("@nobody_has_this")).info is None
        assert asked(stage, ResolveUsernameRequest) == ACCOUNTS


async def test_a_check_that_is_given_up_asks_nothing_more(tmp_path: Path):
    async with checking(tmp_path, ACCOUNTS) as (checks, stage):
        await checks.check("@nobody_has_this")
        stage.server.set_latency(0.05)
        before = asked(stage, ResolveUsernameRequest)
        checking_now = asyncio.ensure_future(checks.check(CLUB))
        while asked(stage, ResolveUsernameRequest) < before + ACCOUNTS:  # noqa: ASYNC110 - the server tells nobody
            await asyncio.sleep(0.001)
        checking_now.cancel()
        await asyncio.gather(checking_now, return_exceptions=True)
        await asyncio.sleep(0.15)
        assert asked(stage, GetFullChannelRequest) == 0
        stage.server.set_latency(0)
        assert len((await checks.check(CLUB)).ready) == ACCOUNTS
