"""A backup is put back after the work went on without it; the server's journal is the judge."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from invite_desktop.domain.tasks import TaskKind, TaskStatus
from invite_desktop.store.restores import mark_as_restored

if TYPE_CHECKING:
    from tests.faults.field import Field


def copy(field: Field) -> None:
    with (
        closing(sqlite3.connect(field.path)) as source,
        closing(sqlite3.connect(field.path.with_name("copy.db"))) as target,
    ):
        source.backup(target)


async def put_back(field: Field) -> None:
    await field.close()
    field.path.with_name("copy.db").replace(field.path)
    with closing(sqlite3.connect(field.path)) as connection, connection:
        mark_as_restored(connection, field.clock.now())
    await field.open()


@pytest.mark.parametrize("field", [2], indirect=True)
@pytest.mark.parametrize("kind", TaskKind)
async def test_nobody_is_contacted_twice_after_a_restore(field: Field, kind: TaskKind):
    task = await field.task(10, kind)
    await field.calm_after(task, 3)
    copy(field)
    field.clock.go()
    await field.calm_after(task, 8)
    field.clock.go()
    await put_back(field)
    await field.engine.restored.confirm()
    assert (await field.end_of(task)).status is TaskStatus.COMPLETED
    contacts = field.contacts()
    assert len(contacts) == 10
    assert max(contacts.values()) == 1, contacts
    assert not (await field.engine.audit.of_task(task.id)).findings


@pytest.mark.parametrize("field", [2], indirect=True)
async def test_a_task_made_anew_after_a_restore_writes_to_nobody_twice(field: Field):
    field.clock.stop()
    copy(field)
    field.clock.go()
    assert (
        await field.end_of(await field.task(6, TaskKind.MESSAGE))
    ).status is TaskStatus.COMPLETED
    await put_back(field)
    await field.engine.restored.confirm()
    again = await field.task(6, TaskKind.MESSAGE)
    assert (await field.end_of(again)).status is TaskStatus.COMPLETED
    contacts = field.contacts()
    assert len(contacts) == 6
    assert max(contacts.values()) == 1, contacts
