"""Owner of everything that runs in the background: nothing is forgotten, nothing fails silently."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine


class BackgroundScope:
    """A set of asyncio tasks with a strong hold on each of them.

    ``on_error`` gets every exception that ends one of them, cancellation excepted. Once the scope
    is closed nothing runs any more: what a timer or an event still starts is cancelled before its
    first step, so that it cannot ask a store that is closed.
    """

    def __init__(self, on_error: Callable[[BaseException], None]) -> None:
        self._on_error = on_error
        self._running: set[asyncio.Task[Any]] = set()
        self._closed = False

    def start(self, work: Coroutine[Any, Any, Any], name: str) -> asyncio.Task[Any]:
        """Run a coroutine until it ends or the scope is closed."""
        background = asyncio.get_running_loop().create_task(work, name=name)
        self._running.add(background)
        background.add_done_callback(self._ended)
        if self._closed:
            background.cancel()
        return background

    async def close(self) -> None:
        """Cancel everything, for good, and wait until it is gone."""
        self._closed = True
        while running := tuple(self._running):
            for background in running:
                background.cancel()
            await asyncio.gather(*running, return_exceptions=True)

    def _ended(self, background: asyncio.Task[Any]) -> None:
        self._running.discard(background)
        if not background.cancelled() and (error := background.exception()) is not None:
            self._on_error(error)
