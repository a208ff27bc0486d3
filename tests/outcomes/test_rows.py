"""The outcome table through engine, store and the real Telethon, against a scripted server."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import pytest
from telethon.tl.functions.contacts import ResolveUsernameRequest

from invite_desktop.domain.attempts import Action
from invite_desktop.domain.chats import parse_chat_address
from invite_desktop.domain.outcomes import RULES, Outcome, OutcomeCode, TargetState, TaskEffect
from invite_desktop.domain.pace import CEILINGS
from invite_desktop.domain.people import PersonKeys
from invite_desktop.domain.tasks import TaskKind, TaskStatus
from invite_desktop.engine.views import PersonEdit
from invite_desktop.rehearsal.population import Behaviour
from invite_desktop.rehearsal.scripts import Drop
from tests.faults.field import opened_field
from tests.outcomes.rows import INVITE, KINDS, MESSAGE, NAME, PICTURE, ROWS
from tests.outcomes.stage import Stage

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from invite_desktop.domain.tasks import InviteTask
    from tests.outcomes.rows import Row

T = TypeVar("T")

GUEST = "guest_000"
ELSEWHERE: set[OutcomeCode] = set()


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with opened_field(tmp_path) as field:
        yield Stage(field)


def covers(*codes: OutcomeCode) -> Callable[[T], T]:
    """Say which outcomes a test shows that no single answer of Telegram's can."""
    ELSEWHERE.update(codes)
    return lambda test: test


@pytest.mark.parametrize("row", ROWS, ids=str)
async def test_a_row_of_the_table(stage: Stage, row: Row):
    world, server = stage.field.rehearsal.world, stage.field.rehearsal.server
    scripted = row.answer.isupper()
    world.person(GUEST, behaviour=None if scripted else row.answer)
    task = await stage.task(KINDS[row.method], PersonKeys(GUEST), picture=row.method == PICTURE)
    if scripted:
        server.script(row.method, row.answer)
    await stage.play(task, takes_time=row.takes_time)
    target, situation = await stage.target(task), await stage.situation(task)
    codes = [attempt.outcome for attempt in await stage.attempts() if attempt.outcome]
    assert (codes[-1], target.state) == (row.code, row.target)
    assert (await stage.account(), situation.status, situation.reason) == (
        row.account,
        row.task,
        row.reason,
    )
    assert await stage.field.engine.statistics.audit(task.id) is None
    assert not stage.field.errors


def test_every_outcome_is_shown_by_a_row_or_a_test():
    assert {row.code for row in ROWS} | ELSEWHERE == set(OutcomeCode)


def test_the_rows_say_what_the_rules_say():
    for row in ROWS:
        rule = RULES[row.code]
        assert row.target in {rule.target, TargetState.JOINED}, row
        assert (rule.task is TaskEffect.PAUSE) <= (row.task is TaskStatus.PAUSED), row


async def ended(
    stage: Stage, task: InviteTask, *, takes_time: bool = False
) -> tuple[TargetState, OutcomeCode | None]:
    await stage.play(task, takes_time=takes_time)
    target = await stage.target(task)
    assert await stage.field.engine.statistics.audit(task.id) is None
    return target.state, target.outcome


@covers(OutcomeCode.UNKNOWN_BY_PHONE, OutcomeCode.FOUND)
@pytest.mark.parametrize("known", [True, False])
async def test_a_phone_leads_to_a_person_or_nobody_knows(stage: Stage, *, known: bool):
    if known:
        stage.field.rehearsal.world.person(phone="+79001234567")
    task = await stage.task(TaskKind.INVITE, PersonKeys(phone="+79001234567"))
    state, _outcome = await ended(stage, task)
    codes = [attempt.outcome for attempt in await stage.attempts()]
    expected = OutcomeCode.FOUND if known else OutcomeCode.UNKNOWN_BY_PHONE
    assert codes[0] is expected
    assert state is (TargetState.JOINED if known else TargetState.FAILED)


@covers(OutcomeCode.NAME_LEADS_NOWHERE)
@pytest.mark.parametrize("known", [True, False])
async def test_a_name_that_leads_nowhere_leaves_the_phone(stage: Stage, *, known: bool):
    if known:
        stage.field.rehearsal.world.person(phone="+79001234567")
    task = await stage.task(TaskKind.INVITE, PersonKeys("nobody_at_all", "+79001234567"))
    state, _outcome = await ended(stage, task, takes_time=True)
    codes = [attempt.outcome for attempt in await stage.attempts()]
    expected = OutcomeCode.FOUND if known else OutcomeCode.UNKNOWN_BY_PHONE
    assert codes[:2] == [OutcomeCode.NAME_LEADS_NOWHERE, expected]
    assert state is (TargetState.JOINED if known else TargetState.FAILED)


@covers(OutcomeCode.NO_TEXT)
async def test_who_has_lost_what_the_text_needs_is_not_written_to(stage: Stage):
    stage.field.rehearsal.world.person(GUEST)
    task = await stage.task(
        TaskKind.MESSAGE, PersonKeys(GUEST, "+79001234567"), text="Call {{ phone }}?"
    )
    person = (await stage.target(task)).person
    await stage.field.engine.audiences.edit_person(person.id, PersonEdit(GUEST))
    assert await ended(stage, task) == (TargetState.FAILED, OutcomeCode.NO_TEXT)
    assert not stage.field.contacts()


