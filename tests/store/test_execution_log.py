"""The execution log: filters, counts and time."""

from __future__ import annotations

import pytest

from invite_desktop.domain.attempts import Action
from invite_desktop.domain.outcomes import Outcome, OutcomeCode
from invite_desktop.engine.ports.ledger import LedgerFilter
from tests.store.setting import NOW, Desk, later


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
