"""A month in the rehearsal's own time: who stays after 1, 7 and 30 days, and who answers."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from invite_desktop.app.arguments import parse
from invite_desktop.app.paths import choose_profile
from invite_desktop.app.rehearsal_mode import CLUB, opened_rehearsal
from invite_desktop.app.wiring import Surroundings
from invite_desktop.domain.audiences import Basis
from invite_desktop.domain.outcomes import TargetState
from invite_desktop.domain.retention import RETENTION
from invite_desktop.domain.tasks import NewTask, TaskKind, TaskStatus
from invite_desktop.engine.ports.stores import TargetFilter
from invite_desktop.rehearsal.population import Behaviour
from invite_desktop.telegram.memory_vault import MemoryVault

if TYPE_CHECKING:
    from pathlib import Path

    from invite_desktop.app.rehearsal_mode import Rehearsal
    from invite_desktop.domain.retention import RetentionCount
    from invite_desktop.domain.tasks import InviteTask
    from invite_desktop.rehearsal.world import World

PEOPLE = 30
DAY = 86_400
SPEED = 200_000.0
"""A month takes thirteen seconds, and an hour passes while Telegram answers once."""

SCENARIO = "\n".join(
    [
        *("[invites]", *(f"{kind} = {float(kind is Behaviour.WILLING)}" for kind in Behaviour)),
        *("[messages]", "free = 1.0", "premium_required = 0.0", "paid = 0.0"),
        *("blocks_sender = 0.0", "[flood_waits]", "share = 0.0", "[limits]", "on = false"),
        *("[answers]", "share = 0.6", "opt_outs = 0.3", "shortest = 60", "longest = 432000"),
        *("[leaving]", "within_day = 0.2", "within_week = 0.3", "within_month = 0.3"),
    ]
)


async def test_a_month_of_a_rehearsal_agrees_with_what_people_did(tmp_path: Path):
    scenario = tmp_path / "mine.toml"
    scenario.write_text(SCENARIO, encoding="utf-8")
    invited, written = (_list(tmp_path, name) for name in ("invited", "written"))
    arguments = parse(["rehearse", str(invited), "--scenario", str(scenario)], str)
    profile = choose_profile(tmp_path / "profile", rehearsal=True)
    profile.make()
    bugs: list[BaseException] = []
    around = Surroundings(profile, MemoryVault(), str, bugs.append)
    async with opened_rehearsal(arguments, around, births=False) as rehearsal:
        messages = await _task(rehearsal, written, TaskKind.MESSAGE)
        invitations = await _task(rehearsal, invited, TaskKind.INVITE)
        await asyncio.gather(
            *(_run(rehearsal, task) for task in (messages, invitations)),
        )
        await rehearsal.set_speed(SPEED)
        counts = await _after_a_month(rehearsal, invitations)
        world = rehearsal.world
        _compare_stays(world, counts)
        await _compare_answers(rehearsal, world, messages)
    assert not bugs


def _list(folder: Path, name: str) -> Path:
    path = folder / f"{name}.txt"
    path.write_text("\n".join(f"@{name}_number_{n:02}" for n in range(PEOPLE)), encoding="utf-8")
    return path


async def _task(rehearsal: Rehearsal, people: Path, kind: TaskKind) -> InviteTask:
    engine = rehearsal.engine
    report = await engine.imports.run([people], Basis.CUSTOMERS)
    if not await engine.accounts.views():
        await rehearsal.begin()
        await rehearsal.sign_in()
        await engine.start()
    await rehearsal.populate(report.audience.id)
    if kind is TaskKind.MESSAGE:
        return await engine.tasks.create(NewTask(kind, report.audience.id, text="Hello!"))
    chat = (await engine.chat_checks.check(CLUB)).chat_ref()
    return await engine.tasks.create(NewTask(kind, report.audience.id, chat))


async def _run(rehearsal: Rehearsal, task: InviteTask) -> None:
    """Bring a task to its end; many opt-outs pause it, and a user who has read that goes on."""
    tasks = rehearsal.engine.tasks
    await tasks.start(task.id)
    await tasks.wait_until_idle(task.id)
    while (await tasks.view(task.id)).task.status is TaskStatus.PAUSED:
        await tasks.resume(task.id)
        await tasks.wait_until_idle(task.id)
    assert (await tasks.view(task.id)).task.status is TaskStatus.COMPLETED


async def _after_a_month(rehearsal: Rehearsal, task: InviteTask) -> list[RetentionCount]:
    """Return who stayed once everybody was looked at three times."""
    retention = rehearsal.engine.retention
    async with asyncio.timeout(100):
        while True:
            counts = list(await retention.of_task(task.id))
            if all(each.stayed + each.left + each.unknown == PEOPLE for each in counts):
                return counts
            await asyncio.sleep(0.2)


def _compare_stays(world: World, counts: list[RetentionCount]) -> None:
    """Compare with when people came and went; a look comes some hours after its day."""
    chat = world.chat_by_username(CLUB.removeprefix("@"))
    stays = {user_id: None for user_id, member in chat.members.items() if member.inviter_id}
    for user_id, gone in chat.departures.items():
        if gone.member.inviter_id and user_id not in chat.members:
            stays[user_id] = (gone.at - gone.member.joined_at) / DAY
    assert len(stays) == PEOPLE
    assert [each.days for each in counts] == list(RETENTION)
    for each in counts:
        late = RETENTION[each.days].total_seconds() / DAY
        gone_by_then = sum(days is not None and days <= each.days for days in stays.values())
        gone_later = sum(
            days is not None and each.days < days <= each.days + late for days in stays.values()
        )
        assert gone_by_then <= each.left + each.unknown
        assert each.left <= gone_by_then + gone_later
        assert PEOPLE - gone_by_then - gone_later <= each.stayed + each.unknown
    assert counts[0].stayed >= counts[1].stayed >= counts[2].stayed
    assert 0 < counts[2].stayed < counts[0].stayed < PEOPLE


async def _compare_answers(rehearsal: Rehearsal, world: World, task: InviteTask) -> None:
    """Compare who answered with what the seed says that people do."""
    await rehearsal.let_answers_come()
    drawn = [
        world.people.population.reaction(f"username:written_number_{n:02}", 1, "")
        for n in range(PEOPLE)
    ]
    answers = [reaction for reaction in drawn if reaction and reaction.text]
    view = await rehearsal.engine.tasks.view(task.id)
    sent = await rehearsal.engine.tasks.targets(
        task.id, TargetFilter(frozenset({TargetState.SENT}))
    )
    assert len(sent) == PEOPLE
    assert view.replies.replied == len(answers) > 0
    assert view.replies.opted_out == sum(reaction.opt_out for reaction in answers) > 0
    listed = await rehearsal.engine.do_not_contact.count()
    assert listed == view.replies.opted_out
