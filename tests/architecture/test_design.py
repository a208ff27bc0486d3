"""The visual language has one source."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from invite_desktop.ui.theme import Space

if TYPE_CHECKING:
    from collections.abc import Iterator

UI = Path(__file__).resolve().parents[2] / "invite_desktop" / "ui"
STYLE = UI.parents[1] / "resources" / "style" / "window.qss"

SOURCES = {"theme.py", "icons.py"}
PAPER = "printing"
"""What is printed is always dark on white, whatever the theme."""

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}\b")
_LETTERS = re.compile(r"setPointSize|setPixelSize|setStyleSheet")
_DISTANCE = re.compile(
    r"set(?:ContentsMargins|Spacing|HorizontalSpacing|VerticalSpacing)\(([^)]*)\)"
)


def _modules() -> list[Path]:
    found = [path for path in UI.rglob("*.py") if path.name not in SOURCES]
    return [path for path in found if PAPER not in path.relative_to(UI).parts]


@pytest.mark.parametrize("pattern", [_COLOUR, _LETTERS], ids=["colours", "letters"])
def test_no_screen_has_a_look_of_its_own(pattern: re.Pattern[str]):
    own = [path.name for path in _modules() if pattern.search(path.read_text(encoding="utf-8"))]
    assert own == []


def _own_distances(text: str) -> Iterator[str]:
    for found in _DISTANCE.finditer(text):
        rest = re.sub(r"Space\.\w+(?: [+*] \d+)?", "", found.group(1))
        if re.search(r"[1-9]", rest):
            yield found.group(0)


def test_no_screen_has_distances_of_its_own():
    own = {path.name: list(_own_distances(path.read_text(encoding="utf-8"))) for path in _modules()}
    assert {name: found for name, found in own.items() if found} == {}


def test_the_style_sheet_names_no_colour():
    assert _COLOUR.findall(STYLE.read_text(encoding="utf-8")) == []


def test_distances_are_multiples_of_four():
    distances = [value for name, value in vars(Space).items() if name.isupper()]
    assert all(each % 4 == 0 for each in distances)
    assert distances == sorted(distances)


@pytest.mark.parametrize(
    ("line", "own"),
    [
        ("setSpacing(7)", True),
        ("setContentsMargins(0, 9, 0, Space.SMALL)", True),
        ("setContentsMargins(0, Space.HAIR + 2, 0, 0)", False),
        ("setSpacing(Space.SMALL)", False),
        ("setSpacing(0)", False),
    ],
)
def test_a_distance_of_its_own_is_recognised(line: str, own: bool):
    assert bool(list(_own_distances(line))) is own
