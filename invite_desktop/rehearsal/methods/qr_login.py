"""auth.*LoginToken: logging in by a QR code (core.telegram.org/api/qr-login)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.tl import functions, types

from invite_desktop.rehearsal import data_centres, views
from invite_desktop.rehearsal.dispatch import answers
from invite_desktop.rehearsal.faults import MethodError
from invite_desktop.rehearsal.logins import finish_login, login_view

if TYPE_CHECKING:
    from telethon.tl.tlobject import TLObject

    from invite_desktop.rehearsal.backend import Call
    from invite_desktop.rehearsal.login_tokens import LoginToken
    from invite_desktop.rehearsal.people import Account


@answers(functions.auth.ExportLoginTokenRequest, anybody=True)
def export_login_token(call: Call, request: TLObject) -> TLObject:
    """Return a token to show; once it was accepted, the login or where it waits."""
    call.backend.programs.check(request.api_id, request.api_hash)
    if call.key.account_id is not None:
        user = views.user(call.world, call.me, call.me)
        return types.auth.LoginTokenSuccess(types.auth.Authorization(user))
    tokens = call.backend.login_tokens
    accepted = tokens.accepted_by(call.key)
    if accepted is None:
        token = tokens.issue(call.key, request.except_ids)
        return types.auth.LoginToken(int(token.expires_at), token.data)
    account = _owner(call, accepted)
    if account.dc != data_centres.of(call.key):
        return types.auth.LoginTokenMigrateTo(account.dc, accepted.data)
    return _log_in(call, accepted)


@answers(functions.auth.ImportLoginTokenRequest, anybody=True)
def import_login_token(call: Call, request: TLObject) -> TLObject:
    """Log in with a token that was accepted for another data centre."""
    return _log_in(call, call.backend.login_tokens.find(request.token))


@answers(functions.auth.AcceptLoginTokenRequest)
def accept_login_token(call: Call, request: TLObject) -> TLObject:
    """Let the program that shows a token log in as the caller."""
    token = call.backend.login_tokens.accept(request.token, call.me.id)
    now = call.world.now()
    update = types.UpdateShort(types.UpdateLoginToken(), now)
    call.after.append(lambda: call.backend.notify(token.key, update))
    call.log("auth.acceptLoginToken")
    return login_view(token.key)


def _owner(call: Call, token: LoginToken) -> Account:
    if token.account_id is None:
        raise MethodError("AUTH_TOKEN_INVALID")
    return call.world.accounts[token.account_id]


def _log_in(call: Call, token: LoginToken) -> TLObject:
    account = _owner(call, token)
    call.backend.data_centres.arrive(call.key, account.dc)
    if data_centres.of(call.key) != account.dc:
        return types.auth.LoginTokenMigrateTo(account.dc, token.data)
    call.backend.login_tokens.forget(token)
    return types.auth.LoginTokenSuccess(finish_login(call, account, "auth.importLoginToken"))
