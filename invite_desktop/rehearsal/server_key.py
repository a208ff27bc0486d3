"""The server's RSA key, by which clients know that they talk to it."""

from __future__ import annotations

import math
import os
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

import rsa
from telethon.crypto import rsa as telegram_rsa

if TYPE_CHECKING:
    from pathlib import Path

_PRIVATE, _PUBLIC = "server_private_key.pem", "server_key.pem"
_BITS = 2048
_EXPONENT = 65537
_ROUNDS = 16


@dataclass(frozen=True, slots=True)
class ServerKey:
    """A private key with the file that holds its public half (PEM, PKCS1)."""

    private: rsa.PrivateKey
    public_path: Path

    @classmethod
    def at(cls, directory: Path) -> ServerKey:
        """Return the key kept in a directory, made there when there is none."""
        private_path, public_path = directory / _PRIVATE, directory / _PUBLIC
        if private_path.exists():
            private = rsa.PrivateKey.load_pkcs1(private_path.read_bytes())
        else:
            private = _new_key()
            handle = os.open(private_path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(private.save_pkcs1())
        key = cls(private, public_path)
        public_path.write_text(key.public_pem, encoding="ascii")
        return key

    @property
    def public_pem(self) -> str:
        """Return the public half as PEM (PKCS1)."""
        pem: str = self._public.save_pkcs1().decode("ascii")
        return pem

    @property
    def fingerprint(self) -> int:
        """Return the lower 64 bits of the SHA1 of the public half."""
        number: int = telegram_rsa._compute_fingerprint(self._public)  # noqa: SLF001 - no public name
        return number

    @property
    def _public(self) -> rsa.PublicKey:
        return rsa.PublicKey(self.private.n, self.private.e)


def _new_key() -> rsa.PrivateKey:
    """Return a new key; the rsa package takes ten times as long over its primes."""
    p, q = _new_prime(_BITS // 2), _new_prime(_BITS // 2)
    n = p * q
    d = pow(_EXPONENT, -1, (p - 1) * (q - 1))
    return rsa.PrivateKey(n, _EXPONENT, d, p, q)


def _new_prime(bits: int) -> int:
    """Return a random prime whose two highest bits are set, fit for the exponent."""
    small = math.prod(p for p in range(3, 2000, 2) if all(p % d for d in range(3, 45, 2) if d < p))
    while True:
        number = secrets.randbits(bits) | 3 << (bits - 2) | 1
        if math.gcd(number, small) == 1 and number % _EXPONENT != 1 and _is_prime(number):
            return number


def _is_prime(number: int) -> bool:
    """Return whether a number is prime, by Miller and Rabin."""
    twos = ((number - 1) & (1 - number)).bit_length() - 1
    odd = (number - 1) >> twos
    return all(
        _passes(number, secrets.randbelow(number - 3) + 2, odd, twos) for _ in range(_ROUNDS)
    )


def _passes(number: int, witness: int, odd: int, twos: int) -> bool:
    power = pow(witness, odd, number)
    if power in {1, number - 1}:
        return True
    for _ in range(twos - 1):
        power = pow(power, 2, number)
        if power == number - 1:
            return True
    return False
