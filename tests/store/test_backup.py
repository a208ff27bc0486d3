"""Backups are complete, sound and few; one that is put back says so."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invite_desktop.domain.attempts import Action
from invite_desktop.domain.audiences import OptOutSource
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.outcomes import Outcome, OutcomeCode, TargetState
from invite_desktop.domain.people import PersonKeys
from invite_desktop.engine.ports.audiences import NewOptOuts
from invite_desktop.engine.ports.backups import Backup
from invite_desktop.engine.ports.stores import TargetFilter
from invite_desktop.store import backup as backup_module
from invite_desktop.store.backup import (
    DAILY,
    WEEKLY,
    SqliteBackups,
    backups_in,
    dropped,
    finish_restore,
    make_backup,
    prepare_restore,
)
from invite_desktop.store.schema import MIGRATIONS
from invite_desktop.store.store import Store
from tests.store.setting import NOW, account, imported, invite_task, people

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SCHEMAS = Path(__file__).parent.parent / "data" / "schemas"


async def fill(path: Path, count: int) -> Store:
    store = Store.open(path)
    await imported(store, people(count))
    return store


def count(path: Path, table: str = "people") -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608 - names of this module


def read(path: Path) -> bytes:
    return path.read_bytes()


def write(path: Path, content: bytes) -> None:
    path.write_bytes(content)


async def test_a_backup_has_everything_that_was_written_while_the_file_is_open(path: Path):
    store = await fill(path, 30)
    made = make_backup(path, path.parent / "backups", AT)
    assert count(made.path) == 30
    assert backups_in(path.parent / "backups") == [made]
    assert made.made_at == AT
    store.close()
    # One file, without a log beside it that could get lost.
    assert [p.name for p in made.path.parent.iterdir()] == [made.name]


async def test_writers_go_on_while_a_backup_is_made(path: Path):
    store = await fill(path, 2_000)
    shelf = SqliteBackups(path, path.parent / "backups")
    made, _ = await asyncio.gather(shelf.make(), imported(store, people(2_040)[2_000:], "g"))
    assert count(made.path) in {2_000, 2_040}
    assert count(path) == 2_040
    store.close()


def backup_at(moment: datetime) -> Backup:
    return Backup(f"{moment:%Y%m%d-%H%M%S}", Path("x"), moment, 1)


@given(st.sets(st.integers(0, 90 * 24), min_size=1))
def test_the_newest_of_seven_days_and_of_four_weeks_are_kept(hours: set[int]):
    backups = [backup_at(AT - timedelta(hours=h)) for h in hours]
    gone = dropped(backups)
    kept = [b for b in backups if b not in gone]
    assert len(kept) <= DAILY + WEEKLY
    assert max(backups, key=lambda b: b.made_at) in kept
    days = sorted({b.made_at.date() for b in backups})[-DAILY:]
    weeks = sorted({b.made_at.isocalendar()[:2] for b in backups})[-WEEKLY:]
    assert set(days) <= {b.made_at.date() for b in kept}
    assert set(weeks) <= {b.made_at.isocalendar()[:2] for b in kept}


async def test_old_backups_leave_the_folder(path: Path):
    (await fill(path, 1)).close()
    folder = path.parent / "backups"
    for days in range(40, -1, -1):
        make_backup(path, folder, AT - timedelta(days=days))
    # Today is a Monday: the seven days reach into last week, whose newest is one of them.
    assert len(backups_in(folder)) == 9


@pytest.mark.parametrize(
    ("age", "made"),
    [(timedelta(hours=23), False), (timedelta(hours=25), True), (timedelta(hours=-1), True)],
    ids=str,
)
async def test_a_backup_is_due_after_a_day_or_when_the_clock_was_set_back(
    path: Path, age: timedelta, made: bool
):
    (await fill(path, 1)).close()
    folder = path.parent / "backups"
    make_backup(path, folder, AT - age)
    shelf = SqliteBackups(path, folder, lambda: AT)
    assert (await shelf.make_if_due() is not None) is made


async def test_the_first_backup_is_due_at_once(path: Path):
    (await fill(path, 1)).close()
    assert await SqliteBackups(path, path.parent / "backups").make_if_due() is not None


async def test_a_damaged_database_makes_no_backup(path: Path):
    (await fill(path, 3_000)).close()
    with path.open("rb+") as file:
        file.seek(40_960)
        file.write(os.urandom(200_000))
    folder = path.parent / "backups"
    with pytest.raises(KnownError, match="damaged"):
        make_backup(path, folder, AT)
    assert list(folder.iterdir()) == []


async def test_a_copy_that_lacks_something_is_no_backup(
    path: Path, monkeypatch: pytest.MonkeyPatch
):
    (await fill(path, 5)).close()
    copied = backup_module._copy

    def forgetful(source: Path, target: Path) -> dict[str, int]:
        return {**copied(source, target), "people": 6}

    monkeypatch.setattr(backup_module, "_copy", forgetful)
    with pytest.raises(KnownError, match="damaged"):
        make_backup(path, path.parent / "backups", AT)


# ------------------------------------------------------------ putting back


async def test_a_backup_takes_the_place_at_the_next_start_and_is_marked(path: Path):
    folder = path.parent / "backups"
    store = await fill(path, 3)
    made = make_backup(path, folder, AT)
    await imported(store, people(7)[3:], "g")
    prepare_restore(made.path, path)
    assert count(path) == 7
    store.close()
    assert finish_restore(path, folder, AT + timedelta(hours=1))
    assert not finish_restore(path, folder, AT)
    store = Store.open(path)
    assert count(path) == 3
    restore = await store.restores.unconfirmed()
    assert restore is not None
    assert restore.restored_at == AT + timedelta(hours=1)
    store.close()
    (replaced,) = folder.glob("replaced-*.sqlite3")
    assert count(replaced) == 7


async def test_who_said_no_after_the_backup_stays_on_the_list(path: Path):
    folder = path.parent / "backups"
    store = await fill(path, 3)
    by_hand = NewOptOuts("by phone", AT, OptOutSource.HAND)
    anna = PersonKeys("anna_k", "+79001234567")
    await store.audiences.opt_out_keys([anna], by_hand, lambda _: None, lambda: False)
    made = make_backup(path, folder, AT)
    later = NewOptOuts("wrote to us", AT + timedelta(days=1), OptOutSource.FILE, "no.csv")
    people_later = [anna, PersonKeys("boris_k", None, 77)]
    await store.audiences.opt_out_keys(people_later, later, lambda _: None, lambda: False)
    store.close()
    prepare_restore(made.path, path)
    finish_restore(path, folder, AT)
    store = Store.open(path)
    entries = await store.audiences.opt_outs("", 0, 10, ended=False)
    store.close()
    assert [(e.reason, e.at, e.source, e.file, len(e.keys)) for e in entries] == [
        (later.reason, later.at, later.source, later.file, 2),
        (by_hand.reason, by_hand.at, by_hand.source, "", 2),
    ]


async def test_whom_a_task_came_to_after_the_backup_is_not_come_to_again(path: Path):
    folder = path.parent / "backups"
    store = Store.open(path)
    task = await invite_task(store, (await imported(store, people(5))).audience.id)
    anna = await account(store)
    began = await store.ledger.claim(task.id, anna.id, NOW)
    assert began is not None
    made = make_backup(path, folder, AT)
    late = await account(store, 2)
    ends = (OutcomeCode.PRIVACY, OutcomeCode.INVITED, OutcomeCode.NOT_FOUND)
    for claimer, code in zip((anna, anna, late), ends, strict=True):
        claim = await store.ledger.claim(task.id, claimer.id, NOW)
        assert claim is not None
        attempt = await store.ledger.begin(claim, Action.INVITE, NOW)
        await store.ledger.finish(attempt, Outcome(code, detail="said so"), NOW)
    store.close()
    prepare_restore(made.path, path)
    finish_restore(path, folder, AT)
    store = Store.open(path)
    targets = await store.tasks.targets(task.id, TargetFilter(), 0, 10)
    counters = await store.tasks.counters(task.id)
    store.close()
    assert [(t.state, t.outcome, t.account_id) for t in targets] == [
        (TargetState.IN_WORK, None, anna.id),
        (TargetState.SKIPPED, OutcomeCode.PRIVACY, anna.id),
        (TargetState.INVITED, OutcomeCode.INVITED, anna.id),
        (TargetState.FAILED, OutcomeCode.NOT_FOUND, None),
        (TargetState.PENDING, None, None),
    ]
    assert {t.detail for t in targets[1:4]} == {"said so"}
    assert counters.by_reason == Counter((t.state, t.outcome) for t in targets)


async def test_a_damaged_database_is_replaced_although_its_list_cannot_be_read(path: Path):
    folder = path.parent / "backups"
    (await fill(path, 3)).close()
    made = make_backup(path, folder, AT)
    write(path, b"no database at all" * 1_000)
    prepare_restore(made.path, path)
    assert finish_restore(path, folder, AT)
    Store.open(path).close()
    assert count(path) == 3


async def test_the_log_of_the_old_file_never_meets_the_new_one(path: Path):
    """As after a kill: what was committed last is only in the log."""
    folder = path.parent / "backups"
    store = await fill(path, 3)
    made = make_backup(path, folder, AT)
    await imported(store, people(43)[3:], "g")
    log = path.with_name(f"{path.name}-wal")
    content, logged = read(path), read(log)
    store.close()
    write(path, content)
    write(log, logged)
    prepare_restore(made.path, path)
    finish_restore(path, folder, AT)
    Store.open(path).close()
    assert count(path) == 3


@pytest.mark.parametrize("stop_at", range(1, 5))
async def test_a_restore_that_was_interrupted_is_finished_by_the_next_start(
    path: Path, monkeypatch: pytest.MonkeyPatch, stop_at: int
):
    folder = path.parent / "backups"
    (await fill(path, 3)).close()
    made = make_backup(path, folder, AT)
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).write_bytes(b"")
    prepare_restore(made.path, path)
    moves, replace = [], Path.replace

    def interrupted(self: Path, target: Path) -> Path:
        moves.append(self)
        if len(moves) == stop_at:
            raise SystemExit
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", interrupted)
    with pytest.raises(SystemExit):
        finish_restore(path, folder, AT)
    monkeypatch.undo()
    assert finish_restore(path, folder, AT)
    store = Store.open(path)
    assert await store.restores.unconfirmed() is not None
    store.close()
    assert count(path) == 3
    assert len(list(folder.glob("replaced-*.sqlite3"))) == 1


async def test_a_damaged_database_can_be_replaced(path: Path):
    folder = path.parent / "backups"
    (await fill(path, 3)).close()
    made = make_backup(path, folder, AT)
    write(path, b"no database at all" * 1_000)
    prepare_restore(made.path, path)
    finish_restore(path, folder, AT)
    Store.open(path).close()
    assert count(path) == 3


@pytest.mark.parametrize("content", [b"", b"not a database" * 600], ids=["empty", "strange"])
async def test_what_is_no_backup_is_refused_and_leaves_everything_as_it_was(
    path: Path, content: bytes
):
    (await fill(path, 3)).close()
    strange = path.with_name("strange.sqlite3")
    write(strange, content)
    with pytest.raises(KnownError):
        prepare_restore(strange, path)
    assert not finish_restore(path, path.parent / "backups", AT)
    assert count(path) == 3
    assert sorted(p.name for p in path.parent.glob("*restored*")) == []


def test_a_backup_that_is_not_there_is_refused_in_words(path: Path):
    with pytest.raises(KnownError, match="no backup"):
        prepare_restore(path.with_name("nothing"), path)


def test_a_backup_of_an_older_version_is_brought_up_to_date(path: Path):
    old = path.with_name("old.sqlite3")
    with closing(sqlite3.connect(old)) as connection:
        connection.executescript((SCHEMAS / "version_1.sql").read_text("utf-8"))
    prepare_restore(old, path)
    finish_restore(path, path.parent / "backups", AT)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)
    assert count(path, "restores") == 1


async def test_a_backup_of_a_newer_version_is_refused(path: Path):
    (await fill(path, 1)).close()
    newer = path.with_name("newer.sqlite3")
    write(newer, read(path))
    with closing(sqlite3.connect(newer)) as connection:
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    with pytest.raises(KnownError, match="newer version"):
        prepare_restore(newer, path)


async def test_only_the_last_replaced_databases_are_kept(path: Path):
    folder = path.parent / "backups"
    (await fill(path, 1)).close()
    made = make_backup(path, folder, AT)
    for hour in range(5):
        prepare_restore(made.path, path)
        waiting = path.with_name(f"{path.stem}.restored{path.suffix}")
        os.utime(waiting, (AT.timestamp() + hour * 3_600,) * 2)
        finish_restore(path, folder, AT)
    assert len(list(folder.glob("replaced-*"))) == backup_module.REPLACED
