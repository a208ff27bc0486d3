"""Tests of the window use it as a person does: by what it shows, not by its private names."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

TESTS = Path(__file__).parents[1]
ROOMS = ("ui", "end_to_end")
ALLOWED = frozenset({"_set_running_loop"})
"""What pytest-qt's live loop needs of asyncio, which has no public name for it."""


def private_names(source: str) -> Iterator[str]:
    """Yield every private name that is asked of something else than the object itself."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Attribute(value=ast.Name(id="self" | "cls")):
                continue
            case ast.Attribute(attr=name) if name.startswith("_") and not name.endswith("__"):
                yield name


@pytest.mark.parametrize("room", ROOMS)
def test_no_test_of_the_window_reaches_into_private_fields(room: str):
    found = {
        f"{path.relative_to(TESTS)}: {name}"
        for path in (TESTS / room).rglob("*.py")
        for name in private_names(path.read_text(encoding="utf-8"))
        if name not in ALLOWED
    }
    assert found == set()


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("window._tabs.show()", ["_tabs"]),
        ("self._tabs = cls._tabs", []),
        ("self.window._tabs", ["_tabs"]),
        ("window.tabs.__class__", []),
    ],
)
def test_private_names_are_recognised(source: str, names: list[str]):
    assert list(private_names(source)) == names
