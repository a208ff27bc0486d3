"""Message tasks with a picture or file."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from invite_desktop.domain.attempts import Action
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.outcomes import Outcome, OutcomeCode, TargetState
from invite_desktop.domain.tasks import NewTask, TaskKind, TaskReason, TaskStatus

if TYPE_CHECKING:
    from pathlib import Path

    from invite_desktop.domain.tasks import InviteTask
    from tests.fakes.house import House
    from tests.fakes.telegram import FakePerson

C = OutcomeCode


@pytest.fixture
def poster(tmp_path: Path) -> Path:
    path = tmp_path / "poster.txt"
    path.write_bytes(b"Saturday, 18:00")
    return path


def remove(path: Path) -> None:
    path.unlink()


def rewrite(path: Path, content: bytes) -> None:
    path.write_bytes(content)


async def task_with(house: House, people: list[FakePerson], path: Path) -> InviteTask:
    audience = await house.audience(people)
    new = NewTask(TaskKind.MESSAGE, audience, text="Come!", attachment=str(path))
    return await house.engine.tasks.create(new)


async def test_everybody_gets_the_file_and_each_account_uploads_it_once(house: House, poster: Path):
    accounts = [await house.add_account(name) for name in ("anna", "boris")]
    task = await task_with(house, house.people(6), poster)
    assert (await house.run(task)).status is TaskStatus.COMPLETED
    files = [item.form.file for item in house.telegram.messages]
    assert files == [b"Saturday, 18:00"] * 6
    assert [len(house.messenger(a).calls_of("upload")) for a in accounts] == [1, 1]


async def test_a_file_that_changed_is_uploaded_anew(house: House, poster: Path):
    account = await house.add_account()
    task = await task_with(house, house.people(2), poster)
    held = house.messenger(account).hold("send_message", after_effect=True)
    await house.engine.tasks.start(task.id)
    await held.reached()
    rewrite(poster, b"Sunday")
    held.release()
    await house.idle(task)
    assert [m.form.file for m in house.telegram.messages] == [b"Saturday, 18:00", b"Sunday"]


@pytest.mark.parametrize("link_preview", [True, False])
async def test_the_preview_of_links_is_as_chosen(house: House, link_preview: bool):
    await house.add_account()
    audience = await house.audience(house.people(1))
    new = NewTask(TaskKind.MESSAGE, audience, text="https://e.com", link_preview=link_preview)
    await house.run(await house.engine.tasks.create(new))
    assert [item.form.link_preview for item in house.telegram.messages] == [link_preview]


async def test_a_caption_is_shorter_than_a_message(house: House, poster: Path):
    audience = await house.audience(house.people(1))
    new = NewTask(TaskKind.MESSAGE, audience, text="x" * 1024, attachment=str(poster))
    with pytest.raises(KnownError, match="1024"):
        await house.engine.tasks.create(new)


async def test_a_file_that_is_not_there_is_refused_before_there_is_a_task(
    house: House, tmp_path: Path
):
    with pytest.raises(KnownError, match=r"gone\.png"):
        await task_with(house, house.people(1), tmp_path / "gone.png")


async def test_a_task_whose_file_is_gone_does_not_start(house: House, poster: Path):
    await house.add_account()
    task = await task_with(house, house.people(1), poster)
    remove(poster)
    with pytest.raises(KnownError, match=r"poster\.txt"):
        await house.engine.tasks.start(task.id)


async def test_a_file_that_vanishes_while_the_task_runs_pauses_it_and_keeps_everybody(
    house: House, poster: Path
):
    account = await house.add_account()
    people = house.people(3)
    task = await task_with(house, people, poster)
    held = house.messenger(account).hold("send_message", after_effect=True)
    await house.engine.tasks.start(task.id)
    await held.reached()
    remove(poster)
    held.release()
    situation = await house.idle(task)
    assert (situation.status, situation.reason) == (TaskStatus.PAUSED, TaskReason.FILE_UNUSABLE)
    assert sorted(await house.states(task)) == [TargetState.PENDING] * 2 + [TargetState.SENT]
    assert len(await house.attempts(Action.MESSAGE)) == 1


async def test_an_upload_that_is_refused_pauses_the_task_without_an_attempt(
    house: House, poster: Path
):
    account = await house.add_account()
    task = await task_with(house, house.people(1), poster)
    house.messenger(account).script("upload", Outcome(C.FILE_UNUSABLE, detail="ImageProcessFailed"))
    assert (await house.run(task)).reason is TaskReason.FILE_UNUSABLE
    assert await house.attempts(Action.MESSAGE) == []


async def test_an_upload_cut_off_is_tried_again(house: House, poster: Path):
    account = await house.add_account()
    task = await task_with(house, house.people(1), poster)
    house.messenger(account).drop("upload")
    await house.run(task)
    assert await house.states(task) == [TargetState.SENT]


async def test_a_file_that_grew_old_at_telegram_is_uploaded_again(house: House, poster: Path):
    account = await house.add_account()
    task = await task_with(house, house.people(2), poster)
    messenger = house.messenger(account)
    held = messenger.hold("send_message", after_effect=True)
    await house.engine.tasks.start(task.id)
    await held.reached()
    messenger.uploads.clear()
    held.release()
    await house.idle(task)
    assert await house.states(task) == [TargetState.SENT] * 2
    assert len(messenger.calls_of("upload")) == 2


async def test_a_file_that_telegram_never_knows_in_a_message_pauses_the_task(
    house: House, poster: Path
):
    account = await house.add_account()
    task = await task_with(house, house.people(1), poster)
    old = Outcome(C.INTERRUPTED, detail="FileReferenceExpiredError")
    house.messenger(account).script("send_message", *[old] * 5)
    assert (await house.run(task)).reason is TaskReason.FILE_UNUSABLE
    assert len(house.messenger(account).calls_of("send_message")) == 1


@pytest.mark.parametrize("after_effect", [True, False])
async def test_a_message_with_a_file_cut_off_is_repeated_under_its_own_id(
    house: House, poster: Path, after_effect: bool
):
    account = await house.add_account()
    (person,) = house.people(1)
    task = await task_with(house, [person], poster)
    house.messenger(account).drop("send_message", after_effect=after_effect)
    await house.run(task)
    calls = house.messenger(account).calls_of("send_message")
    assert [call.arguments[2] for call in calls] == [calls[0].arguments[2]] * 2
    assert house.telegram.times_written_to(person) == 1


@pytest.mark.parametrize("after_effect", [True, False])
async def test_after_a_crash_a_message_with_a_file_is_settled_although_the_file_is_gone(
    house: House, poster: Path, after_effect: bool
):
    account = await house.add_account()
    (person,) = house.people(1)
    task = await task_with(house, [person], poster)
    held = house.messenger(account).hold("send_message", after_effect=after_effect)
    await house.engine.tasks.start(task.id)
    await held.reached()
    await house.crash()
    remove(poster)
    await house.open()
    situation = await house.idle(task)
    assert house.telegram.times_written_to(person) == after_effect
    if after_effect:
        assert await house.states(task) == [TargetState.SENT]
    else:
        assert situation.reason is TaskReason.FILE_UNUSABLE
        rewrite(poster, b"Saturday, 18:00")
        await house.engine.tasks.resume(task.id)
        await house.idle(task)
        assert house.telegram.times_written_to(person) == 1


async def test_after_a_crash_a_message_with_a_file_goes_once(house: House, poster: Path):
    account = await house.add_account()
    people = house.people(2)
    task = await task_with(house, people, poster)
    held = house.messenger(account).hold("send_message", after_effect=True)
    await house.engine.tasks.start(task.id)
    await held.reached()
    await house.crash()
    await house.clock.sleep_until(house.clock.now() + timedelta(minutes=1))
    await house.open()
    await house.idle(task)
    assert [house.telegram.times_written_to(person) for person in people] == [1, 1]
