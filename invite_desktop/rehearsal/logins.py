"""What every way of logging in ends with, and how logins look to their owner."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.tl import types

from invite_desktop.rehearsal import views
from invite_desktop.rehearsal.faults import MethodError

if TYPE_CHECKING:
    from telethon.tl.tlobject import TLObject

    from invite_desktop.rehearsal.authorizations import AuthKey
    from invite_desktop.rehearsal.backend import Call
    from invite_desktop.rehearsal.people import Account

_HERE = {"ip": "127.0.0.1", "country": "", "region": ""}


def finish_login(call: Call, account: Account, method: str) -> TLObject:
    """Log in unless a two-step password is to follow. Raises SESSION_PASSWORD_NEEDED then."""
    if call.world.standings.is_banned(account.id):
        raise MethodError("USER_DEACTIVATED_BAN")
    if call.backend.passwords.guard_of(account) is not None:
        call.backend.authorizations.ask_password(call.key, account.id)
        raise MethodError("SESSION_PASSWORD_NEEDED")
    return let_in(call, account, method)


def let_in(call: Call, account: Account, method: str) -> TLObject:
    """Log in, and tell the account's other devices."""
    backend, key = call.backend, call.key
    backend.authorizations.log_in(key, account)
    backend.sign_in_limits.forgive(account.phone or "")
    call.log(method)
    call.after.append(lambda: backend.push(account.id, lambda: _news(call), key))
    return types.auth.Authorization(views.user(call.world, account, account))


def login_view(key: AuthKey, viewer: AuthKey | None = None) -> types.Authorization:
    """Return a login as its owner sees it from one of her devices."""
    device = key.device
    current = key is viewer
    return types.Authorization(
        hash=0 if current else key.hash,
        device_model=device.model if device else "",
        platform="",
        system_version=device.system if device else "",
        api_id=device.api_id if device else 0,
        app_name="",
        app_version=device.app_version if device else "",
        date_created=key.logged_in_at,
        date_active=key.used_at,
        current=current or None,
        password_pending=key.halfway_id is not None or None,
        **_HERE,
    )


def _news(call: Call) -> TLObject:
    now, device = call.world.now(), call.key.device
    name = device.model if device else ""
    update = types.UpdateNewAuthorization(
        call.key.hash, unconfirmed=True, date=now, device=name, location=""
    )
    return types.UpdateShort(update, now)
