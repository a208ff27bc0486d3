"""The server's side of the two-step password (core.telegram.org/api/srp)."""

from __future__ import annotations

import hmac
import os
from collections import OrderedDict
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING

from telethon import password as client_side
from telethon.tl import types

from invite_desktop.rehearsal.faults import MethodError
from invite_desktop.rehearsal.handshake import DH_GENERATOR, DH_PRIME

if TYPE_CHECKING:
    from telethon.tl.tlobject import TLObject

_PRIME_BYTES = DH_PRIME.to_bytes(256, "big")
_GENERATOR_BYTES = DH_GENERATOR.to_bytes(256, "big")
_MULTIPLIER = int.from_bytes(sha256(_PRIME_BYTES + _GENERATOR_BYTES).digest(), "big")
_OPEN_QUESTIONS = 16

ALGORITHM = types.PasswordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow
"""The one algorithm there is."""


def algorithm(salts: tuple[bytes, bytes]) -> TLObject:
    """Return the algorithm with a password's salts."""
    return ALGORITHM(*salts, DH_GENERATOR, _PRIME_BYTES)


def new_salts() -> tuple[bytes, bytes]:
    """Return the salts that a server offers for a new password; clients lengthen the first."""
    return os.urandom(8), os.urandom(16)


@dataclass(eq=False)
class PasswordGuard:
    """What a server knows of one password: a verifier, and the secret of each question asked."""

    salts: tuple[bytes, bytes]
    verifier: int
    hint: str = ""
    _questions: OrderedDict[int, int] = field(default_factory=OrderedDict)

    @classmethod
    def of_words(cls, password: str, hint: str = "") -> PasswordGuard:
        """Return the guard of a password in clear text; that takes a tenth of a second."""
        salts = new_salts()
        x = int.from_bytes(client_side.compute_hash(algorithm(salts), password), "big")
        return cls(salts, pow(DH_GENERATOR, x, DH_PRIME), hint)

    def ask(self) -> tuple[int, bytes]:
        """Return the id of a new question and the server's public value B."""
        secret = int.from_bytes(os.urandom(256), "big")
        question = int.from_bytes(os.urandom(7), "little")
        self._questions[question] = secret
        if len(self._questions) > _OPEN_QUESTIONS:
            self._questions.popitem(last=False)
        return question, self._public(secret).to_bytes(256, "big")

    def has_asked(self, question: int) -> bool:
        """Return whether a question is open."""
        return question in self._questions

    def check(self, answer: types.InputCheckPasswordSRP) -> None:
        """Raise MethodError unless the answer proves that the client knows the password."""
        if not isinstance(answer, types.InputCheckPasswordSRP):
            raise MethodError("PASSWORD_HASH_INVALID")
        secret = self._questions.pop(answer.srp_id, None)
        if secret is None:
            raise MethodError("SRP_ID_INVALID")
        client_public = int.from_bytes(answer.A, "big")
        if not 1 < client_public < DH_PRIME - 1 or len(answer.A) > 256:
            raise MethodError("PASSWORD_HASH_INVALID")
        expected = self._expected_proof(secret, client_public)
        if not hmac.compare_digest(expected, answer.M1):
            raise MethodError("PASSWORD_HASH_INVALID")

    def _public(self, secret: int) -> int:
        return (_MULTIPLIER * self.verifier + pow(DH_GENERATOR, secret, DH_PRIME)) % DH_PRIME

    def _expected_proof(self, secret: int, client_public: int) -> bytes:
        a = client_public.to_bytes(256, "big")
        b = self._public(secret).to_bytes(256, "big")
        u = int.from_bytes(sha256(a + b).digest(), "big")
        shared = pow(client_public * pow(self.verifier, u, DH_PRIME), secret, DH_PRIME)
        key = sha256(shared.to_bytes(256, "big")).digest()
        primes = zip(sha256(_PRIME_BYTES).digest(), sha256(_GENERATOR_BYTES).digest(), strict=True)
        parts = (
            bytes(p ^ g for p, g in primes),
            sha256(self.salts[0]).digest(),
            sha256(self.salts[1]).digest(),
            a,
            b,
            key,
        )
        return sha256(b"".join(parts)).digest()
