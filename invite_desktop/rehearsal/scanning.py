"""A demo account's phone, as far as it scans the QR codes of others' log-ins."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING

from telethon.tl import types

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.rehearsal.faults import MethodError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from invite_desktop.rehearsal.people import Account
    from invite_desktop.rehearsal.server import RehearsalServer

_LINK = "tg://login?token="


def scan(server: RehearsalServer, link: str, phones: Iterable[str]) -> None:
    """Let the first of some accounts that is nowhere logged in accept a QR code.

    Raises KnownError when the code is too old, or all of them are logged in.
    """
    backend, world = server.backend, server.world
    account = next(filter(None, (_free(server, phone) for phone in phones)), None)
    if account is None:
        raise KnownError(
            message("All demo accounts are logged in already."),
            message("Log one of them out first."),
        )
    try:
        token = backend.login_tokens.accept(_token(link), account.id)
    except (MethodError, binascii.Error) as error:
        raise KnownError(
            message("This code cannot be scanned any more."), message("Wait for the next one.")
        ) from error
    backend.notify(token.key, types.UpdateShort(types.UpdateLoginToken(), world.now()))


def _free(server: RehearsalServer, phone: str) -> Account | None:
    account = server.world.people.account_of_phone(phone)
    if account is None or server.backend.authorizations.logins_of(account.id):
        return None
    return account


def _token(link: str) -> bytes:
    text = link.removeprefix(_LINK)
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
