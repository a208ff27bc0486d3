"""A keyring in memory that can be told to refuse."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message

if TYPE_CHECKING:
    from invite_desktop.engine.ports.login import ApiCredentials
    from invite_desktop.engine.ports.proxy import Proxy


class FakeVault:
    """Implements SecretVault. ``refusal`` is raised by every method as long as it is set."""

    def __init__(self, credentials: ApiCredentials | None = None) -> None:
        self.sessions: dict[int, str] = {}
        self.stored_credentials = credentials
        self.stored_proxy: Proxy | None = None
        self.refusal: KnownError | None = None

    def lock(self) -> None:
        """Refuse everything, as a locked keyring does."""
        self.refusal = KnownError(message("The keyring is locked."), message("Unlock it."))

    def unlock(self) -> None:
        """Work again."""
        self.refusal = None

    @property
    def description(self) -> str:
        return "memory of the test"

    async def session(self, account_id: int) -> str | None:
        self._refuse_when_told()
        return self.sessions.get(account_id)

    async def keep_session(self, account_id: int, session: str) -> None:
        self._refuse_when_told()
        self.sessions[account_id] = session

    async def forget_session(self, account_id: int) -> None:
        self._refuse_when_told()
        self.sessions.pop(account_id, None)

    async def credentials(self) -> ApiCredentials | None:
        self._refuse_when_told()
        return self.stored_credentials

    async def keep_credentials(self, credentials: ApiCredentials) -> None:
        self._refuse_when_told()
        self.stored_credentials = credentials

    async def proxy(self) -> Proxy | None:
        self._refuse_when_told()
        return self.stored_proxy

    async def keep_proxy(self, proxy: Proxy | None) -> None:
        self._refuse_when_told()
        self.stored_proxy = proxy

    def _refuse_when_told(self) -> None:
        if self.refusal is not None:
            raise self.refusal
