"""A basic group that becomes a supergroup stays the chat that it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from invite_desktop.domain.chats import AddressKind, ChatAddress, ChatKind
from invite_desktop.domain.outcomes import OutcomeCode
from invite_desktop.domain.tasks import ChatRef, NewTask, TaskKind, TaskReason, TaskStatus

if TYPE_CHECKING:
    from collections.abc import Sequence

    from invite_desktop.domain.tasks import InviteTask
    from tests.fakes.house import House
    from tests.fakes.telegram import FakeChat, FakePerson

C = OutcomeCode


async def task_for(house: House, chat: FakeChat, people: Sequence[FakePerson]) -> InviteTask:
    """Make a task that names the chat by its id."""
    basic = chat.kind is ChatKind.BASIC_GROUP
    kind = AddressKind.BASIC_GROUP_ID if basic else AddressKind.CHANNEL_ID
    address = ChatAddress(kind, str(chat.chat_id))
    reference = ChatRef(chat.chat_id, chat.title, chat.kind, address)
    audience = await house.audience(people)
    return await house.engine.tasks.create(NewTask(TaskKind.INVITE, audience, reference))


async def test_its_task_says_why_it_stops_and_goes_on_after_a_retry(house: House):
    account = await house.add_account()
    group = house.add_chat(account, username=None, kind=ChatKind.BASIC_GROUP)
    people = house.people(3)
    task = await task_for(house, group, people)
    held = house.messenger(account).hold("invite", after_effect=True)
    await house.engine.tasks.start(task.id)
    await held.reached()
    became = house.telegram.migrate(group)
    held.release()
    situation = await house.idle(task)
    assert (situation.status, situation.reason) == (
        TaskStatus.FAILED,
        TaskReason.CHAT_UNREACHABLE,
    )
    await house.engine.tasks.retry(task.id)
    assert (await house.run(task)).status is TaskStatus.COMPLETED
    assert [house.telegram.times_invited(person) for person in people[1:]] == [1, 1]
    assert {person.user_id for person in people} <= became.members
    kept = (await house.ports.tasks.task(task.id)).chat
    assert (kept.chat_id, kept.kind) == (became.chat_id, ChatKind.SUPERGROUP)


@pytest.mark.parametrize("code", [C.PRIVACY, None])
async def test_who_was_invited_or_refused_there_is_not_invited_again(
    house: House, code: OutcomeCode | None
):
    account = await house.add_account()
    group = house.add_chat(account, username=None, kind=ChatKind.BASIC_GROUP)
    people = house.people(1, on_invite=code)
    await house.run(await task_for(house, group, people))
    became = house.telegram.migrate(group)
    became.members.discard(people[0].user_id)
    again = await task_for(house, became, people)
    await house.run(again)
    assert await house.outcomes(again) == [code or C.ALREADY_INVITED]
    assert len(house.messenger(account).calls_of("invite")) == 1
