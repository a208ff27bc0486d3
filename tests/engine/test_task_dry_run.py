"""A dry run of a task: everybody, with the reason, and nobody notices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invite_desktop.domain.accounts import AccountState
from invite_desktop.domain.fates import Fate
from invite_desktop.domain.outcomes import Outcome, OutcomeCode, TargetState
from invite_desktop.domain.people import PersonKeys
from invite_desktop.engine import task_dry_run
from invite_desktop.engine.ports.files import PersonRow
from invite_desktop.engine.ports.ledger import LedgerFilter
from invite_desktop.engine.views import PersonEdit

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pytest

    from invite_desktop.domain.tasks import InviteTask
    from tests.fakes.house import House
    from tests.fakes.telegram import FakePerson

CONTACTING = {"invite", "send_message", "look_up"}


def calls(house: House) -> list[str]:
    return [c.method for m in house.gateway.messengers.values() for c in m.calls]


async def met(house: House, task: InviteTask, people: Sequence[FakePerson]) -> None:
    """Let the account know people, as after a look-up."""
    ((account_id, messenger),) = house.gateway.messengers.items()
    by_name = {person.username: messenger.user_peer(person) for person in people}
    for target in await house.targets(task):
        if (peer := by_name.get(target.person.keys.username)) is not None:
            await house.ports.ledger.keep_peer(account_id, target.person.id, peer)


async def test_every_way_to_a_person_is_counted(house: House):
    account = await house.add_account()
    rows = [
        *house.people(2),
        PersonRow(1, PersonKeys(phone="+79001112233")),
        PersonRow(2, PersonKeys(telegram_id=777)),
    ]
    task = await house.invite_task(house.add_chat(account), rows)
    before = len(await house.ports.ledger.rows(LedgerFilter(), 0, 100))
    run = await house.engine.task_dry_runs.of_task(task.id)
    assert run.counts == {Fate.LOOK_UP_NAME: 2, Fate.LOOK_UP_PHONE: 1, Fate.UNREACHABLE: 1}
    assert run.people == 4
    assert not CONTACTING & set(calls(house))
    assert len(await house.ports.ledger.rows(LedgerFilter(), 0, 100)) == before
    assert await house.states(task) == [TargetState.PENDING] * 4


async def test_rules_come_before_ways(house: House):
    account = await house.add_account()
    chat = house.add_chat(account)
    people = house.people(2)
    refusing = house.people(1, "refusing", on_invite=OutcomeCode.PRIVACY)
    first = await house.invite_task(chat, [people[0], *refusing])
    task = await house.invite_task(chat, [*people, *refusing, *house.people(1, "no_more")])
    await house.run(first)
    await house.engine.do_not_contact.add("@no_more_0000", "She said so.")
    run = await house.engine.task_dry_runs.of_task(task.id)
    assert run.counts == {
        Fate.CONTACTED_BEFORE: 1,
        Fate.LOOK_UP_NAME: 1,
        Fate.REFUSED_BEFORE: 1,
        Fate.OPTED_OUT: 1,
    }


async def test_telegram_is_asked_in_bulk_what_it_takes_to_write(house: House):
    await house.add_account()
    free = house.people(3)
    premium = house.people(2, "premium", on_message=OutcomeCode.PREMIUM_NEEDED)
    paid = house.people(1, "paid", on_message=OutcomeCode.PAID_MESSAGES)
    unknown = house.people(2, "unknown")
    task = await house.message_task([*free, *premium, *paid, *unknown])
    await met(house, task, [*free, *premium, *paid])
    run = await house.engine.task_dry_runs.of_task(task.id)
    assert run.counts == {
        Fate.AT_ONCE: 3,
        Fate.LOOK_UP_NAME: 2,
        Fate.NEEDS_PREMIUM: 2,
        Fate.NEEDS_PAYMENT: 1,
    }
    assert run.asked == 6
    assert calls(house).count("requirements") == 1
    assert await house.states(task) == [TargetState.PENDING] * 8


async def test_an_account_that_cannot_be_asked_now_is_asked_no_more(
    house: House, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(task_dry_run, "PEOPLE_A_CALL", 1)
    account = await house.add_account()
    task = await house.message_task(people := house.people(3))
    await met(house, task, people)
    house.messenger(account).script("requirements", Outcome(OutcomeCode.FLOOD_WAIT, 30))
    run = await house.engine.task_dry_runs.of_task(task.id)
    assert run.counts == {Fate.AT_ONCE: 3}
    assert (run.asked, calls(house).count("requirements")) == (0, 1)
    assert (await house.engine.accounts.view(account.id)).state is AccountState.RESTING


async def test_only_so_many_questions_are_asked(house: House, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(task_dry_run, "PEOPLE_A_CALL", 1)
    monkeypatch.setattr(task_dry_run, "MOST_CALLS", 2)
    await house.add_account()
    task = await house.message_task(people := house.people(5))
    await met(house, task, people)
    run = await house.engine.task_dry_runs.of_task(task.id)
    assert (run.people, run.asked) == (5, 2)


async def test_who_lost_what_the_text_needs_is_found(house: House):
    await house.add_account()
    task = await house.message_task(people := house.people(2), "Hello {{ first_name }}!")
    (person, _) = await house.ports.audiences.people(task.audience_id, 0, 2)
    assert person.keys.username == people[0].username
    await house.engine.audiences.edit_person(person.id, PersonEdit(person.keys.username or ""))
    run = await house.engine.task_dry_runs.of_task(task.id)
    assert run.counts == {Fate.NO_TEXT: 1, Fate.LOOK_UP_NAME: 1}


async def test_everybody_is_saved_with_the_reason(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(task_dry_run, "_PAGE", 2)
    await house.add_account()
    premium = house.people(2, "premium", on_message=OutcomeCode.PREMIUM_NEEDED)
    task = await house.message_task([*house.people(3), *premium])
    await met(house, task, premium)
    run = await house.engine.task_dry_runs.of_task(task.id)
    path = tmp_path / "dry.csv"
    assert await house.engine.task_dry_runs.save(run, path) == 5
    lines = path.read_text("utf-8-sig").splitlines()
    assert len(lines) == 6
    assert [("Premium" in line) for line in lines[1:]] == [False] * 3 + [True] * 2
