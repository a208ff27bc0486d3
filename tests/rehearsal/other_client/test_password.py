"""The two-step password, proved with kurigram's own SRP."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from pyrogram import errors
from pyrogram.raw import functions, types
from pyrogram.utils import compute_password_check, compute_password_hash

from invite_desktop.rehearsal.population import CALM
from invite_desktop.rehearsal.sign_in_limits import GUESSES_A_DAY
from invite_desktop.rehearsal.world import World
from tests.rehearsal.other_client.clients import MYSELF, ask, client_for, connected, running
from tests.rehearsal.other_client.sign_in import code_hash, give_code, log_in

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from pyrogram import Client

    from tests.fakes.rehearsal import Rehearsal

EVAS_PHONE, EVAS_CODE = "+79000000001", "12345"
WORDS, NEW_WORDS = "тайна 1", "новая тайна"
QUESTION = functions.account.GetPassword()


@pytest.fixture
async def rehearsal() -> AsyncIterator[Rehearsal]:
    """A world of one account, which has a password."""
    world = World(mix=CALM)
    world.account(EVAS_PHONE, "Ева", password=WORDS).hint = "кто ты"
    async with running(world) as started:
        yield started


@pytest.fixture
async def halfway(newcomer: Client) -> Client:
    """A client that has given its code and is asked for the password."""
    with pytest.raises(errors.SessionPasswordNeeded):
        await log_in(newcomer, EVAS_PHONE, EVAS_CODE)
    return newcomer


@pytest.fixture
async def owner(rehearsal: Rehearsal) -> AsyncIterator[Client]:
    """A client that is logged in."""
    async with connected(rehearsal, rehearsal.accounts[0]) as found:
        yield found


async def proof(client: Client, words: str = WORDS) -> types.InputCheckPasswordSRP:
    """The answer to a question that was asked just now."""
    return await asyncio.to_thread(compute_password_check, await ask(client, QUESTION), words)


def check(answer: object) -> functions.auth.CheckPassword:
    return functions.auth.CheckPassword(password=answer)


async def test_code_and_password_log_in(halfway: Client):
    assert (await halfway.check_password(WORDS)).first_name == "Ева"
    assert await ask(halfway, MYSELF)


async def test_kurigrams_own_start_takes_every_step(rehearsal: Rehearsal):
    known = {"phone_number": EVAS_PHONE, "phone_code": EVAS_CODE, "password": WORDS}
    async with await client_for(rehearsal, **known) as client:
        assert client.me.first_name == "Ева"


async def test_the_code_alone_gives_nothing(halfway: Client):
    with pytest.raises(errors.SessionPasswordNeeded):
        await ask(halfway, MYSELF)


async def test_a_wrong_password_is_refused_and_may_be_tried_again(halfway: Client):
    with pytest.raises(errors.PasswordHashInvalid):
        await halfway.check_password(WORDS + "!")
    assert await halfway.check_password(WORDS)


async def test_the_hint_is_shown(halfway: Client):
    assert await halfway.get_password_hint() == "кто ты"


async def test_an_answer_to_another_question_is_refused(halfway: Client):
    answer = types.InputCheckPasswordSRP(srp_id=1, A=bytes(256), M1=bytes(32))
    with pytest.raises(errors.SrpIdInvalid):
        await ask(halfway, check(answer))


async def test_a_bad_public_value_is_refused(halfway: Client):
    question = await ask(halfway, QUESTION)
    answer = types.InputCheckPasswordSRP(srp_id=question.srp_id, A=bytes(256), M1=bytes(32))
    with pytest.raises(errors.PasswordHashInvalid):
        await ask(halfway, check(answer))


async def test_an_answer_serves_once(halfway: Client):
    request = check(await proof(halfway))
    await ask(halfway, request)
    with pytest.raises(errors.SrpIdInvalid):
        await ask(halfway, request)


async def test_too_many_wrong_passwords_are_refused(halfway: Client):
    for _ in range(GUESSES_A_DAY):
        with pytest.raises(errors.PasswordHashInvalid):
            await ask(halfway, check(types.InputCheckPasswordEmpty()))
    with pytest.raises(errors.PhonePasswordFlood):
        await halfway.check_password(WORDS)


async def test_a_password_is_changed_by_who_knows_it_only(owner: Client):
    with pytest.raises(errors.PasswordHashInvalid):
        await owner.change_cloud_password("что-то", NEW_WORDS)


async def test_a_password_changed_meanwhile_is_told(halfway: Client, owner: Client):
    answer = await proof(halfway)
    assert await owner.change_cloud_password(WORDS, NEW_WORDS, new_hint="новая")
    with pytest.raises(errors.SrpPasswordChanged):
        await ask(halfway, check(answer))
    with pytest.raises(errors.PasswordHashInvalid):
        await halfway.check_password(WORDS)
    assert await halfway.check_password(NEW_WORDS)


async def test_a_password_can_be_taken_away(newcomer: Client, owner: Client):
    assert await owner.remove_cloud_password(WORDS)
    assert await log_in(newcomer, EVAS_PHONE, EVAS_CODE)


async def test_foreign_salts_are_refused(owner: Client):
    question = await ask(owner, QUESTION)
    settings = types.account.PasswordInputSettings(
        new_algo=question.current_algo,
        new_password_hash=compute_password_hash(question.current_algo, NEW_WORDS),
        hint="",
    )
    answer = await asyncio.to_thread(compute_password_check, question, WORDS)
    with pytest.raises(errors.NewSaltInvalid):
        await ask(
            owner,
            functions.account.UpdatePasswordSettings(password=answer, new_settings=settings),
        )


async def test_a_first_password_outlives_a_restart(tmp_path: Path):
    async with (
        running(state_dir=tmp_path) as rehearsal,
        connected(rehearsal, rehearsal.accounts[0]) as owner,
    ):
        assert not (await ask(owner, QUESTION)).has_password
        assert await owner.enable_cloud_password(WORDS, hint="слово")
    async with running(state_dir=tmp_path) as rehearsal, connected(rehearsal) as newcomer:
        with pytest.raises(errors.SessionPasswordNeeded):
            await give_code(newcomer, await code_hash(newcomer))
        assert await newcomer.get_password_hint() == "слово"
        assert (await newcomer.check_password(WORDS)).is_self
