"""The logins of an account, seen and ended by its owner, and taken over to other data centres."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.tl import functions, types

from invite_desktop.rehearsal import views
from invite_desktop.rehearsal.dispatch import answers
from invite_desktop.rehearsal.faults import MethodError
from invite_desktop.rehearsal.logins import login_view

if TYPE_CHECKING:
    from telethon.tl.tlobject import TLObject

    from invite_desktop.rehearsal.authorizations import AuthKey
    from invite_desktop.rehearsal.backend import Call

_FRESH = 24 * 3600
_TTL_DAYS = 180


@answers(functions.account.GetAuthorizationsRequest)
def get_authorizations(call: Call, _request: TLObject) -> TLObject:
    """Return the logins of the account, the caller's own first."""
    own = _main(call)
    logins = [login_view(key, own) for key in (own, *_others(call))]
    return types.account.Authorizations(_TTL_DAYS, logins)


@answers(functions.account.ResetAuthorizationRequest)
def reset_authorization(call: Call, request: TLObject) -> bool:
    """End another login by its hash; a login of today may not."""
    _check_age(call)
    ended = next((key for key in _others(call) if key.hash == request.hash), None)
    if ended is None:
        raise MethodError("HASH_INVALID")
    call.backend.authorizations.revoke(ended)
    call.log("account.resetAuthorization")
    return True


@answers(functions.auth.ResetAuthorizationsRequest)
def reset_authorizations(call: Call, _request: TLObject) -> bool:
    """Log out everywhere else; a login of today may not."""
    _check_age(call)
    for key in _others(call):
        call.backend.authorizations.revoke(key)
    call.log("auth.resetAuthorizations")
    return True


@answers(functions.auth.ExportAuthorizationRequest)
def export_authorization(call: Call, request: TLObject) -> TLObject:
    """Return what the login is taken over to another data centre by."""
    secret = call.backend.data_centres.export(call.key, request.dc_id)
    return types.auth.ExportedAuthorization(call.me.id, secret)


@answers(functions.auth.ImportAuthorizationRequest, anybody=True)
def import_authorization(call: Call, request: TLObject) -> TLObject:
    """Log in here as in another data centre."""
    key = call.key
    main = call.backend.data_centres.take_exported(key, request.id, request.bytes)
    account = call.world.accounts[request.id]
    call.backend.authorizations.log_in(key, account, main)
    return types.auth.Authorization(views.user(call.world, account, account))


def _main(call: Call) -> AuthKey:
    """Return the login that the caller's is, or was exported from."""
    return call.backend.authorizations.find(call.key.main_id) or call.key


def _others(call: Call) -> list[AuthKey]:
    own = _main(call)
    return [key for key in call.backend.authorizations.logins_of(call.me.id) if key is not own]


def _check_age(call: Call) -> None:
    if call.world.now() - _main(call).logged_in_at < _FRESH:
        raise MethodError("FRESH_RESET_AUTHORISATION_FORBIDDEN")
