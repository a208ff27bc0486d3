"""What reports say, with the real store and the real files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.outcomes import OutcomeCode
from invite_desktop.domain.pace import DAY
from tests.reporting.reports import csv_facts, csv_rows, workbook_rows

if TYPE_CHECKING:
    from pathlib import Path

    from invite_desktop.domain.tasks import InviteTask
    from tests.fakes.house import House

C = OutcomeCode


@pytest.fixture
async def task(house: House) -> InviteTask:
    account = await house.add_account()
    people = [*house.people(3), *house.people(2, "private", on_invite=C.PRIVACY)]
    task = await house.invite_task(house.add_chat(account), people)
    await house.run(task)
    return task


async def test_everybody_is_named_with_outcome_and_reason(
    house: House, task: InviteTask, tmp_path: Path
):
    path = tmp_path / "report.csv"
    assert await house.engine.reports.task(task.id, path) == 5
    header, *rows = csv_rows(path)
    assert header[1:3] == ["Name", "Username"]
    assert [row[5:7] for row in rows] == [
        *[["Joined", "Joined: the membership was checked"]] * 3,
        *[["Left out", "Their privacy settings do not allow it"]] * 2,
    ]
    assert {row[7] for row in rows} == {
        (await house.engine.accounts.views())[0].account.profile.label
    }


async def test_settings_basis_and_numbers_are_those_of_the_screens(
    house: House, task: InviteTask, tmp_path: Path
):
    path = tmp_path / "report.csv"
    await house.engine.reports.task(task.id, path)
    facts, numbers = csv_facts(path), (await house.engine.statistics.of_task(task.id)).counters
    assert facts["Task"] == task.name
    assert facts["Chat"] == "Football"
    assert facts["Status"] == "Completed"
    assert facts["Why these people may be contacted"] == "Customers or subscribers who agreed"
    assert facts["Pace of each account"] == "at most 5 an hour and 50 a day, 45 s between two"
    assert (facts["People"], facts["Joined"], facts["Skipped"]) == (
        str(numbers.total),
        str(numbers.joined),
        str(numbers.skipped),
    )


async def test_the_basis_of_a_deleted_audience_is_printed(
    house: House, task: InviteTask, tmp_path: Path
):
    await house.engine.audiences.delete(task.audience_id)
    path = tmp_path / "report.csv"
    await house.engine.reports.task(task.id, path)
    assert "Why these people may be contacted" in csv_facts(path)


async def test_words_and_separator_are_the_users(house: House, task: InviteTask, tmp_path: Path):
    house.engine.reports.speak(lambda item: str(item).upper(), ";", "ru")
    path = tmp_path / "report.csv"
    await house.engine.reports.task(task.id, path)
    assert csv_rows(path, ";")[0][1] == "NAME"


async def test_all_tasks_are_listed_with_their_numbers(
    house: House, task: InviteTask, tmp_path: Path
):
    path = tmp_path / "report.xlsx"
    assert await house.engine.reports.overall(path) == 1
    header, row = workbook_rows(path)
    found = dict(zip(header, row, strict=True))
    assert (found["Task"], found["People"], found["Joined"]) == (task.name, "5", "3")


async def test_a_task_that_is_not_there_is_said(house: House, tmp_path: Path):
    with pytest.raises(KnownError, match="no task with the number 99"):
        await house.engine.reports.task(99, tmp_path / "report.csv")


async def test_a_report_of_a_task_at_work_says_so(house: House, tmp_path: Path):
    account = await house.add_account()
    task = await house.invite_task(house.add_chat(account), house.people(12))
    await house.engine.tasks.start(task.id)
    await house.clock.sleep_until(house.clock.now() + DAY / 48)
    house.clock.hold()
    path = tmp_path / "report.csv"
    await house.engine.reports.task(task.id, path)
    assert "The task was at work when this was written" in path.read_text(encoding="utf-8-sig")
    assert csv_facts(path)["People in the last hour"] == "5"


async def test_the_overview_knows_hours_limits_and_yields(house: House, task: InviteTask):
    overview = await house.engine.statistics.overview()
    assert sum(overview.by_hour.values()) == 5
    (use,) = overview.limits
    assert use.today[next(a for a in use.today if a.value == "invite")].done == 5
    (audience,) = overview.audiences
    assert (audience.name, audience.counters.done, audience.counters.gained) == ("Guests", 3, 0.6)
