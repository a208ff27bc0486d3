"""auth.* and the two-step password: logging in and out."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from telethon.tl import functions, types

from invite_desktop.rehearsal import views
from invite_desktop.rehearsal.directory import PHONE
from invite_desktop.rehearsal.dispatch import answers
from invite_desktop.rehearsal.faults import MethodError

if TYPE_CHECKING:
    from telethon.tl.tlobject import TLObject

    from invite_desktop.rehearsal.backend import Call
    from invite_desktop.rehearsal.people import Account

_API_HASH = re.compile(r".+")
_CODE_LENGTH = 5


@answers(functions.auth.SendCodeRequest, anybody=True)
def send_code(call: Call, request: TLObject) -> TLObject:
    """Send a login code; it arrives in the Telegram app of the account."""
    if request.api_id <= 0 or not _API_HASH.fullmatch(request.api_hash):
        raise MethodError("API_ID_INVALID")
    return _sent(call.backend.codes.send(_phone(request.phone_number)))


@answers(functions.auth.ResendCodeRequest, anybody=True)
def resend_code(call: Call, request: TLObject) -> TLObject:
    """Send the code once more."""
    phone = _phone(request.phone_number)
    return _sent(call.backend.codes.send_again(phone, request.phone_code_hash))


@answers(functions.auth.CancelCodeRequest, anybody=True)
def cancel_code(call: Call, request: TLObject) -> bool:
    """Let a code that was sent be good for nothing."""
    call.backend.codes.forget(request.phone_code_hash)
    return True


@answers(functions.auth.SignInRequest, anybody=True)
def sign_in(call: Call, request: TLObject) -> TLObject:
    """Log in with the code, unless a two-step password is to follow."""
    phone = _phone(request.phone_number)
    account = call.world.people.account_of_phone(phone)
    code_hash = request.phone_code_hash
    call.backend.codes.check(phone, code_hash, request.phone_code or "", account)
    call.backend.codes.forget(code_hash)
    if account is None:
        raise MethodError("PHONE_NUMBER_UNOCCUPIED")
    if account.password is not None:
        call.backend.authorizations.ask_password(call.key, account.id)
        raise MethodError("SESSION_PASSWORD_NEEDED", 401)
    return _logged_in(call, account, "auth.signIn")


@answers(functions.auth.CheckPasswordRequest, anybody=True)
def check_password(call: Call, request: TLObject) -> TLObject:
    """Log in with the two-step password."""
    account = _password_owner(call)
    guard = call.backend.guard_of(account)
    if guard is None:
        raise MethodError("PASSWORD_HASH_INVALID")
    guard.check(request.password)
    return _logged_in(call, account, "auth.checkPassword")


@answers(functions.account.GetPasswordRequest, anybody=True)
def get_password(call: Call, _request: TLObject) -> TLObject:
    """Return how the two-step password is asked for, if there is one."""
    guard = call.backend.guard_of(_password_owner(call))
    account = _password_owner(call)
    password = types.account.Password(
        new_algo=types.PasswordKdfAlgoUnknown(),
        new_secure_algo=types.SecurePasswordKdfAlgoUnknown(),
        secure_random=os.urandom(256),
        has_password=guard is not None,
    )
    if guard is not None:
        password.current_algo = guard.algorithm
        password.srp_id, password.srp_B = guard.ask()
        password.hint = account.hint or None
    return password


@answers(functions.auth.LogOutRequest)
def log_out(call: Call, _request: TLObject) -> TLObject:
    """End the login of this key."""
    call.log("auth.logOut")
    call.backend.authorizations.log_in(call.key, None)
    return types.auth.LoggedOut()


def _phone(text: str) -> str:
    """Return a phone in E.164. Raises MethodError when it is none."""
    phone = "+" + re.sub(r"[\s()+-]", "", text)
    if not PHONE.fullmatch(phone):
        raise MethodError("PHONE_NUMBER_INVALID")
    return phone


def _sent(code_hash: str) -> TLObject:
    return types.auth.SentCode(types.auth.SentCodeTypeApp(_CODE_LENGTH), code_hash, timeout=60)


def _logged_in(call: Call, account: Account, method: str) -> TLObject:
    call.backend.authorizations.log_in(call.key, account.id)
    call.log(method)
    return types.auth.Authorization(views.user(call.world, account, account))


def _password_owner(call: Call) -> Account:
    halfway = call.world.accounts.get(call.key.halfway_id or 0)
    return halfway or call.me
