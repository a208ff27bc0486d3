"""Where secrets live."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from invite_desktop.engine.ports.login import ApiCredentials
    from invite_desktop.engine.ports.proxy import Proxy


class SecretVault(Protocol):
    """The operating system's keyring; every method raises KnownError when it refuses.

    Nothing that passes through here is ever written anywhere else.
    """

    @property
    def description(self) -> str:
        """Return the name of the keyring in use, safe to show."""
        ...

    async def session(self, account_id: int) -> str | None:
        """Return an account's session, None when there is none."""
        ...

    async def keep_session(self, account_id: int, session: str) -> None:
        """Store an account's session, replacing an older one."""
        ...

    async def forget_session(self, account_id: int) -> None:
        """Delete an account's session; no error when there is none."""
        ...

    async def credentials(self) -> ApiCredentials | None:
        """Return the user's api_id and api_hash, None before they are entered."""
        ...

    async def keep_credentials(self, credentials: ApiCredentials) -> None:
        """Store the user's api_id and api_hash."""
        ...

    async def proxy(self) -> Proxy | None:
        """Return the proxy for reaching Telegram, None when there is none."""
        ...

    async def keep_proxy(self, proxy: Proxy | None) -> None:
        """Store the proxy with what opens it, or delete it."""
        ...
