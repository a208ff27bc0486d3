"""An account on its way in, without a window."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from invite_desktop.domain.accounts import AccountState
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.domain.outcomes import Outcome, OutcomeCode
from invite_desktop.engine.login import LoginState
from invite_desktop.engine.ports.login import CodeSent, LoginRefusedError, RefusalKind
from tests.fakes.house import CREDENTIALS
from tests.fakes.logins import CODE, WRONG_HASH

if TYPE_CHECKING:
    from invite_desktop.engine.login_flow import LoginFlow
    from tests.fakes.house import House
    from tests.fakes.logins import FakeLogin
    from tests.fakes.telegram import FakePerson

S = LoginState
PHONE, PASSWORD = "+79001112233", "wolf"


@pytest.fixture
def flow(house: House) -> LoginFlow:
    return house.engine.accounts.new_login()


@pytest.fixture
def anna(house: House) -> FakePerson:
    return house.telegram.add_person("anna", phone=PHONE, first_name="Anna")


@pytest.fixture
def guarded(house: House) -> FakePerson:
    return house.telegram.add_person("anna", phone=PHONE, password=PASSWORD)


def login_of(house: House) -> FakeLogin:
    return house.ports.logins.logins[-1]


def refusal(kind: RefusalKind) -> LoginRefusedError:
    return LoginRefusedError(message("No."), message("Do this."), kind)


async def test_with_credentials_the_phone_comes_first(flow: LoginFlow):
    await flow.open()
    assert flow.state is S.PHONE


async def test_without_credentials_they_come_first(house: House, flow: LoginFlow):
    house.vault.stored_credentials = None
    await flow.open()
    assert flow.state is S.CREDENTIALS
    await flow.give_credentials(" 12345 ", f" {CREDENTIALS.api_hash} ")
    assert flow.state is S.PHONE
    assert house.vault.stored_credentials == CREDENTIALS
    assert flow.unchecked is None


async def test_credentials_that_telegram_does_not_know_are_not_kept(house: House, flow: LoginFlow):
    house.vault.stored_credentials = None
    await flow.open()
    with pytest.raises(KnownError, match="does not know"):
        await flow.give_credentials("5", WRONG_HASH)
    assert flow.state is S.CREDENTIALS
    assert house.vault.stored_credentials is None


@pytest.mark.parametrize("texts", [("x", "abc"), ("", "abc"), ("5", " "), ("0", "abc"), ("٣", "a")])
async def test_what_cannot_be_credentials_is_refused_before_anybody_is_asked(
    house: House, flow: LoginFlow, texts: tuple[str, str]
):
    house.vault.stored_credentials = None
    await flow.open()
    with pytest.raises(KnownError, match="api_id is a number"):
        await flow.give_credentials(*texts)


async def test_without_network_credentials_are_kept_unchecked(house: House, flow: LoginFlow):
    house.vault.stored_credentials = None
    house.telegram.online = False
    await flow.open()
    await flow.give_credentials("12345", CREDENTIALS.api_hash)
    assert flow.state is S.PHONE
    assert flow.unchecked is not None
    assert "not checked" in str(flow.unchecked.explanation)
    assert house.vault.stored_credentials == CREDENTIALS


async def test_credentials_may_be_changed_later(flow: LoginFlow):
    await flow.open()
    await flow.change_credentials()
    assert flow.state is S.CREDENTIALS


@pytest.mark.usefixtures("anna")
async def test_a_code_leads_to_an_account(house: House, flow: LoginFlow):
    await flow.open()
    await flow.send_code(PHONE)
    assert (flow.state, flow.code.digits) == (S.CODE, 5)
    await flow.give_code("12-345")
    assert flow.state is S.DONE
    assert flow.account.profile.first_name == "Anna"
    assert house.vault.sessions[flow.account.id]
    assert not login_of(house).abandoned


@pytest.mark.parametrize("text", ["12345", " 12 345 ", "12-345", "Код: 12345.", "1 2 3 4 5\n"])
@pytest.mark.usefixtures("anna")
async def test_a_code_may_be_pasted_in_any_dress(flow: LoginFlow, text: str):
    await flow.open()
    await flow.send_code(PHONE)
    await flow.give_code(text)
    assert flow.state is S.DONE


async def test_a_code_in_letters_keeps_them(flow: LoginFlow):
    flow.code = CodeSent(PHONE, message("by text message"), is_word=True)
    assert flow.clean_code("  bright   morning ") == "bright morning"


@pytest.mark.parametrize("text", ["", "  ", "abc"])
@pytest.mark.usefixtures("anna")
async def test_an_empty_code_asks_nobody(house: House, flow: LoginFlow, text: str):
    await flow.open()
    await flow.send_code(PHONE)
    with pytest.raises(KnownError, match="Type the code"):
        await flow.give_code(text)
    assert "code" not in login_of(house).steps


@pytest.mark.usefixtures("anna")
async def test_a_wrong_code_may_be_typed_again(flow: LoginFlow):
    await flow.open()
    await flow.send_code(PHONE)
    with pytest.raises(KnownError, match="wrong"):
        await flow.give_code("00000")
    assert flow.state is S.CODE
    await flow.give_code(CODE)
    assert flow.state is S.DONE


@pytest.mark.usefixtures("anna")
async def test_a_code_is_sent_again_in_the_next_way(house: House, flow: LoginFlow):
    await flow.open()
    await flow.send_code(PHONE)
    await flow.resend_code()
    assert str(flow.code.where) == "by text message"
    assert login_of(house).steps[-1] == "resend"


@pytest.mark.usefixtures("anna")
async def test_an_expired_code_is_sent_anew(house: House, flow: LoginFlow):
    await flow.open()
    await flow.send_code(PHONE)
    login_of(house).refusal = refusal(RefusalKind.CODE_EXPIRED)
    with pytest.raises(LoginRefusedError):
        await flow.give_code(CODE)
    assert flow.code_expired
    await flow.resend_code()
    assert login_of(house).steps[-1] == f"phone {PHONE}"
    assert not flow.code_expired
    await flow.give_code(CODE)
    assert flow.state is S.DONE


async def test_a_number_of_nobody_stays_at_the_phone(flow: LoginFlow):
    await flow.open()
    with pytest.raises(KnownError, match="Nobody"):
        await flow.send_code("+79009999999")
    assert flow.state is S.PHONE


@pytest.mark.parametrize(
    ("kind", "state"),
    [(RefusalKind.PHONE, S.PHONE), (RefusalKind.CREDENTIALS, S.CREDENTIALS)],
)
@pytest.mark.usefixtures("anna")
async def test_a_refusal_of_something_earlier_leads_back_there(
    house: House, flow: LoginFlow, kind: RefusalKind, state: LoginState
):
    await flow.open()
    await flow.send_code(PHONE)
    login_of(house).refusal = refusal(kind)
    with pytest.raises(LoginRefusedError):
        await flow.give_code(CODE)
    assert flow.state is state
    assert login_of(house).abandoned


@pytest.mark.usefixtures("guarded")
async def test_the_password_is_asked_for_with_its_hint(house: House, flow: LoginFlow):
    await flow.open()
    await flow.send_code(PHONE)
    login_of(house).hint = "grey"
    await flow.give_code(CODE)
    assert (flow.state, flow.hint) == (S.PASSWORD, "grey")
    for wrong, words in (("", "Type the two-step"), ("bear", "wrong")):
        with pytest.raises(KnownError, match=words):
            await flow.give_password(wrong)
    assert flow.state is S.PASSWORD
    await flow.give_password(PASSWORD)
    assert flow.state is S.DONE


async def test_a_qr_code_is_renewed_until_somebody_scans_it(
    house: House, flow: LoginFlow, anna: FakePerson
):
    shown = set()
    flow.watch(lambda: shown.add(flow.qr.url if flow.qr else ""))
    await flow.open()
    await flow.show_qr()
    waiting = asyncio.ensure_future(flow.wait_for_scan())
    while login_of(house).codes_shown < 4:  # noqa: ASYNC110 - the flow goes round by itself
        await asyncio.sleep(0)
    login_of(house).scan(anna)
    await waiting
    assert flow.state is S.DONE
    assert len(shown - {""}) >= 4


async def test_a_scanned_code_may_ask_for_the_password(
    house: House, flow: LoginFlow, guarded: FakePerson
):
    await flow.open()
    await flow.show_qr()
    login_of(house).scan(guarded)
    await flow.wait_for_scan()
    assert flow.state is S.PASSWORD
    await flow.give_password(PASSWORD)
    assert flow.state is S.DONE


async def test_the_accounts_that_are_here_cannot_scan(house: House, flow: LoginFlow):
    account = await house.add_account()
    assert await house.engine.accounts.ids_here() == {house.me(account).user_id}


@pytest.mark.parametrize("step", ["back", "leave"])
@pytest.mark.usefixtures("anna")
async def test_what_was_begun_is_taken_back(house: House, flow: LoginFlow, step: str):
    await flow.open()
    await flow.send_code(PHONE)
    await getattr(flow, step)()
    assert login_of(house).abandoned
    assert flow.code is None
    assert flow.state is (S.PHONE if step == "back" else S.LEFT)


@pytest.mark.usefixtures("anna")
async def test_the_end_of_the_program_takes_back_what_is_half_done(house: House, flow: LoginFlow):
    await flow.open()
    await flow.send_code(PHONE)
    await house.engine.stop()
    assert login_of(house).abandoned
    assert flow.state is S.LEFT


@pytest.mark.usefixtures("anna")
async def test_a_farewell_that_is_refused_does_not_keep_the_program_from_ending(
    house: House, flow: LoginFlow
):
    async def refuse() -> None:
        raise KnownError(message("Telegram did not confirm the log-out."))

    await flow.open()
    await flow.send_code(PHONE)
    login_of(house).abandon = refuse
    await house.engine.stop()


async def test_leaving_after_the_end_changes_nothing(
    house: House, flow: LoginFlow, anna: FakePerson
):
    await flow.open()
    await flow.send_code(PHONE)
    await flow.give_code(CODE)
    await flow.leave()
    assert flow.state is S.DONE
    assert not login_of(house).abandoned


@pytest.mark.usefixtures("anna")
async def test_a_locked_keyring_keeps_the_log_in_for_another_try(house: House, flow: LoginFlow):
    await flow.open()
    await flow.send_code(PHONE)
    house.vault.lock()
    with pytest.raises(KnownError, match="locked"):
        await flow.give_code(CODE)
    assert flow.state is S.STORING
    assert await house.engine.accounts.views() == []
    house.vault.unlock()
    await flow.store()
    assert flow.state is S.DONE
    assert flow.account.id in house.vault.sessions


async def test_a_locked_keyring_at_the_beginning_may_be_tried_again(house: House, flow: LoginFlow):
    house.vault.lock()
    with pytest.raises(KnownError, match="locked"):
        await flow.open()
    assert flow.state is S.OPENING
    house.vault.unlock()
    await flow.open()
    assert flow.state is S.PHONE


async def test_an_account_that_is_here_is_not_added_twice(house: House, flow: LoginFlow):
    account = await house.add_account()
    kept = dict(house.vault.sessions)
    await flow.open()
    await flow.send_code(house.me(account).phone)
    with pytest.raises(KnownError, match="here already"):
        await flow.give_code(CODE)
    assert flow.state is S.PHONE
    assert login_of(house).abandoned
    assert house.vault.sessions == kept


async def test_an_account_that_was_logged_out_comes_back(house: House, flow: LoginFlow):
    account = await house.add_account()
    await house.engine._states.suffer(account.id, Outcome(OutcomeCode.LOGGED_OUT))
    await flow.open()
    await flow.send_code(house.me(account).phone)
    await flow.give_code(CODE)
    assert flow.account.id == account.id
    view = await house.engine.accounts.view(account.id)
    assert view.state is AccountState.READY
