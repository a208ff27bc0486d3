"""The demo phone that scans QR codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from invite_desktop.domain.errors import KnownError
from invite_desktop.rehearsal.demo import NEWCOMERS, NEWCOMERS_PASSWORD, add_newcomers, demo_world
from invite_desktop.rehearsal.population import CALM
from invite_desktop.rehearsal.scanning import scan
from tests.fakes.rehearsal import running_rehearsal

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.fakes.rehearsal import Rehearsal


@pytest.fixture
async def rehearsal() -> AsyncIterator[Rehearsal]:
    world = demo_world(mix=CALM)
    add_newcomers(world)
    async with running_rehearsal(world) as running:
        yield running


async def test_the_first_free_account_accepts_the_code(rehearsal: Rehearsal):
    async with rehearsal.client() as newcomer:
        code = await newcomer.qr_login()
        scan(rehearsal.server, code.url, NEWCOMERS)
        await code.recreate()
        me = await newcomer.get_me()
    assert f"+{me.phone}" == NEWCOMERS[0]


async def test_a_code_is_scanned_once(rehearsal: Rehearsal):
    async with rehearsal.client() as newcomer:
        code = await newcomer.qr_login()
        scan(rehearsal.server, code.url, NEWCOMERS)
        with pytest.raises(KnownError, match="cannot be scanned"):
            scan(rehearsal.server, code.url, NEWCOMERS)


@pytest.mark.parametrize("link", ["tg://login?token=AAAA", "tg://login?token=A", ""])
async def test_what_is_no_code_is_refused_in_words(rehearsal: Rehearsal, link: str):
    with pytest.raises(KnownError, match="cannot be scanned"):
        scan(rehearsal.server, link, NEWCOMERS)


async def test_who_is_logged_in_scans_nothing(rehearsal: Rehearsal):
    for phone in NEWCOMERS:
        rehearsal.server.issue_key(rehearsal.world.people.account_of_phone(phone))
    async with rehearsal.client() as newcomer:
        code = await newcomer.qr_login()
        with pytest.raises(KnownError, match="logged in already"):
            scan(rehearsal.server, code.url, NEWCOMERS)


async def test_one_newcomer_has_a_password_with_a_hint(rehearsal: Rehearsal):
    guarded = rehearsal.world.people.account_of_phone(NEWCOMERS[1])
    assert guarded.password == NEWCOMERS_PASSWORD
    assert guarded.hint
