"""How widgets start coroutines: owned, refusals shown in words, bursts folded into one."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from invite_desktop.domain.errors import KnownError

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from invite_desktop.engine.background import BackgroundScope


class Work:
    """Starts coroutines in the program's background scope.

    A KnownError goes to ``refused``, the world's way of saying no; anything else ends the
    background and reaches the scope's own ``on_error``.
    """

    def __init__(self, background: BackgroundScope, refused: Callable[[KnownError], None]) -> None:
        self._background = background
        self._refused = refused

    def start(
        self,
        work: Coroutine[Any, Any, None],
        name: str,
        refused: Callable[[KnownError], None] | None = None,
    ) -> asyncio.Task[None]:
        """Run a coroutine; its KnownError is shown by ``refused``, else in a box."""
        started = self._background.start(self._shown(work, refused or self._refused), name)
        # Cancelled before its first step, the wrapper never awaits what it was given.
        started.add_done_callback(lambda _: work.close())
        return started

    async def _shown(
        self, work: Coroutine[Any, Any, None], refused: Callable[[KnownError], None]
    ) -> None:
        try:
            await work
        except KnownError as error:
            refused(error)


class Refresher:
    """Runs one loading coroutine at a time; wishes that come meanwhile become one more run.

    ``rest`` are the seconds between two runs, so that numbers that change all the time cost little.
    """

    def __init__(
        self,
        work: Work,
        load: Callable[[], Coroutine[Any, Any, None]],
        name: str,
        rest: float = 0.0,
    ) -> None:
        self._work = work
        self._load = load
        self._name = name
        self._rest = rest
        self._running = False
        self._again = False

    def request(self) -> None:
        """Load now, or once more when the load under way has ended."""
        self._again = True
        if not self._running:
            self._running = True
            self._work.start(self._run(), self._name)

    async def _run(self) -> None:
        try:
            while self._again:
                self._again = False
                await self._load()
                await asyncio.sleep(self._rest)
        finally:
            self._running = False


class Latest:
    """Runs only the newest of several coroutines: an older one is cancelled, its answer dropped."""

    def __init__(self, work: Work, name: str) -> None:
        self._work = work
        self._name = name
        self._current: asyncio.Task[None] | None = None

    def start(
        self,
        work: Coroutine[Any, Any, None],
        refused: Callable[[KnownError], None] | None = None,
    ) -> None:
        """Run a coroutine instead of whatever ran before."""
        self.cancel()
        self._current = self._work.start(work, self._name, refused)

    def cancel(self) -> None:
        """Drop what is under way."""
        if self._current is not None and not self._current.done():
            self._current.cancel()
        self._current = None

    @property
    def busy(self) -> bool:
        """Return whether an answer is still awaited."""
        return self._current is not None and not self._current.done()
