"""Who wants Premium or money for a message is left out before anybody is written to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from invite_desktop.domain.attempts import Action
from invite_desktop.domain.outcomes import Outcome, OutcomeCode
from invite_desktop.domain.tasks import TaskStatus
from invite_desktop.engine import requirements

if TYPE_CHECKING:
    from invite_desktop.domain.accounts import Account
    from tests.fakes.house import House
    from tests.fakes.telegram import FakePerson

C = OutcomeCode


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requirements, "PEOPLE_A_CALL", 3)
    monkeypatch.setattr(requirements, "CALLS_AT_ONCE", 2)


async def make_known(house: House, account: Account, people: list[FakePerson]) -> None:
    """Let an account have met people before, as an earlier task does."""
    task = await house.message_task(people, "Hello")
    for target in await house.targets(task):
        person = house.telegram.person_named(target.person.keys.username or "")
        assert person is not None
        peer = house.messenger(account).user_peer(person)
        await house.ports.ledger.keep_peer(account.id, target.person.id, peer)


def mixed(house: House) -> list[FakePerson]:
    return [
        *house.people(4),
        *house.people(2, "premium", on_message=C.PREMIUM_NEEDED),
        *house.people(3, "paid", on_message=C.PAID_MESSAGES),
        *house.people(2, "late"),
    ]


async def test_who_cannot_be_written_to_for_nothing_ends_without_a_call(house: House):
    account = await house.add_account()
    people = mixed(house)
    await make_known(house, account, people)
    task = await house.message_task(people)
    assert (await house.run(task)).status is TaskStatus.COMPLETED
    outcomes = await house.outcomes(task)
    assert outcomes == [C.SENT] * 4 + [C.PREMIUM_NEEDED] * 2 + [C.PAID_MESSAGES] * 3 + [C.SENT] * 2
    assert len(await house.attempts(Action.MESSAGE)) == 6
    assert len(house.messenger(account).calls_of("send_message")) == 6
    assert [len(c.arguments[0]) for c in house.messenger(account).calls_of("requirements")] == [
        3, 3, 3, 2,
    ]  # fmt: skip
    assert await house.agrees(task)


async def test_the_first_questions_come_before_the_first_message(house: House):
    account = await house.add_account()
    people = house.people(4)
    await make_known(house, account, people)
    task = await house.message_task(people)
    await house.run(task)
    methods = [call.method for call in house.messenger(account).calls]
    assert methods.index("requirements") < methods.index("send_message")


async def test_who_is_looked_up_is_asked_about_before_her_message(house: House):
    account = await house.add_account()
    people = [
        *house.people(1),
        *house.people(1, "premium", on_message=C.PREMIUM_NEEDED),
        *house.people(1, "paid", on_message=C.PAID_MESSAGES),
    ]
    task = await house.message_task(people)
    assert (await house.run(task)).status is TaskStatus.COMPLETED
    assert await house.outcomes(task) == [C.SENT, C.PREMIUM_NEEDED, C.PAID_MESSAGES]
    assert len(await house.attempts(Action.MESSAGE)) == 1
    assert [len(c.arguments[0]) for c in house.messenger(account).calls_of("requirements")] == [
        1, 1, 1,
    ]  # fmt: skip
    assert await house.agrees(task)


@pytest.mark.parametrize("answer", [C.FLOOD_WAIT, C.NOT_CONNECTED, C.UNKNOWN_ERROR])
async def test_trouble_with_the_question_about_one_person_costs_her_nothing(
    house: House, answer: OutcomeCode
):
    account = await house.add_account()
    task = await house.message_task(house.people(2))
    house.messenger(account).script("requirements", Outcome(answer, 60))
    assert (await house.run(task)).status is TaskStatus.COMPLETED
    assert await house.outcomes(task) == [C.SENT] * 2
    assert len(await house.attempts(Action.LOOK_UP)) == 2


async def test_a_flood_wait_makes_the_account_rest_and_the_questions_go_on_after_it(house: House):
    account = await house.add_account()
    people = mixed(house)
    await make_known(house, account, people)
    task = await house.message_task(people)
    house.messenger(account).script("requirements", None, Outcome(C.FLOOD_WAIT, 60))
    await house.run(task)
    assert (await house.outcomes(task))[4:9] == [C.PREMIUM_NEEDED] * 2 + [C.PAID_MESSAGES] * 3


@pytest.mark.parametrize("code", [C.UNKNOWN_ERROR, C.NOT_ADDRESSABLE])
async def test_what_telegram_does_not_answer_is_left_to_the_message(
    house: House, code: OutcomeCode
):
    account = await house.add_account()
    people = house.people(2, on_message=C.PAID_MESSAGES)
    await make_known(house, account, people)
    task = await house.message_task(people)
    house.messenger(account).script("requirements", Outcome(code))
    assert (await house.run(task)).status is TaskStatus.COMPLETED
    assert await house.outcomes(task) == [C.PAID_MESSAGES] * 2
    assert len(await house.attempts(Action.MESSAGE)) == 2


async def test_a_target_that_somebody_works_on_is_not_ended_behind_his_back(house: House):
    account = await house.add_account()
    task = await house.message_task(house.people(2))
    claim = await house.ports.ledger.claim(task.id, account.id, house.clock.now())
    assert claim is not None
    targets = await house.targets(task)
    paid = Outcome(C.PAID_MESSAGES)
    ended = await house.ports.ledger.end_pending(
        {target.id: paid for target in targets}, house.clock.now()
    )
    assert ended == [targets[1].id]
    assert await house.agrees(task)
