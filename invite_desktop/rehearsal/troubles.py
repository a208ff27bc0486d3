"""Trouble on demand: seeded rules that say which calls and updates go wrong, and how."""

from __future__ import annotations

import dataclasses
import math
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from invite_desktop.rehearsal.scripts import Delay, Drop, SilentNoAdd, request_class

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from telethon.tl.tlobject import TLObject

    from invite_desktop.rehearsal.scripts import ScriptedAnswer

_LONGEST = 3600.0
_INVITATIONS = ("channels.inviteToChannel", "messages.addChatUser")


class TroubleKind(StrEnum):
    """What goes wrong."""

    LATENCY = "latency"
    DROP_BEFORE = "drop_before"
    DROP_AFTER = "drop_after"
    ERROR = "error"
    TRANSPORT = "transport"
    SILENT_NO_ADD = "silent_no_add"
    DUPLICATE_UPDATE = "duplicate_update"
    LATE_UPDATE = "late_update"
    CLOCK_SKEW = "clock_skew"


_OF_UPDATES = frozenset({TroubleKind.DUPLICATE_UPDATE, TroubleKind.LATE_UPDATE})
_TIMED = frozenset({TroubleKind.LATENCY, TroubleKind.LATE_UPDATE})


@dataclass(frozen=True, slots=True)
class Trouble:
    """One rule: this happens to a share of the calls (``rate``), or to the calls of these numbers.

    ``calls`` counts from 1, for each account by itself. ``method`` is a TL name; "" stands for
    every call, or for updates. ``seconds`` are real ones: the delay, or how far the server's clock
    is ahead. ``error`` is a name of Telegram's, ``code`` that of a transport error.
    """

    what: TroubleKind
    method: str = ""
    rate: float = 0.0
    calls: tuple[int, ...] = ()
    seconds: float = 0.0
    error: str = "INTERNAL"
    code: int = -404


def read_trouble(table: Mapping[str, Any]) -> Trouble:
    """Return the rule that a table of a scenario or a line of the control door describes.

    Raises ValueError for what makes no sense.
    """
    known = {field.name for field in dataclasses.fields(Trouble)}
    if strange := table.keys() - known:
        raise ValueError(f"trouble: {', '.join(sorted(strange))}?")
    values = dict(table)
    try:
        values["what"] = TroubleKind(table["what"])
        values["calls"] = tuple(table.get("calls", ()))
        trouble = Trouble(**values)
        _check_when(trouble)
        _check_what(trouble)
    except (KeyError, TypeError, AttributeError) as wrong:
        raise ValueError(f"trouble: {wrong}") from wrong
    return trouble


def _check_when(trouble: Trouble) -> None:
    """Raise ValueError, TypeError or KeyError for a rule that strikes never or nonsensically."""
    if trouble.method:
        _check_method(trouble.method)
    if not 0 <= trouble.rate <= 1:
        raise ValueError(f"trouble: rate = {trouble.rate!r}: 0…1")
    if not all(type(number) is int and number > 0 for number in trouble.calls):
        raise ValueError(f"trouble: calls = {list(trouble.calls)!r}: 1…")
    if trouble.what is not TroubleKind.CLOCK_SKEW and not (trouble.rate or trouble.calls):
        raise ValueError(f"trouble: {trouble.what}: rate | calls")


def _check_method(name: str) -> None:
    try:
        request_class(name)
    except (KeyError, AttributeError) as unknown:
        raise ValueError(f"trouble: method = {name!r}?") from unknown


def _check_what(trouble: Trouble) -> None:
    """Raise ValueError or TypeError for values that the trouble cannot have."""
    if not math.isfinite(trouble.seconds) or abs(trouble.seconds) > _LONGEST:
        raise ValueError(f"trouble: seconds = {trouble.seconds!r}: ≤ {_LONGEST:g}")
    if trouble.what in _TIMED and trouble.seconds <= 0:
        raise ValueError(f"trouble: {trouble.what}: seconds > 0")
    if type(trouble.code) is not int or not -1000 < trouble.code < 0:
        raise ValueError(f"trouble: code = {trouble.code!r}: -404, -429")
    if type(trouble.error) is not str or not trouble.error.isascii():
        raise ValueError(f"trouble: error = {trouble.error!r}")


class Troubles:
    """The rules in force. The same seed and the same calls of an account meet the same trouble."""

    def __init__(self, seed: int, rules: Iterable[Trouble] = ()) -> None:
        self._seed = seed
        self._rules: list[Trouble] = []
        self._counts: Counter[tuple[int, int | None]] = Counter()
        self.clock_skew = 0.0
        for rule in rules:
            self.add(rule)

    @property
    def rules(self) -> tuple[Trouble, ...]:
        """Return the rules in force."""
        return tuple(self._rules)

    def add(self, rule: Trouble) -> None:
        """Put a rule into force; its calls are counted from now on."""
        self._rules.append(rule)
        if rule.what is TroubleKind.CLOCK_SKEW:
            self.clock_skew = rule.seconds

    def clear(self) -> None:
        """Let everything go right again."""
        self._rules.clear()
        self._counts.clear()
        self.clock_skew = 0.0

    def take(self, request: TLObject, account_id: int | None) -> ScriptedAnswer:
        """Return what happens to a call: the first rule that strikes; None: nothing does."""
        found: ScriptedAnswer = None
        for number, rule in enumerate(self._rules):
            if rule.what in _OF_UPDATES or not _concerns(rule, request):
                continue
            if self._strikes(number, rule, account_id) and found is None:
                found = _answer(rule)
        return found

    def delays_of_update(self, account_id: int) -> list[float]:
        """Return after how many seconds an update goes out, once for each time that it does."""
        delays = [0.0]
        for number, rule in enumerate(self._rules):
            if rule.what not in _OF_UPDATES or not self._strikes(number, rule, account_id):
                continue
            if rule.what is TroubleKind.LATE_UPDATE:
                delays = [delay + rule.seconds for delay in delays]
            else:
                delays.append(delays[-1])
        return delays

    def _strikes(self, number: int, rule: Trouble, account_id: int | None) -> bool:
        self._counts[number, account_id] += 1
        count = self._counts[number, account_id]
        if count in rule.calls:
            return True
        if not rule.rate:
            return False
        text = f"{self._seed}:{number}:{rule.what}:{rule.method}:{account_id}:{count}"
        dice = blake2b(text.encode(), digest_size=4).digest()
        return int.from_bytes(dice, "little") / 2**32 < rule.rate


def _concerns(rule: Trouble, request: TLObject) -> bool:
    if rule.method:
        return isinstance(request, request_class(rule.method))
    if rule.what is TroubleKind.SILENT_NO_ADD:
        return any(isinstance(request, request_class(name)) for name in _INVITATIONS)
    return True


def _answer(rule: Trouble) -> ScriptedAnswer:
    answers: dict[TroubleKind, ScriptedAnswer] = {
        TroubleKind.LATENCY: Delay(rule.seconds),
        TroubleKind.DROP_BEFORE: Drop("before"),
        TroubleKind.DROP_AFTER: Drop("after"),
        TroubleKind.ERROR: rule.error,
        TroubleKind.TRANSPORT: rule.code,
        TroubleKind.SILENT_NO_ADD: SilentNoAdd(),
    }
    return answers.get(rule.what)
