"""Killed while accounts work: whoever opens the profile next finds none of them busy."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing, suppress
from typing import TYPE_CHECKING

from invite_desktop.domain.accounts import Condition
from invite_desktop.store.store import Store
from tests.end_to_end.program import SAMPLES, kill_after, serving, start
from tests.fakes.house import House

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

PEOPLE = SAMPLES / "crm_export_cp1251.csv"
SPEED = 3_000
"""Program seconds in a real one."""
KILLS = 10
LONGEST = 60.0
"""Real seconds that a loaded machine may need until the first account works."""


def killed_at_work(directory: Path) -> Path:
    """Return the database of a program that was killed while an account held a target."""
    profile = directory / "profile"
    with serving(directory) as server:
        arguments = ["rehearse", PEOPLE, "--json", "--profile", profile, *server.options]
        for _ in range(KILLS):
            process = start(directory, *arguments, "--speed", SPEED)
            database = _first_claim(profile, process)
            kill_after(process, 0)
            if claims(database):
                return database
    raise AssertionError("no kill came while a target was claimed")


def _first_claim(profile: Path, process: subprocess.Popen[str]) -> Path:
    """Wait until an account holds a target."""
    deadline = time.monotonic() + LONGEST
    while process.poll() is None and time.monotonic() < deadline:
        for database in profile.rglob("invite-desktop.sqlite3"):
            with suppress(sqlite3.OperationalError):
                if claims(database):
                    return database
        time.sleep(0.002)
    kill_after(process, 0)
    raise AssertionError("no account has begun to work")


def claims(database: Path) -> list[tuple[int, bool]]:
    """Return the claimed targets, and of each whether a contacting call was under way."""
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute(
            """
            SELECT t.id, EXISTS (
                SELECT 1 FROM attempts a WHERE a.target_id = t.id AND a.outcome IS NULL
                    AND a.action IN ('invite', 'message')
            ) FROM targets t WHERE t.claimed_by IS NOT NULL
            """
        ).fetchall()


async def test_the_next_start_finds_no_account_busy_and_no_claim_without_a_call(tmp_path: Path):
    database = killed_at_work(tmp_path)
    house = House(database, continue_after_restart=False)
    house.telegram.online = False
    await house.open()
    views = await house.engine.accounts.views()
    left = claims(database)
    await house.close()
    assert views
    assert all(view.busy_with is None for view in views)
    assert all(view.condition is not Condition.BUSY for view in views)
    assert all(in_flight for _, in_flight in left), left
    Store.open(database).close()
