"""Message tasks: the text of each person, sent once."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from invite_desktop.domain.attempts import Action
from invite_desktop.domain.audiences import Basis
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.formatted_text import EntityKind, TextEntity
from invite_desktop.domain.outcomes import Outcome, OutcomeCode, TargetState
from invite_desktop.domain.people import PersonKeys
from invite_desktop.domain.tasks import NewTask, TaskKind, TaskStatus
from invite_desktop.domain.templates import STOP_LINE
from invite_desktop.engine.ports.files import PersonRow
from invite_desktop.engine.views import PersonEdit

if TYPE_CHECKING:
    from tests.fakes.house import House

C = OutcomeCode


async def test_everybody_gets_her_own_text_with_the_line_on_stopping(house: House):
    await house.add_account()
    people = [house.telegram.add_person(f"reader_{n}", first_name=n) for n in ("Anna", "Boris")]
    task = await house.message_task(people, "Hello {{ first_name }}!")
    assert (await house.run(task)).status is TaskStatus.COMPLETED
    texts = [item.text for item in house.telegram.messages]
    assert texts == [f"Hello {name}!\n\n{STOP_LINE}" for name in ("Anna", "Boris")]
    assert task.name == "Messages to “Guests”"


@pytest.mark.parametrize(
    "code", [C.PRIVACY, C.PREMIUM_NEEDED, C.PAID_MESSAGES, C.BLOCKED, C.MESSAGE_REFUSED]
)
async def test_who_cannot_be_written_to_ends_with_the_reason(house: House, code: OutcomeCode):
    await house.add_account()
    task = await house.message_task(house.people(1, on_message=code))
    await house.run(task)
    assert await house.outcomes(task) == [code]


@pytest.mark.parametrize("known", [True, False])
async def test_who_has_lost_what_the_text_needs_fails_alone_and_may_be_tried_again(
    house: House, *, known: bool
):
    account = await house.add_account()
    people = house.people(3)
    task = await house.message_task(people)
    first = (await house.targets(task))[0].person
    if known:
        peer = house.messenger(account).user_peer(people[0])
        await house.ports.ledger.keep_peer(account.id, first.id, peer)
    await house.engine.audiences.edit_person(first.id, PersonEdit(people[0].username))
    assert (await house.run(task)).status is TaskStatus.COMPLETED
    assert await house.outcomes(task) == [C.NO_TEXT, C.SENT, C.SENT]
    named = PersonEdit(people[0].username, first_name="Anna")
    await house.engine.audiences.edit_person(first.id, named)
    await house.engine.tasks.retry(task.id)
    await house.run(task)
    assert await house.outcomes(task) == [C.SENT] * 3
    assert await house.agrees(task)


@pytest.mark.parametrize("after_effect", [True, False])
async def test_a_message_cut_off_is_repeated_under_its_own_id(house: House, after_effect: bool):
    account = await house.add_account()
    people = house.people(2)
    task = await house.message_task(people)
    house.messenger(account).drop("send_message", after_effect=after_effect)
    await house.run(task)
    assert await house.states(task) == [TargetState.SENT] * 2
    assert [house.telegram.times_written_to(person) for person in people] == [1, 1]
    calls = house.messenger(account).calls_of("send_message")
    assert calls[0].arguments[2] == calls[1].arguments[2], "the same random_id"
    assert len(await house.attempts(Action.MESSAGE)) == 2


@pytest.mark.parametrize(("after_effect", "sent_again"), [(True, False), (False, True)])
async def test_after_ten_minutes_the_dialogue_tells_whether_it_went(
    house: House, after_effect: bool, sent_again: bool
):
    account = await house.add_account()
    (person,) = house.people(1)
    task = await house.message_task([person])
    messenger = house.messenger(account)
    messenger.drop("send_message", after_effect=after_effect)
    messenger.script("send_message", *([None] if after_effect else []), Outcome(C.FLOOD_WAIT, 3600))
    await house.run(task)
    assert await house.states(task) == [TargetState.SENT]
    assert house.telegram.times_written_to(person) == 1
    assert len(messenger.calls_of("own_messages")) == 1
    assert len(await house.attempts(Action.MESSAGE)) == 1 + sent_again


async def test_a_dialogue_that_cannot_be_read_leaves_it_uncertain(house: House):
    account = await house.add_account()
    (person,) = house.people(1)
    task = await house.message_task([person])
    messenger = house.messenger(account)
    messenger.drop("send_message", after_effect=True)
    messenger.script("send_message", None, Outcome(C.FLOOD_WAIT, 3600))
    messenger.script("own_messages", Outcome(C.UNKNOWN_ERROR))
    await house.run(task)
    assert await house.states(task) == [TargetState.UNCERTAIN]
    assert house.telegram.times_written_to(person) == 1


async def test_after_a_pause_an_open_message_is_looked_for_and_not_repeated(house: House):
    account = await house.add_account()
    task = await house.message_task(house.people(1))
    messenger = house.messenger(account)
    messenger.drop("send_message", after_effect=False)
    house.clock.hold()
    held = messenger.hold("send_message")
    await house.engine.tasks.start(task.id)
    await held.reached()
    await house.engine.tasks.pause(task.id)
    held.release()
    house.clock.let_go()
    await house.clock.sleep_until(house.clock.now() + timedelta(minutes=5))
    assert len(messenger.calls_of("send_message")) == 1
    assert await house.states(task) == [TargetState.PENDING]


@pytest.mark.parametrize(
    ("after_effect", "state"), [(True, TargetState.SENT), (False, TargetState.SKIPPED)]
)
async def test_a_message_cut_off_is_not_repeated_to_somebody_who_said_no_meanwhile(
    house: House, after_effect: bool, state: TargetState
):
    account = await house.add_account()
    (person,) = house.people(1)
    task = await house.message_task([person])
    messenger = house.messenger(account)
    messenger.drop("send_message", after_effect=after_effect)
    house.clock.hold()
    held = messenger.hold("send_message")
    await house.engine.tasks.start(task.id)
    await held.reached()
    assert await house.engine.do_not_contact.add(f"@{person.username}", "asked by phone") == 1
    held.release()
    house.clock.let_go()
    await house.idle(task)
    assert await house.states(task) == [state]
    assert len(messenger.calls_of("send_message")) == 1
    assert house.telegram.times_written_to(person) == after_effect


async def test_formatting_goes_along_and_stays_the_same_when_a_message_is_repeated(house: House):
    account = await house.add_account()
    task = await house.message_task(house.people(1), "**Hello**, {{ first_name }}!")
    house.messenger(account).drop("send_message", after_effect=False)
    await house.run(task)
    (item,) = house.telegram.messages
    assert item.entities == (TextEntity(EntityKind.BOLD, 0, 5),)
    assert item.text.startswith("Hello, ")


async def test_everybody_for_whom_a_message_cannot_be_made_is_named(house: House):
    rows = [
        PersonRow(1, PersonKeys("somebody"), extra={"City": "Perm"}),
        PersonRow(2, PersonKeys("another_one")),
        PersonRow(3, PersonKeys("the_third"), extra={"City": "x" * 5000}),
    ]
    audience = await house.audience(rows)
    check = await house.engine.drafts.check(audience, "I like {{ City }}", "Say stop")
    assert (check.people, check.failing, check.unknown) == (3, 2, ())
    assert check.longest == len("I like Perm\n\nSay stop")
    assert [failure.person.keys.username for failure in check.failures] == [
        "another_one",
        "the_third",
    ]
    assert "4096" in str(check.failures[1].trouble)


async def test_a_message_that_works_for_everybody_has_no_refusal(house: House):
    audience = await house.audience(house.people(3))
    check = await house.engine.drafts.check(audience, "Hello {{ first_name }}")
    assert (check.people, check.failing, check.refusal) == (3, 0, None)


async def test_an_audience_without_basis_cannot_be_written_to(house: House):
    audience = await house.audience(house.people(1), Basis.UNKNOWN)
    with pytest.raises(KnownError, match="why"):
        await house.engine.tasks.create(NewTask(TaskKind.MESSAGE, audience, text="Hello"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no text"),
        ("Hello {{ Town }}", "have no Town"),
        ("Hello {{ City }}", "For 1 person"),
        ("Hello {{ City", "variable"),
        ("x" * 4096, "4096"),
    ],
)
async def test_a_message_that_fails_for_somebody_is_refused_before_it_exists(
    house: House, text: str, words: str
):
    rows = [
        PersonRow(1, PersonKeys("somebody"), extra={"City": "Perm"}),
        PersonRow(2, PersonKeys("another_one")),
    ]
    audience = await house.audience(rows)
    with pytest.raises(KnownError, match=words):
        await house.engine.tasks.create(NewTask(TaskKind.MESSAGE, audience, text=text))
    assert await house.engine.tasks.views() == []


async def test_the_line_on_stopping_may_be_the_users_own_but_never_empty(house: House):
    audience = await house.audience(house.people(1))
    new = NewTask(TaskKind.MESSAGE, audience, text="Hello")
    task = await house.engine.tasks.create(new, stop_line="Write “no” and I stop.")
    assert task.text == "Hello\n\nWrite “no” and I stop."
    with pytest.raises(KnownError):
        await house.engine.tasks.create(new, stop_line=" ")


async def test_an_invite_task_needs_a_chat(house: House):
    audience = await house.audience(house.people(1))
    with pytest.raises(KnownError, match="no chat"):
        await house.engine.tasks.create(NewTask(TaskKind.INVITE, audience))


async def test_without_a_ready_account_no_message_task_starts(house: House):
    task = await house.message_task(house.people(1))
    with pytest.raises(KnownError, match="No account"):
        await house.engine.tasks.start(task.id)
