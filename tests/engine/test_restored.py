"""A backup that was put back: nothing is sent before the user says so and Telegram was asked."""

from __future__ import annotations

import itertools
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from invite_desktop.domain.accounts import AccountState
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.outcomes import Outcome, OutcomeCode, TargetState
from invite_desktop.domain.tasks import TaskKind, TaskReason, TaskStatus
from invite_desktop.engine.events import TargetChanged
from invite_desktop.engine.forgotten_invitations import DoubtfulTask
from invite_desktop.store.restores import mark_as_restored
from tests.fakes.house import settle

if TYPE_CHECKING:
    from collections.abc import Sequence

    from invite_desktop.domain.tasks import InviteTask
    from invite_desktop.engine.events import Event
    from tests.fakes.house import House
    from tests.fakes.telegram import FakePerson


class Backups:
    """Copies of the house's database, put back as the program does it."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._copy = house.path.with_name("copy.db")

    def make(self) -> None:
        with (
            closing(sqlite3.connect(self._house.path)) as source,
            closing(sqlite3.connect(self._copy)) as copy,
        ):
            source.backup(copy)

    async def put_back(self) -> None:
        """End the program, put the copy back and start again; Telegram forgets random ids."""
        await self._house.close()
        self._copy.replace(self._house.path)
        with closing(sqlite3.connect(self._house.path)) as connection, connection:
            mark_as_restored(connection, self._house.clock.now())
        telegram = self._house.telegram
        telegram.messages[:] = [replace(item, random_id=0) for item in telegram.messages]
        await self._house.open()


@pytest.fixture
def backups(house: House) -> Backups:
    return Backups(house)


async def lost_work(house: House, backups: Backups, task: InviteTask, moment: int) -> None:
    """Back up at a moment of the work, bring it to its end, and put the backup back."""
    heard = itertools.count(1)

    def hear(event: Event) -> None:
        if isinstance(event, TargetChanged) and next(heard) == moment:
            backups.make()

    house.engine.bus.subscribe(hear)
    await house.run(task)
    await backups.put_back()


async def a_task(house: House, kind: TaskKind, people: list[FakePerson]) -> InviteTask:
    account = await house.add_account()
    if kind is TaskKind.MESSAGE:
        return await house.message_task(people)
    return await house.invite_task(house.add_chat(account), people)


def calls(house: House) -> int:
    return sum(len(messenger.calls) for messenger in house.gateway.messengers.values())


@pytest.mark.parametrize("kind", TaskKind)
async def test_a_restored_task_waits_and_says_why(house: House, backups: Backups, kind: TaskKind):
    task = await a_task(house, kind, house.people(6))
    await lost_work(house, backups, task, 5)
    before = calls(house)
    house.clock.advance(timedelta(days=3))
    await settle(200)
    situation = await house.situation(task)
    assert (situation.status, situation.reason) == (TaskStatus.WAITING, TaskReason.RESTORED)
    assert calls(house) == before


@pytest.mark.parametrize("moment", range(1, 10))
@pytest.mark.parametrize("kind", TaskKind)
async def test_after_the_confirmation_nobody_is_contacted_a_second_time(
    house: House, backups: Backups, kind: TaskKind, moment: int
):
    people = house.people(5)
    task = await a_task(house, kind, people)
    await lost_work(house, backups, task, moment)
    await house.engine.restored.confirm()
    assert (await house.idle(task)).status is TaskStatus.COMPLETED
    invited, written = house.telegram.times_invited, house.telegram.times_written_to
    assert [invited(person) + written(person) for person in people] == [1] * 5
    assert await house.agrees(task)
    done = {TargetState.JOINED, TargetState.ALREADY_MEMBER, TargetState.SENT}
    assert set(await house.states(task)) <= done


async def test_what_another_account_wrote_counts_for_it(house: House, backups: Backups):
    first = await house.add_account()
    people = house.people(3)
    task = await house.message_task(people)
    backups.make()
    await house.run(task)
    await backups.put_back()
    second = await house.add_account("boris")
    await house.engine.accounts.switch_off(first.id)
    await house.engine.restored.confirm()
    await house.run(task)
    assert [house.telegram.times_written_to(person) for person in people] == [1] * 3
    assert {target.account_id for target in await house.targets(task)} == {first.id}
    assert second.id != first.id


async def test_other_words_after_the_backup_leave_the_end_uncertain(house: House, backups: Backups):
    account = await house.add_account()
    people = house.people(2)
    task = await house.message_task(people)
    other = await house.message_task(people[:1], "Something else")
    backups.make()
    await house.run(other)
    await backups.put_back()
    await house.engine.tasks.cancel(other.id)
    await house.engine.restored.confirm()
    await house.run(task)
    assert await house.states(task) == [TargetState.UNCERTAIN, TargetState.SENT]
    assert [house.telegram.times_written_to(person) for person in people] == [1, 1]
    assert house.messenger(account).calls


async def test_a_new_task_may_write_other_words_to_them(house: House, backups: Backups):
    await house.add_account()
    people = house.people(2)
    task = await house.message_task(people)
    backups.make()
    await house.run(task)
    await backups.put_back()
    await house.engine.restored.confirm()
    again, other = await house.message_task(people), await house.message_task(people, "News!")
    for new in (again, other):
        await house.run(new)
        assert await house.states(new) == [TargetState.SENT] * 2
    assert [house.telegram.times_written_to(person) for person in people] == [2, 2]


@pytest.mark.parametrize("act", ["start", "resume"])
async def test_nothing_starts_before_the_confirmation(house: House, backups: Backups, act: str):
    await house.add_account()
    task = await house.message_task(house.people(2))
    if act == "resume":
        await house.engine.tasks.start(task.id)
        await house.engine.tasks.pause(task.id)
    backups.make()
    await backups.put_back()
    with pytest.raises(KnownError, match="sending is off"):
        await getattr(house.engine.tasks, act)(task.id)
    await house.engine.restored.confirm()
    await getattr(house.engine.tasks, act)(task.id)
    assert (await house.idle(task)).status is TaskStatus.COMPLETED


async def test_without_network_sending_stays_off(house: House, backups: Backups):
    account = await house.add_account()
    task = await house.message_task(house.people(2))
    backups.make()
    await backups.put_back()
    house.telegram.online = False
    with pytest.raises(KnownError, match="cannot be asked"):
        await house.engine.restored.confirm()
    assert await house.engine.restored.unconfirmed() is not None
    house.telegram.online = True
    assert (await house.engine.restored.confirm()).messages == 0
    assert await house.engine.restored.unconfirmed() is None
    assert (await house.engine.accounts.view(account.id)).state is AccountState.READY
    assert (await house.run(task)).status is TaskStatus.COMPLETED


async def test_the_confirmation_outlives_the_program(house: House, backups: Backups):
    await house.add_account()
    task = await house.message_task(house.people(4))
    await lost_work(house, backups, task, 5)
    await house.close()
    await house.open()
    assert await house.engine.restored.unconfirmed() is not None
    await house.engine.restored.confirm()
    await house.close()
    await house.open()
    assert (await house.idle(task)).status is TaskStatus.COMPLETED


async def test_the_ceilings_count_what_the_backup_has_forgotten(house: House, backups: Backups):
    await house.add_account()
    task = await house.message_task(house.people(3))
    backups.make()
    await backups.put_back()
    restored_at = house.clock.now()
    await house.engine.restored.confirm()
    await house.run(task)
    assert min(a.started_at for a in await house.attempts()) >= restored_at + timedelta(days=1)


async def test_an_account_that_is_lost_for_good_keeps_nobody_waiting(
    house: House, backups: Backups
):
    first = await house.add_account()
    await house.add_account("boris")
    task = await house.message_task(house.people(2))
    backups.make()
    await backups.put_back()
    house.me(first).account_trouble = OutcomeCode.BANNED
    await house.engine.restored.confirm()
    assert (await house.engine.accounts.view(first.id)).state is AccountState.BANNED
    assert (await house.run(task)).status is TaskStatus.COMPLETED


async def test_an_account_without_a_session_has_to_be_logged_in_or_removed(
    house: House, backups: Backups
):
    lost = await house.add_account()
    await house.add_account("boris")
    backups.make()
    await backups.put_back()
    await house.vault.forget_session(lost.id)
    house.gateway.messengers.pop(lost.id, None)
    with pytest.raises(KnownError, match="cannot be asked"):
        await house.engine.restored.confirm()
    await house.engine.accounts.log_out(lost.id)
    await house.engine.restored.confirm()
    assert await house.engine.restored.unconfirmed() is None


# ------------------------------------------------------------ who was invited and left since


async def invited_and_left(
    house: House, backups: Backups, gone_by: timedelta
) -> tuple[InviteTask, list[FakePerson]]:
    """Invite five people after the backup, let two leave, and put the backup back after a time."""
    people = house.people(5)
    task = await a_task(house, TaskKind.INVITE, people)
    await lost_work(house, backups, task, 1)
    house.clock.advance(gone_by)
    (chat,) = house.telegram.chats.values()
    chat.members -= {person.user_id for person in people[:2]}
    return task, people


async def test_who_was_invited_after_the_backup_and_left_is_not_invited_again(
    house: House, backups: Backups
):
    task, people = await invited_and_left(house, backups, timedelta(hours=1))
    settled = await house.engine.restored.confirm()
    assert (settled.invited, settled.doubtful) == (5, 0)
    assert (await house.idle(task)).status is TaskStatus.COMPLETED
    assert [house.telegram.times_invited(person) for person in people] == [1] * 5
    assert await house.states(task) == [TargetState.JOINED] * 5
    assert await house.agrees(task)


async def test_whom_nobody_remembers_is_left_uncertain_and_invited_by_nobody(
    house: House, backups: Backups
):
    task, people = await invited_and_left(house, backups, timedelta(days=3))
    settled = await house.engine.restored.confirm()
    assert (settled.invited, settled.doubtful) == (0, 5)
    assert (await house.idle(task)).status is TaskStatus.COMPLETED
    assert await house.states(task) == [TargetState.UNCERTAIN] * 5
    assert [house.telegram.times_invited(person) for person in people] == [1] * 5
    assert await house.agrees(task)


async def test_after_a_no_a_retry_by_hand_still_invites_them(house: House, backups: Backups):
    task, people = await invited_and_left(house, backups, timedelta(days=3))
    await house.engine.restored.confirm()
    await house.idle(task)
    assert await house.engine.tasks.retry(task.id) == 5
    await house.run(task)
    assert await house.states(task) == [TargetState.JOINED] * 2 + [TargetState.ALREADY_MEMBER] * 3
    assert [house.telegram.times_invited(person) for person in people] == [2, 2, 1, 1, 1]


async def test_the_user_is_asked_with_counts_and_may_say_yes(house: House, backups: Backups):
    asked: list[DoubtfulTask] = []

    async def yes(tasks: Sequence[DoubtfulTask]) -> bool:
        asked.extend(tasks)
        assert await house.engine.restored.unconfirmed() is not None
        return True

    task, people = await invited_and_left(house, backups, timedelta(days=3))
    settled = await house.engine.restored.confirm(yes)
    assert asked == [DoubtfulTask(task.id, task.name, 5)]
    assert settled.doubtful == 0
    assert (await house.idle(task)).status is TaskStatus.COMPLETED
    assert [house.telegram.times_invited(person) for person in people] == [2, 2, 1, 1, 1]


async def test_a_task_that_cannot_go_on_asks_nothing(house: House, backups: Backups):
    account = await house.add_account()
    chat = house.add_chat(account)
    cancelled = await house.invite_task(chat, house.people(3))
    await house.engine.tasks.cancel(cancelled.id)
    written = await house.message_task(house.people(2))
    backups.make()
    house.clock.advance(timedelta(days=3))
    await backups.put_back()
    settled = await house.engine.restored.confirm()
    assert settled.doubtful == 0
    assert await house.states(cancelled) == [TargetState.PENDING] * 3
    assert await house.states(written) == [TargetState.PENDING] * 2


async def test_whom_somebody_else_invited_is_not_invited_by_the_accounts(
    house: House, backups: Backups
):
    account = await house.add_account()
    chat = house.add_chat(account)
    people = house.people(2)
    task = await house.invite_task(chat, people)
    backups.make()
    other = house.telegram.add_person("other_admin")
    chat.admins[other.user_id] = True
    house.telegram.invite(0, other.user_id, chat, people[0])
    chat.members.discard(people[0].user_id)
    await backups.put_back()
    await house.engine.restored.confirm()
    await house.run(task)
    assert await house.states(task) == [TargetState.SKIPPED, TargetState.JOINED]
    assert [house.telegram.times_invited(person) for person in people] == [1, 1]


async def test_a_chat_whose_log_is_closed_to_the_account_leaves_doubt(
    house: House, backups: Backups
):
    task, _people = await invited_and_left(house, backups, timedelta(hours=1))
    (messenger,) = house.gateway.messengers.values()
    messenger.script("invitations_since", Outcome(OutcomeCode.CHAT_UNREACHABLE))
    assert (await house.engine.restored.confirm()).doubtful == 5
    assert await house.states(task) == [TargetState.UNCERTAIN] * 5


async def test_a_log_that_does_not_answer_now_keeps_sending_off(house: House, backups: Backups):
    task, _people = await invited_and_left(house, backups, timedelta(hours=1))
    (messenger,) = house.gateway.messengers.values()
    messenger.script("invitations_since", Outcome(OutcomeCode.NOT_CONNECTED))
    with pytest.raises(KnownError, match="cannot be asked"):
        await house.engine.restored.confirm()
    assert await house.engine.restored.unconfirmed() is not None
    assert await house.states(task) == [TargetState.PENDING] * 5


async def test_nothing_is_tried_on_anybody_before_the_confirmation(house: House, backups: Backups):
    await house.add_account()
    task = await house.message_task(house.people(1))
    backups.make()
    await backups.put_back()
    (target,) = await house.targets(task)
    with pytest.raises(KnownError, match="sending is off"):
        await house.engine.trials.of_target(task.id, target.id)
    assert await house.states(task) == [TargetState.PENDING]


async def test_a_task_made_after_the_restore_leaves_them_out_and_claims_no_success(
    house: House, backups: Backups
):
    task, people = await invited_and_left(house, backups, timedelta(hours=1))
    await house.engine.restored.confirm()
    await house.engine.tasks.cancel(task.id)
    (chat,) = house.telegram.chats.values()
    again = await house.invite_task(chat, people)
    await house.run(again)
    codes = set(await house.outcomes(again))
    assert codes <= {OutcomeCode.ALREADY_INVITED, OutcomeCode.ALREADY_MEMBER}
    assert [house.telegram.times_invited(person) for person in people] == [1] * 5
