"""The table of what is wanted names tests that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

HERE = Path(__file__).parent
TABLE = (HERE / "conformance.md").read_text(encoding="utf-8").partition("| --- | --- |")[2]
NAMED = sorted(set(re.findall(r"`([a-z_]+)`", TABLE)))
PRESENT = {
    name
    for path in HERE.rglob("test_*.py")
    for name in re.findall(r"def test_(\w+)", path.read_text(encoding="utf-8"))
}


@pytest.mark.parametrize("name", NAMED)
def test_a_test_that_the_table_names_exists(name: str):
    assert name in PRESENT


def test_every_row_names_a_test():
    rows = [
        row for row in TABLE.strip().splitlines() if not re.fullmatch(r"\| \*\*.*\*\* \| \|", row)
    ]
    assert all("`" in row for row in rows)
