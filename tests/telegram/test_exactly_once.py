"""Whatever happens to a connection, nobody is contacted twice."""

from __future__ import annotations

import asyncio
import random
from typing import TYPE_CHECKING

import pytest
from telethon.tl import functions

from invite_desktop.domain.attachments import Attachment, AttachmentKind
from invite_desktop.domain.outcomes import OutcomeCode
from invite_desktop.domain.people import PersonKeys
from invite_desktop.engine.ports.telegram import Membership, UploadedFile
from invite_desktop.rehearsal.scripts import Delay, Drop
from invite_desktop.telegram.account_connection import AccountConnection
from invite_desktop.telegram.client_factory import CallLimits
from invite_desktop.telegram.messenger import TelethonMessenger
from tests.contracts.stages import CREDENTIALS, found
from tests.fakes.telegram_world import PHOTO

if TYPE_CHECKING:
    from pathlib import Path

    from invite_desktop.rehearsal.scripts import ScriptedAnswer
    from tests.contracts.stages import RehearsalStage
    from tests.telegram.conftest import Scene

INVITE = functions.channels.InviteToChannelRequest
MESSAGE = functions.messages.SendMessageRequest
PICTURE = functions.messages.SendMediaRequest
TROUBLES: tuple[ScriptedAnswer, ...] = (
    None,
    Drop("before"),
    Drop("after"),
    "RPC_CALL_FAIL",
    "FLOOD_WAIT_30",
    -429,
)


def received(stage: RehearsalStage, request: type) -> int:
    return sum(isinstance(call.request, request) for call in stage.server.calls)


async def impatient(stage: RehearsalStage) -> TelethonMessenger:
    """Return a second messenger of account 1 that gives up early."""
    session = await stage.vault.session(1)
    limits = CallLimits(answer=0.1, connect=5.0, pause=0.02)
    connection = AccountConnection(
        lambda: stage.factory.client(stage.factory.session(session), CREDENTIALS), limits
    )
    return TelethonMessenger(connection)


@pytest.mark.parametrize("trouble", TROUBLES[1:], ids=str)
async def test_telethon_sends_no_invitation_a_second_time(scene: Scene, trouble: ScriptedAnswer):
    scene.server.script(INVITE, trouble)
    await scene.messenger.invite(scene.peer, scene.user)
    await scene.messenger.membership(scene.peer, scene.user)
    await asyncio.sleep(0.05)
    assert received(scene.stage, INVITE) == 1
    assert scene.stage.times_contacted(scene.bobby) == (trouble == Drop("after"))


@pytest.mark.parametrize("trouble", TROUBLES[1:], ids=str)
async def test_telethon_sends_no_message_a_second_time(scene: Scene, trouble: ScriptedAnswer):
    scene.server.script(MESSAGE, trouble)
    await scene.messenger.send_message(scene.user, "hello", 42)
    await scene.messenger.own_messages(scene.user, 1)
    await asyncio.sleep(0.05)
    assert received(scene.stage, MESSAGE) == 1
    assert scene.stage.times_contacted(scene.bobby) == (trouble == Drop("after"))


async def test_an_answer_that_comes_too_late_is_not_waited_for_twice(scene: Scene):
    messenger = await impatient(scene.stage)
    scene.server.script(INVITE, Delay(0.3))
    outcome = await messenger.invite(scene.peer, scene.user)
    assert (outcome.code, outcome.detail) == (OutcomeCode.UNCERTAIN, "TimeoutError")
    assert await messenger.membership(scene.peer, scene.user) is Membership.MEMBER
    await asyncio.sleep(0.3)
    assert received(scene.stage, INVITE) == 1
    await messenger.disconnect()


