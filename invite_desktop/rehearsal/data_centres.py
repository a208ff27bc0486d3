"""Which data centre a key belongs to, when all of them have one address.

Telegram knows by the address that a client connected to. Here it is known from the handshake, if
the client names the data centre there; else by following what a client was told: who asks with a
new key for what another key was sent away with has gone where it was sent.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from invite_desktop.rehearsal.faults import MethodError

if TYPE_CHECKING:
    from invite_desktop.rehearsal.authorizations import AuthKey, Authorizations
    from invite_desktop.rehearsal.people import Account

HOME = 2
"""The data centre that clients of unknown destination have connected to."""

NUMBERS = range(1, 6)
"""All data centres."""

_REMEMBERED = 1000


class _Exported(NamedTuple):
    """A login that was exported, and for which data centre."""

    key: AuthKey
    dc: int


class DataCentres:
    """The data centres of keys, who was sent to another one, and logins exported to others."""

    def __init__(self, authorizations: Authorizations) -> None:
        self._authorizations = authorizations
        self._sent_away: dict[tuple[str, int], int] = {}
        self._exported: dict[bytes, _Exported] = {}

    def check_phone(self, key: AuthKey, phone: str, dc: int) -> None:
        """Raise PHONE_MIGRATE unless a key is one of the data centre where a phone is at home."""
        if key.dc is None and self._sent_away.get((phone, dc), key.id) != key.id:
            del self._sent_away[phone, dc]
            self._authorizations.settle(key, dc)
        if of(key) != dc:
            self._sent_away[phone, dc] = key.id
            if len(self._sent_away) > _REMEMBERED:
                del self._sent_away[next(iter(self._sent_away))]
            raise MethodError(f"PHONE_MIGRATE_{dc}")

    def arrive(self, key: AuthKey, dc: int) -> None:
        """Take note that a client came to a data centre with what it got for that one only."""
        if key.dc is None:
            self._authorizations.settle(key, dc)

    def export(self, key: AuthKey, dc: int) -> bytes:
        """Return the secret by which the login of a key is taken over to another data centre."""
        if dc not in NUMBERS or dc == of(key):
            raise MethodError("DC_ID_INVALID")
        secret = os.urandom(128)
        self._exported[secret] = _Exported(key, dc)
        if len(self._exported) > _REMEMBERED:
            del self._exported[next(iter(self._exported))]
        return secret

    def take_exported(self, key: AuthKey, account_id: int, secret: bytes) -> AuthKey:
        """Return the key whose login is taken over; a secret serves once."""
        exported = self._exported.get(secret)
        if exported is None or exported.key.account_id != account_id:
            raise MethodError("AUTH_BYTES_INVALID")
        self.arrive(key, exported.dc)
        if key.dc != exported.dc:
            raise MethodError("AUTH_BYTES_INVALID")
        del self._exported[secret]
        return exported.key


def of(key: AuthKey) -> int:
    """Return the number of the data centre that a key belongs to."""
    return HOME if key.dc is None else key.dc


def check_home(key: AuthKey, account: Account) -> None:
    """Raise USER_MIGRATE when an account has been moved away from where a key is logged in."""
    if key.dc is not None and not key.main_id and key.dc != account.dc:
        raise MethodError(f"USER_MIGRATE_{account.dc}")
