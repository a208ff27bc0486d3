"""The next person among a million: the time of a claim, in order and with a wish."""

from __future__ import annotations

import contextlib
import sqlite3
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from invite_desktop.domain.accounts import Profile
from invite_desktop.domain.attempts import Action
from invite_desktop.domain.chats import ChatKind, parse_chat_address
from invite_desktop.domain.outcomes import Outcome, OutcomeCode
from invite_desktop.domain.tasks import ChatRef, NewTask, TaskKind
from invite_desktop.engine.clocks import SystemClock
from invite_desktop.engine.ports.ledger import ANYBODY, ClaimWish
from invite_desktop.rehearsal.demo import CLUB_USERNAME
from invite_desktop.store.store import Store
from tests.benchmarks.engine_field import add_audience, make_store
from tests.benchmarks.engine_figures import Figure

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MANY = 1_000_000
CLAIMS = 300
LONGEST_CLAIM = 0.002
KNOWN_FROM = 15_000
"""So many people nobody may look up now stand before those whom the account knows."""


async def measure_claims(people: int = MANY) -> Iterator[Figure]:
    """Claim again and again, in order and with a wish."""
    with tempfile.TemporaryDirectory() as name:
        database = Path(name) / "store.db"
        store, audience = _store_with_people(database, people)
        try:
            account = await _account(store)
            task = await store.tasks.create(_to_club(audience), "Many", _now())
            plain = [await _claim_and_end(store, task.id, account, ANYBODY) for _ in range(CLAIMS)]
            _know(database, account, task.id, KNOWN_FROM)
            nobody = ClaimWish((Action.LOOK_UP, Action.CONTACT_IMPORT))
            wished = [await _claim_and_end(store, task.id, account, nobody) for _ in range(CLAIMS)]
        finally:
            store.close()
    return _claim_figures(plain, wished)


async def _claim_and_end(
    store: Store, task_id: int, account_id: int, wish: ClaimWish
) -> tuple[float, float]:
    """Return the seconds of a claim, and the processors' of them, and end the target."""
    began, before = time.perf_counter(), time.process_time()
    claim = await store.ledger.claim(task_id, account_id, _now(), wish)
    taken = time.perf_counter() - began, time.process_time() - before
    assert claim is not None
    assert (claim.peer is not None) == bool(wish.without), "another one was wished for"
    await store.ledger.end_target(claim, Outcome(OutcomeCode.DELETED_ACCOUNT), _now())
    return taken


def _claim_figures(
    plain: Sequence[tuple[float, float]], wished: Sequence[tuple[float, float]]
) -> Iterator[Figure]:
    for words, times in (
        (f"claim among {MANY:,}", plain),
        (f"claim of a known one behind {KNOWN_FROM:,} others", wished),
    ):
        wall, spent = (median(values) * 1000 for values in zip(*times, strict=True))
        yield Figure(
            f"{words}: median {wall:.2f} ms, processor {spent:.2f} ms, the first "
            f"{times[0][0] * 1000:.1f} ms (under {LONGEST_CLAIM * 1000:.0f})",
            spent < LONGEST_CLAIM * 1000,
        )


def _know(database: Path, account_id: int, task_id: int, first: int) -> None:
    """Let an account know everybody from a place of the task on."""
    with contextlib.closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute(
            "INSERT INTO peers SELECT ?, person_id, person_id + 1000000000, 1 FROM targets "
            "WHERE task_id = ? AND position > ? AND position <= ?",
            (account_id, task_id, first, first + 10 * CLAIMS),
        )


def _store_with_people(database: Path, people: int) -> tuple[Store, int]:
    make_store(database)
    audience = add_audience(database, "many", people)
    return Store.open(database), audience


async def _account(store: Store) -> int:
    return (await store.accounts.add(Profile(1, "Anna"), _now())).id


def _to_club(audience: int) -> NewTask:
    address = parse_chat_address(f"@{CLUB_USERNAME}")
    return NewTask(TaskKind.INVITE, audience, ChatRef(7, "Club", ChatKind.SUPERGROUP, address))


_now = SystemClock().now
