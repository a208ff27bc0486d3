"""Every sample file through the program: right counts, or one line that says why not."""

from __future__ import annotations

import pytest

from tests.end_to_end.program import BROKEN, SAMPLES, run

GOOD = sorted(path for path in SAMPLES.iterdir() if path.is_file() and path.suffix)
REFUSED = sorted(path.name for path in BROKEN.iterdir())
READABLE_ALL_THE_SAME = {"long_cell.csv"}


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


@pytest.mark.parametrize("command", ["import", "rehearse"])
@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("name", [n for n in REFUSED if n not in READABLE_ALL_THE_SAME])
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
