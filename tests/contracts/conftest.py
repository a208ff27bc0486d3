"""Every contract is tested on the fake and on the real thing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.contracts.clubs import Club
from tests.contracts.stages import FakeStage, RehearsalStage, calm_world, messenger_of
from tests.fakes.rehearsal import running_rehearsal
from tests.fakes.telegram_world import PHOTO

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.contracts.stages import Stage


@pytest.fixture(params=["fake", "telethon"])
async def stage(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Stage]:
    if request.param == "fake":
        yield FakeStage()
        return
    journal = tmp_path / "journal.jsonl"
    async with running_rehearsal(calm_world(), log_file=journal) as rehearsal:
        real = RehearsalStage(rehearsal, journal)
        yield real
        await real.gateway.close()


@pytest.fixture
def poster(tmp_path: Path) -> Path:
    path = tmp_path / "poster.png"
    path.write_bytes(PHOTO)
    return path


@pytest.fixture
async def club(stage: Stage) -> Club:
    anna = stage.account(1, "anna_owner", phone="+79990000001", first_name="Anna")
    chat = stage.chat("Football", anna, username="football_club")
    return Club(stage, anna, chat, await messenger_of(stage))
