"""A rehearsal: who comes by the link, who asks and who stays, against the server's own list."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from invite_desktop.app.arguments import parse
from invite_desktop.app.paths import choose_profile
from invite_desktop.app.rehearsal_mode import CLUB, opened_rehearsal
from invite_desktop.app.wiring import Surroundings
from invite_desktop.domain.audiences import Basis
from invite_desktop.domain.outcomes import TargetState
from invite_desktop.domain.retention import RetentionCount
from invite_desktop.domain.tasks import NewTask, TaskKind
from invite_desktop.engine.ports.links import LinkCounts
from invite_desktop.engine.ports.stores import TargetFilter
from invite_desktop.rehearsal.population import Behaviour
from invite_desktop.telegram.memory_vault import MemoryVault

if TYPE_CHECKING:
    from pathlib import Path

    from invite_desktop.app.rehearsal_mode import Rehearsal
    from invite_desktop.domain.tasks import InviteTask
    from invite_desktop.rehearsal.world import World

SHARES = {Behaviour.WILLING: 0.7, Behaviour.PRIVACY: 0.3}
SCENARIO = "\n".join(
    [
        "[invites]",
        *(f"{kind} = {SHARES.get(kind, 0.0)}" for kind in Behaviour),
        "[flood_waits]",
        "share = 0.0",
        "[leaving]",
        "within_day = 0.4",
        "within_week = 0.4",
        "within_month = 0.4",
    ]
)
PATIENCE = 60.0


async def test_links_requests_and_those_who_stay_agree_with_the_server(tmp_path: Path):
    (tmp_path / "mine.toml").write_text(SCENARIO, encoding="utf-8")
    names = tmp_path / "people.txt"
    names.write_text("\n".join(f"@guest_number_{n}" for n in range(30)), encoding="utf-8")
    arguments = parse(["rehearse", str(names), "--scenario", str(tmp_path / "mine.toml")], str)
    profile = choose_profile(tmp_path / "profile", rehearsal=True)
    profile.make()
    bugs: list[BaseException] = []
    around = Surroundings(profile, MemoryVault(), str, bugs.append)
    async with opened_rehearsal(arguments, around, births=False) as rehearsal:
        task = await _invited(rehearsal, names)
        world = rehearsal.world
        await _link(rehearsal, world, task)
        await _requests(rehearsal, world, task)
        await _stay(rehearsal, world, task)
    assert not bugs


async def _invited(rehearsal: Rehearsal, names: Path) -> InviteTask:
    engine = rehearsal.engine
    report = await engine.imports.run([names], Basis.CUSTOMERS)
    await rehearsal.begin()
    await rehearsal.populate(report.audience.id)
    await rehearsal.sign_in()
    await engine.start()
    chat = (await engine.chat_checks.check(CLUB)).chat_ref()
    task = await engine.tasks.create(NewTask(TaskKind.INVITE, report.audience.id, chat))
    await engine.tasks.start(task.id)
    await engine.tasks.wait_until_idle(task.id)
    return task


async def _link(rehearsal: Rehearsal, world: World, task: InviteTask) -> None:
    engine = rehearsal.engine
    refusing = await engine.only_by_link.people(task.id)
    assert 2 < len(refusing) < 20
    link = await engine.links.make(task.id)
    for target in refusing[:2]:
        person = world.people.by_username(target.person.keys.username)
        assert world.acts.join_by_link(person, link.address)
    assert world.acts.join_by_link(world.person("some_stranger"), link.address)
    assert await engine.links.count_now(task.id) == LinkCounts(3, 2)
    assert await engine.only_by_link.count(task.id) == len(refusing) - 2
    await engine.links.revoke(task.id)


async def _requests(rehearsal: Rehearsal, world: World, task: InviteTask) -> None:
    engine = rehearsal.engine
    link = await engine.links.make(task.id, by_request=True)
    refusing = await engine.only_by_link.people(task.id)
    asking = world.people.by_username(refusing[0].person.keys.username)
    for person in (asking, world.person("other_stranger")):
        assert not world.acts.join_by_link(person, link.address)
    waiting = await engine.join_requests.of_task(task.id)
    assert sorted(request.listed for request in waiting) == [False, True]
    listed = [request for request in waiting if request.listed]
    assert await engine.join_requests.answer(task.id, listed, let_in=True) == 1
    assert await engine.links.count_now(task.id) == LinkCounts(4, 3)


async def _stay(rehearsal: Rehearsal, world: World, task: InviteTask) -> None:
    engine = rehearsal.engine
    joined = await engine.tasks.targets(task.id, TargetFilter(frozenset({TargetState.JOINED})))
    loop = asyncio.get_running_loop()
    end = loop.time() + PATIENCE
    first = RetentionCount(1)
    while first.stayed + first.left + first.unknown < len(joined):
        assert loop.time() < end, first
        await asyncio.sleep(0.1)
        first = (await engine.retention.of_task(task.id))[0]
    inside = {member.username for member in world.members(CLUB.removeprefix("@"))}
    there = sum(target.person.keys.username in inside for target in joined)
    assert 0 < there < len(joined)
    assert (first.stayed, first.left) == (there, len(joined) - there)
