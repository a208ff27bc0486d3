"""Logging in as the engine sees it: one step after another, refusals as errors in words."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from invite_desktop.domain.errors import KnownError

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from invite_desktop.domain.accounts import Profile
    from invite_desktop.domain.messages import Message


@dataclass(frozen=True, slots=True)
class ApiCredentials:
    """The user's own api_id and api_hash from my.telegram.org."""

    api_id: int
    api_hash: str = field(repr=False)


class RefusalKind(StrEnum):
    """What a refusal of a log-in concerns, and so where the log-in goes on."""

    CREDENTIALS = "credentials"
    PHONE = "phone"
    CODE = "code"
    CODE_EXPIRED = "code_expired"
    PASSWORD = "password"  # noqa: S105 - the name of a matter, not a secret
    WAIT = "wait"
    BEGIN_AGAIN = "begin_again"
    NETWORK = "network"
    OTHER = "other"


class LoginRefusedError(KnownError):
    """Telegram's no to a step of a log-in. ``until``: the end of the pause it wants, UTC."""

    def __init__(
        self,
        explanation: Message,
        next_step: Message,
        kind: RefusalKind,
        until: datetime | None = None,
    ) -> None:
        super().__init__(explanation, next_step)
        self.kind = kind
        self.until = until


@dataclass(frozen=True, slots=True)
class CodeSent:
    """Where Telegram sent the login code, in words ("to your Telegram app").

    ``digits`` is the length of the code, 0 when it is no number or the length is not known;
    ``is_word``: letters belong to it. ``next_way`` is how the code comes when it is asked for
    again, None when there is no other way; that is allowed after ``resend_after`` real seconds.
    """

    phone: str
    where: Message
    digits: int = 0
    next_way: Message | None = None
    resend_after: float = 0.0
    is_word: bool = False


@dataclass(frozen=True, slots=True)
class QrCode:
    """A login token to be shown as a QR code, good for ``lifetime`` real seconds."""

    url: str = field(repr=False)
    lifetime: float


class LoginStep(StrEnum):
    """What a running log-in needs next."""

    PASSWORD = "password"  # noqa: S105 - the name of a step, not a secret
    DONE = "done"


class Login(Protocol):
    """One log-in under way; every refusal is a LoginRefusedError and may be tried again."""

    async def send_code(self, phone: str) -> CodeSent:
        """Ask Telegram to send the code; ``phone`` in E.164."""
        ...

    async def resend_code(self) -> CodeSent:
        """Ask for the code in the next way (auth.resendCode)."""
        ...

    async def submit_code(self, code: str) -> LoginStep:
        """Give the code; PASSWORD when two-step verification is on."""
        ...

    async def qr_code(self, except_ids: Collection[int] = ()) -> QrCode:
        """Return a new token to scan; the accounts of ``except_ids`` cannot accept it."""
        ...

    async def scanned(self, patience: float) -> LoginStep | None:
        """Wait so many real seconds for somebody to accept a token, None when nobody did."""
        ...

    async def password_hint(self) -> str:
        """Return the owner's own hint at her two-step password, empty without one."""
        ...

    async def submit_password(self, password: str) -> LoginStep:
        """Give the two-step password."""
        ...

    async def profile(self) -> Profile:
        """Return who has logged in, once a step answered DONE."""
        ...

    async def keep(self, account_id: int) -> None:
        """Put the session into the keyring as this account's, and disconnect."""
        ...

    async def abandon(self) -> None:
        """Leave without a trace: log out if logged in, let code and key be void, disconnect."""
        ...


class LoginGateway(Protocol):
    """The door to Telegram for accounts that are not logged in yet."""

    async def check(self, credentials: ApiCredentials) -> None:
        """Ask Telegram whether it knows an api_id and api_hash; nobody is logged in by that.

        Raises LoginRefusedError, of the kind NETWORK when nobody could be asked.
        """
        ...

    async def begin(self, credentials: ApiCredentials) -> Login:
        """Connect for a log-in. Raises LoginRefusedError without network."""
        ...
