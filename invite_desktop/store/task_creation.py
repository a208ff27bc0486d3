"""A new task: its row, its targets in the order of the audience, and their counter.

A big one is made out of sight, in pieces between which the ledger gets its turn, and shown by its
last transaction. What the end of the program leaves of it looks like a purged task that was never
tried, and is forgotten with those.
"""

from __future__ import annotations

import itertools
import json
from functools import partial
from typing import TYPE_CHECKING

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.domain.tasks import TaskSituation, TaskStatus
from invite_desktop.store.answers import AbandonedError
from invite_desktop.store.contact_rules import audience_use
from invite_desktop.store.mapping import from_schedule, to_json, to_stamp
from invite_desktop.store.models import TaskRow
from invite_desktop.store.rows import connection_of
from invite_desktop.store.target_moves import count_new_targets
from invite_desktop.store.task_journal import write_down

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from peewee import SqliteDatabase

    from invite_desktop.domain.tasks import NewTask
    from invite_desktop.engine.ports.stores import AudienceUse
    from invite_desktop.store.database import Database

# SQLite's random() is a stream cipher seeded by the system's own source of chance.
_FREEZE = """
    INSERT INTO targets (task_id, person_id, position, state, random_id)
    SELECT :task, person_id, :before + row_number() OVER (ORDER BY position), 'pending',
        max(1, random() & 0x7fffffffffffffff)
    FROM audience_people
    WHERE audience_id = :audience AND position > :after AND position <= :last
        AND person_id NOT IN (SELECT value FROM json_each(:left_out))
    ORDER BY position
"""

_LEFT_OUT = """
    SELECT person_id FROM opted_out_people
    UNION SELECT person_id FROM known_in_chat WHERE chat_id = :chat
    UNION SELECT w.value FROM audience_moves m JOIN audience_move_pieces p ON p.move_id = m.id
    CROSS JOIN json_each(p.places) w
    WHERE m.audience_id = :audience AND m.kind = 'leave' AND m.state = 'ready'
"""

_PIECE = """
    SELECT max(position), json_group_array(person_id) FROM (
        SELECT position, person_id FROM audience_people
        WHERE audience_id = ? AND position > ? ORDER BY position LIMIT ?
    )
"""

FROZEN_AT_ONCE = 1_000
"""Targets that one transaction makes, in some milliseconds.

It is flushed at once, or else the next entry in the ledger would have to carry it to the disk.
"""

PIECES_BETWEEN_CHECKPOINTS = 8


def create_task(
    database: Database,
    new: NewTask,
    name: str,
    at: datetime,
    hidden: set[int],
    stopped: Callable[[], bool],
) -> int:
    """Store a ready task with its targets; return its id. Blocks.

    ``hidden`` holds the tasks that are being made, for whoever forgets purged ones; it belongs to
    the writer's thread. Raises KnownError when not one person of the audience can be used, and
    AbandonedError when stopped.
    """
    making = _Making(database, new, at, hidden)
    task_id = database.write_now(lambda opened: making.begin(opened, name), durable=False)
    try:
        making.freeze_some()
        if making.more:
            _freeze_the_rest(database, making, stopped)
        database.write_now(making.show)
    except KnownError:
        database.write_now(making.take_back, durable=False)
        raise
    finally:
        hidden.discard(task_id)
    return task_id


def _freeze_the_rest(database: Database, making: _Making, stopped: Callable[[], bool]) -> None:
    with database.checkpoints_apart() as checkpoint:
        for piece in itertools.count(1):
            making.freeze_some()
            if not making.more:
                return
            if stopped():
                raise AbandonedError
            if piece % PIECES_BETWEEN_CHECKPOINTS == 0:
                checkpoint()


class _Making:
    """A task on its way into the store."""

    def __init__(self, database: Database, new: NewTask, at: datetime, hidden: set[int]) -> None:
        self._database = database
        self._new = new
        self._at = at
        self._hidden = hidden
        self._chat_id = new.chat.chat_id if new.chat else None
        self._task_id = 0
        self._last = -1
        self._frozen = 0
        self._left_out: frozenset[int] | None = None
        self.more = True

    def begin(self, database: SqliteDatabase, name: str) -> int:
        self._task_id = _insert(database, self._new, name, self._at)
        self._hidden.add(self._task_id)
        return self._task_id

    def freeze_some(self) -> None:
        """Freeze the next people of the audience."""
        last, people = self._database.read_now(self._next_piece)
        self.more = len(people) == FROZEN_AT_ONCE
        if last is None:
            return
        if self._left_out is None:
            self._left_out = self._database.read_now(self._whom_to_leave_out)
        left_out = [person_id for person_id in people if person_id in self._left_out]
        values = {
            "task": self._task_id,
            "audience": self._new.audience_id,
            "before": self._frozen,
            "after": self._last,
            "last": last,
            "left_out": to_json(left_out),
        }
        self._frozen += self._database.write_now(partial(self._freeze, values))
        self._last = last

    def _freeze(self, values: Mapping[str, object], database: SqliteDatabase) -> int:
        connection = connection_of(database)
        frozen = connection.execute(_FREEZE, dict(values)).rowcount
        count_new_targets(connection, self._task_id, frozen)
        return frozen

    def show(self, database: SqliteDatabase) -> None:
        """Let the task be seen, or refuse it when it has nobody."""
        connection = connection_of(database)
        if not self._frozen:
            raise _nobody(audience_use(connection, self._new.audience_id, self._chat_id))
        connection.execute(
            "UPDATE tasks SET deleted_at = NULL, purged_at = NULL WHERE id = ?", (self._task_id,)
        )
        write_down(connection, self._task_id, TaskSituation(TaskStatus.READY), self._at)

    def take_back(self, database: SqliteDatabase) -> None:
        """Forget a task that nobody is in."""
        if not self._frozen:
            TaskRow.delete().where(TaskRow.id == self._task_id).execute(database)

    def _next_piece(self, database: SqliteDatabase) -> tuple[int | None, list[int]]:
        values = (self._new.audience_id, self._last, FROZEN_AT_ONCE)
        last, people = connection_of(database).execute(_PIECE, values).fetchone()
        return last, json.loads(people)

    def _whom_to_leave_out(self, database: SqliteDatabase) -> frozenset[int]:
        values = {"chat": self._chat_id, "audience": self._new.audience_id}
        found = connection_of(database).execute(_LEFT_OUT, values)
        return frozenset(person_id for (person_id,) in found)


def _insert(database: SqliteDatabase, new: NewTask, name: str, at: datetime) -> int:
    chat = new.chat
    insert = TaskRow.insert(
        name=name,
        kind=new.kind.value,
        audience_id=new.audience_id,
        chat_id=chat.chat_id if chat else None,
        chat_title=chat.title if chat else "",
        chat_kind=chat.kind.value if chat else "",
        chat_address=str(chat.address) if chat else "",
        text=new.text,
        priority=int(new.priority),
        status=TaskStatus.READY.value,
        created_at=to_stamp(at),
        link_preview=new.link_preview,
        attachment=new.attachment,
        deleted_at=to_stamp(at),
        purged_at=to_stamp(at),
        **from_schedule(new.schedule),
    )
    return int(insert.execute(database))


def _nobody(use: AudienceUse) -> KnownError:
    return KnownError(
        message(
            "Nobody in this audience can be contacted: {opted_out} opted out, "
            "{contacted} already contacted for this chat, {refused} refused by Telegram for it.",
            opted_out=use.opted_out,
            contacted=use.already_contacted,
            refused=use.refused_before,
        ),
        message("Choose another audience, or import more people."),
    )
