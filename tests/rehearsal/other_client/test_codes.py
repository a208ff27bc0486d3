"""Logging in by a code: sending, repeating, guessing, and phones that get none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pyrogram import enums, errors
from pyrogram.raw import functions, types

from invite_desktop.rehearsal.sign_in_limits import CODES_A_DAY, GUESSES_A_DAY
from tests.fakes.rehearsal import API_HASH, API_ID
from tests.rehearsal.other_client.clients import MYSELF, ask
from tests.rehearsal.other_client.sign_in import (
    CODE,
    NOBODYS_PHONE,
    PHONE,
    code_hash,
    give_code,
    send_code,
)

if TYPE_CHECKING:
    from pyrogram import Client

    from tests.fakes.rehearsal import Rehearsal

DAY = 24 * 3600


async def test_the_right_code_logs_in(newcomer: Client):
    sent = await newcomer.send_phone_number_code(PHONE)
    assert sent.type is enums.SentCodeType.APP
    me = await newcomer.sign_in(PHONE, sent.phone_code_hash, CODE)
    assert (me.phone_number, me.is_self) == (PHONE.removeprefix("+"), True)
    assert await ask(newcomer, MYSELF)


@pytest.mark.parametrize("phone", ["+999 66 2 0001", "999 (66) 20001", "9996620001"])
async def test_the_phone_may_be_written_in_any_way(newcomer: Client, phone: str):
    login = await give_code(newcomer, await code_hash(newcomer, phone), phone=phone)
    assert login.user.phone == PHONE.removeprefix("+")


@pytest.mark.parametrize(
    ("code", "error"), [("99999", errors.PhoneCodeInvalid), ("", errors.PhoneCodeEmpty)]
)
async def test_a_wrong_code_is_refused_and_may_be_tried_again(
    newcomer: Client, code: str, error: type[Exception]
):
    sent = await code_hash(newcomer)
    with pytest.raises(error):
        await give_code(newcomer, sent, code)
    assert await give_code(newcomer, sent)


async def test_an_old_code_has_expired(rehearsal: Rehearsal, newcomer: Client):
    sent = await code_hash(newcomer)
    rehearsal.server.backend.codes.expire()
    with pytest.raises(errors.PhoneCodeExpired):
        await give_code(newcomer, sent)


async def test_a_code_serves_once(newcomer: Client):
    sent = await code_hash(newcomer)
    await give_code(newcomer, sent)
    with pytest.raises(errors.PhoneCodeExpired):
        await give_code(newcomer, sent)


async def test_a_code_sent_again_replaces_the_first(newcomer: Client):
    first = await code_hash(newcomer)
    again = await newcomer.resend_phone_number_code(PHONE, first)
    with pytest.raises(errors.PhoneCodeExpired):
        await give_code(newcomer, first)
    assert await give_code(newcomer, again.phone_code_hash)


async def test_each_way_of_sending_a_code_names_the_next(newcomer: Client):
    ways = [await ask(newcomer, send_code())]
    for _ in range(2):
        ways.append(await ask(newcomer, _resend(ways[-1].phone_code_hash)))
    assert [type(way.type) for way in ways] == [
        types.auth.SentCodeTypeApp,
        types.auth.SentCodeTypeSms,
        types.auth.SentCodeTypeCall,
    ]
    assert [type(way.next_type) for way in ways] == [
        types.auth.CodeTypeSms,
        types.auth.CodeTypeCall,
        type(None),
    ]
    with pytest.raises(errors.SendCodeUnavailable):
        await ask(newcomer, _resend(ways[-1].phone_code_hash))


async def test_a_cancelled_code_is_good_for_nothing(newcomer: Client):
    sent = await code_hash(newcomer)
    assert await ask(newcomer, functions.auth.CancelCode(phone_number=PHONE, phone_code_hash=sent))
    with pytest.raises(errors.PhoneCodeExpired):
        await give_code(newcomer, sent)


async def test_a_code_that_was_never_sent_is_none(newcomer: Client):
    with pytest.raises(errors.PhoneCodeExpired):
        await give_code(newcomer, "nothing")
    with pytest.raises(errors.PhoneCodeHashEmpty):
        await give_code(newcomer, "")


async def test_a_code_belongs_to_its_phone(newcomer: Client):
    with pytest.raises(errors.PhoneCodeExpired):
        await give_code(newcomer, await code_hash(newcomer), phone="+9996620002")


async def test_too_many_codes_are_refused_for_a_day(rehearsal: Rehearsal, newcomer: Client):
    for _ in range(CODES_A_DAY):
        await ask(newcomer, send_code())
    with pytest.raises(errors.PhoneNumberFlood):
        await ask(newcomer, send_code())
    assert await ask(newcomer, send_code("+9996620002"))
    rehearsal.world.set_clock(rehearsal.world.now() + DAY + 1, 1.0)
    assert await ask(newcomer, send_code())


async def test_too_many_wrong_codes_are_refused(newcomer: Client):
    sent = await code_hash(newcomer)
    for _ in range(GUESSES_A_DAY):
        with pytest.raises(errors.PhoneCodeInvalid):
            await give_code(newcomer, sent, "1")
    with pytest.raises(errors.PhonePasswordFlood):
        await give_code(newcomer, sent)


@pytest.mark.parametrize("phone", ["12", "+0123456789", "+12345678901234567890"])
async def test_what_is_no_phone_is_refused(newcomer: Client, phone: str):
    with pytest.raises(errors.PhoneNumberInvalid):
        await ask(newcomer, send_code(phone))


async def test_a_banned_phone_gets_no_code(rehearsal: Rehearsal, newcomer: Client):
    rehearsal.world.standings.ban(rehearsal.accounts[0])
    with pytest.raises(errors.PhoneNumberBanned):
        await ask(newcomer, send_code())


async def test_a_phone_without_account_cannot_sign_in(newcomer: Client):
    sent = await code_hash(newcomer, NOBODYS_PHONE)
    assert await newcomer.sign_in(NOBODYS_PHONE, sent, "12345") is False


@pytest.mark.parametrize(
    ("phone", "error"),
    [(NOBODYS_PHONE, errors.PhoneNumberAppSignupForbidden), (PHONE, errors.PhoneNumberOccupied)],
)
async def test_nobody_can_sign_up(newcomer: Client, phone: str, error: type[Exception]):
    sent = await code_hash(newcomer, phone)
    request = functions.auth.SignUp(
        phone_number=phone, phone_code_hash=sent, first_name="Нина", last_name=""
    )
    with pytest.raises(error):
        await ask(newcomer, request)


async def test_who_is_not_logged_in_gets_nothing(newcomer: Client):
    with pytest.raises(errors.AuthKeyUnregistered):
        await newcomer.resolve_peer("rehearsal_club")


class TestPrograms:
    @pytest.mark.parametrize(("api_id", "api_hash"), [(0, API_HASH), (-5, API_HASH), (1, "")])
    async def test_an_impossible_api_id_is_refused(
        self, newcomer: Client, api_id: int, api_hash: str
    ):
        with pytest.raises(errors.ApiIdInvalid):
            await ask(newcomer, send_code(api_id=api_id, api_hash=api_hash))

    async def test_a_published_api_id_is_refused(self, rehearsal: Rehearsal, newcomer: Client):
        rehearsal.server.backend.programs.publish(777)
        with pytest.raises(errors.ApiIdPublishedFlood):
            await ask(newcomer, send_code(api_id=777))

    async def test_a_registered_api_id_is_good_with_its_own_hash_only(
        self, rehearsal: Rehearsal, newcomer: Client
    ):
        rehearsal.server.backend.programs.register(API_ID, API_HASH)
        assert await ask(newcomer, send_code())
        with pytest.raises(errors.ApiIdInvalid):
            await ask(newcomer, send_code(api_hash=API_HASH[::-1]))

    async def test_a_connection_with_an_impossible_api_id_is_refused(self, newcomer: Client):
        with pytest.raises(errors.ConnectionApiIdInvalid):
            await ask(newcomer, _introduction(api_id=0))


def _resend(sent: str) -> functions.auth.ResendCode:
    return functions.auth.ResendCode(phone_number=PHONE, phone_code_hash=sent)


def _introduction(api_id: int) -> functions.InvokeWithLayer:
    request = functions.InitConnection(
        api_id=api_id,
        device_model="a",
        system_version="b",
        app_version="c",
        system_lang_code="en",
        lang_pack="",
        lang_code="en",
        query=functions.help.GetConfig(),
    )
    return functions.InvokeWithLayer(layer=200, query=request)
