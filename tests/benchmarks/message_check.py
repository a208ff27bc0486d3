"""Measures a message tried on everybody: ``python -m tests.benchmarks.message_check [PEOPLE]``.

A million people unless said otherwise; the time for each of them, at the beginning and over all,
and how long the loop stands still meanwhile. See loop_probe for what is measured.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from pathlib import Path

from invite_desktop.engine.message_check import check_text
from invite_desktop.store.store import Store
from tests.benchmarks.engine_field import add_audience, make_store
from tests.benchmarks.loop_probe import LoopProbe

PEOPLE = 1_000_000
TEXT = "Hello, **{{ first_name | default('friend') }}**! Your name here: {{ username }}"


async def measure(path: Path, people: int) -> bool:
    """Print the figures; False when the loop computed for too long."""
    audience_id = add_audience(path, "someone", people)
    few_id = add_audience(path, "few", people // 20)
    store = Store.open(path)
    try:
        holds = True
        for name, chosen, count in (
            ("a twentieth", few_id, people // 20),
            ("all", audience_id, people),
        ):
            began = time.process_time()
            with LoopProbe().phase(name) as found:
                check = await check_text(store.audiences, chosen, TEXT)
            spent = (time.process_time() - began) / count
            assert (check.people, check.failing) == (count, 0)
            sys.stdout.write(f"{found}\n{name}: {spent * 1e6:.1f} us of processor a person\n")
            holds = holds and found.holds
        return holds
    finally:
        store.close()


def main() -> int:
    """Measure; 1 when the loop stood still by its own fault."""
    people = int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "store.sqlite3"
        make_store(path)
        return 0 if asyncio.run(measure(path, people)) else 1


if __name__ == "__main__":
    sys.exit(main())
