"""The server's side of the two-step password (core.telegram.org/api/srp)."""

from __future__ import annotations

import hmac
import os
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256

from telethon import password as client_side
from telethon.tl import types

from invite_desktop.rehearsal.faults import MethodError
from invite_desktop.rehearsal.handshake import DH_GENERATOR, DH_PRIME

_PRIME_BYTES = DH_PRIME.to_bytes(256, "big")
_GENERATOR_BYTES = DH_GENERATOR.to_bytes(256, "big")
_MULTIPLIER = int.from_bytes(sha256(_PRIME_BYTES + _GENERATOR_BYTES).digest(), "big")


@dataclass
class PasswordGuard:
    """What a server knows of one password: a verifier, and the secret of each question asked."""

    password: str
    _salts: tuple[bytes, bytes] = field(default_factory=lambda: (os.urandom(8), os.urandom(16)))
    _questions: dict[int, int] = field(default_factory=dict)

    @property
    def algorithm(self) -> types.PasswordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow:
        """Return the algorithm with this password's salts."""
        return types.PasswordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow(
            *self._salts, DH_GENERATOR, _PRIME_BYTES
        )

    def ask(self) -> tuple[int, bytes]:
        """Return the id of a new question and the server's public value B."""
        secret = int.from_bytes(os.urandom(256), "big")
        question = int.from_bytes(os.urandom(7), "little")
        self._questions[question] = secret
        return question, self._public(secret).to_bytes(256, "big")

    def check(self, answer: types.InputCheckPasswordSRP) -> None:
        """Raise MethodError unless the answer proves that the client knows the password."""
        if not isinstance(answer, types.InputCheckPasswordSRP):
            raise MethodError("PASSWORD_HASH_INVALID")
        secret = self._questions.pop(answer.srp_id, None)
        if secret is None:
            raise MethodError("SRP_ID_INVALID")
        client_public = int.from_bytes(answer.A, "big")
        if not 1 < client_public < DH_PRIME - 1 or len(answer.A) > 256:
            raise MethodError("SRP_PASSWORD_CHANGED")
        expected = self._expected_proof(secret, client_public)
        if not hmac.compare_digest(expected, answer.M1):
            raise MethodError("PASSWORD_HASH_INVALID")

    @cached_property
    def _verifier(self) -> int:
        x = int.from_bytes(client_side.compute_hash(self.algorithm, self.password), "big")
        return pow(DH_GENERATOR, x, DH_PRIME)

    def _public(self, secret: int) -> int:
        return (_MULTIPLIER * self._verifier + pow(DH_GENERATOR, secret, DH_PRIME)) % DH_PRIME

    def _expected_proof(self, secret: int, client_public: int) -> bytes:
        a = client_public.to_bytes(256, "big")
        b = self._public(secret).to_bytes(256, "big")
        u = int.from_bytes(sha256(a + b).digest(), "big")
        shared = pow(client_public * pow(self._verifier, u, DH_PRIME), secret, DH_PRIME)
        key = sha256(shared.to_bytes(256, "big")).digest()
        primes = zip(sha256(_PRIME_BYTES).digest(), sha256(_GENERATOR_BYTES).digest(), strict=True)
        parts = (
            bytes(p ^ g for p, g in primes),
            sha256(self._salts[0]).digest(),
            sha256(self._salts[1]).digest(),
            a,
            b,
            key,
        )
        return sha256(b"".join(parts)).digest()
