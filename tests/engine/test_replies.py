"""What people answer is heard once, and those who want no more are left alone."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from invite_desktop.domain.breaker import OPT_OUTS_AT_LEAST
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.outcomes import Outcome, OutcomeCode, TargetState
from invite_desktop.domain.tasks import TaskReason, TaskStatus
from invite_desktop.engine.ports.ledger import LedgerFilter
from invite_desktop.engine.ports.replies import HeardReply, ReplyCounts
from invite_desktop.engine.preparations import LISTEN_EVERY
from tests.fakes.house import settle

if TYPE_CHECKING:
    from tests.fakes.house import House

HOUR = timedelta(hours=1)


async def later(house: House, time: timedelta = HOUR) -> None:
    await house.clock.sleep_until(house.clock.now() + time)
    await settle()


async def test_who_answers_stop_is_on_the_list_and_gets_no_other_message(house: House):
    account = await house.add_account()
    people = house.people(3)
    first = await house.message_task(people)
    await house.run(first)
    house.messenger(account).receive(people[1], "Стоп!")
    house.messenger(account).receive(people[2], "Thank you!")
    await later(house)
    assert await house.engine.replies.of_task(first.id) == ReplyCounts(replied=2, opted_out=1)
    (entry,) = await house.engine.do_not_contact.entries()
    assert (entry.reason, entry.person.keys.username) == ("stop", people[1].username)
    second = await house.message_task(people, "Again, {{ first_name }}!")
    await house.run(second)
    assert [house.telegram.times_written_to(person) for person in people] == [2, 1, 2]


async def test_a_stop_in_the_middle_of_a_task_counts_for_every_task_at_once(house: House):
    account = await house.add_account()
    people = house.people(6)
    running = await house.message_task(people)
    held = house.messenger(account).hold("send_message", after_effect=True)
    await house.engine.tasks.start(running.id)
    await held.reached()
    house.messenger(account).receive(people[3], "не пишите мне")
    held.release()
    await house.idle(running)
    states = await house.states(running)
    assert states[3] is TargetState.SKIPPED
    assert house.telegram.times_written_to(people[3]) == 0
    assert states.count(TargetState.SENT) == 5


@pytest.mark.parametrize("how", ["closed", "crashed"])
async def test_what_came_while_the_program_was_not_running_is_heard_before_anything_new(
    house: House, how: str
):
    account = await house.add_account()
    people = house.people(8)
    task = await house.message_task(people)
    held = house.messenger(account).hold("send_message", after_effect=True)
    await house.engine.tasks.start(task.id)
    await held.reached()
    if how == "closed":
        held.release()
        await house.close()
    else:
        await house.crash()
    messenger = house.messenger(account)
    for person in people[2:7]:
        messenger.receive(person, "stop" if person is people[5] else "hello", announced=False)
    house.clock.advance(3 * HOUR)
    messenger.calls.clear()
    await house.open()
    await house.idle(task)
    assert house.telegram.times_written_to(people[5]) == 0
    order = [call.method for call in messenger.calls]
    assert order.index("news_since") < order.index("send_message") if "send_message" in order else 1
    assert await house.agrees(task)


@pytest.mark.parametrize("trouble", [None, Outcome(OutcomeCode.FLOOD_WAIT, 60)])
async def test_what_telegram_keeps_no_updates_of_is_read_in_the_dialogues_before_anything_new(
    house: House, trouble: Outcome | None
):
    account = await house.add_account()
    people = house.people(60)
    task = await house.message_task(people[:3])
    await house.run(task)
    again = await house.message_task(people[:3], "Again, {{ first_name }}!")
    house.telegram.updates_kept = 2
    messenger = house.messenger(account)
    messenger.script("messages_from", None, trouble)
    for person in people[1:]:
        last = person is people[-1]
        text = "stop" if person in people[::2] else "hello"
        messenger.receive(person, text, announced=last)
    await house.run(again)
    assert [house.telegram.times_written_to(person) for person in people[:3]] == [2, 2, 1]
    assert await house.engine.replies.of_task(task.id) == ReplyCounts(replied=2, opted_out=1)
    entries = await house.engine.do_not_contact.entries()
    assert len(entries) == len(people[2::2]), "strangers, too"


async def test_a_message_is_counted_once_whatever_is_heard_again(house: House):
    account = await house.add_account()
    people = house.people(2)
    task = await house.message_task(people)
    await house.run(task)
    state = await house.ports.replies.update_state(account.id)
    for person in people * 4:
        house.messenger(account).receive(person, "hm")
    await later(house)
    await house.ports.replies.keep(account.id, state, (), house.clock.now())
    house.messenger(account).ring(account.id)
    await later(house)
    assert await house.engine.replies.of_task(task.id) == ReplyCounts(2, 0)


@pytest.mark.parametrize(("behind", "replied"), [(110, 1), (130, 0)])
async def test_a_quick_reply_counts_although_this_computers_clock_is_a_little_ahead(
    house: House, behind: int, replied: int
):
    account = await house.add_account()
    people = house.people(1)
    task = await house.message_task(people)
    await house.run(task)
    (sent,) = await house.engine.statistics.log(LedgerFilter(task_id=task.id), 0, 1)
    at = sent.attempt.started_at - timedelta(seconds=behind)
    state = await house.ports.replies.update_state(account.id)
    heard = [HeardReply(999, people[0].user_id, at)]
    await house.ports.replies.keep(account.id, state, heard, house.clock.now())
    assert (await house.engine.replies.of_task(task.id)).replied == replied


async def test_everything_can_be_heard_at_once_without_waiting_for_a_bell(house: House):
    accounts = [await house.add_account(name) for name in ("anna", "boris")]
    people = house.people(1)
    task = await house.message_task(people)
    await house.run(task)
    for account in accounts:
        house.messenger(account).receive(people[0], "стоп", announced=False)
    assert await house.engine.replies.hear_all() == []
    assert await house.engine.replies.of_task(task.id) == ReplyCounts(1, 1)


async def test_what_stands_in_the_way_of_hearing_is_returned(house: House):
    account = await house.add_account()
    await house.run(await house.message_task(house.people(1)))
    house.messenger(account).script("news_since", Outcome(OutcomeCode.SERVER_TROUBLE))
    (trouble,) = await house.engine.replies.hear_all()
    assert trouble.code is OutcomeCode.SERVER_TROUBLE


async def test_trouble_while_listening_sends_nothing_new_before_it_is_over(house: House):
    account = await house.add_account()
    people = house.people(2)
    await house.run(await house.message_task(people[:1]))
    messenger = house.messenger(account)
    messenger.script("news_since", *[Outcome(OutcomeCode.SERVER_TROUBLE)] * 3)
    messenger.receive(people[1], "стоп", announced=False)
    second = await house.message_task(people)
    messenger.ring(account.id)
    await house.run(second)
    assert house.telegram.times_written_to(people[1]) == 0


async def test_an_account_asks_now_and_then_even_if_nothing_was_announced(house: House):
    account = await house.add_account()
    people = house.people(1)
    task = await house.message_task(people)
    await house.run(task)
    house.messenger(account).receive(people[0], "unsubscribe", announced=False)
    await later(house, 2 * LISTEN_EVERY)
    assert (await house.engine.replies.of_task(task.id)).opted_out == 1


async def test_an_answer_changed_into_a_no_counts_as_one(house: House):
    account = await house.add_account()
    (person,) = house.people(1)
    task = await house.message_task([person])
    await house.run(task)
    house.messenger(account).receive(person, "Thank you")
    await later(house)
    house.messenger(account).receive(person, "stop", edits=True)
    await later(house)
    assert await house.engine.replies.of_task(task.id) == ReplyCounts(replied=1, opted_out=1)
    assert await house.engine.do_not_contact.count() == 1


async def test_too_many_opt_outs_pause_the_task(house: House):
    await house.add_account()
    people = [*house.people(OPT_OUTS_AT_LEAST + 3, answers="отписка")]
    situation = await house.run(await house.message_task(people))
    assert (situation.status, situation.reason) == (TaskStatus.PAUSED, TaskReason.TOO_MANY_OPT_OUTS)
    assert len(house.telegram.messages) == OPT_OUTS_AT_LEAST


async def test_a_few_opt_outs_among_many_pause_nothing(house: House):
    await house.add_account()
    people = house.people(4, answers="stop") + house.people(8, "other", answers="thanks")
    task = await house.message_task(people)
    assert (await house.run(task)).status is TaskStatus.COMPLETED
    await later(house)
    assert await house.engine.replies.of_task(task.id) == ReplyCounts(12, 4)


async def test_a_stranger_who_says_stop_is_remembered_by_id(house: House):
    account = await house.add_account()
    await house.run(await house.message_task(house.people(1)))
    stranger = house.telegram.add_person("some_stranger")
    house.messenger(account).receive(stranger, "stop")
    house.messenger(account).receive(house.telegram.add_person("other_one"), "hello")
    await later(house)
    (entry,) = await house.engine.do_not_contact.entries()
    assert [value for _, value in entry.keys] == [str(stranger.user_id)]


async def test_the_users_own_words_count_too(house: House):
    account = await house.add_account()
    people = house.people(2)
    task = await house.message_task(people)
    assert await house.engine.replies.set_patterns(["Не интересно *", "Мимо!"]) == [
        "мимо",
        "не интересно*",
    ]
    await house.run(task)
    house.messenger(account).receive(people[0], "Не интересно, у меня уже есть")
    await later(house)
    assert (await house.engine.replies.of_task(task.id)).opted_out == 1
    with pytest.raises(KnownError):
        await house.engine.replies.set_patterns(["!"])
    assert len(await house.engine.replies.patterns()) == 2


@pytest.mark.parametrize("by", ["user", "telegram"])
async def test_who_says_no_to_an_account_at_rest_is_left_alone_by_the_others(house: House, by: str):
    account = await house.add_account()
    people = house.people(3)
    await house.run(await house.message_task(people))
    if by == "user":
        await house.engine.accounts.rest(account.id, house.clock.now() + 48 * HOUR)
    else:
        house.messenger(account).script("send_message", Outcome(OutcomeCode.PEER_FLOOD))
        await house.run(await house.message_task(house.people(1, "other")))
    assert not (await house.engine.accounts.view(account.id)).account.is_ready(house.clock.now())
    await house.add_account("boris")
    house.messenger(account).receive(people[1], "Стоп")
    await settle(50)
    again = await house.message_task(people, "Again, {{ first_name }}!")
    await house.run(again)
    assert [house.telegram.times_written_to(person) for person in people] == [2, 1, 2]


async def test_trouble_while_listening_at_rest_is_no_reason_to_ask_at_once_again(house: House):
    account = await house.add_account()
    people = house.people(1)
    await house.run(await house.message_task(people))
    await house.engine.accounts.rest(account.id, house.clock.now() + 48 * HOUR)
    await later(house)
    messenger = house.messenger(account)
    asked = len(messenger.calls_of("news_since"))
    messenger.script("news_since", Outcome(OutcomeCode.FLOOD_WAIT, wait_seconds=60))
    for _ in range(3):
        messenger.receive(people[0], "hello")
        await later(house, timedelta(seconds=5))
    assert len(messenger.calls_of("news_since")) == asked + 1
    await later(house)
    assert len(messenger.calls_of("news_since")) > asked + 1
