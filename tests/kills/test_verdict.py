"""The judge of the bench sees what it is there to see."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.kills.verdict import judge

if TYPE_CHECKING:
    from pathlib import Path

    from tests.kills.verdict import Verdict


def invited(name: str, result: str = "added") -> dict[str, Any]:
    users = [{"username": name, "result": result}]
    return {"method": "channels.inviteToChannel", "users": users}


def written_to(name: str, method: str = "messages.sendMessage") -> dict[str, Any]:
    return {"method": method, "to": {"username": name}}


def with_a_picture(name: str) -> dict[str, Any]:
    return written_to(name, "messages.sendMedia")


def told(kind: str, states: dict[str, str], **more: object) -> dict[str, Any]:
    usual = {"status": "completed", "counted_twice_the_same": True, "findings": []}
    return {"kind": kind, "states": states, **usual, **more}


def verdict(tmp_path: Path, journal: list[dict[str, Any]], *tasks: dict[str, Any]) -> Verdict:
    file = tmp_path / "journal.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in journal))
    return judge({"tasks": tasks, "bugs": []}, file)


def test_what_both_sides_say_holds(tmp_path: Path):
    found = verdict(
        tmp_path,
        [invited("a"), invited("b", "missing:privacy"), written_to("a"), with_a_picture("b")],
        told("invite", {"a": "joined", "b": "skipped", "c": "uncertain"}),
        told("message", {"a": "sent"}),
        told("message", {"b": "sent"}),
    )
    assert found.holds
    assert (found.targets, found.contacts, found.uncertain) == (5, 4, 1)


@pytest.mark.parametrize("result", ["added", "missing:privacy", "silent"])
def test_two_calls_for_one_person_are_seen_whatever_came_of_them(tmp_path: Path, result: str):
    journal = [invited("a", result), invited("a", "already")]
    assert verdict(tmp_path, journal, told("invite", {"a": "joined"})).twice


@pytest.mark.parametrize("method", ["messages.sendMessage", "messages.sendMedia"])
def test_two_messages_to_one_person_are_seen(tmp_path: Path, method: str):
    journal = [written_to("a"), written_to("a", method)]
    assert verdict(tmp_path, journal, told("message", {"a": "sent"})).twice


@pytest.mark.parametrize("state", ["pending", "in_work", "uncertain", "failed", "already_member"])
def test_an_effect_without_its_outcome_is_lost(tmp_path: Path, state: str):
    assert verdict(tmp_path, [invited("a")], told("invite", {"a": state})).lost


@pytest.mark.parametrize(("kind", "state"), [("invite", "joined"), ("message", "sent")])
def test_an_outcome_that_never_happened_is_seen(tmp_path: Path, kind: str, state: str):
    assert verdict(tmp_path, [], told(kind, {"a": state})).lost


@pytest.mark.parametrize(
    "wrong",
    [{"status": "paused"}, {"counted_twice_the_same": False}, {"findings": ["Telegram says no"]}],
    ids=str,
)
def test_numbers_that_differ_are_seen(tmp_path: Path, wrong: dict[str, object]):
    assert verdict(tmp_path, [], told("invite", {}, **wrong)).disagreements
