"""Who said no after a backup was made stays on the list when the backup is put back."""

from __future__ import annotations

import contextlib
import logging
import sqlite3
from itertools import groupby
from typing import TYPE_CHECKING, Any

from invite_desktop.domain.audiences import OptOutSource
from invite_desktop.engine.ports.audiences import NewOptOuts
from invite_desktop.store.mapping import from_stamp
from invite_desktop.store.opt_out_list import opt_out_entry

if TYPE_CHECKING:
    from pathlib import Path

_logger = logging.getLogger(__name__)

_LISTED = """
    SELECT d.entry, d.kind, d.value, d.reason, d.at, coalesce(s.source, ''), coalesce(s.file, '')
    FROM do_not_contact d LEFT JOIN opt_out_sources s ON s.entry = d.entry
    ORDER BY d.entry, d.id
"""


def take_over_opt_outs(connection: sqlite3.Connection, replaced: Path) -> None:
    """Put on a backup's list whoever stands on that of the database that it replaces.

    What a damaged file does not tell any more is left out: the file may be why there is a restore.
    """
    try:
        rows = _listed(replaced)
    except sqlite3.Error as error:
        _logger.warning("the replaced list of opt-outs cannot be read: %s", type(error).__name__)
        return
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        for _, entry in groupby(rows, key=lambda row: row[0]):
            keys = list(entry)
            _, _, _, reason, at, source, file = keys[0]
            new = NewOptOuts(reason, from_stamp(at), OptOutSource(source), file)
            opt_out_entry(connection, [(row[1], row[2]) for row in keys], new)


def _listed(replaced: Path) -> list[tuple[Any, ...]]:
    if not replaced.exists():
        return []
    with contextlib.closing(sqlite3.connect(replaced, timeout=30)) as old:
        return old.execute(_LISTED).fetchall()
