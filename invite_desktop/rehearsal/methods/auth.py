"""auth.*: logging in by code and password, and logging out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from telethon.tl import functions, types

from invite_desktop.rehearsal.codes import WAYS
from invite_desktop.rehearsal.directory import PHONE
from invite_desktop.rehearsal.dispatch import answers
from invite_desktop.rehearsal.faults import MethodError
from invite_desktop.rehearsal.logins import finish_login, let_in

if TYPE_CHECKING:
    from telethon.tl.tlobject import TLObject

    from invite_desktop.rehearsal.backend import Call
    from invite_desktop.rehearsal.people import Account

_CODE_LENGTH = 5
_LETTER = (
    "Login code: {}. Do not give this code to anyone, even if they say they are from Telegram!\n\n"
    "This code can be used to log in to your Telegram account. We never ask it for anything else."
)
"""What Telegram writes to the account's other devices."""
_TIMEOUTS = {"app": 60, "sms": 120}
_NEXT_TYPES = {"app": types.auth.CodeTypeSms(), "sms": types.auth.CodeTypeCall()}
_TYPES = {
    "app": types.auth.SentCodeTypeApp,
    "sms": types.auth.SentCodeTypeSms,
    "call": types.auth.SentCodeTypeCall,
}


@answers(functions.auth.SendCodeRequest, anybody=True)
def send_code(call: Call, request: TLObject) -> TLObject:
    """Send a login code; it arrives in the Telegram app of the account."""
    call.backend.programs.check(request.api_id, request.api_hash)
    phone, account = _phone_at_home(call, request.phone_number)
    call.backend.sign_in_limits.ask_for_code(phone)
    if account is not None:
        call.world.story.send(call.world.people.telegram, account, _LETTER.format(account.code))
    return _sent(call, call.backend.codes.send(phone))


@answers(functions.auth.ResendCodeRequest, anybody=True)
def resend_code(call: Call, request: TLObject) -> TLObject:
    """Send the code once more, in the next way."""
    phone, _ = _phone_at_home(call, request.phone_number)
    code_hash = request.phone_code_hash
    call.backend.codes.check_hash(phone, code_hash)
    call.backend.sign_in_limits.ask_for_code(phone)
    return _sent(call, call.backend.codes.send_again(phone, code_hash))


@answers(functions.auth.CancelCodeRequest, anybody=True)
def cancel_code(call: Call, request: TLObject) -> bool:
    """Let a code that was sent be good for nothing."""
    phone, _ = _phone_at_home(call, request.phone_number)
    call.backend.codes.cancel(phone, request.phone_code_hash)
    return True


@answers(functions.auth.SignInRequest, anybody=True)
def sign_in(call: Call, request: TLObject) -> TLObject:
    """Log in with the code, unless a two-step password is to follow or nobody has the phone."""
    phone, account = _phone_at_home(call, request.phone_number)
    code_hash = request.phone_code_hash
    limits = call.backend.sign_in_limits
    limits.check_guesses(phone)
    try:
        call.backend.codes.check(phone, code_hash, request.phone_code or "", account)
    except MethodError as fault:
        if fault.name == "PHONE_CODE_INVALID":
            limits.note_guess(phone)
        raise
    if account is None:
        return types.auth.AuthorizationSignUpRequired()
    call.backend.codes.forget(code_hash)
    return finish_login(call, account, "auth.signIn")


@answers(functions.auth.SignUpRequest, anybody=True)
def sign_up(call: Call, request: TLObject) -> TLObject:
    """Make no account: programs of others than Telegram may not."""
    phone, account = _phone_at_home(call, request.phone_number)
    call.backend.codes.check_hash(phone, request.phone_code_hash)
    if account is not None:
        raise MethodError("PHONE_NUMBER_OCCUPIED")
    if not request.first_name.strip():
        raise MethodError("FIRSTNAME_INVALID")
    raise MethodError("PHONE_NUMBER_APP_SIGNUP_FORBIDDEN")


@answers(functions.auth.CheckPasswordRequest, anybody=True)
def check_password(call: Call, request: TLObject) -> TLObject:
    """Log in with the two-step password."""
    account = call.halfway_or_me
    limits, phone = call.backend.sign_in_limits, account.phone or ""
    limits.check_guesses(phone)
    try:
        call.backend.passwords.check(account, request.password)
    except MethodError as fault:
        if fault.name == "PASSWORD_HASH_INVALID":
            limits.note_guess(phone)
        raise
    return let_in(call, account, "auth.checkPassword")


@answers(functions.auth.LogOutRequest)
def log_out(call: Call, _request: TLObject) -> TLObject:
    """End the login of this key."""
    call.log("auth.logOut")
    call.backend.authorizations.log_out(call.key)
    return types.auth.LoggedOut()


@answers(functions.auth.BindTempAuthKeyRequest, anybody=True)
def bind_temporary_key(call: Call, request: TLObject) -> bool:
    """Let the temporary key in use act for a permanent one."""
    call.backend.temporary_keys.bind(call.carrier, request)
    return True


def _phone_at_home(call: Call, text: str) -> tuple[str, Account | None]:
    """Return a phone in E.164 and whose it is.

    Raises MethodError when it is none, is banned, or belongs to another data centre.
    """
    phone = "+" + re.sub(r"[\s()+-]", "", text)
    if not PHONE.fullmatch(phone):
        raise MethodError("PHONE_NUMBER_INVALID")
    account = call.world.people.account_of_phone(phone)
    if account is not None:
        call.backend.data_centres.check_phone(call.key, phone, account.dc)
        if call.world.standings.is_banned(account.id):
            raise MethodError("PHONE_NUMBER_BANNED")
    return phone, account


def _sent(call: Call, code_hash: str) -> TLObject:
    way = WAYS[call.backend.codes.way_of(code_hash)]
    kind = _TYPES[way](_CODE_LENGTH)
    return types.auth.SentCode(kind, code_hash, _NEXT_TYPES.get(way), _TIMEOUTS.get(way))
