"""A task finds its chat again when the chat has lost the name or link by which it was given."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from invite_desktop.domain.chats import AddressKind, ChatAddress, ChatKind
from invite_desktop.domain.tasks import ChatRef, NewTask, TaskKind, TaskStatus
from tests.fakes.house import settle

if TYPE_CHECKING:
    from invite_desktop.domain.tasks import InviteTask
    from tests.fakes.house import House
    from tests.fakes.telegram import FakeChat


async def begun(house: House, *, titles: str = "Football") -> tuple[FakeChat, InviteTask]:
    """Return a chat and its task, which is paused after its first invitation."""
    account = await house.add_account()
    chat = house.add_chat(account, title=titles)
    task = await house.invite_task(chat, house.people(3))
    held = house.messenger(account).hold("invite", after_effect=True)
    await house.engine.tasks.start(task.id)
    await held.reached()
    await house.engine.tasks.pause(task.id)
    held.release()
    await settle(50)
    return chat, task


@pytest.mark.parametrize("name", ["football_club", None])
async def test_a_chat_with_another_name_is_still_the_chat(house: House, name: str | None):
    chat, task = await begun(house)
    chat.username, chat.title = name, "Football club"
    await house.engine.tasks.resume(task.id)
    assert (await house.idle(task)).status is TaskStatus.COMPLETED
    assert {person.chat_id for person in house.telegram.invitations} == {chat.chat_id}
    kept = (await house.ports.tasks.task(task.id)).chat
    assert (kept.title, kept.address.kind) == ("Football club", AddressKind.CHANNEL_ID)


@pytest.mark.parametrize("taken", [False, True])
async def test_it_is_found_again_after_a_restart(house: House, *, taken: bool):
    account = await house.add_account()
    chat = house.add_chat(account)
    task = await house.invite_task(chat, house.people(3))
    held = house.messenger(account).hold("invite", after_effect=True)
    await house.engine.tasks.start(task.id)
    await held.reached()
    held.release()
    await house.close()
    chat.username = None
    if taken:
        house.add_chat(account, title="Football", username="football")
    await house.open()
    assert (await house.idle(task)).status is TaskStatus.COMPLETED
    assert {person.chat_id for person in house.telegram.invitations} == {chat.chat_id}
    assert await house.agrees(task)


async def test_a_task_saved_before_its_account_joined_starts_once_it_may(house: House):
    account = await house.add_account()
    chat = house.add_chat(account, username=None, invite_hash="AbCdEfGh123")
    address = ChatAddress(AddressKind.INVITE_HASH, "AbCdEfGh123")
    reference = ChatRef(0, chat.title, ChatKind.SUPERGROUP, address)
    audience = await house.audience(house.people(2))
    task = await house.engine.tasks.create(NewTask(TaskKind.INVITE, audience, reference))
    assert (await house.run(task)).status is TaskStatus.COMPLETED
    kept = (await house.ports.tasks.task(task.id)).chat
    assert (kept.chat_id, kept.address) == (chat.chat_id, address)
