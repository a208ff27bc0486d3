"""Scenario files: who lives in a rehearsed world, what comes of contacting them, and the trouble.

TOML; resources/rehearsal/default_scenario.toml documents every figure. What a file leaves out is as
it stands there.
"""

from __future__ import annotations

import dataclasses
import math
import tomllib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.rehearsal.habits import Habits, Phrases
from invite_desktop.rehearsal.limit_rules import LimitRules, ScoreRules, Vessel
from invite_desktop.rehearsal.population import Behaviour, Mix, Reception
from invite_desktop.rehearsal.resources import default_scenario_path
from invite_desktop.rehearsal.troubles import Trouble, read_trouble

if TYPE_CHECKING:
    from collections.abc import Mapping
    from enum import StrEnum
    from pathlib import Path

MAX_PEOPLE = 200_000

_Kind = TypeVar("_Kind", bound="StrEnum")
_VESSELS = ("invite", "message", "lookup_burst", "lookup_day", "import", "chats")
_LONGEST = 32 * 24 * 3600
_LONGEST_TEXT = 4096


@dataclass(frozen=True, slots=True)
class PeopleRules:
    """How many people there are at least, and which share of the invented have which keys."""

    size: int
    with_username: float
    with_phone: float


@dataclass(frozen=True, slots=True)
class Scenario:
    """One scenario file with the defaults filled in."""

    people: PeopleRules
    mix: Mix
    troubles: tuple[Trouble, ...]


class _SenselessError(ValueError):
    """What is wrong in a scenario, for the person who wrote it."""


def read_scenario(path: Path) -> Scenario:
    """Return the scenario in a file. Raises KnownError for an unreadable or a senseless one."""
    try:
        return scenario_of(tomllib.loads(path.read_text(encoding="utf-8-sig")))
    except OSError as trouble:
        raise KnownError(
            message("The scenario “{name}” cannot be read.", name=path.name),
            message("Check that the file is there and may be read."),
        ) from trouble
    except ValueError as wrong:
        raise KnownError(
            message(
                "The scenario “{name}” makes no sense: {reason}", name=path.name, reason=str(wrong)
            ),
            message("Compare it with the default scenario, in which every line is explained."),
        ) from wrong


@cache
def default_scenario() -> Scenario:
    """Return the scenario that comes with the program."""
    return scenario_of({})


def default_mix() -> Mix:
    """Return the mix of people of the default scenario."""
    return default_scenario().mix


def scenario_of(tables: Mapping[str, Any]) -> Scenario:
    """Return the scenario that the tables of a file describe. Raises ValueError."""
    merged = _merge(_default_tables(), tables, "")
    lookups, floods, limits = merged["lookups"], merged["flood_waits"], merged["limits"]
    mix = Mix(
        invites=_shares(Behaviour, merged["invites"], "invites"),
        messages=_shares(Reception, merged["messages"], "messages"),
        found_by_phone=_share(lookups["found_by_phone"], "lookups.found_by_phone"),
        flood_share=_share(floods["share"], "flood_waits.share"),
        flood_seconds=_span(floods, "flood_waits", "shortest", "longest"),
        complaints=_share(limits["score"]["complaints"], "limits.score.complaints"),
        limits=_limits(limits) if limits["on"] else None,
        habits=_habits(merged["answers"], merged["leaving"]),
    )
    return Scenario(
        _people(merged["people"]),
        mix,
        tuple(read_trouble(table) for table in merged["trouble"]),
    )


@cache
def _default_tables() -> dict[str, Any]:
    return {"trouble": [], **tomllib.loads(default_scenario_path().read_text(encoding="utf-8"))}


def _merge(default: Mapping[str, Any], given: Mapping[str, Any], where: str) -> dict[str, Any]:
    """Return the default with what was given in its place. Raises ValueError for a strange key."""
    for key, value in given.items():
        if key not in default:
            raise _SenselessError(f"{where}{key}?")
        if type(value) is not type(default[key]) and not (_is_number(value, default[key])):
            raise _SenselessError(f"{where}{key} = {value!r}?")
    return {
        key: _merge(value, given.get(key, {}), f"{where}{key}.")
        if isinstance(value, dict)
        else given.get(key, value)
        for key, value in default.items()
    }


def _is_number(*values: object) -> bool:
    return all(type(value) in {int, float} for value in values)


