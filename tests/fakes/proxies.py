"""A way to Telegram that works or does not, as a test likes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from invite_desktop.domain.errors import KnownError
    from invite_desktop.engine.ports.proxy import Proxy
    from invite_desktop.engine.ports.secrets import SecretVault


class FakeProxies:
    """Implements ProxyGateway. ``refusal`` is what trying a proxy out ends with, if set."""

    def __init__(self, vault: SecretVault) -> None:
        self.vault = vault
        self.tried: list[Proxy | None] = []
        self.refusal: KnownError | None = None

    async def current(self) -> Proxy | None:
        return await self.vault.proxy()

    async def use(self, proxy: Proxy | None) -> None:
        await self.vault.keep_proxy(proxy)

    async def try_out(self, proxy: Proxy | None) -> float:
        self.tried.append(proxy)
        if self.refusal is not None:
            raise self.refusal
        return 0.3
