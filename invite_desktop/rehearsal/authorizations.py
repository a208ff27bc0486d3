"""Authorization keys and who is logged in with them."""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass
from hashlib import sha1
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from invite_desktop.rehearsal.changes import Change, Changes
    from invite_desktop.rehearsal.people import Account


@dataclass(slots=True, eq=False)
class AuthKey:
    """One authorization key of 256 bytes.

    ``account_id`` is who is logged in, ``halfway_id`` who has given a code but no password yet.
    """

    id: int
    data: bytes
    account_id: int | None = None
    halfway_id: int | None = None
    first_salt: int = 0

    @property
    def packed_id(self) -> bytes:
        """Return the id as it stands at the head of every packet."""
        return struct.pack("<Q", self.id)


class Authorizations:
    """All authorization keys, by id; they outlive the server."""

    def __init__(self, changes: Changes) -> None:
        self._commit = changes.commit
        self._keys: dict[int, AuthKey] = {}
        changes.keep(
            {
                "key": self._apply_key,
                "login": self._apply_login,
                "halfway": self._apply_halfway,
                "no key": self._apply_no_key,
            },
            self._dump,
        )

    def find(self, key_id: int) -> AuthKey | None:
        """Return the key with this id."""
        return self._keys.get(key_id)

    def add(self, data: bytes, first_salt: int = 0) -> AuthKey:
        """Keep a key that a handshake has made."""
        self._commit("key", data.hex())
        key = self._keys[_key_id(data)]
        key.first_salt = first_salt
        return key

    def issue(self, account: Account) -> bytes:
        """Return a new key that is logged in already, for clients that skip the login."""
        key = self.add(os.urandom(256))
        self.log_in(key, account.id)
        return key.data

    def log_in(self, key: AuthKey, account_id: int | None) -> None:
        """Let an account be logged in with a key; None logs out."""
        self._commit("login", key.id, account_id)

    def ask_password(self, key: AuthKey, account_id: int) -> None:
        """Remember that the code was right and the two-step password is to follow."""
        self._commit("halfway", key.id, account_id)

    def forget(self, key_id: int) -> None:
        """Destroy a key: whoever uses it is told -404."""
        self._commit("no key", key_id)

    def keys_of(self, account_id: int) -> list[AuthKey]:
        """Return the keys that an account is logged in with."""
        return [key for key in self._keys.values() if key.account_id == account_id]

    def _apply_key(self, data: str) -> None:
        key = bytes.fromhex(data)
        key_id = _key_id(key)
        self._keys[key_id] = AuthKey(key_id, key)

    def _apply_login(self, key_id: int, account_id: int | None) -> None:
        key = self._keys[key_id]
        key.account_id, key.halfway_id = account_id, None

    def _apply_halfway(self, key_id: int, account_id: int) -> None:
        self._keys[key_id].halfway_id = account_id

    def _apply_no_key(self, key_id: int) -> None:
        self._keys.pop(key_id, None)

    def _dump(self) -> Iterator[Change]:
        for key in self._keys.values():
            yield "key", key.data.hex()
            if key.account_id is not None:
                yield "login", key.id, key.account_id
            if key.halfway_id is not None:
                yield "halfway", key.id, key.halfway_id


def _key_id(data: bytes) -> int:
    """Return the lower 64 bits of the key's SHA1, as the protocol says."""
    return int.from_bytes(sha1(data).digest()[12:20], "little")  # noqa: S324 - the protocol's own