def _people(table: Mapping[str, Any]) -> PeopleRules:
    return PeopleRules(
        _whole(table["size"], "people.size", 0, MAX_PEOPLE),
        _share(table["with_username"], "people.with_username"),
        _share(table["with_phone"], "people.with_phone"),
    )


def _shares(kinds: type[_Kind], table: Mapping[str, Any], where: str) -> dict[_Kind, float]:
    shares = {kind: _share(table[kind.value], f"{where}.{kind}") for kind in kinds}
    if abs(sum(shares.values()) - 1) > 1e-6:
        raise _SenselessError(f"[{where}]: {sum(shares.values()):g} ≠ 1")
    return shares


def _habits(answers: Mapping[str, Any], leaving: Mapping[str, Any]) -> Habits:
    return Habits(
        answering=_share(answers["share"], "answers.share"),
        opting_out=_share(answers["opt_outs"], "answers.opt_outs"),
        reading=_share(answers["only_read"], "answers.only_read"),
        answer_after=_span(answers, "answers", "shortest", "longest"),
        read_after=_span(answers, "answers", "read_shortest", "read_longest"),
        russian=_phrases(answers["russian"], "answers.russian"),
        english=_phrases(answers["english"], "answers.english"),
        leaving=_leaving(leaving),
    )


def _phrases(table: Mapping[str, Any], where: str) -> Phrases:
    return Phrases(
        _texts(table["opt_outs"], f"{where}.opt_outs"), _texts(table["others"], f"{where}.others")
    )


def _leaving(table: Mapping[str, Any]) -> tuple[float, float, float]:
    day, week, month = (
        _share(table[name], f"leaving.{name}")
        for name in ("within_day", "within_week", "within_month")
    )
    if not day <= week <= month:
        raise _SenselessError(f"[leaving]: {day:g} ≤ {week:g} ≤ {month:g}?")
    return day, week, month


def _limits(table: Mapping[str, Any]) -> LimitRules:
    invite, text, burst, day, imports, chats = (_vessel(table[name], name) for name in _VESSELS)
    return LimitRules(
        _positive(table["growth"], "limits.growth", least=1),
        _whole(table["longest_wait"], "limits.longest_wait", 1, _LONGEST),
        _positive(table["forgives"], "limits.forgives"),
        invite,
        text,
        burst,
        day,
        imports,
        chats,
        _score(table["score"]),
    )


def _vessel(table: Mapping[str, Any], name: str) -> Vessel:
    return Vessel(
        _positive(table["holds"], f"limits.{name}.holds", least=1),
        _positive(table["empties"], f"limits.{name}.empties"),
        _whole(table["first_wait"], f"limits.{name}.first_wait", 1, _LONGEST),
    )


def _score(table: Mapping[str, Any]) -> ScoreRules:
    names = [field.name for field in dataclasses.fields(ScoreRules)]
    values = {name: _positive(table[name], f"limits.score.{name}", least=0) for name in names}
    for name in ("halves", "of_age", "fresh", "mature"):
        _positive(values[name], f"limits.score.{name}")
    return ScoreRules(**values)


def _texts(values: list[Any], name: str) -> tuple[str, ...]:
    good = values and all(
        isinstance(value, str) and value.strip() and len(value) <= _LONGEST_TEXT for value in values
    )
    if not good:
        raise _SenselessError(f"{name} = {values!r}")
    return tuple(values)


def _span(table: Mapping[str, Any], where: str, first: str, last: str) -> tuple[int, int]:
    shortest = _whole(table[first], f"{where}.{first}", 1, _LONGEST)
    return shortest, _whole(table[last], f"{where}.{last}", shortest, _LONGEST)


def _share(value: float, name: str) -> float:
    if not 0 <= value <= 1:
        raise _SenselessError(f"{name} = {value!r}: 0…1")
    return float(value)


def _positive(value: float, name: str, *, least: float = 1e-9) -> float:
    if not (least <= value and math.isfinite(value)):
        raise _SenselessError(f"{name} = {value!r}: > 0")
    return float(value)


def _whole(value: float, name: str, least: int, most: int) -> int:
    if type(value) is not int or not least <= value <= most:
        raise _SenselessError(f"{name} = {value!r}: {least}…{most}")
    return value
