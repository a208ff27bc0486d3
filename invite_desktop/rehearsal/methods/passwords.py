"""account.*Password*: asking for the two-step password and changing it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from telethon.tl import functions, types

from invite_desktop.rehearsal.dispatch import answers
from invite_desktop.rehearsal.faults import MethodError
from invite_desktop.rehearsal.srp import algorithm

if TYPE_CHECKING:
    from telethon.tl.tlobject import TLObject

    from invite_desktop.rehearsal.backend import Call


@answers(functions.account.GetPasswordRequest, anybody=True)
def get_password(call: Call, _request: TLObject) -> TLObject:
    """Return how the two-step password is asked for, if there is one."""
    account = call.halfway_or_me
    guard = call.backend.passwords.guard_of(account)
    password = types.account.Password(
        new_algo=call.backend.passwords.offer(account),
        new_secure_algo=types.SecurePasswordKdfAlgoUnknown(),
        secure_random=os.urandom(256),
        has_password=guard is not None,
    )
    if guard is not None:
        password.current_algo = algorithm(guard.salts)
        password.srp_id, password.srp_B = guard.ask()
        password.hint = guard.hint or None
    return password


@answers(functions.account.UpdatePasswordSettingsRequest)
def update_password_settings(call: Call, request: TLObject) -> bool:
    """Set, change or take away the two-step password; the old one has to be known."""
    me, passwords = call.me, call.backend.passwords
    if not isinstance(request.new_settings, types.account.PasswordInputSettings):
        # check_arguments knows no types of families other than the general one.
        raise MethodError("INPUT_CONSTRUCTOR_INVALID")
    if passwords.guard_of(me) is not None:
        passwords.check(me, request.password)
    elif not isinstance(request.password, types.InputCheckPasswordEmpty):
        raise MethodError("PASSWORD_HASH_INVALID")
    passwords.change(me, request.new_settings)
    call.log("account.updatePasswordSettings")
    return True
