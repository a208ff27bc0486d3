from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from invite_desktop.store.store import Store
from tests.store.setting import Desk

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "invite_desktop.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    opened = Store.open(path)
    yield opened
    opened.close()


@pytest.fixture
async def desk(path: Path) -> AsyncIterator[Desk]:
    desk = await Desk.prepare(path)
    yield desk
    desk.store.close()
