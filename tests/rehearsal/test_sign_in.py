from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from telethon import errors, events, functions, password, types

from invite_desktop.rehearsal.population import CALM
from invite_desktop.rehearsal.sign_in_limits import GUESSES_A_DAY
from invite_desktop.rehearsal.world import World
from tests.fakes.rehearsal import API_HASH, running_rehearsal

if TYPE_CHECKING:
    from pathlib import Path

    from telethon import TelegramClient

    from tests.fakes.rehearsal import Rehearsal


PHONE, CODE = "+9996620001", "22222"
WORDS, NEW_WORDS = "тайна 1", "новая тайна"


async def code_hash(client: TelegramClient, phone: str = PHONE):
    return (await client.send_code_request(phone)).phone_code_hash


async def test_a_code_is_announced_as_sent_to_the_app(rehearsal: Rehearsal):
    async with rehearsal.client() as client:
        sent = await client.send_code_request(PHONE)
        assert isinstance(sent.type, types.auth.SentCodeTypeApp)
        assert sent.type.length == len(CODE)


async def test_the_code_is_written_to_the_accounts_other_devices(
    rehearsal: Rehearsal, client: TelegramClient
):
    heard = []

    async def note(event: events.NewMessage.Event):
        heard.append((await event.get_sender(), event.text))

    client.add_event_handler(note, events.NewMessage(incoming=True))
    async with rehearsal.client() as newcomer:
        await newcomer.send_code_request(rehearsal.accounts[0].phone)
    await client.get_me()
    ((sender, text),) = heard
    assert (sender.id, sender.first_name, sender.verified, sender.support) == (
        777000,
        "Telegram",
        True,
        True,
    )
    assert rehearsal.accounts[0].code in text
    (found,) = await client.get_messages(777000)
    assert found.text == text


async def test_nobody_is_written_to_about_a_phone_without_account(rehearsal: Rehearsal):
    async with rehearsal.client() as newcomer:
        await newcomer.send_code_request("+79001234567")
    assert all(not account.mailbox.peers() for account in rehearsal.accounts)


async def test_the_right_code_logs_in(rehearsal: Rehearsal):
    async with rehearsal.client() as client:
        assert not await client.is_user_authorized()
        me = await client.sign_in(PHONE, CODE, phone_code_hash=await code_hash(client))
        assert (me.phone, me.is_self) == ("9996620001", True)
        assert await client.is_user_authorized()


@pytest.mark.parametrize("phone", ["+999 66 2 0001", "999 (66) 20001", "9996620001"])
async def test_the_phone_may_be_written_in_any_way(rehearsal: Rehearsal, phone: str):
    async with rehearsal.client() as client:
        sent = await client(
            functions.auth.SendCodeRequest(phone, 1, API_HASH, types.CodeSettings())
        )
        request = functions.auth.SignInRequest(phone, sent.phone_code_hash, CODE)
        assert (await client(request)).user.phone == "9996620001"


@pytest.mark.parametrize(
    ("code", "error"),
    [("99999", errors.PhoneCodeInvalidError), ("", errors.PhoneCodeEmptyError)],
)
async def test_a_wrong_code_is_refused_and_may_be_tried_again(
    rehearsal: Rehearsal, code: str, error: type[Exception]
):
    async with rehearsal.client() as client:
        sent = await code_hash(client)
        with pytest.raises(error):
            await client(functions.auth.SignInRequest(PHONE, sent, code))
        await client.sign_in(PHONE, CODE, phone_code_hash=sent)


async def test_an_old_code_has_expired(rehearsal: Rehearsal):
    async with rehearsal.client() as client:
        sent = await code_hash(client)
        rehearsal.server.backend.codes.expire()
        with pytest.raises(errors.PhoneCodeExpiredError):
            await client(functions.auth.SignInRequest(PHONE, sent, CODE))


async def test_a_code_serves_once(rehearsal: Rehearsal):
    async with rehearsal.client() as client:
        sent = await code_hash(client)
        await client(functions.auth.SignInRequest(PHONE, sent, CODE))
        with pytest.raises(errors.PhoneCodeExpiredError):
            await client(functions.auth.SignInRequest(PHONE, sent, CODE))


async def test_a_code_sent_again_has_a_new_hash_and_replaces_the_first(rehearsal: Rehearsal):
    async with rehearsal.client() as client:
        first = await code_hash(client)
        again = await client(functions.auth.ResendCodeRequest(PHONE, first))
        assert again.phone_code_hash != first
        with pytest.raises(errors.PhoneCodeExpiredError):
            await client(functions.auth.SignInRequest(PHONE, first, CODE))
        await client(functions.auth.SignInRequest(PHONE, again.phone_code_hash, CODE))


async def test_a_cancelled_code_is_good_for_nothing(rehearsal: Rehearsal):
    async with rehearsal.client() as client:
        sent = await code_hash(client)
        assert await client(functions.auth.CancelCodeRequest(PHONE, sent))
        with pytest.raises(errors.PhoneCodeExpiredError):
            await client(functions.auth.SignInRequest(PHONE, sent, CODE))


