"""Every contract is tested on the fake and on the real thing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.contracts.stages import FakeStage, RehearsalStage, calm_world
from tests.fakes.rehearsal import running_rehearsal

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
