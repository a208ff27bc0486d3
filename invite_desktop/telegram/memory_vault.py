"""A keyring that forgets everything when the program ends: for throw-away rehearsals."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from invite_desktop.engine.ports.login import ApiCredentials
    from invite_desktop.engine.ports.proxy import Proxy


class MemoryVault:
    """Implements SecretVault in memory; the log-ins it holds lead to a rehearsal server only."""

    def __init__(self, credentials: ApiCredentials | None = None) -> None:
        self._sessions: dict[int, str] = {}
        self._credentials = credentials
        self._proxy: Proxy | None = None

    @property
    def description(self) -> str:
        """Return the name of this kind of vault."""
        return "memory"

    async def session(self, account_id: int) -> str | None:
        """Return an account's session, None when there is none."""
        return self._sessions.get(account_id)

    async def keep_session(self, account_id: int, session: str) -> None:
        """Hold an account's session, replacing an older one."""
        self._sessions[account_id] = session

    async def forget_session(self, account_id: int) -> None:
        """Drop an account's session."""
        self._sessions.pop(account_id, None)

    async def credentials(self) -> ApiCredentials | None:
        """Return the api_id and api_hash, None before they are given."""
        return self._credentials

    async def keep_credentials(self, credentials: ApiCredentials) -> None:
        """Hold the api_id and api_hash."""
        self._credentials = credentials

    async def proxy(self) -> Proxy | None:
        """Return the proxy for reaching Telegram, None when there is none."""
        return self._proxy

    async def keep_proxy(self, proxy: Proxy | None) -> None:
        """Hold the proxy, or drop it."""
        self._proxy = proxy
