"""Sessions and api_hash in the operating system's own keyring."""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from typing import TYPE_CHECKING, TypeVar

from invite_desktop.domain.errors import KnownError
from invite_desktop.engine.ports.login import ApiCredentials
from invite_desktop.engine.ports.proxy import Proxy, ProxyKind
from invite_desktop.telegram.keyring_backends import (
    broken_words,
    fit_backend,
    locked_words,
    type_name,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from keyring.backend import KeyringBackend

_API_ENTRY = "api"
_PROXY_ENTRY = "proxy"

T = TypeVar("T")


class KeyringVault:
    """Implements SecretVault; one entry an account, because Windows holds 2 560 bytes in each.

    keyring is imported and called in one thread of the vault's own: a call takes 25 to 55 ms, and
    a locked keyring may ask the user.
    """

    def __init__(self, profile: str) -> None:
        self._service = f"Invite Desktop ({profile})"
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="keyring")
        self._backend: KeyringBackend | None = None

    @property
    def description(self) -> str:
        """Return the name of the keyring in use, empty before the first call."""
        return "" if self._backend is None else type_name(self._backend)

    async def prepare(self) -> None:
        """Choose the keyring. Raises KnownError when none is fit; it may be tried again."""
        await self._in_thread(lambda _keyring: None)

    async def session(self, account_id: int) -> str | None:
        """Return an account's session, None when there is none."""
        return await self._read(_session_entry(account_id))

    async def keep_session(self, account_id: int, session: str) -> None:
        """Store an account's session, replacing an older one."""
        await self._write(_session_entry(account_id), session)

    async def forget_session(self, account_id: int) -> None:
        """Delete an account's session; no error when there is none."""
        await self._delete(_session_entry(account_id))

    async def credentials(self) -> ApiCredentials | None:
        """Return the user's api_id and api_hash, None before they are entered."""
        stored = await self._read(_API_ENTRY)
        if stored is None:
            return None
        fields = json.loads(stored)
        return ApiCredentials(int(fields["api_id"]), str(fields["api_hash"]))

    async def keep_credentials(self, credentials: ApiCredentials) -> None:
        """Store the user's api_id and api_hash."""
        fields = {"api_id": credentials.api_id, "api_hash": credentials.api_hash}
        await self._write(_API_ENTRY, json.dumps(fields))

    async def proxy(self) -> Proxy | None:
        """Return the proxy for reaching Telegram, None when there is none."""
        stored = await self._read(_PROXY_ENTRY)
        if stored is None:
            return None
        fields = json.loads(stored)
        return Proxy(**{**fields, "kind": ProxyKind(fields["kind"])})

    async def keep_proxy(self, proxy: Proxy | None) -> None:
        """Store the proxy with what opens it, or delete it."""
        if proxy is None:
            await self._delete(_PROXY_ENTRY)
        else:
            await self._write(_PROXY_ENTRY, json.dumps(asdict(proxy)))

    def close(self) -> None:
        """End the thread, without waiting for a keyring that asks the user."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def _read(self, entry: str) -> str | None:
        return await self._in_thread(lambda keyring: keyring.get_password(self._service, entry))

    async def _write(self, entry: str, secret: str) -> None:
        await self._in_thread(lambda keyring: keyring.set_password(self._service, entry, secret))

    async def _delete(self, entry: str) -> None:
        def delete(keyring: KeyringBackend) -> None:
            if keyring.get_password(self._service, entry) is not None:
                keyring.delete_password(self._service, entry)

        await self._in_thread(delete)

    async def _in_thread(self, use: Callable[[KeyringBackend], T]) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, self._guarded, use)

    def _guarded(self, use: Callable[[KeyringBackend], T]) -> T:
        """Run in the thread and turn every refusal into words."""
        from keyring.errors import KeyringLocked  # noqa: PLC0415 - takes 0.2 s: not at start-up

        try:
            return use(self._chosen())
        except KnownError:
            raise
        except KeyringLocked as error:
            raise locked_words() from error
        except Exception as error:  # each back end raises errors of its own libraries
            raise broken_words(error) from error

    def _chosen(self) -> KeyringBackend:
        if self._backend is None:
            import keyring  # noqa: PLC0415 - takes 0.2 s: not at start-up

            self._backend = fit_backend(keyring.get_keyring())
        return self._backend


def _session_entry(account_id: int) -> str:
    return f"session:{account_id}"
