"""Every refusal of a log-in, from the rehearsal server through the real Telethon, in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from telethon import errors
from telethon.tl import functions

from invite_desktop.engine.ports.login import LoginRefusedError, RefusalKind
from invite_desktop.telegram.login_refusals import REFUSALS, login_refusal
from tests.contracts.stages import CREDENTIALS

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.contracts.stages import RehearsalStage

PHONE, CODE = "+79990000001", "12345"
K = RefusalKind

SEND_CODE = {
    "API_ID_INVALID": ("does not know this api_id and api_hash", K.CREDENTIALS),
    "CONNECTION_API_ID_INVALID": ("does not know this api_id and api_hash", K.CREDENTIALS),
    "API_ID_PUBLISHED_FLOOD": ("published", K.CREDENTIALS),
    "PHONE_NUMBER_INVALID": ("does not accept this phone number", K.PHONE),
    "PHONE_NUMBER_BANNED": ("banned this number", K.PHONE),
    "PHONE_NUMBER_FLOOD": ("too many codes", K.WAIT),
    "PHONE_PASSWORD_FLOOD": ("too many attempts", K.WAIT),
    "PHONE_PASSWORD_PROTECTED": ("password first", K.PHONE),
    "PHONE_NUMBER_APP_SIGNUP_FORBIDDEN": ("Nobody uses Telegram", K.PHONE),
    "PHONE_NUMBER_UNOCCUPIED": ("Nobody uses Telegram", K.PHONE),
    "AUTH_RESTART": ("begin the log-in again", K.BEGIN_AGAIN),
    "UPDATE_APP_TO_LOGIN": ("newer program", K.OTHER),
    "FLOOD_WAIT_90": ("wants a pause", K.WAIT),
    "SOMETHING_NEW": ("SOMETHING_NEW", K.OTHER),
}
RESEND_CODE = {
    "SEND_CODE_UNAVAILABLE": ("no other way", K.OTHER),
    "PHONE_CODE_EXPIRED": ("expired", K.CODE_EXPIRED),
    "PHONE_CODE_HASH_EMPTY": ("expired", K.CODE_EXPIRED),
}
SIGN_IN = {
    "PHONE_CODE_INVALID": ("code is wrong", K.CODE),
    "PHONE_CODE_EMPTY": ("code is wrong", K.CODE),
    "PHONE_CODE_EXPIRED": ("expired", K.CODE_EXPIRED),
    "PHONE_HASH_EXPIRED": ("expired", K.CODE_EXPIRED),
    "PHONE_NUMBER_UNOCCUPIED": ("Nobody uses Telegram", K.PHONE),
    "USER_DEACTIVATED": ("deleted", K.PHONE),
    "USER_DEACTIVATED_BAN": ("banned", K.PHONE),
    "SIGN_IN_FAILED": ("begin the log-in again", K.BEGIN_AGAIN),
    "AUTH_KEY_UNREGISTERED": ("begin the log-in again", K.BEGIN_AGAIN),
}
CHECK_PASSWORD = {
    "PASSWORD_HASH_INVALID": ("password is wrong", K.PASSWORD),
    "PASSWORD_EMPTY": ("took too long", K.PASSWORD),
    "SRP_ID_INVALID": ("took too long", K.PASSWORD),
    "SRP_PASSWORD_CHANGED": ("took too long", K.PASSWORD),
    "FLOOD_WAIT_90": ("wants a pause", K.WAIT),
}
EXPORT_TOKEN = {
    "API_ID_INVALID": ("does not know this api_id and api_hash", K.CREDENTIALS),
    "AUTH_TOKEN_INVALID": ("too old when it was scanned", K.OTHER),
    "AUTH_TOKEN_INVALID2": ("too old when it was scanned", K.OTHER),
    "AUTH_TOKEN_INVALIDX": ("too old when it was scanned", K.OTHER),
    "AUTH_TOKEN_EXPIRED": ("too old when it was scanned", K.OTHER),
    "FLOOD_WAIT_90": ("wants a pause", K.WAIT),
}
ROWS = [
    *((functions.auth.SendCodeRequest, error, *row) for error, row in SEND_CODE.items()),
    *((functions.auth.ResendCodeRequest, error, *row) for error, row in RESEND_CODE.items()),
    *((functions.auth.SignInRequest, error, *row) for error, row in SIGN_IN.items()),
    *((functions.auth.CheckPasswordRequest, error, *row) for error, row in CHECK_PASSWORD.items()),
    *((functions.auth.ExportLoginTokenRequest, error, *row) for error, row in EXPORT_TOKEN.items()),
]


class Steps:
    """A log-in that goes as far as a request and sends it."""

    def __init__(self, stage: RehearsalStage) -> None:
        self._stage = stage

    async def until(self, request: type, error: str) -> None:
        login = self.login = await self._stage.logins.begin(CREDENTIALS)
        names = {
            functions.auth.SendCodeRequest: [],
            functions.auth.ExportLoginTokenRequest: [],
            functions.auth.ResendCodeRequest: [lambda: login.send_code(PHONE)],
            functions.auth.SignInRequest: [lambda: login.send_code(PHONE)],
            functions.auth.CheckPasswordRequest: [
                lambda: login.send_code(PHONE),
                lambda: login.submit_code(CODE),
            ],
        }
        for step in names[request]:
            await step()
        self._stage.server.script(request, error)
        last = {
            functions.auth.SendCodeRequest: lambda: login.send_code(PHONE),
            functions.auth.ExportLoginTokenRequest: login.qr_code,
            functions.auth.ResendCodeRequest: login.resend_code,
            functions.auth.SignInRequest: lambda: login.submit_code(CODE),
            functions.auth.CheckPasswordRequest: lambda: login.submit_password("correct horse"),
        }
        await last[request]()


@pytest.fixture
async def steps(stage: RehearsalStage) -> AsyncIterator[Steps]:
    steps = Steps(stage)
    yield steps
    await steps.login.abandon()


@pytest.mark.parametrize(
    ("request_type", "error", "words", "kind"),
    [pytest.param(*row, id=f"{row[0].__name__}-{row[1]}") for row in ROWS],
)
async def test_a_refusal_is_in_words_with_the_next_step(
    stage: RehearsalStage,
    steps: Steps,
    request_type: type,
    error: str,
    words: str,
    kind: RefusalKind,
):
    guarded = request_type is functions.auth.CheckPasswordRequest
    stage.account(None, "vera_owner", phone=PHONE, password="correct horse" if guarded else None)
    with pytest.raises(LoginRefusedError, match=words) as refused:
        await steps.until(request_type, error)
    assert str(refused.value.next_step)
    assert refused.value.kind is kind


def test_every_row_of_the_table_is_tried_over_the_wire():
    tried = {getattr(errors, _class_of(error), None) for _, error, _, _ in ROWS}
    assert set(REFUSALS) - tried == {errors.AuthKeyNotFound}


def _class_of(error: str) -> str:
    return "".join(word.capitalize() for word in error.split("_")) + "Error"


def test_a_pause_says_until_when():
    refusal = login_refusal(errors.FloodWaitError(None, capture=3600))
    assert refusal.until is not None
    expected = datetime.now(UTC) + timedelta(hours=1)
    assert abs(refusal.until - expected) < timedelta(minutes=1)
    assert "after" in str(refusal.next_step)


@pytest.mark.parametrize(("through_proxy", "words"), [(False, "internet"), (True, "proxy")])
def test_without_network_the_proxy_is_named_if_there_is_one(*, through_proxy: bool, words: str):
    refusal = login_refusal(ConnectionError(), through_proxy=through_proxy)
    assert refusal.kind is K.NETWORK
    assert words in str(refusal.next_step)
