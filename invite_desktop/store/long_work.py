"""Work too long for one transaction: a thread that hands the writer one short piece at a time.

Between the pieces the ledger gets its turn.
"""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from invite_desktop.store.answers import answer_of, report_failure

if TYPE_CHECKING:
    from collections.abc import Callable

_T = TypeVar("_T")


class LongWork:
    """One piece of long work after the other, in the order of the calls."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="store-long-work")
        self._closing = threading.Event()
        self._door = threading.Lock()

    @property
    def closing(self) -> bool:
        """Return whether the program wants to end; work stops at its next piece."""
        return self._closing.is_set()

    async def run(self, work: Callable[[], _T]) -> _T:
        """Run work to its end, also when the caller is cancelled meanwhile."""
        return await answer_of(self._thread.submit(work))

    def start(self, work: Callable[[], object]) -> None:
        """Run work that nobody waits for, and that may be left to the next start.

        A failure is logged.
        """
        with self._door:
            if not self.closing:
                report_failure(self._thread.submit(work))

    async def idle(self) -> None:
        """Return when everything that was asked for is done."""
        # Work under way may ask for more, which then stands behind the first of these.
        for _ in range(2):
            await asyncio.wrap_future(self._thread.submit(lambda: None))

    def close(self) -> None:
        """Let the work under way stop at its next piece. Blocks."""
        with self._door:
            self._closing.set()
        self._thread.shutdown()
