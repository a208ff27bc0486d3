"""An engine for each test, on a database of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.fakes.house import House

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """A started engine; a bug that nobody asked for fails the test."""
    opened = House(tmp_path / "test.db")
    await opened.open()
    yield opened
    opened.clock.let_go()
    await opened.close()
    assert not opened.errors
