"""Refusals in Telegram's own words, and violations that end a connection."""

from __future__ import annotations

import re
from functools import lru_cache

_CODES: tuple[tuple[re.Pattern[str], int], ...] = tuple(
    (re.compile(pattern), code)
    for pattern, code in (
        (r"FLOOD_WAIT_|FLOOD_PREMIUM_WAIT_|FLOOD_TEST_PHONE_WAIT_|SLOWMODE_WAIT_", 420),
        (r"FROZEN_METHOD_INVALID", 420),
        (r"AUTH_KEY_(UNREGISTERED|INVALID|PERM_EMPTY)|SESSION_|USER_DEACTIVATED", 401),
        (r"AUTH_KEY_DUPLICATED|CHANNEL_PRIVATE|INVITE_HASH_EXPIRED", 406),
        (r"PHONE_NUMBER_INVALID|PHONE_PASSWORD_FLOOD|SEND_CODE_UNAVAILABLE", 406),
        (r"ALLOW_PAYMENT_REQUIRED$", 406),
        (r"FRESH_RESET_AUTHORISATION_FORBIDDEN|UPDATE_APP_TO_LOGIN", 406),
        (r"PHONE_NUMBER_APP_SIGNUP_FORBIDDEN", 400),
        (r"MESSAGE_AUTHOR_REQUIRED", 403),
        (r"USER_PRIVACY_|USER_NOT_MUTUAL_|USER_CHANNELS_TOO_|CHAT_WRITE_|CHAT_ADMIN_", 403),
        (r"PRIVACY_PREMIUM_REQUIRED|ALLOW_PAYMENT_REQUIRED|RIGHT_FORBIDDEN|\w+_FORBIDDEN", 403),
        (r"\w+_MIGRATE_\d", 303),
        (r"RANDOM_ID_DUPLICATE|RPC_|INTERNAL|WORKER_|TIMEOUT", 500),
    )
)
"""Codes by the documents of the methods (core.telegram.org/api/errors); all others are 400.

PRIVACY_PREMIUM_REQUIRED is 403 in those of messages.sendMessage; the list of all errors has had it
under 406 as well. ALLOW_PAYMENT_REQUIRED is 403 with its price, 406 without (see reception).
"""


class MethodError(Exception):
    """A refusal that goes out as rpc_error: Telegram's name of the error and its code."""

    def __init__(self, name: str, code: int | None = None) -> None:
        super().__init__(name)
        self.name = name
        self.code = code if code is not None else _code_of(name)


class ProtocolError(Exception):
    """What no client of MTProto sends; the connection ends, the server goes on."""


@lru_cache(maxsize=1024)
def _code_of(name: str) -> int:
    return next((code for pattern, code in _CODES if pattern.match(name)), 400)
