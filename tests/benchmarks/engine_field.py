"""An engine beside a rehearsal server in a process of its own, and stores with many people."""

from __future__ import annotations

import contextlib
import sqlite3
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from invite_desktop.app.paths import choose_profile
from invite_desktop.app.wiring import Surroundings, open_engine
from invite_desktop.domain.tasks import NewTask, TaskKind
from invite_desktop.engine.setup import EngineSettings
from invite_desktop.rehearsal.demo import CLUB_USERNAME
from invite_desktop.rehearsal.demo_accounts import LOGIN_CODE, demo_phone
from invite_desktop.store.store import Store
from invite_desktop.telegram.memory_vault import MemoryVault
from invite_desktop.telegram.server_address import ServerAddress
from tests.benchmarks.rehearsal_server import running
from tests.fakes.house import CREDENTIALS
from tests.fakes.willing import WILLING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from invite_desktop.domain.tasks import InviteTask
    from invite_desktop.engine.engine import Engine
    from tests.benchmarks.rehearsal_server import Running

_SCENARIO = f"""
[people]
size = 0
{WILLING}
[limits]
on = false
"""

_PEOPLE = """
    INSERT INTO people (id, username, username_key, full_name, created_at)
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :count)
    SELECT :offset + i, printf('%s_%07d', :prefix, i), printf('%s_%07d', :prefix, i),
        printf('Гость %d Иванова', i), 0
    FROM n
"""
_IMPORT = """
    INSERT INTO imports (audience_id, fingerprint, source, files, finished_at, read, new, updated,
        duplicate, invalid, opted_out, by_username, by_phone, by_id)
    VALUES (?, ?, 't', '["t.csv"]', 0, ?, ?, 0, 0, 0, 0, ?, 0, 0)
"""
_AUDIENCE = """
    INSERT INTO audience_people (audience_id, position, person_id, import_id)
    SELECT ?, id - ?, id, ? FROM people WHERE id > ? AND id <= ?
"""


def add_audience(database: Path, prefix: str, count: int, *, indexed: bool = True) -> int:
    """Put an audience of people with usernames ``prefix_0000001`` … into a store; return its id.

    Past the import, which is measured elsewhere. ``indexed`` False leaves the search index to the
    program.
    """
    with contextlib.closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("BEGIN")
        (offset,) = connection.execute("SELECT coalesce(max(id), 0) FROM people").fetchone()
        if indexed:
            # The trigger indexes who comes at or before this person.
            last = (offset + count,)
            connection.execute("UPDATE people_search_state SET last_person = ?", last)
        values = {"count": count, "offset": offset, "prefix": prefix}
        connection.execute(_PEOPLE, values)
        audience = connection.execute(
            "INSERT INTO audiences (name, basis, source, created_at) "
            "VALUES (?, 'customers', 't', 0)",
            (prefix,),
        ).lastrowid
        counts = (count, count, count)
        number = connection.execute(_IMPORT, (audience, prefix, *counts)).lastrowid
        connection.execute(_AUDIENCE, (audience, offset, number, offset, offset + count))
        connection.execute("COMMIT")
    return int(audience or 0)


@asynccontextmanager
async def serving_willing(directory: Path, *options: str) -> AsyncIterator[Running]:
    """Start the rehearsal server in which everybody is willing and nothing is limited."""
    scenario = directory / "scenario.toml"
    scenario.write_text(_SCENARIO, encoding="utf-8")
    command = ("-m", "invite_desktop.rehearsal", "--state", str(directory / "state"))
    async with running(*command, "--scenario", str(scenario), *options) as server:
        yield server


@dataclass
class EngineField:
    """An engine that is started, with its database and the bugs that came up."""

    engine: Engine
    database: Path
    errors: list[BaseException] = field(default_factory=list)

    async def task(self, audience_id: int) -> InviteTask:
        """Make a task that invites an audience to the club of the server."""
        check = await self.engine.chat_checks.check(f"@{CLUB_USERNAME}")
        new = NewTask(TaskKind.INVITE, audience_id, check.chat_ref())
        return await self.engine.tasks.create(new)

    async def disconnect(self) -> None:
        """Close the accounts' connections; whoever acts next connects anew."""
        await self.engine._ports.gateway.close()


@asynccontextmanager
async def opened_field(
    directory: Path, server: Running, accounts: int
) -> AsyncIterator[EngineField]:
    """Start an engine without a pace whose accounts are administrators of the server's club."""
    profile = choose_profile(directory / "profile")
    profile.make()
    assert server.key is not None
    address = ServerAddress("127.0.0.1", server.port, server.key)
    errors: list[BaseException] = []

    async def find_server() -> ServerAddress:
        return address

    around = Surroundings(
        profile,
        MemoryVault(),
        str,
        errors.append,
        find_server=find_server,
        settings=EngineSettings(pace_enabled=False),
    )
    async with open_engine(around) as opened:
        engine = opened.engine
        await engine.accounts.set_credentials(CREDENTIALS)
        for number in range(1, accounts + 1):
            login = await engine.accounts.begin_login()
            await login.send_code(demo_phone(number))
            await login.submit_code(LOGIN_CODE)
            await engine.accounts.finish_login(login)
        await engine.start()
        yield EngineField(engine, profile.database, errors)
    if errors:
        raise errors[0]


def make_store(database: Path) -> None:
    """Make an empty store."""
    database.parent.mkdir(parents=True, exist_ok=True)
    Store.open(database).close()
