"""Owner of everything that runs in the background: nothing is forgotten, nothing fails silently."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine


class BackgroundScope:
    """A set of asyncio tasks with a strong hold on each of them.

    ``on_error`` gets every exception that ends one of them, cancellation excepted.
    """

    def __init__(self, on_error: Callable[[BaseException], None]) -> None:
        self._on_error = on_error
        self._running: set[asyncio.Task[Any]] = set()

    def start(self, work: Coroutine[Any, Any, Any], name: str) -> asyncio.Task[Any]:
        """Run a coroutine until it ends or the scope is closed."""
        background = asyncio.get_running_loop().create_task(work, name=name)
        self._running.add(background)
        background.add_done_callback(self._ended)
        return background

    async def close(self) -> None:
        """Cancel everything and wait until it is gone."""
        running = tuple(self._running)
        for background in running:
            background.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    def _ended(self, background: asyncio.Task[Any]) -> None:
        self._running.discard(background)
        if not background.cancelled() and (error := background.exception()) is not None:
            self._on_error(error)
