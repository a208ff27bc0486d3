"""Measures the engine: ``python -m tests.benchmarks.engine [PART …]``; without a part, all of them.

``speed``   invitations a second through one account, full sync on, no pace, beside a bare Telethon
            loop that makes the same calls and writes nothing down. ``speed=TURNS,PEOPLE``.
``claims``  the next person among a million: processor and wall time of a claim, also for an
            account that may look nobody up while whom it knows stands far behind.
``start``   a task for a million people, made and started: its time, the loop's longest pause, and
            how long another task's entry in the ledger had to wait meanwhile. ``start=PEOPLE``.
``growth``  tasks of many people through as many accounts in one process: memory, and the processor
            time of an action in the first and in the last tenth. ``growth=TASKS,PEOPLE``.

Other programs disturb wall time, so processor time stands beside it, and ratios are of one run.
"""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

from tests.benchmarks.engine_claims import measure_claims
from tests.benchmarks.engine_growth import measure_growth
from tests.benchmarks.engine_speed import measure_speed
from tests.benchmarks.engine_start import measure_start

if TYPE_CHECKING:
    from collections.abc import Sequence

PARTS = {
    "speed": measure_speed,
    "claims": measure_claims,
    "start": measure_start,
    "growth": measure_growth,
}

SWITCH = 0.0005
"""Seconds after which threads take turns, as on the window's loop (app.event_loop)."""


def main(parts: Sequence[str]) -> bool:
    """Print the figures of the parts; return whether all of them hold."""
    sys.setswitchinterval(SWITCH)
    holds = True
    for part in parts or PARTS:
        name, _, sizes = part.partition("=")
        for figure in asyncio.run(PARTS[name](*map(int, filter(None, sizes.split(","))))):
            sys.stdout.write(f"{figure}\n")
            sys.stdout.flush()
            holds = holds and figure.holds
    return holds


if __name__ == "__main__":
    sys.exit(0 if main(sys.argv[1:]) else 1)