@covers(OutcomeCode.MYSELF)
async def test_the_account_itself_is_left_alone(stage: Stage):
    (me,) = stage.field.rehearsal.accounts
    task = await stage.task(TaskKind.MESSAGE, PersonKeys(me.username))
    assert await ended(stage, task) == (TargetState.SKIPPED, OutcomeCode.MYSELF)
    assert not stage.field.contacts()


@covers(OutcomeCode.OPTED_OUT)
async def test_who_said_no_is_left_alone(stage: Stage):
    stage.field.rehearsal.world.person(GUEST)
    task = await stage.task(TaskKind.MESSAGE, PersonKeys(GUEST))
    await stage.field.engine.do_not_contact.add(f"@{GUEST}", "She said so.")
    assert await ended(stage, task) == (TargetState.SKIPPED, OutcomeCode.OPTED_OUT)
    assert not stage.field.contacts()


@covers(OutcomeCode.ALREADY_INVITED)
async def test_who_was_invited_by_another_task_is_left_alone(stage: Stage):
    world = stage.field.rehearsal.world
    world.person(GUEST, behaviour=Behaviour.SILENT_NO_ADD)
    first = await stage.task(TaskKind.INVITE, PersonKeys(GUEST))
    second = await stage.task(TaskKind.INVITE, PersonKeys(GUEST), "second")
    assert (await ended(stage, first))[0] is TargetState.INVITED
    stage.field.clock.go()
    assert await ended(stage, second, takes_time=True) == (
        TargetState.SKIPPED,
        OutcomeCode.ALREADY_INVITED,
    )
    assert list(stage.field.contacts().values()) == [1]


@covers(OutcomeCode.NOT_CONNECTED)
async def test_a_look_up_without_an_answer_has_done_nothing_and_is_made_again(stage: Stage):
    stage.field.rehearsal.world.person(GUEST)
    task = await stage.task(TaskKind.INVITE, PersonKeys(GUEST))
    stage.field.rehearsal.server.script(NAME, Drop("after"))
    await stage.field.engine.tasks.start(task.id)
    assert (await stage.field.end_of(task)).status is TaskStatus.COMPLETED
    assert [attempt.outcome for attempt in await stage.attempts()] == [
        OutcomeCode.NOT_CONNECTED,
        OutcomeCode.FOUND,
        OutcomeCode.INVITED,
    ]


@covers(OutcomeCode.UNCERTAIN, OutcomeCode.JOINED)
@pytest.mark.parametrize("answer", ["RPC_CALL_FAIL", "TIMEOUT", Drop("before"), Drop("after")])
async def test_an_invitation_without_an_answer_is_settled_by_looking(
    stage: Stage, answer: str | Drop
):
    stage.field.rehearsal.world.person(GUEST)
    task = await stage.task(TaskKind.INVITE, PersonKeys(GUEST))
    stage.field.rehearsal.server.script(INVITE, answer)
    await stage.field.engine.tasks.start(task.id)
    assert (await stage.field.end_of(task)).status is TaskStatus.COMPLETED
    effect = answer == Drop("after")
    expected = TargetState.JOINED if effect else TargetState.UNCERTAIN
    assert (await stage.target(task)).state is expected
    assert sum(stage.field.contacts().values()) == effect


async def test_a_message_without_an_answer_is_repeated_under_its_own_number(stage: Stage):
    stage.field.rehearsal.world.person(GUEST)
    task = await stage.task(TaskKind.MESSAGE, PersonKeys(GUEST))
    stage.field.rehearsal.server.script(MESSAGE, Drop("after"))
    await stage.field.engine.tasks.start(task.id)
    assert (await stage.field.end_of(task)).status is TaskStatus.COMPLETED
    assert (await stage.target(task)).state is TargetState.SENT
    assert list(stage.field.contacts().values()) == [1]


@covers(OutcomeCode.LOOK_UPS_SPENT)
async def test_an_account_that_has_used_up_its_look_ups_waits_with_a_new_name(stage: Stage):
    field = stage.field
    ledger, (account,) = field.ports.ledger, await field.ports.accounts.accounts()
    for _ in range(CEILINGS[Action.LOOK_UP].per_day):
        call = await ledger.begin_call(account.id, Action.LOOK_UP, field.clock.now())
        await ledger.finish_call(call, Outcome(OutcomeCode.FOUND), field.clock.now())
    messenger = await field.gateway.open(account.id)
    assert not isinstance(messenger, Outcome)
    sight = await messenger.see_chat(parse_chat_address("@somewhere_else"))
    assert isinstance(sight, Outcome)
    assert sight.code is OutcomeCode.LOOK_UPS_SPENT
    requests = [call.request for call in field.rehearsal.server.calls]
    assert not any(isinstance(request, ResolveUsernameRequest) for request in requests)
