"""Imports a file that makes one person of all, and undoes that, again and again; to be killed.

Argument: the database file.
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from invite_desktop.store import import_knots, slices
from invite_desktop.store.store import Store
from tests.store.setting import NOW, imported, person


async def main(path: Path) -> None:
    store = Store.open(path)
    names = [f"person{number}" for number in range(1, 201)]
    rows = [person(number, name, "+79000000000") for number, name in enumerate(names, 1)]
    os.write(sys.stdout.fileno(), b"ready\n")
    while True:
        report = await imported(store, rows, "all of them")
        await store.audiences.undo_import(report.import_id, NOW)


if __name__ == "__main__":
    import_knots.PEOPLE_AT_ONCE = 10
    slices.WANTED_SECONDS = -1.0
    asyncio.run(main(Path(sys.argv[1])))
