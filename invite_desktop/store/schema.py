"""The versions of the database file: ``PRAGMA user_version``, raised step by step."""

from __future__ import annotations

import contextlib
import logging
import sqlite3
from typing import TYPE_CHECKING

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.store.migrations import (
    m0001_first,
    m0002_audiences,
    m0003_task_journal,
    m0004_fetched_people,
    m0005_rows_of_files,
    m0006_account_health,
    m0007_schedules,
    m0008_replies,
    m0009_task_bin,
    m0010_account_calls,
    m0011_restores,
    m0012_invite_links,
    m0013_message_files,
    m0014_link_letters,
    m0015_readings,
    m0016_retention,
    m0017_found_invitations,
    m0018_audience_moves,
    m0019_dead_usernames,
    m0020_search_without_ids,
    m0021_next_look,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_logger = logging.getLogger(__name__)

APPLICATION_ID = 0x494E5644
"""``PRAGMA application_id`` of our files ("INVD")."""

Migration = tuple[str, ...]
"""SQL statements that lead from one version to the next; together one transaction."""

MIGRATIONS: Sequence[Migration] = (
    m0001_first.STATEMENTS,
    m0002_audiences.STATEMENTS,
    m0003_task_journal.STATEMENTS,
    m0004_fetched_people.STATEMENTS,
    m0005_rows_of_files.STATEMENTS,
    m0006_account_health.STATEMENTS,
    m0007_schedules.STATEMENTS,
    m0008_replies.STATEMENTS,
    m0009_task_bin.STATEMENTS,
    m0010_account_calls.STATEMENTS,
    m0011_restores.STATEMENTS,
    m0012_invite_links.STATEMENTS,
    m0013_message_files.STATEMENTS,
    m0014_link_letters.STATEMENTS,
    m0015_readings.STATEMENTS,
    m0016_retention.STATEMENTS,
    m0017_found_invitations.STATEMENTS,
    m0018_audience_moves.STATEMENTS,
    m0019_dead_usernames.STATEMENTS,
    m0020_search_without_ids.STATEMENTS,
    m0021_next_look.STATEMENTS,
)
"""In order: the step at position n leads from version n to n + 1."""


def bring_up_to_date(
    connection: sqlite3.Connection, path: Path, migrations: Sequence[Migration] = MIGRATIONS
) -> None:
    """Migrate an open database file to the newest version, copying it first if it has data.

    Raises KnownError for a file of a newer version, or of another program.
    """
    version = _pragma(connection, "user_version")
    _refuse_strangers(connection, path, version, len(migrations))
    if 0 < version < len(migrations):
        _copy(connection, copy_path(path, version))
    for number in range(version, len(migrations)):
        _apply(connection, migrations[number], number + 1)


def copy_path(path: Path, version: int) -> Path:
    """Return where the copy goes that is made before leaving a version."""
    return path.with_name(f"{path.stem}.version-{version}{path.suffix}")


def _refuse_strangers(
    connection: sqlite3.Connection, path: Path, version: int, newest: int
) -> None:
    application_id = _pragma(connection, "application_id")
    tables: int = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if application_id != APPLICATION_ID and (version or tables):
        raise KnownError(
            message("{path} is not a database of Invite Desktop.", path=str(path)),
            message("Choose another profile folder, or move this file away."),
        )
    if version > newest:
        raise KnownError(
            message("The database was made by a newer version of Invite Desktop."),
            message("Install the newest version of the program, then open it again."),
        )


def _copy(connection: sqlite3.Connection, target: Path) -> None:
    _logger.info("copying the database before the change of its schema")
    with contextlib.closing(sqlite3.connect(target)) as copy:
        connection.backup(copy)


def _apply(connection: sqlite3.Connection, migration: Migration, version: int) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        for statement in migration:
            connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {version}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    _logger.info("the database has schema version %d", version)


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    value: int = connection.execute(f"PRAGMA {name}").fetchone()[0]
    return value
