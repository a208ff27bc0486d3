"""The two-step passwords of all accounts, and their changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invite_desktop.rehearsal.faults import MethodError
from invite_desktop.rehearsal.handshake import DH_PRIME
from invite_desktop.rehearsal.srp import ALGORITHM, PasswordGuard, algorithm, new_salts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from telethon.tl import types
    from telethon.tl.tlobject import TLObject

    from invite_desktop.rehearsal.changes import Change, Changes
    from invite_desktop.rehearsal.people import Account


class Passwords:
    """Who guards each account: its scenery's password, or what it was changed to later."""

    def __init__(self, changes: Changes) -> None:
        self._commit = changes.commit
        self._built: dict[int, tuple[str, PasswordGuard]] = {}
        self._changed: dict[int, PasswordGuard | None] = {}
        self._outdated: dict[int, PasswordGuard] = {}
        self._offered: dict[int, tuple[bytes, bytes]] = {}
        changes.keep({"password": self._apply_password}, self._dump)

    def guard_of(self, account: Account) -> PasswordGuard | None:
        """Return what checks an account's password, None when it has none."""
        if account.id in self._changed:
            return self._changed[account.id]
        if account.password is None:
            return None
        words, guard = self._built.get(account.id, ("", None))
        if guard is None or words != account.password:
            guard = PasswordGuard.of_words(account.password, account.hint)
            self._built[account.id] = account.password, guard
        return guard

    def check(self, account: Account, answer: types.InputCheckPasswordSRP) -> None:
        """Raise MethodError unless the answer proves that the client knows the password."""
        guard = self.guard_of(account)
        if guard is None:
            raise MethodError("PASSWORD_HASH_INVALID")
        outdated = self._outdated.get(account.id)
        if outdated is not None and outdated.has_asked(getattr(answer, "srp_id", 0)):
            raise MethodError("SRP_PASSWORD_CHANGED")
        guard.check(answer)

    def offer(self, account: Account) -> TLObject:
        """Return the algorithm for the account's next password."""
        return algorithm(self._offered.setdefault(account.id, new_salts()))

    def change(self, account: Account, settings: TLObject) -> None:
        """Give an account the password of a passwordInputSettings; an empty one takes it away.

        Raises MethodError for what the server did not offer.
        """
        verifier = settings.new_password_hash or b""
        if not verifier:
            self._keep(account, "", "", "", "")
            return
        asked = settings.new_algo
        offered = self._offered.get(account.id, (b"", b""))
        if not isinstance(asked, ALGORITHM) or not _is_lengthened(asked, offered):
            raise MethodError("NEW_SALT_INVALID")
        if len(verifier) != 256 or not 1 < int.from_bytes(verifier, "big") < DH_PRIME - 1:
            raise MethodError("NEW_SETTINGS_INVALID")
        salts = asked.salt1.hex(), asked.salt2.hex()
        self._keep(account, *salts, verifier.hex(), settings.hint or "")

    def _keep(self, account: Account, *values: str) -> None:
        guard = self.guard_of(account)
        if guard is not None:
            self._outdated[account.id] = guard
        self._offered.pop(account.id, None)
        self._commit("password", account.id, *values)

    def _apply_password(
        self, account_id: int, salt1: str, salt2: str, verifier: str, hint: str
    ) -> None:
        self._changed[account_id] = None
        if verifier:
            salts = bytes.fromhex(salt1), bytes.fromhex(salt2)
            self._changed[account_id] = PasswordGuard(salts, int(verifier, 16), hint)

    def _dump(self) -> Iterator[Change]:
        for account_id, guard in self._changed.items():
            if guard is None:
                yield "password", account_id, "", "", "", ""
            else:
                salts = (salt.hex() for salt in guard.salts)
                yield "password", account_id, *salts, f"{guard.verifier:0512x}", guard.hint


def _is_lengthened(asked: TLObject, offered: tuple[bytes, bytes]) -> bool:
    """Return whether salts are the offered ones, the first made longer by the client."""
    first, second = offered
    if not first or asked.salt2 != second or not asked.salt1.startswith(first):
        return False
    usual = algorithm(offered)
    return len(asked.salt1) > len(first) and (asked.g, asked.p) == (usual.g, usual.p)
