"""How much of long work one transaction does: as much as keeps the ledger waiting only shortly."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

WANTED_SECONDS = 0.05
"""What a transaction of long work may take; the ledger waits for two of them at most."""

FIRST_ROWS, LEAST_ROWS, MOST_ROWS = 1_000, 50, 5_000
"""Rows of the first transaction, of the smallest one, and of the biggest one."""


@dataclass(slots=True)
class Slices:
    """The transactions of long work; ``rows`` is how many rows the next one should take.

    That is learned from what the last one took, twice as many at most, because its rows may have
    been the easy ones.
    """

    rows: int = field(default_factory=lambda: FIRST_ROWS)
    clock: Callable[[], float] = time.monotonic
    _began: float = 0.0

    def begin(self) -> None:
        """Note that a transaction has begun."""
        self._began = self.clock()

    def is_over(self) -> bool:
        """Return whether the transaction has taken its time."""
        return self.clock() - self._began > WANTED_SECONDS

    def end(self, rows: int, least: int | None = None) -> None:
        """Note that the transaction has ended, and how many rows it has done.

        ``least``: fewer would cost more than the others' waiting is worth.
        """
        seconds = max(self.clock() - self._began, 1e-6)
        wanted = round(max(rows, 1) * WANTED_SECONDS / seconds)
        self.rows = max(
            LEAST_ROWS if least is None else least, min(MOST_ROWS, wanted, 2 * self.rows)
        )
