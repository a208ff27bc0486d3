"""One field a test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.faults.field import opened_field

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.faults.field import Field


@pytest.fixture
async def field(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Field]:
    """Everything started, with one account or as many as the test asks for."""
    async with opened_field(tmp_path, getattr(request, "param", 1)) as opened:
        yield opened
