"""A new task: its row, its targets in the order of the audience, and their counter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.domain.tasks import TaskSituation, TaskStatus
from invite_desktop.store.contact_rules import audience_use
from invite_desktop.store.mapping import from_schedule, to_stamp
from invite_desktop.store.models import TaskRow
from invite_desktop.store.rows import connection_of
from invite_desktop.store.target_moves import count_new_targets
from invite_desktop.store.task_journal import write_down

if TYPE_CHECKING:
    from datetime import datetime

    from peewee import SqliteDatabase

    from invite_desktop.domain.tasks import NewTask
    from invite_desktop.engine.ports.stores import AudienceUse

# SQLite's random() is a stream cipher seeded by the system's own source of chance.
_FREEZE = """
    INSERT INTO targets (task_id, person_id, position, state, random_id)
    SELECT :task, person_id, row_number() OVER (ORDER BY position), 'pending',
        max(1, random() & 0x7fffffffffffffff)
    FROM audience_people
    WHERE audience_id = :audience
        AND person_id NOT IN (SELECT person_id FROM opted_out_people)
        AND person_id NOT IN (SELECT person_id FROM known_in_chat WHERE chat_id = :chat)
    ORDER BY position
"""


def create_task(database: SqliteDatabase, new: NewTask, name: str, at: datetime) -> int:
    """Store a ready task with its targets; return its id.

    Raises KnownError when not one person of the audience can be used.
    """
    connection = connection_of(database)
    task_id = _insert(database, new, name, at)
    chat_id = new.chat.chat_id if new.chat else None
    values = {"task": task_id, "audience": new.audience_id, "chat": chat_id}
    frozen = connection.execute(_FREEZE, values).rowcount
    if not frozen:
        raise _nobody(audience_use(connection, new.audience_id, chat_id))
    count_new_targets(connection, task_id, frozen)
    write_down(connection, task_id, TaskSituation(TaskStatus.READY), at)
    return task_id


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
