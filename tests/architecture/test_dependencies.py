"""What the program imports and what it asks to have installed are the same."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from typing import TYPE_CHECKING

from tests.architecture.catalogue import PACKAGE, ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

LOADED_BY_NAME = {"cryptg", "tzdata"}
"""By Telethon and the selftest; by zoneinfo, where the system has no time zones."""
NOT_ASKED_FOR = {"shiboken6", "psutil"}
"""The one belongs to PySide6 and has its version; the other measures the start, for the tests."""


def _declared() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {_plain(re.split(r"[<>=~!;\[ ]", entry)[0]) for entry in project["dependencies"]}


def _imported() -> set[str]:
    distributions = packages_distributions()
    foreign = _top_modules() - sys.stdlib_module_names - {"invite_desktop", "__future__"}
    named = {name: distributions.get(name, [name]) for name in foreign}
    return {_plain(names[0]) for names in named.values()}


def _top_modules() -> set[str]:
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in PACKAGE.rglob("*.py"))
    return {module.split(".")[0] for tree in trees for module in _modules(tree)}


def _modules(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def _plain(distribution: str) -> str:
    return re.sub(r"[-_.]+", "-", distribution).lower()


def test_everything_imported_is_asked_for():
    assert _imported() - _declared() <= NOT_ASKED_FOR


def test_everything_asked_for_is_imported():
    assert _declared() - _imported() <= LOADED_BY_NAME