async def test_a_code_belongs_to_its_phone(rehearsal: Rehearsal):
    async with rehearsal.client() as client:
        sent = await code_hash(client)
        with pytest.raises(errors.PhoneCodeExpiredError):
            await client(functions.auth.SignInRequest("+9996620002", sent, CODE))


async def test_a_phone_without_account_cannot_sign_in(rehearsal: Rehearsal):
    async with rehearsal.client() as client:
        sent = await code_hash(client, "+79001234567")
        answer = await client(functions.auth.SignInRequest("+79001234567", sent, "12345"))
        assert isinstance(answer, types.auth.AuthorizationSignUpRequired)
        with pytest.raises(errors.PhoneNumberUnoccupiedError):
            await client.sign_in("+79001234567", "12345", phone_code_hash=sent)


@pytest.mark.parametrize("phone", ["12", "+0123456789", "+12345678901234567890"])
async def test_what_is_no_phone_is_refused(rehearsal: Rehearsal, phone: str):
    async with rehearsal.client() as client:
        request = functions.auth.SendCodeRequest(phone, 1, API_HASH, types.CodeSettings())
        with pytest.raises(errors.PhoneNumberInvalidError):
            await client(request)


@pytest.mark.parametrize(("api_id", "api_hash"), [(0, API_HASH), (-5, API_HASH), (1, "")])
async def test_an_impossible_api_id_is_refused(rehearsal: Rehearsal, api_id: int, api_hash: str):
    async with rehearsal.client() as client:
        request = functions.auth.SendCodeRequest(PHONE, api_id, api_hash, types.CodeSettings())
        with pytest.raises(errors.ApiIdInvalidError):
            await client(request)


async def test_a_connection_with_an_impossible_api_id_is_refused(rehearsal: Rehearsal):
    async with rehearsal.client() as client:
        request = functions.InitConnectionRequest(
            0, "a", "b", "c", "en", "", "en", functions.help.GetConfigRequest()
        )
        with pytest.raises(errors.ConnectionApiIdInvalidError):
            await client(functions.InvokeWithLayerRequest(200, request))


async def test_who_is_not_logged_in_gets_nothing(rehearsal: Rehearsal):
    async with rehearsal.client() as client:
        with pytest.raises(errors.AuthKeyUnregisteredError):
            await client(functions.contacts.ResolveUsernameRequest("rehearsal_club"))


async def test_logging_out_ends_the_login(rehearsal: Rehearsal):
    session = rehearsal.session(rehearsal.accounts[0])
    async with rehearsal.client(session=session) as client:
        assert await client(functions.auth.LogOutRequest())
        with pytest.raises(errors.AuthKeyUnregisteredError):
            await client(functions.users.GetUsersRequest([types.InputUserSelf()]))


async def test_logging_out_in_telethons_own_way_works(rehearsal: Rehearsal):
    async with rehearsal.client(rehearsal.accounts[0]) as client:
        assert await client.log_out()


async def test_sessions_can_be_ended_from_elsewhere(rehearsal: Rehearsal, client: TelegramClient):
    rehearsal.server.end_sessions(rehearsal.accounts[0])
    with pytest.raises(errors.AuthKeyUnregisteredError):
        await client(functions.users.GetUsersRequest([types.InputUserSelf()]))


