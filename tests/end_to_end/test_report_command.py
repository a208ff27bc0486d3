"""``invite-desktop report``: tasks listed, reports saved, without a window."""

from __future__ import annotations

import pytest

from tests.end_to_end.program import SAMPLES, run
from tests.reporting.reports import csv_facts, csv_rows


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory):
    """A profile in which one task was rehearsed."""
    home = tmp_path_factory.mktemp("rehearsed")
    done = run(home, "rehearse", SAMPLES / "list.txt", "--profile", home / "p", "--language", "en")
    assert done.code == 0, done.err
    return home / "p"


def _report(tmp_path, profile, *arguments):
    return run(tmp_path, "report", "--rehearsal", "--profile", profile, *arguments)


def test_without_a_file_the_tasks_are_listed(tmp_path, profile):
    (task,) = _report(tmp_path, profile, "--json").result
    assert (task["number"], task["status"]) == (1, "completed")
    assert task["people"] == task["processed"] > 0
    assert task["name"] in _report(tmp_path, profile).out


@pytest.mark.parametrize("suffix", [".xlsx", ".html", ".pdf", ".csv"])
def test_a_report_is_saved_in_every_format(tmp_path, profile, suffix):
    path = tmp_path / f"report{suffix}"
    done = _report(tmp_path, profile, "--task", "1", "--json", path)
    (saved,) = done.result
    assert saved["file"] == str(path)
    assert saved["rows"] > 0
    assert path.stat().st_size > 1_000


def test_a_report_of_a_rehearsal_says_so(tmp_path, profile):
    path = tmp_path / "report.csv"
    assert _report(tmp_path, profile, "--task", "1", path).code == 0
    assert "This was a rehearsal: nobody was contacted." in path.read_text(encoding="utf-8-sig")


def test_a_report_is_written_in_the_users_language(tmp_path, profile):
    path = tmp_path / "report.csv"
    assert _report(tmp_path, profile, "--task", "1", "--language", "ru", path).code == 0
    assert csv_facts(path, ";")["Людей"] == str(len(csv_rows(path, ";")) - 1)


def test_all_tasks_together_have_a_report_of_their_own(tmp_path, profile):
    path = tmp_path / "report.csv"
    assert _report(tmp_path, profile, path).code == 0
    assert len(csv_rows(path)) == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--task", "99", "a.pdf"], "no task with the number 99"),
        (["--task", "1", "a.doc"], "an ending that this program cannot write"),
        (["--task", "1", "nowhere/a.pdf"], "folder"),
        (["--task", "x", "a.pdf"], "is needed"),
    ],
)
def test_what_cannot_be_done_is_said(tmp_path, profile, arguments, words):
    done = _report(tmp_path, profile, *arguments)
    assert done.code == 2
    assert words in done.err


def test_a_profile_without_data_is_said(tmp_path):
    done = run(tmp_path, "report", "--profile", tmp_path / "none")
    assert done.code == 2
    assert "no database" in done.err
