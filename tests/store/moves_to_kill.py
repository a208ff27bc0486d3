"""Takes everybody out of audience 1 and puts them back, again and again; made to be killed.

Argument: the database file.
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from invite_desktop.engine.ports.audiences import PeopleQuery
from invite_desktop.store import audience_moves
from invite_desktop.store.store import Store


async def main(path: Path) -> None:
    store = Store.open(path)
    os.write(sys.stdout.fileno(), b"ready\n")
    while True:
        everybody = await store.audiences.person_ids(1, PeopleQuery())
        await store.audiences.put_back(await store.audiences.remove_people(1, everybody))


if __name__ == "__main__":
    audience_moves.PEOPLE_AT_ONCE = 20
    asyncio.run(main(Path(sys.argv[1])))
