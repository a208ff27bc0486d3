"""Every sample file through the program: right counts, or one line that says why not."""

from __future__ import annotations

import itertools

import pytest

from tests.end_to_end.program import BROKEN, SAMPLES, run

GOOD = sorted(path for path in SAMPLES.iterdir() if path.is_file() and path.suffix)
REFUSED = sorted(path.name for path in BROKEN.iterdir())
READABLE_ALL_THE_SAME = {"long_cell.csv"}


def _refusals():
    """Every file with every command in both languages; a quick run takes one way a file."""
    names = [name for name in REFUSED if name not in READABLE_ALL_THE_SAME]
    ways = list(itertools.product(["import", "rehearse"], ["en", "ru"]))
    for place, name in enumerate(names):
        for number, way in enumerate(ways):
            marks = () if number == place % len(ways) else (pytest.mark.long,)
            yield pytest.param(name, *way, marks=marks)


def _long_cell(tmp_path):
    file = tmp_path / "long_cell.csv"
    file.write_text("username,note\nsome_user_1," + "x" * 1_200_000 + "\n")
    return file


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.name)
def test_a_file_is_imported_with_counts_that_add_up(tmp_path, path):
    finished = run(
        tmp_path, "import", path, "--basis", "customers", "--json", "--profile", tmp_path / "p"
    )
    assert finished.code == 0, finished.err
    counts = finished.result
    ends = ("new", "updated", "duplicate", "invalid", "opted_out")
    assert counts["read"] == sum(counts[end] for end in ends)
    assert (
        counts["people"]
        == counts["new"]
        == sum(counts[key] for key in ("by_username", "by_phone", "by_id"))
    )


@pytest.mark.parametrize(("name", "command", "language"), list(_refusals()))
def test_a_broken_file_is_refused_in_one_line(tmp_path, name, command, language):
    basis = ("--basis", "team") if command == "import" else ()
    finished = run(
        *(tmp_path, command, BROKEN / name, *basis, "--profile", tmp_path / "p"),
        *("--language", language),
    )
    assert finished.code == 2
    assert len(finished.err.splitlines()) == 1
    assert "Traceback" not in finished.err
    russian = any("а" <= letter <= "я" for letter in finished.err.lower())
    assert russian is (language == "ru")
