"""Authorization keys and who is logged in with them."""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass
from hashlib import blake2b, sha1
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from invite_desktop.rehearsal.changes import Change, Changes
    from invite_desktop.rehearsal.people import Account

_MONTH = 30 * 24 * 3600


class Device(NamedTuple):
    """What a client says of itself in initConnection."""

    api_id: int
    model: str
    system: str
    app_version: str


class FirstSalt(NamedTuple):
    """The salt that both sides know from a handshake, good until a moment of unix time."""

    value: int
    until: float


@dataclass(slots=True, eq=False)
class AuthKey:
    """One authorization key of 256 bytes.

    ``account_id`` is who is logged in, ``halfway_id`` who has given a code but no password yet.
    ``dc`` is the data centre it was made for, None: not known. ``main_id`` is the key from which
    this login was exported, 0: it is a login of its own. ``revoked``: somebody else ended the
    login. ``layer`` 0 and ``device`` None: the client has not introduced itself. Times are unix
    time of the world, but for ``expires_at``: real time, 0 for a permanent key. ``bound_to`` is the
    permanent key for which a temporary one acts.
    """

    id: int
    data: bytes
    account_id: int | None = None
    halfway_id: int | None = None
    first_salt: FirstSalt | None = None
    dc: int | None = None
    main_id: int = 0
    revoked: bool = False
    layer: int = 0
    device: Device | None = None
    logged_in_at: int = 0
    used_at: int = 0
    expires_at: float = 0.0
    bound_to: AuthKey | None = None

    @property
    def owner(self) -> AuthKey:
        """Return the key for which this one acts, which is itself unless it is temporary."""
        return self.bound_to or self

    @property
    def packed_id(self) -> bytes:
        """Return the id as it stands at the head of every packet."""
        return struct.pack("<Q", self.id)

    @property
    def hash(self) -> int:
        """Return the number by which clients name this login without knowing its key."""
        digest = blake2b(self.data, digest_size=8).digest()
        return int.from_bytes(digest, "little", signed=True) or 1


class Authorizations:
    """All authorization keys, by id; they outlive the server. ``now``: the world's time."""

    def __init__(self, changes: Changes, now: Callable[[], int]) -> None:
        self._commit = changes.commit
        self._now = now
        self._keys: dict[int, AuthKey] = {}
        changes.keep(
            {
                "key": self._apply_key,
                "login": self._apply_login,
                "halfway": self._apply_halfway,
                "no key": self._apply_no_key,
                "revoked": self._apply_revoked,
                "device": self._apply_device,
                "dc": self._apply_dc,
            },
            self._dump,
        )

    def find(self, key_id: int) -> AuthKey | None:
        """Return the key with this id."""
        return self._keys.get(key_id)

    def add(self, data: bytes, dc: int | None = None) -> AuthKey:
        """Keep a key that a handshake has made."""
        self._commit("key", data.hex())
        key = self._keys[key_id_of(data)]
        if dc is not None:
            self.settle(key, dc)
        return key

    def issue(self, account: Account) -> bytes:
        """Return a new key that has been logged in for a month, for clients that skip the login."""
        key = self.add(os.urandom(256), dc=account.dc)
        self._commit("login", key.id, account.id, self._now() - _MONTH)
        return key.data

    def settle(self, key: AuthKey, dc: int) -> None:
        """Remember for which data centre a key was made."""
        if key.dc != dc:
            self._commit("dc", key.id, dc)

    def introduce(self, key: AuthKey, layer: int, device: Device) -> None:
        """Remember with which layer a client speaks and what it says of itself."""
        if key.expires_at:
            key.layer, key.device = layer, device
        elif (key.layer, key.device) != (layer, device):
            self._commit("device", key.id, layer, *device)

    def log_in(self, key: AuthKey, account: Account, main: AuthKey | None = None) -> None:
        """Let an account be logged in with a key; ``main``: the login that was exported."""
        self._commit("login", key.id, account.id, self._now(), main.id if main else 0)
        if key.dc is None:
            self.settle(key, account.dc)

    def log_out(self, key: AuthKey) -> None:
        """End a login and those exported from it, at its owner's wish."""
        for ended in self._with_exported(key):
            self._commit("login", ended.id, None)

    def revoke(self, key: AuthKey) -> None:
        """End a login and those exported from it, at the wish of another device."""
        for ended in self._with_exported(key):
            self._commit("revoked", ended.id)

    def ask_password(self, key: AuthKey, account_id: int) -> None:
        """Remember that the code was right and the two-step password is to follow."""
        self._commit("halfway", key.id, account_id)

    def forget(self, key_id: int) -> None:
        """Destroy a key: whoever uses it is told -404."""
        self._commit("no key", key_id)

    def keys_of(self, account_id: int) -> list[AuthKey]:
        """Return the keys that an account is logged in with, those of exported logins too."""
        return [key for key in self._keys.values() if key.account_id == account_id]

    @property
    def halfway(self) -> int:
        """Return how many log-ins were begun and wait for their password."""
        return sum(bool(key.halfway_id) for key in self._keys.values())

    def logins_of(self, account_id: int) -> list[AuthKey]:
        """Return the logins of an account as its owner sees them."""
        return [key for key in self.keys_of(account_id) if not key.main_id]

    def _with_exported(self, key: AuthKey) -> list[AuthKey]:
        return [key, *(other for other in self._keys.values() if other.main_id == key.id)]

    def _apply_key(self, data: str) -> None:
        key = bytes.fromhex(data)
        key_id = key_id_of(key)
        self._keys[key_id] = AuthKey(key_id, key)

    def _apply_login(
        self, key_id: int, account_id: int | None, at: int = 0, main_id: int = 0
    ) -> None:
        key = self._keys[key_id]
        key.account_id, key.halfway_id, key.revoked = account_id, None, False
        key.logged_in_at = key.used_at = at
        key.main_id = main_id

    def _apply_halfway(self, key_id: int, account_id: int) -> None:
        self._keys[key_id].halfway_id = account_id

    def _apply_no_key(self, key_id: int) -> None:
        self._keys.pop(key_id, None)

    def _apply_revoked(self, key_id: int) -> None:
        key = self._keys[key_id]
        key.account_id, key.halfway_id, key.revoked = None, None, True

    def _apply_device(self, key_id: int, layer: int, *device: int | str) -> None:
        key = self._keys[key_id]
        key.layer, key.device = layer, Device._make(device)

    def _apply_dc(self, key_id: int, dc: int) -> None:
        self._keys[key_id].dc = dc

    def _dump(self) -> Iterator[Change]:
        for key in self._keys.values():
            yield "key", key.data.hex()
            if key.dc is not None:
                yield "dc", key.id, key.dc
            if key.device is not None:
                yield "device", key.id, key.layer, *key.device
            if key.account_id is not None:
                yield "login", key.id, key.account_id, key.logged_in_at, key.main_id
            if key.halfway_id is not None:
                yield "halfway", key.id, key.halfway_id
            if key.revoked:
                yield "revoked", key.id


def key_id_of(data: bytes) -> int:
    """Return the lower 64 bits of the key's SHA1, as the protocol says."""
    return int.from_bytes(sha1(data).digest()[12:20], "little")  # noqa: S324 - the protocol's own
