"""A vault that is chosen at the first question: asking a keyring takes longer than a window."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from invite_desktop.engine.ports.login import ApiCredentials
    from invite_desktop.engine.ports.proxy import Proxy
    from invite_desktop.engine.ports.secrets import SecretVault


class LateVault:
    """Implements SecretVault by the one that ``choose`` returns; it is asked once."""

    def __init__(self, choose: Callable[[], Awaitable[SecretVault]]) -> None:
        self._choose = choose
        self._one_at_a_time = asyncio.Lock()
        self._chosen: SecretVault | None = None

    @property
    def description(self) -> str:
        """Return the name of the vault in use, empty before it is chosen."""
        return "" if self._chosen is None else self._chosen.description

    async def session(self, account_id: int) -> str | None:
        """Return an account's session, None when there is none."""
        return await (await self._vault()).session(account_id)

    async def keep_session(self, account_id: int, session: str) -> None:
        """Store an account's session, replacing an older one."""
        await (await self._vault()).keep_session(account_id, session)

    async def forget_session(self, account_id: int) -> None:
        """Delete an account's session; no error when there is none."""
        await (await self._vault()).forget_session(account_id)

    async def credentials(self) -> ApiCredentials | None:
        """Return the user's api_id and api_hash, None before they are entered."""
        return await (await self._vault()).credentials()

    async def keep_credentials(self, credentials: ApiCredentials) -> None:
        """Store the user's api_id and api_hash."""
        await (await self._vault()).keep_credentials(credentials)

    async def proxy(self) -> Proxy | None:
        """Return the proxy for reaching Telegram, None when there is none."""
        return await (await self._vault()).proxy()

    async def keep_proxy(self, proxy: Proxy | None) -> None:
        """Store the proxy with what opens it, or delete it."""
        await (await self._vault()).keep_proxy(proxy)

    async def _vault(self) -> SecretVault:
        async with self._one_at_a_time:
            if self._chosen is None:
                self._chosen = await self._choose()
            return self._chosen
