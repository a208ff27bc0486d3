"""What Telegram does with logins beyond the code: other devices, bans, freezes, data centres."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from telethon import TelegramClient, errors, functions, types

from invite_desktop.rehearsal.sign_in_limits import CODES_A_DAY, GUESSES_A_DAY
from tests.fakes.rehearsal import API_HASH, API_ID, CLUB, running_rehearsal

if TYPE_CHECKING:
    from pathlib import Path

    from tests.fakes.rehearsal import Rehearsal

PHONE, CODE = "+9996620001", "22222"
MYSELF = functions.users.GetUsersRequest([types.InputUserSelf()])
DAY = 24 * 3600


@pytest.fixture(autouse=True)
def _fresh_configuration(monkeypatch: pytest.MonkeyPatch):
    """Telethon keeps the addresses of data centres for all clients of a process."""
    monkeypatch.setattr(TelegramClient, "_config", None)


async def log_in(client: TelegramClient, phone: str = PHONE, code: str = CODE):
    sent = await client.send_code_request(phone)
    return await client.sign_in(phone, code, phone_code_hash=sent.phone_code_hash)


def ask_for_code(phone: str = PHONE, api_id: int = API_ID, api_hash: str = API_HASH):
    return functions.auth.SendCodeRequest(phone, api_id, api_hash, types.CodeSettings())


class TestCodes:
    async def test_each_way_of_sending_a_code_names_the_next(self, rehearsal: Rehearsal):
        async with rehearsal.client() as client:
            sent = await client(ask_for_code())
            ways = [sent]
            for _ in range(2):
                request = functions.auth.ResendCodeRequest(PHONE, ways[-1].phone_code_hash)
                ways.append(await client(request))
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
            assert [way.timeout for way in ways] == [60, 120, None]
            with pytest.raises(errors.SendCodeUnavailableError):
                await client(functions.auth.ResendCodeRequest(PHONE, ways[-1].phone_code_hash))

    async def test_a_code_that_was_never_sent_cannot_be_cancelled(self, rehearsal: Rehearsal):
        async with rehearsal.client() as client:
            with pytest.raises(errors.PhoneCodeExpiredError):
                await client(functions.auth.CancelCodeRequest(PHONE, "nothing"))
            with pytest.raises(errors.PhoneCodeHashEmptyError):
                await client(functions.auth.ResendCodeRequest(PHONE, ""))

    async def test_nobody_can_sign_up(self, rehearsal: Rehearsal):
        phone = "+79001234567"
        async with rehearsal.client() as client:
            sent = await client(ask_for_code(phone))
            request = functions.auth.SignUpRequest(phone, sent.phone_code_hash, "Нина", "")
            with pytest.raises(errors.PhoneNumberAppSignupForbiddenError):
                await client(request)

    async def test_a_phone_in_use_cannot_be_signed_up(self, rehearsal: Rehearsal):
        async with rehearsal.client() as client:
            sent = await client(ask_for_code())
            request = functions.auth.SignUpRequest(PHONE, sent.phone_code_hash, "Нина", "")
            with pytest.raises(errors.PhoneNumberOccupiedError):
                await client(request)

    async def test_too_many_codes_are_refused_for_a_day(self, rehearsal: Rehearsal):
        async with rehearsal.client() as client:
            for _ in range(CODES_A_DAY):
                await client(ask_for_code())
            with pytest.raises(errors.PhoneNumberFloodError):
                await client(ask_for_code())
            await client(ask_for_code("+9996620002"))
            rehearsal.world.set_clock(rehearsal.world.now() + DAY + 1, 1.0)
            await client(ask_for_code())

    async def test_too_many_wrong_codes_are_refused(self, rehearsal: Rehearsal):
        async with rehearsal.client() as client:
            sent = await client(ask_for_code())
            for _ in range(GUESSES_A_DAY):
                with pytest.raises(errors.PhoneCodeInvalidError):
                    await client(functions.auth.SignInRequest(PHONE, sent.phone_code_hash, "1"))
            with pytest.raises(errors.PhonePasswordFloodError):
                await client(functions.auth.SignInRequest(PHONE, sent.phone_code_hash, CODE))


class TestPrograms:
    async def test_a_published_api_id_is_refused(self, rehearsal: Rehearsal):
        rehearsal.server.backend.programs.publish(777)
        async with rehearsal.client() as client:
            with pytest.raises(errors.ApiIdPublishedFloodError):
                await client(ask_for_code(api_id=777))

    async def test_a_registered_api_id_is_good_with_its_own_hash_only(self, rehearsal: Rehearsal):
        rehearsal.server.backend.programs.register(778, API_HASH)
        async with rehearsal.client() as client:
            assert await client(ask_for_code(api_id=778))
            with pytest.raises(errors.ApiIdInvalidError):
                await client(ask_for_code(api_id=778, api_hash=API_HASH[::-1]))


class TestOtherDevices:
    async def test_an_account_sees_its_logins(self, rehearsal: Rehearsal, client: TelegramClient):
        async with rehearsal.client(device_model="Чайник", app_version="9.9") as newcomer:
            await log_in(newcomer)
            found = await client(functions.account.GetAuthorizationsRequest())
            own, other = found.authorizations
            assert (own.current, own.hash) == (True, 0)
            assert (other.current, other.device_model, other.app_version) == (
                False,
                "Чайник",
                "9.9",
            )
            assert other.api_id == API_ID
            assert other.date_created > own.date_created

    async def test_one_login_is_ended_by_another(
        self, rehearsal: Rehearsal, client: TelegramClient
    ):
        async with rehearsal.client() as newcomer:
            await log_in(newcomer)
            found = await client(functions.account.GetAuthorizationsRequest())
            request = functions.account.ResetAuthorizationRequest(found.authorizations[1].hash)
            assert await client(request)
            with pytest.raises(errors.SessionRevokedError):
                await newcomer(MYSELF)
            assert await client(MYSELF)
            with pytest.raises(errors.HashInvalidError):
                await client(request)

    async def test_logging_out_everywhere_else_leaves_the_caller(
        self, rehearsal: Rehearsal, client: TelegramClient
    ):
        async with rehearsal.client() as one, rehearsal.client() as two:
            await log_in(one)
            await log_in(two)
            assert await client(functions.auth.ResetAuthorizationsRequest())
            for ended in (one, two):
                with pytest.raises(errors.SessionRevokedError):
                    await ended(MYSELF)
        assert await client(MYSELF)

    async def test_a_fresh_login_ends_no_others(self, rehearsal: Rehearsal):
        async with rehearsal.client() as newcomer:
            await log_in(newcomer)
            with pytest.raises(errors.FreshResetAuthorisationForbiddenError):
                await newcomer(functions.auth.ResetAuthorizationsRequest())
            rehearsal.world.set_clock(rehearsal.world.now() + DAY + 1, 1.0)
            assert await newcomer(functions.auth.ResetAuthorizationsRequest())

    async def test_who_was_logged_out_may_log_in_again(
        self, rehearsal: Rehearsal, client: TelegramClient
    ):
        rehearsal.server.revoke_sessions(rehearsal.accounts[0])
        with pytest.raises(errors.SessionRevokedError):
            await client(MYSELF)
        await log_in(client)
        assert await client(MYSELF)

    async def test_other_devices_hear_of_a_new_login(
        self, rehearsal: Rehearsal, client: TelegramClient
    ):
        heard = []
        client.add_event_handler(lambda update: _note(heard, update))
        async with rehearsal.client(device_model="Чайник") as newcomer:
            await log_in(newcomer)
        await client(MYSELF)
        news = [update for update in heard if isinstance(update, types.UpdateNewAuthorization)]
        assert [(update.device, update.unconfirmed) for update in news] == [("Чайник", True)]


async def _note(heard: list[object], update: object):
    heard.append(update)


class TestStandings:
    async def test_a_banned_account_is_told_so(self, rehearsal: Rehearsal, client: TelegramClient):
        rehearsal.world.standings.ban(rehearsal.accounts[0])
        with pytest.raises(errors.UserDeactivatedBanError):
            await client(MYSELF)
        async with rehearsal.client() as newcomer:
            with pytest.raises(errors.PhoneNumberBannedError):
                await newcomer.send_code_request(PHONE)
        rehearsal.world.standings.unban(rehearsal.accounts[0])
        assert await client(MYSELF)

    async def test_a_frozen_account_reads_but_contacts_nobody(
        self, rehearsal: Rehearsal, client: TelegramClient
    ):
        rehearsal.world.standings.freeze(rehearsal.accounts[0])
        for request in (
            functions.channels.InviteToChannelRequest(CLUB, ["willing_one"]),
            functions.messages.SendMessageRequest("willing_one", "привет"),
            functions.contacts.ImportContactsRequest([]),
        ):
            with pytest.raises(errors.FrozenMethodInvalidError):
                await client(request)
        assert await client.get_dialogs()
        assert (await client.get_entity(CLUB)).title

    async def test_the_configuration_tells_of_a_freeze(
        self, rehearsal: Rehearsal, client: TelegramClient
    ):
        standings, account = rehearsal.world.standings, rehearsal.accounts[0]
        standings.freeze(account, DAY)
        answer = await client(functions.help.GetAppConfigRequest(1))
        told = {field.key: field.value.value for field in answer.config.value}
        since = told["freeze_since_date"]
        assert told["freeze_until_date"] == since + DAY
        assert told["freeze_appeal_url"].startswith("https://t.me/")
        same = await client(functions.help.GetAppConfigRequest(answer.hash))
        assert isinstance(same, types.help.AppConfigNotModified)
        standings.unfreeze(account)
        assert (await client(functions.help.GetAppConfigRequest(0))).config.value == []
        await client(functions.channels.InviteToChannelRequest(CLUB, ["willing_one"]))

    async def test_standings_logins_and_passwords_outlive_a_restart(self, tmp_path: Path):
        async with running_rehearsal(state_dir=tmp_path) as rehearsal:
            banned, frozen, revoked = rehearsal.accounts
            session = rehearsal.session(revoked)
            rehearsal.world.standings.ban(banned)
            rehearsal.world.standings.freeze(frozen)
            rehearsal.server.revoke_sessions(revoked)
        async with running_rehearsal(state_dir=tmp_path) as rehearsal:
            banned, frozen, _ = rehearsal.accounts
            assert rehearsal.world.standings.is_banned(banned.id)
            assert rehearsal.world.standings.freeze_of(frozen.id)
            session.set_dc(2, "127.0.0.1", rehearsal.port)
            async with rehearsal.client(session=session) as client:
                with pytest.raises(errors.SessionRevokedError):
                    await client(MYSELF)

    async def test_a_duplicated_key_comes_as_telegram_says_it(
        self, rehearsal: Rehearsal, client: TelegramClient
    ):
        rehearsal.server.script("users.getUsers", "AUTH_KEY_DUPLICATED")
        with pytest.raises(errors.AuthKeyDuplicatedError) as caught:
            await client(MYSELF)
        assert caught.value.code == 406


class TestDataCentres:
    async def test_a_phone_of_another_data_centre_is_followed_there(self, rehearsal: Rehearsal):
        account = rehearsal.accounts[0]
        account.dc = 4
        async with rehearsal.client(request_retries=2) as client:
            me = await log_in(client)
            assert me.id == account.id
            assert client.session.dc_id == 4
            assert (await client(functions.help.GetConfigRequest())).this_dc == 4
        migrated = [call.request for call in rehearsal.server.calls]
        assert sum(isinstance(r, functions.auth.SendCodeRequest) for r in migrated) == 2

    async def test_who_stays_is_sent_away_again(self, rehearsal: Rehearsal):
        rehearsal.accounts[0].dc = 4
        async with rehearsal.client() as client:
            sender = client._sender
            for _ in range(2):
                with pytest.raises(errors.PhoneMigrateError) as caught:
                    await sender.send(ask_for_code())
                assert caught.value.new_dc == 4

    async def test_a_scripted_migration_of_the_network_is_followed(self, rehearsal: Rehearsal):
        rehearsal.server.script("auth.sendCode", "NETWORK_MIGRATE_3")
        async with rehearsal.client(request_retries=2) as client:
            await log_in(client)
            assert client.session.dc_id == 3

    async def test_an_account_that_has_moved_says_where_to(
        self, rehearsal: Rehearsal, client: TelegramClient
    ):
        rehearsal.accounts[0].dc = 5
        with pytest.raises(errors.UserMigrateError) as caught:
            await client._sender.send(MYSELF)
        assert caught.value.new_dc == 5

    async def test_a_login_is_taken_over_to_another_data_centre(
        self, rehearsal: Rehearsal, client: TelegramClient
    ):
        exported = await client(functions.auth.ExportAuthorizationRequest(4))
        assert exported.id == rehearsal.accounts[0].id
        async with rehearsal.client() as other:
            request = functions.auth.ImportAuthorizationRequest(exported.id, exported.bytes)
            assert (await other(request)).user.is_self
            assert await other(MYSELF)
            with pytest.raises(errors.AuthBytesInvalidError):
                await other(request)
            found = await client(functions.account.GetAuthorizationsRequest())
            assert len(found.authorizations) == 1
            await client(functions.auth.LogOutRequest())
            with pytest.raises(errors.AuthKeyUnregisteredError):
                await other(MYSELF)

    async def test_telethons_own_exported_connection_works(
        self, rehearsal: Rehearsal, client: TelegramClient
    ):
        sender = await client._borrow_exported_sender(4)
        try:
            assert (await sender.send(MYSELF))[0].is_self
        finally:
            await client._return_exported_sender(sender)

    @pytest.mark.parametrize("number", [0, 2, 99])
    async def test_there_is_no_exporting_to_nowhere_or_here(
        self, client: TelegramClient, number: int
    ):
        with pytest.raises(errors.DcIdInvalidError):
            await client(functions.auth.ExportAuthorizationRequest(number))
