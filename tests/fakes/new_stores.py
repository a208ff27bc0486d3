"""Stores for tests, made from one empty database instead of all migrations each time."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from invite_desktop.store.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime


def open_store(path: Path, now: Callable[[], datetime] | None = None) -> Store:
    """Open a store; where there is none yet, it begins as a copy of an empty one."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_empty())
    return Store.open(path) if now is None else Store.open(path, now)


@cache
def _empty() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "empty.db"
        Store.open(path).close()
        return path.read_bytes()