class TestTwoStepPassword:
    @pytest.fixture
    async def rehearsal(self):
        world = World(mix=CALM)
        world.account("+79000000001", "Ева", password=WORDS)
        async with running_rehearsal(world) as running:
            yield running

    async def ask(self, client: TelegramClient):
        sent = await code_hash(client, "+79000000001")
        with pytest.raises(errors.SessionPasswordNeededError):
            await client.sign_in("+79000000001", "12345", phone_code_hash=sent)

    async def test_code_and_password_log_in(self, rehearsal: Rehearsal):
        async with rehearsal.client() as client:
            await self.ask(client)
            me = await client.sign_in(password=WORDS)
            assert me.first_name == "Ева"

    async def test_the_code_alone_gives_nothing(self, rehearsal: Rehearsal):
        async with rehearsal.client() as client:
            await self.ask(client)
            with pytest.raises(errors.SessionPasswordNeededError):
                await client(functions.users.GetUsersRequest([types.InputUserSelf()]))

    async def test_a_wrong_password_is_refused_and_may_be_tried_again(self, rehearsal: Rehearsal):
        async with rehearsal.client() as client:
            await self.ask(client)
            with pytest.raises(errors.PasswordHashInvalidError):
                await client.sign_in(password=WORDS + "!")
            assert await client.sign_in(password=WORDS)

    async def test_an_answer_to_another_question_is_refused(self, rehearsal: Rehearsal):
        async with rehearsal.client() as client:
            await self.ask(client)
            answer = types.InputCheckPasswordSRP(1, bytes(256), bytes(32))
            with pytest.raises(errors.SrpIdInvalidError):
                await client(functions.auth.CheckPasswordRequest(answer))

    async def test_the_hint_is_shown(self, rehearsal: Rehearsal):
        rehearsal.accounts[0].hint = "кто ты"
        async with rehearsal.client() as client:
            await self.ask(client)
            assert (await client(functions.account.GetPasswordRequest())).hint == "кто ты"

    async def test_a_bad_public_value_is_refused(self, rehearsal: Rehearsal):
        async with rehearsal.client() as client:
            await self.ask(client)
            question = await client(functions.account.GetPasswordRequest())
            answer = types.InputCheckPasswordSRP(question.srp_id, bytes(256), bytes(32))
            with pytest.raises(errors.PasswordHashInvalidError):
                await client(functions.auth.CheckPasswordRequest(answer))

    async def test_an_answer_serves_once(self, rehearsal: Rehearsal):
        async with rehearsal.client() as client:
            await self.ask(client)
            question = await client(functions.account.GetPasswordRequest())
            answer = await asyncio.to_thread(password.compute_check, question, WORDS)
            request = functions.auth.CheckPasswordRequest(answer)
            await client(request)
            with pytest.raises(errors.SrpIdInvalidError):
                await client(request)

    async def test_too_many_wrong_passwords_are_refused(self, rehearsal: Rehearsal):
        async with rehearsal.client() as client:
            await self.ask(client)
            for _ in range(GUESSES_A_DAY):
                with pytest.raises(errors.PasswordHashInvalidError):
                    await client(
                        functions.auth.CheckPasswordRequest(types.InputCheckPasswordEmpty())
                    )
            with pytest.raises(errors.PhonePasswordFloodError):
                await client.sign_in(password=WORDS)

    async def test_a_password_changed_meanwhile_is_told(self, rehearsal: Rehearsal):
        account = rehearsal.accounts[0]
        async with rehearsal.client() as client, rehearsal.client(account) as owner:
            await self.ask(client)
            question = await client(functions.account.GetPasswordRequest())
            answer = await asyncio.to_thread(password.compute_check, question, WORDS)
            await owner.edit_2fa(WORDS, NEW_WORDS, hint="новая")
            with pytest.raises(errors.SrpPasswordChangedError):
                await client(functions.auth.CheckPasswordRequest(answer))
            with pytest.raises(errors.PasswordHashInvalidError):
                await client.sign_in(password=WORDS)
            assert await client.sign_in(password=NEW_WORDS)

    async def test_a_password_is_changed_by_who_knows_it_only(self, rehearsal: Rehearsal):
        async with rehearsal.client(rehearsal.accounts[0]) as owner:
            with pytest.raises(errors.PasswordHashInvalidError):
                await owner.edit_2fa("что-то", NEW_WORDS)
            with pytest.raises(errors.PasswordHashInvalidError):
                await owner(
                    functions.account.UpdatePasswordSettingsRequest(
                        types.InputCheckPasswordEmpty(), types.account.PasswordInputSettings()
                    )
                )

    async def test_a_password_can_be_taken_away(self, rehearsal: Rehearsal):
        async with rehearsal.client(rehearsal.accounts[0]) as owner:
            assert await owner.edit_2fa(WORDS)
        async with rehearsal.client() as client:
            sent = await code_hash(client, "+79000000001")
            assert await client.sign_in("+79000000001", "12345", phone_code_hash=sent)

    async def test_foreign_salts_are_refused(self, rehearsal: Rehearsal):
        async with rehearsal.client(rehearsal.accounts[0]) as owner:
            question = await owner(functions.account.GetPasswordRequest())
            proof = await asyncio.to_thread(password.compute_check, question, WORDS)
            settings = types.account.PasswordInputSettings(
                new_algo=question.current_algo, new_password_hash=b"\x05" * 256, hint=""
            )
            with pytest.raises(errors.NewSaltInvalidError):
                await owner(functions.account.UpdatePasswordSettingsRequest(proof, settings))


async def test_a_first_password_outlives_a_restart(tmp_path: Path):
    async with (
        running_rehearsal(state_dir=tmp_path) as rehearsal,
        rehearsal.client(rehearsal.accounts[0]) as owner,
    ):
        assert await owner.edit_2fa(new_password=WORDS, hint="слово")
    async with running_rehearsal(state_dir=tmp_path) as rehearsal, rehearsal.client() as client:
        with pytest.raises(errors.SessionPasswordNeededError):
            await client.sign_in(PHONE, CODE, phone_code_hash=await code_hash(client))
        assert (await client(functions.account.GetPasswordRequest())).hint == "слово"
        assert (await client.sign_in(password=WORDS)).is_self


async def test_an_account_without_password_says_so(client: TelegramClient):
    password = await client(functions.account.GetPasswordRequest())
    assert not password.has_password
