"""How invented people answer: a seeded, documented mix in which order and time play no part.

The shares below are the one place to edit. They are estimates, not Telegram's numbers (Telegram
publishes none): privacy settings that forbid being added are common, everything else is rare.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import blake2b
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Behaviour(StrEnum):
    """What happens when somebody adds a person to a chat; each member says so by itself."""

    WILLING = "willing"
    PRIVACY = "privacy"
    PREMIUM_WOULD_ALLOW = "premium_would_allow"
    PRIVACY_ERROR = "privacy_error"
    NOT_MUTUAL_CONTACT = "not_mutual_contact"
    TOO_MANY_CHATS = "too_many_chats"
    KICKED = "kicked"
    ALREADY_MEMBER = "already_member"
    BOT = "bot"
    DELETED = "deleted"
    SILENT_NO_ADD = "silent_no_add"
    ADD_FAILED = "add_failed"
    ABSENT = "absent"
    BLOCKED = "blocked"


class Reception(StrEnum):
    """What happens when a stranger writes to a person."""

    FREE = "free"
    PREMIUM_REQUIRED = "premium_required"
    PAID = "paid"
    BLOCKS_SENDER = "blocks_sender"


_INVITES: Mapping[Behaviour, float] = {
    Behaviour.WILLING: 0.47,
    Behaviour.PRIVACY: 0.22,
    Behaviour.PREMIUM_WOULD_ALLOW: 0.05,
    Behaviour.PRIVACY_ERROR: 0.02,
    Behaviour.NOT_MUTUAL_CONTACT: 0.03,
    Behaviour.TOO_MANY_CHATS: 0.03,
    Behaviour.KICKED: 0.01,
    Behaviour.ALREADY_MEMBER: 0.04,
    Behaviour.BOT: 0.01,
    Behaviour.DELETED: 0.02,
    Behaviour.SILENT_NO_ADD: 0.02,
    Behaviour.ADD_FAILED: 0.01,
    Behaviour.ABSENT: 0.06,
    Behaviour.BLOCKED: 0.01,
}

_MESSAGES: Mapping[Reception, float] = {
    Reception.FREE: 0.80,
    Reception.PREMIUM_REQUIRED: 0.11,
    Reception.PAID: 0.04,
    Reception.BLOCKS_SENDER: 0.05,
}


@dataclass(frozen=True, slots=True)
class Mix:
    """The shares of the people; those of one table add up to 1.

    ``found_by_phone``: share of those on Telegram that a look-up by phone finds. ``flood_share``:
    share of the people about whom the first contacting call answers a flood wait, of seconds
    between the two of ``flood_seconds``.
    """

    invites: Mapping[Behaviour, float] = field(default_factory=lambda: dict(_INVITES))
    messages: Mapping[Reception, float] = field(default_factory=lambda: dict(_MESSAGES))
    found_by_phone: float = 0.35
    flood_share: float = 0.02
    flood_seconds: tuple[int, int] = (30, 900)


CALM = Mix(
    invites={Behaviour.WILLING: 1.0},
    messages={Reception.FREE: 1.0},
    found_by_phone=1.0,
    flood_share=0.0,
)
"""Everybody is willing and nothing happens: for tests that script what they need."""


@dataclass(frozen=True, slots=True)
class Conduct:
    """How one person answers. ``stars`` is the price of a message, for PAID people.

    ``flood_seconds`` above 0: the first contacting call about her answers this flood wait.
    """

    behaviour: Behaviour = Behaviour.WILLING
    reception: Reception = Reception.FREE
    found_by_phone: bool = True
    stars: int = 0
    flood_seconds: int = 0


_FIRST_NAMES = (
    "Анна", "Мария", "Елена", "Ольга", "Наталья", "Ирина", "Светлана", "Дарья", "Алина", "Вера",
    "Александр", "Дмитрий", "Сергей", "Андрей", "Михаил", "Иван", "Павел", "Роман", "Олег", "Юрий",
)  # fmt: skip
_FIRST_INVENTED_ID = 5_000_000_000
_ID_BITS = 45
"""Invented ids stay far from those of the accounts and below 2**52, as Telegram promises."""


class Population:
    """The seeded answers of a world's people; a pure function of seed and key."""

    def __init__(self, seed: int = 1, mix: Mix | None = None) -> None:
        self.seed = seed
        self.mix = mix or Mix()
        self._salt = seed.to_bytes(16, "little", signed=True)
        self._behaviours = tuple(self.mix.invites)
        self._behaviour_bounds = _bounds(self.mix.invites.values())
        self._receptions = tuple(self.mix.messages)
        self._reception_bounds = _bounds(self.mix.messages.values())

    def behaviour(self, key: str) -> Behaviour:
        """Return how the person with this canonical key answers to being added."""
        if key.startswith("username:") and key.endswith("bot"):
            return Behaviour.BOT  # Telegram keeps such names for bots
        return self._pick(self._dice(key), 0)

    def conduct(self, key: str) -> Conduct:
        """Return everything about the person with this canonical key."""
        dice = self._dice(key)
        reception = self._receptions[
            bisect_right(self._reception_bounds, _share(dice, 1), hi=len(self._receptions) - 1)
        ]
        low, high = self.mix.flood_seconds
        floods = _share(dice, 3) < self.mix.flood_share
        return Conduct(
            behaviour=self.behaviour(key),
            reception=reception,
            found_by_phone=_share(dice, 2) < self.mix.found_by_phone,
            stars=1 + int(_share(dice, 5) * 50) if reception is Reception.PAID else 0,
            flood_seconds=low + int(_share(dice, 4) * (high - low + 1)) if floods else 0,
        )

    def first_name(self, key: str) -> str:
        """Return a first name for somebody of whom the list says none."""
        return _FIRST_NAMES[int(_share(self._dice(key), 6) * len(_FIRST_NAMES))]

    def _pick(self, dice: bytes, index: int) -> Behaviour:
        last = len(self._behaviours) - 1
        return self._behaviours[bisect_right(self._behaviour_bounds, _share(dice, index), hi=last)]

    def _dice(self, key: str) -> bytes:
        return blake2b(key.encode(), digest_size=32, key=self._salt).digest()


def invented_id(key: str) -> int:
    """Return the Telegram id of somebody whose list does not say it."""
    digest = blake2b(key.encode(), digest_size=8, person=b"id").digest()
    return _FIRST_INVENTED_ID + (int.from_bytes(digest, "little") >> (64 - _ID_BITS))


def _bounds(shares: Iterable[float]) -> list[float]:
    bounds = list(accumulate(shares))
    if abs(bounds[-1] - 1) > 1e-6:
        raise ValueError(f"the shares add up to {bounds[-1]}, not to 1")
    return bounds


def _share(dice: bytes, index: int) -> float:
    """Return one of eight independent numbers from 0 to below 1."""
    return int.from_bytes(dice[index * 4 : index * 4 + 4], "little") / 2**32
