"""Tokens of logging in by QR code (core.telegram.org/api/qr-login)."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from invite_desktop.rehearsal.faults import MethodError

if TYPE_CHECKING:
    from invite_desktop.rehearsal.authorizations import AuthKey

_LENGTH = 32


@dataclass(slots=True, eq=False)
class LoginToken:
    """One token: the key that waits with it, who is not to accept it, and who has accepted it.

    ``expires_at`` is real unix time: a person scans the code.
    """

    data: bytes
    key: AuthKey
    expires_at: float
    except_ids: frozenset[int]
    account_id: int | None = None


class LoginTokens:
    """The tokens of this run of the server; waiting clients ask for new ones by themselves."""

    LIFETIME = 30.0
    """Seconds."""

    def __init__(self) -> None:
        self._tokens: dict[bytes, LoginToken] = {}

    def issue(self, key: AuthKey, except_ids: list[int]) -> LoginToken:
        """Return a new token for a client that waits with a key."""
        self._drop_old()
        expires_at = time.time() + self.LIFETIME
        token = LoginToken(os.urandom(_LENGTH), key, expires_at, frozenset(except_ids))
        self._tokens[token.data] = token
        return token

    def accept(self, data: bytes, account_id: int) -> LoginToken:
        """Let an account accept a token. Raises MethodError for a token that is not to be had."""
        token = self.find(data)
        if token.account_id is not None:
            raise MethodError("AUTH_TOKEN_ALREADY_ACCEPTED")
        if account_id in token.except_ids:
            raise MethodError("AUTH_TOKEN_EXCEPTION")
        token.account_id = account_id
        return token

    def accepted_by(self, key: AuthKey) -> LoginToken | None:
        """Return the token of a waiting key that somebody has accepted."""
        self._drop_old()
        return next(
            (
                token
                for token in self._tokens.values()
                if token.key is key and token.account_id is not None
            ),
            None,
        )

    def find(self, data: bytes) -> LoginToken:
        """Return a token. Raises MethodError for one that is unknown or too old."""
        token = self._tokens.get(data)
        if token is None:
            raise MethodError("AUTH_TOKEN_INVALIDX")
        if token.expires_at < time.time():
            raise MethodError("AUTH_TOKEN_EXPIRED")
        return token

    def forget(self, token: LoginToken) -> None:
        """Let a token that was used not be used again."""
        self._tokens.pop(token.data, None)

    def expire(self) -> None:
        """Let every token be too old."""
        for token in self._tokens.values():
            token.expires_at = 0.0

    def _drop_old(self) -> None:
        """Forget what has been too old for so long that nobody asks for it any more."""
        limit = time.time() - 60 * self.LIFETIME
        self._tokens = {
            data: token for data, token in self._tokens.items() if token.expires_at > limit
        }
