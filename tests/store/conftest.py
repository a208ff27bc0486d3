from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.fakes.new_stores import open_store
from tests.store.setting import Desk

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from invite_desktop.store.store import Store


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "invite_desktop.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    opened = open_store(path)
    yield opened
    opened.close()


@pytest.fixture
async def desk(path: Path) -> AsyncIterator[Desk]:
    desk = await Desk.prepare(path)
    yield desk
    desk.store.close()
