"""Whom only the link reaches: shown, saved, and written to once where that is allowed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from invite_desktop.domain.audiences import Basis
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.message_markup import layout_of
from invite_desktop.domain.outcomes import Outcome, OutcomeCode
from invite_desktop.domain.reach import REACHED_BY_LINK, plain
from invite_desktop.domain.tasks import TaskKind, TaskStatus

if TYPE_CHECKING:
    from pathlib import Path

    from invite_desktop.domain.tasks import InviteTask
    from tests.fakes.house import House
    from tests.fakes.telegram import FakePerson


async def refused_task(house: House) -> tuple[InviteTask, list[FakePerson], str]:
    """A task that has run, with its link: four who refused, each otherwise, and two who came."""
    account = await house.add_account()
    refusing = [
        house.people(1, f"no_{number}", on_invite=code)[0]
        for number, code in enumerate(sorted(REACHED_BY_LINK))
    ]
    others = [*house.people(2), *house.people(1, "old", on_invite=OutcomeCode.BLOCKED)]
    task = await house.invite_task(house.add_chat(account), [*refusing, *others])
    await house.run(task)
    link = await house.engine.links.make(task.id)
    return task, refusing, link.address


async def names(house: House, task: InviteTask) -> set[str | None]:
    found = await house.engine.only_by_link.people(task.id)
    assert len(found) == await house.engine.only_by_link.count(task.id)
    return {target.person.keys.username for target in found}


async def test_they_are_those_whom_telegrams_rules_keep_out(house: House):
    task, refusing, _ = await refused_task(house)
    assert await names(house, task) == {person.username for person in refusing}


async def test_who_came_by_the_link_or_opted_out_is_not_among_them(house: House):
    task, refusing, address = await refused_task(house)
    house.telegram.use_link(refusing[0], address)
    await house.engine.links.count_now(task.id)
    await house.engine.do_not_contact.add(f"@{refusing[1].username}", "asked me")
    assert await names(house, task) == {person.username for person in refusing[2:]}


async def test_those_who_still_wait_are_among_them_when_only_links_work(house: House):
    account = await house.add_account()
    people = house.people(3)
    task = await house.invite_task(house.add_chat(account), people)
    house.messenger(account).script("invite", Outcome(OutcomeCode.LINK_ONLY))
    await house.run(task)
    assert await names(house, task) == {person.username for person in people}


async def test_they_are_saved_with_reason_and_link(house: House, tmp_path: Path):
    task, refusing, address = await refused_task(house)
    path = tmp_path / "people.csv"
    assert await house.engine.only_by_link.export(task.id, path) == 4
    text = path.read_text("utf-8-sig")
    assert all(person.username in text for person in refusing)
    assert text.count(address) == 4


async def test_a_message_task_sends_the_link_to_each_of_them_once(house: House):
    task, refusing, address = await refused_task(house)
    await house.engine.do_not_contact.add(f"@{refusing[1].username}", "asked me")
    made = await house.engine.only_by_link.message_task(task.id, f"Join: {address}")
    assert (made.kind, made.status) == (TaskKind.MESSAGE, TaskStatus.READY)
    assert house.telegram.messages == []
    assert await names(house, task) == set()
    with pytest.raises(KnownError, match="nobody"):
        await house.engine.only_by_link.message_task(task.id, f"Again: {address}")
    await house.run(made)
    assert [house.telegram.times_written_to(person) for person in refusing] == [1, 0, 1, 1]
    assert all(
        address in message.text and "stop" in message.text.lower()
        for message in house.telegram.messages
    )
    assert await names(house, task) == set()


async def test_a_cancelled_message_task_leaves_them_to_be_sent_the_link(house: House):
    task, refusing, address = await refused_task(house)
    made = await house.engine.only_by_link.message_task(task.id, f"Join: {address}")
    await house.engine.tasks.cancel(made.id)
    assert await names(house, task) == {person.username for person in refusing}


async def test_without_a_basis_nobody_is_written_to(house: House):
    task, _, address = await refused_task(house)
    (audience,) = await house.engine.audiences.all()
    await house.engine.audiences.change_basis(audience.id, Basis.UNKNOWN)
    with pytest.raises(KnownError, match="not known why"):
        await house.engine.only_by_link.message_task(task.id, f"Join: {address}")
    assert len(await house.engine.audiences.all()) == 1


async def test_a_text_without_the_link_makes_no_task(house: House):
    task, _, _ = await refused_task(house)
    with pytest.raises(KnownError, match="does not hold the link"):
        await house.engine.only_by_link.message_task(task.id, "Join us!")
    assert len(await house.engine.audiences.all()) == 1


@pytest.mark.parametrize(
    "title", ["**Club**", "a_b __c__", "[x](https://y.z)", "~~x~~ `y`", "{{a}}"]
)
def test_a_title_is_never_read_as_formatting(title: str):
    assert layout_of(plain(title)).spans == ()
