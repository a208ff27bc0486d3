"""Looking for secrets in everything that a program wrote, in any form it may have written them."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Secret:
    """Something that must be nowhere; ``name`` is what a failed test may say of it."""

    name: str
    data: bytes = field(repr=False)

    @classmethod
    def text(cls, name: str, words: str) -> Secret:
        return cls(name, words.encode())

    def pieces(self, length: int = 32) -> list[Secret]:
        """Parts of a long secret: one of them written down is already too much."""
        places = range(0, len(self.data) - length + 1, length)
        return [Secret(f"{self.name}[{at}:]", self.data[at : at + length]) for at in places]

    def forms(self) -> dict[str, bytes]:
        """Every form in which it would still be the secret."""
        forms = {"raw": self.data, "hex": self.data.hex().encode()}
        forms["HEX"] = forms["hex"].upper()
        for shift in range(3):
            # In the middle of something longer it is encoded together with what stands before it.
            encoded = base64.b64encode(bytes(shift) + self.data)
            inside = encoded[4 if shift else 0 :].rstrip(b"=")[:-1]
            forms[f"base64+{shift}"] = inside
            forms[f"urlsafe+{shift}"] = inside.translate(bytes.maketrans(b"+/", b"-_"))
        try:
            words = self.data.decode()
        except UnicodeDecodeError:
            return forms
        forms["utf-16"] = words.encode("utf-16-le")
        forms["url"] = quote(words).encode()
        forms["escaped"] = words.encode("unicode_escape")
        return forms


@dataclass(frozen=True)
class Leak:
    """Where a secret was found."""

    place: str
    secret: str
    form: str


def leaks_in(place: str, content: bytes, secrets: list[Secret]) -> list[Leak]:
    """Every secret that stands in some bytes."""
    return [
        Leak(place, secret.name, form)
        for secret in secrets
        for form, looks in secret.forms().items()
        if looks in content
    ]


def leaks_under(folder: Path, secrets: list[Secret]) -> list[Leak]:
    """Every secret in the names and contents of all files of a folder."""
    found = leaks_in("names", "\n".join(map(str, folder.rglob("*"))).encode(), secrets)
    for path in files_under(folder):
        found += leaks_in(str(path.relative_to(folder)), path.read_bytes(), secrets)
    return found


def files_under(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
