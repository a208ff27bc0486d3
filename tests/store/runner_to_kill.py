"""A runner that contacts people as fast as it can and tells each step; made to be killed.

Arguments: the database file, and the file in which "Telegram" notes whom it contacted. After a
start the runner settles what its predecessor left in flight, as the engine does.
"""

from __future__ import annotations

import asyncio
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from invite_desktop.domain.attempts import Action
from invite_desktop.domain.outcomes import Outcome, OutcomeCode
from invite_desktop.store.store import Store

ACTIONS = {"invite": (Action.INVITE, OutcomeCode.INVITED)}
ACTIONS |= {"message": (Action.MESSAGE, OutcomeCode.SENT)}


def tell(*words: object) -> None:
    os.write(sys.stdout.fileno(), (" ".join(map(str, words)) + "\n").encode())


def now() -> datetime:
    return datetime.now(UTC)


async def settle(store: Store, contacted: set[str]) -> None:
    await store.ledger.release_stale_claims(now())
    for settlement in await store.ledger.unsettled():
        attempt = settlement.attempt
        happened = f"{attempt.task_id}:{attempt.person_id}" in contacted
        done = OutcomeCode.INVITED if attempt.action is Action.INVITE else OutcomeCode.SENT
        code = done if happened else OutcomeCode.INTERRUPTED
        await store.ledger.finish(attempt, Outcome(code), now())
        tell("finished", attempt.id, code)


async def work(store: Store, telegram: Path) -> None:
    (account,) = await store.accounts.accounts()
    for task in await store.tasks.tasks():
        action, code = ACTIONS[task.kind]
        while claim := await store.ledger.claim(task.id, account.id, now()):
            attempt = await store.ledger.begin(claim, action, now())
            tell("begun", attempt.id)
            with telegram.open("a") as log:
                log.write(f"{task.id}:{attempt.person_id}\n")
            await store.ledger.finish(attempt, Outcome(code), now())
            tell("finished", attempt.id, code)


async def main(path: Path, telegram: Path, contacted: set[str]) -> None:
    store = Store.open(path)
    tell("ready")
    await settle(store, contacted)
    await work(store, telegram)
    store.close()
    tell("done")


if __name__ == "__main__":
    log_file = Path(sys.argv[2])
    asyncio.run(main(Path(sys.argv[1]), log_file, set(log_file.read_text().split())))
