"""The execution log: filters, counts and time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from invite_desktop.domain.attempts import Action
from invite_desktop.domain.outcomes import Outcome, OutcomeCode
from invite_desktop.engine.ports.ledger import LedgerFilter
from tests.store.setting import NOW, Desk, imported, later, message_task, people


@pytest.mark.parametrize(
    ("wanted", "ids"),
    [
        (LedgerFilter(), [3, 2, 1]),
        (LedgerFilter(since=later(hours=1)), [3, 2]),
        (LedgerFilter(until=later(hours=1)), [1]),
        (LedgerFilter(before=3), [2, 1]),
        (LedgerFilter(since=later(hours=1), until=later(hours=2)), [2]),
        (LedgerFilter(text="person2"), [2]),
        (LedgerFilter(text="@PERSON2"), [2]),
        (LedgerFilter(text="pe"), [3, 2, 1]),
        (LedgerFilter(text="UserPrivacy"), [3]),
        (LedgerFilter(text="nobody here"), []),
        (LedgerFilter(text="%"), []),
        (LedgerFilter(text="_"), []),
        (LedgerFilter(text="person", outcome=OutcomeCode.PRIVACY), [3, 2, 1]),
        (LedgerFilter(text="person1", since=later(hours=1)), []),
    ],
)
async def test_the_log_is_filtered_by_time_and_text(desk: Desk, wanted, ids):
    for hours, detail in enumerate(("", "", "UserPrivacyRestrictedError")):
        refused = Outcome(OutcomeCode.PRIVACY, detail=detail)
        await desk.act_at(later(hours=hours), Action.INVITE, refused)
    ledger = desk.store.ledger
    assert [row.attempt.id for row in await ledger.rows(wanted, 0, 9)] == ids
    assert await ledger.count_rows(wanted) == len(ids)


async def test_pages_of_a_filtered_log_follow_each_other(desk: Desk):
    for _ in range(5):
        await desk.act_at(NOW, Action.INVITE)
    wanted = LedgerFilter(text="person")
    pages = [await desk.store.ledger.rows(wanted, offset, 2) for offset in (0, 2, 4, 6)]
    assert [[row.attempt.id for row in page] for page in pages] == [[5, 4], [3, 2], [1], []]


async def test_look_ups_are_no_contacts(desk: Desk):
    await desk.act_at(NOW, Action.LOOK_UP)
    assert await desk.store.ledger.contacts_in_time(None) == {}


async def test_all_targets_can_be_walked_through(desk: Desk):
    everybody = await desk.targets()
    walked, position = [], -1
    while page := await desk.store.tasks.targets_after(desk.task_id, position, 2):
        walked += page
        position = page[-1].position
    assert walked == everybody


async def test_counters_add_up_by_audience(desk: Desk):
    await desk.act_at(NOW, Action.INVITE)
    (counters,) = (await desk.store.tasks.counters_by_audience()).values()
    assert counters == await desk.store.tasks.counters(desk.task_id)


async def test_a_deleted_audience_is_still_known(desk: Desk):
    before = await desk.store.audiences.audience(desk.audience_id)
    await desk.store.audiences.delete_audience(desk.audience_id)
    assert (await desk.store.audiences.audience(desk.audience_id)).basis is before.basis
    with pytest.raises(KeyError):
        await desk.store.audiences.audience(99)


async def test_the_log_has_names_and_comes_newest_first(desk: Desk):
    for _ in range(3):
        await desk.act(await desk.claim(), OutcomeCode.PRIVACY)
    rows = await desk.store.ledger.rows(LedgerFilter(), 0, 2)
    assert [row.attempt.id for row in rows] == [3, 2]
    assert (rows[0].task_name, rows[0].person_label, rows[0].account_label) == (
        "Invitations",
        "@person3",
        "Account 700",
    )
    assert [row.attempt.id for row in await desk.store.ledger.rows(LedgerFilter(), 2, 2)] == [1]


async def test_the_log_can_be_filtered(desk: Desk):
    first = await desk.claim()
    await desk.act(first, OutcomeCode.PRIVACY)
    await desk.act(await desk.claim(), OutcomeCode.INVITED)
    for wanted, ids in (
        (LedgerFilter(task_id=desk.task_id), [2, 1]),
        (LedgerFilter(task_id=99), []),
        (LedgerFilter(account_id=desk.account_id), [2, 1]),
        (LedgerFilter(account_id=99), []),
        (LedgerFilter(person_id=first.person.id), [1]),
        (LedgerFilter(outcome=OutcomeCode.INVITED), [2]),
        (LedgerFilter(task_id=desk.task_id, outcome=OutcomeCode.PRIVACY), [1]),
    ):
        rows = await desk.store.ledger.rows(wanted, 0, 9)
        assert [row.attempt.id for row in rows] == ids


async def test_contacts_are_counted_by_quarter_of_an_hour_and_task(desk: Desk):
    report = await imported(desk.store, people(3), "other")
    messages = await message_task(desk.store, report.audience.id)
    await desk.act_at(NOW, Action.INVITE)
    await desk.act_at(NOW, Action.LOOK_UP)
    await desk.act_at(later(days=1), Action.INVITE)
    claim = await desk.store.ledger.claim(messages.id, desk.account_id, NOW)
    await desk.store.ledger.begin(claim, Action.MESSAGE, NOW)
    ledger = desk.store.ledger
    noon = NOW.replace(microsecond=0)
    assert await ledger.contacts_in_time(None) == {noon: 2, noon + timedelta(days=1): 1}
    assert await ledger.contacts_in_time(messages.id) == {noon: 1}