async def test_a_cancelled_invitation_is_not_sent_again(scene: Scene):
    scene.server.script(INVITE, Delay(0.2))
    call = asyncio.create_task(scene.messenger.invite(scene.peer, scene.user))
    while not received(scene.stage, INVITE):  # noqa: ASYNC110 - a server tells nobody of its calls
        await asyncio.sleep(0)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    scene.server.drop_connections()
    while await scene.messenger.membership(scene.peer, scene.user) is not Membership.MEMBER:
        pass
    await asyncio.sleep(0.3)
    assert received(scene.stage, INVITE) == 1
    assert scene.stage.times_contacted(scene.bobby) == 1


@pytest.mark.parametrize("seed", range(3))
async def test_settled_by_membership_a_whole_list_is_invited_once_each(scene: Scene, seed: int):
    """The engine's way: an uncertain invitation is settled before anything is sent again."""
    dice = random.Random(seed)
    people = [scene.stage.person(f"guest_{number:03d}") for number in range(25)]
    for person in people:
        user = await found(scene.messenger, PersonKeys(person.item.username))
        while True:
            scene.server.script(INVITE, dice.choice(TROUBLES))
            outcome = await scene.messenger.invite(scene.peer, user)
            inside = await scene.messenger.membership(scene.peer, user)
            assert inside is not Membership.REMOVED
            if outcome.code is OutcomeCode.INVITED:
                assert inside is Membership.MEMBER
            if inside is Membership.MEMBER:
                break
        scene.server.backend.scripts.clear()
    assert [scene.stage.times_contacted(person) for person in people] == [1] * len(people)


@pytest.mark.parametrize("seed", range(3))
async def test_repeated_with_its_random_id_every_message_arrives_once(scene: Scene, seed: int):
    dice = random.Random(seed)
    people = [scene.stage.person(f"guest_{number:03d}") for number in range(25)]
    for random_id, person in enumerate(people, start=1):
        user = await found(scene.messenger, PersonKeys(person.item.username))
        outcome = None
        while outcome is not OutcomeCode.SENT:
            scene.server.script(MESSAGE, dice.choice(TROUBLES))
            outcome = (await scene.messenger.send_message(user, "hello", random_id)).code
        scene.server.backend.scripts.clear()
    assert [scene.stage.times_contacted(person) for person in people] == [1] * len(people)


@pytest.mark.parametrize("seed", range(2))
async def test_a_message_with_a_picture_arrives_once_too(scene: Scene, seed: int, tmp_path: Path):
    dice = random.Random(seed)
    path = tmp_path / "poster.png"
    path.write_bytes(PHOTO)
    file = await scene.messenger.upload(Attachment(path, AttachmentKind.PICTURE, len(PHOTO), 1))
    assert isinstance(file, UploadedFile)
    people = [scene.stage.person(f"guest_{number:03d}") for number in range(15)]
    for random_id, person in enumerate(people, start=1):
        user = await found(scene.messenger, PersonKeys(person.item.username))
        outcome = None
        while outcome is not OutcomeCode.SENT:
            scene.server.script(PICTURE, dice.choice(TROUBLES))
            sent = await scene.messenger.send_message(user, "look", random_id, file=file)
            outcome = sent.code
        scene.server.backend.scripts.clear()
    assert [scene.stage.times_contacted(person) for person in people] == [1] * len(people)


async def test_connections_that_break_at_random_moments_double_nothing(scene: Scene):
    dice = random.Random(7)
    people = [scene.stage.person(f"guest_{number:03d}") for number in range(25)]
    users = [await found(scene.messenger, PersonKeys(p.item.username)) for p in people]

    async def saw_at_the_wire() -> None:
        while True:
            await asyncio.sleep(dice.uniform(0.001, 0.02))
            scene.server.drop_connections()

    saw = asyncio.create_task(saw_at_the_wire())
    for user in users:
        inside: object = None
        while inside is not Membership.MEMBER:
            if inside is Membership.NOT_A_MEMBER:
                await scene.messenger.invite(scene.peer, user)
            inside = await scene.messenger.membership(scene.peer, user)
    saw.cancel()
    assert [scene.stage.times_contacted(person) for person in people] == [1] * len(people)
