"""How invented people answer: a seeded mix in which order and time play no part.

The shares stand in scenario files; resources/rehearsal/default_scenario.toml says what each of them
is and where it comes from.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from hashlib import blake2b
from itertools import accumulate
from typing import TYPE_CHECKING

from invite_desktop.rehearsal.habits import QUIET, Habits, Reaction, departure, reaction

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from invite_desktop.rehearsal.limit_rules import LimitRules


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


@dataclass(frozen=True, slots=True)
class Mix:
    """The shares of the people; those of one table add up to 1.

    ``found_by_phone``: share of those on Telegram that a look-up by phone finds. ``flood_share``:
    share of the people about whom the first contacting call answers a flood wait, of seconds
    between the two of ``flood_seconds``. ``complaints``: share of those who report a stranger.
    ``limits``: those of the accounts, None: there are none. ``habits``: what people do of
    themselves.
    """

    invites: Mapping[Behaviour, float]
    messages: Mapping[Reception, float]
    found_by_phone: float = 1.0
    flood_share: float = 0.0
    flood_seconds: tuple[int, int] = (30, 900)
    complaints: float = 0.0
    limits: LimitRules | None = None
    habits: Habits = QUIET


CALM = Mix(invites={Behaviour.WILLING: 1.0}, messages={Reception.FREE: 1.0})
"""Everybody is willing and nothing happens: for tests that script what they need."""


@dataclass(frozen=True, slots=True)
class Conduct:
    """How one person answers. ``stars`` is the price of a message, for PAID people.

    ``flood_seconds`` above 0: the first contacting call about her answers this flood wait.
    ``complains``: she reports a stranger who contacts her.
    """

    behaviour: Behaviour = Behaviour.WILLING
    reception: Reception = Reception.FREE
    found_by_phone: bool = True
    stars: int = 0
    flood_seconds: int = 0
    complains: bool = False


_FIRST_NAMES = (
    "Анна", "Мария", "Елена", "Ольга", "Наталья", "Ирина", "Светлана", "Дарья", "Алина", "Вера",
    "Александр", "Дмитрий", "Сергей", "Андрей", "Михаил", "Иван", "Павел", "Роман", "Олег", "Юрий",
)  # fmt: skip
LAST_NAMES = (
    "Иванов", "Смирнов", "Кузнецов", "Попов", "Васильев", "Петров", "Соколов", "Михайлов",
    "Новиков", "Федоров", "Морозов", "Волков", "Алексеев", "Лебедев", "Семенов", "Егоров",
)  # fmt: skip
"""Of men; women's end in "а"."""
_FIRST_INVENTED_ID = 5_000_000_000
_ID_BITS = 45
"""Invented ids stay far from those of the accounts and below 2**52, as Telegram promises."""


class Population:
    """The seeded answers of a world's people; a pure function of seed and key.

    ``conduct`` returns everything about the person with a canonical key.
    """

    def __init__(self, seed: int, mix: Mix) -> None:
        self.seed = seed
        self.mix = mix
        # One call asks several times about the same person.
        self.conduct = lru_cache(maxsize=4096)(self._conduct)
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

    def _conduct(self, key: str) -> Conduct:
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
            complains=_share(dice, 7) < self.mix.complaints,
        )

    def first_name(self, key: str) -> str:
        """Return a first name for somebody of whom the list says none."""
        return _FIRST_NAMES[int(_share(self._dice(key), 6) * len(_FIRST_NAMES))]

    def reaction(self, key: str, count: int, name: str) -> Reaction | None:
        """Return what the person with this key does with an account's message of this number.

        Which account it is plays no part; ``name`` tells her language.
        """
        dice = self._dice(f"{key} reads {count}")
        return reaction(self.mix.habits, tuple(_share(dice, i) for i in range(4)), name)

    def departure(self, key: str, chat_id: int) -> int | None:
        """Return after how many seconds the person with this key leaves a chat; None: never."""
        dice = self._dice(f"{key} leaves {chat_id}")
        return departure(self.mix.habits, _share(dice, 0), _share(dice, 1))

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
