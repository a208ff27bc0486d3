"""What the program says of its people against what the server says of them."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from invite_desktop.domain.outcomes import OPEN_STATES, TargetState
from invite_desktop.domain.tasks import TaskKind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_KINDS = {
    "channels.inviteToChannel": TaskKind.INVITE,
    "messages.addChatUser": TaskKind.INVITE,
    "messages.sendMessage": TaskKind.MESSAGE,
    "messages.sendMedia": TaskKind.MESSAGE,
}
_DONE = {TaskKind.INVITE: TargetState.JOINED, TaskKind.MESSAGE: TargetState.SENT}


@dataclass(frozen=True, slots=True)
class Verdict:
    """The figures of one campaign; everything under ``wrong`` should be empty.

    ``contacts`` are those that the server carried out, ``uncertain`` targets of which nobody can
    know more.
    """

    targets: int
    contacts: int
    uncertain: int
    twice: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    disagreements: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Return whether nobody was contacted twice, nothing lost, and all numbers agree."""
        return not (self.twice or self.lost or self.disagreements)


def judge(report: Mapping[str, Any], journal: Path) -> Verdict:
    """Compare the report of the last process with the server's journal."""
    lines = [json.loads(line) for line in journal.read_text("utf-8").splitlines()]
    contacts = _contacts(lines)
    effects = _effects(lines)
    states = {
        (task["kind"], name): TargetState(state)
        for task in report["tasks"]
        for name, state in task["states"].items()
    }
    return Verdict(
        targets=len(states),
        contacts=sum(contacts.values()),
        uncertain=sum(state is TargetState.UNCERTAIN for state in states.values()),
        twice=[f"{kind} {name}: {n} times" for (kind, name), n in contacts.items() if n > 1],
        lost=_lost(states, effects),
        disagreements=_disagreements(report),
    )


def _contacts(lines: list[dict[str, Any]]) -> Counter[tuple[str, str]]:
    """Count the carried out contacts by kind and username."""
    found: Counter[tuple[str, str]] = Counter()
    for line in lines:
        if (kind := _KINDS.get(line["method"])) is not None:
            people = line["users"] if kind is TaskKind.INVITE else [line["to"]]
            found.update((kind.value, person["username"]) for person in people)
    return found


def _effects(lines: list[dict[str, Any]]) -> set[tuple[str, str]]:
    """Return whom a contact has reached: she is in the chat, or has the message."""
    found = set()
    for line in lines:
        kind = _KINDS.get(line["method"])
        if kind is TaskKind.MESSAGE:
            found.add((kind.value, line["to"]["username"]))
        elif kind is TaskKind.INVITE:
            added = [person for person in line["users"] if person["result"] == "added"]
            found.update((kind.value, person["username"]) for person in added)
    return found


def _lost(
    states: Mapping[tuple[str, str], TargetState], effects: set[tuple[str, str]]
) -> list[str]:
    """Name the outcomes that are missing, and those that are told and did not happen."""
    wrong = [f"{kind} {name}: {s}" for (kind, name), s in states.items() if s in OPEN_STATES]
    for key, state in states.items():
        done = state is _DONE[TaskKind(key[0])]
        if done != (key in effects):
            server = "yes" if key in effects else "no"
            wrong.append(f"{key[0]} {key[1]}: {state}, the server: {server}")
    return wrong + [f"{kind} {name}: no target" for kind, name in effects - states.keys()]


def _disagreements(report: Mapping[str, Any]) -> list[str]:
    wrong = [f"bug: {bug}" for bug in report["bugs"]]
    for task in report["tasks"]:
        kind = task["kind"]
        wrong += [f"{kind}: {finding}" for finding in task["findings"]]
        if not task["counted_twice_the_same"]:
            wrong.append(f"{kind}: the kept counters are not those of a recount")
        if task["status"] != "completed":
            wrong.append(f"{kind}: {task['status']}")
    return wrong
