"""The keyring is locked while the program runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.domain.tasks import TaskReason, TaskStatus

if TYPE_CHECKING:
    import pytest

    from invite_desktop.telegram.memory_vault import MemoryVault
    from tests.faults.field import Field


def lock(vault: MemoryVault, monkeypatch: pytest.MonkeyPatch) -> None:
    async def locked(_account_id: int) -> str | None:
        raise KnownError(message("The keyring is locked."), message("Unlock it."))

    monkeypatch.setattr(vault, "session", locked)


async def test_an_open_connection_goes_on_and_comes_back_without_the_keyring(
    field: Field, monkeypatch: pytest.MonkeyPatch
):
    task = await field.task(8)
    await field.calm_after(task, 3)
    lock(field.vault, monkeypatch)
    field.relay.cut()
    field.clock.go()
    assert (await field.end_of(task)).status is TaskStatus.COMPLETED
    await field.nobody_is_lost(task)


async def test_after_a_restart_with_a_locked_keyring_the_task_pauses_and_can_be_resumed(
    field: Field, monkeypatch: pytest.MonkeyPatch
):
    task = await field.task(8)
    await field.calm_after(task, 3)
    await field.close()
    lock(field.vault, monkeypatch)
    await field.open()
    field.clock.go()
    situation = await field.end_of(task)
    assert (situation.status, situation.reason) == (TaskStatus.PAUSED, TaskReason.KEYRING)
    monkeypatch.undo()
    await field.engine.tasks.resume(task.id)
    assert (await field.end_of(task)).status is TaskStatus.COMPLETED
    await field.nobody_is_lost(task)
