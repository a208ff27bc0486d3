"""An import from Telegram that tells when it is in the middle, and waits there to be killed.

Argument: the database file. The little Telegram is the same in every process.
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tests.fakes.house import House

if TYPE_CHECKING:
    from invite_desktop.domain.accounts import Account
    from tests.fakes.telegram import FakeChat

GUESTS = 10


async def world(path: Path) -> tuple[House, Account, FakeChat]:
    """Open the program on a file; everything outside of the file is as it always is."""
    house = House(path)
    await house.open()
    account = await house.add_account()
    chat = house.add_chat(account, title="Chess")
    chat.members |= {person.user_id for person in house.people(GUESTS)}
    return house, account, chat


async def main(path: Path) -> None:
    house, account, chat = await world(path)
    importing = asyncio.ensure_future(house.engine.sources.import_members(account.id, chat.info))
    for page in ("0", "3", "6"):
        held = house.messenger(account).hold("member_page")
        await held.reached()
        if page == "6":
            os.write(sys.stdout.fileno(), b"in the middle of page 6\n")
        else:
            held.release()
    await importing


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
