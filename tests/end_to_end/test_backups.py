"""Backups by the command line: made, listed, put back; the rehearsal then contacts nobody twice."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from tests.end_to_end.program import SAMPLES, kill_after, run, serving, start

if TYPE_CHECKING:
    from pathlib import Path

PEOPLE = SAMPLES / "crm_export_cp1251.csv"


def imported(home: Path, name: str, *options: object) -> int:
    finished = run(
        home, "import", SAMPLES / name, "--basis", "customers", "--json", "--profile", *options
    )
    assert finished.code == 0, finished.err
    return int(finished.result["people"])


def test_a_backup_is_made_listed_and_put_back(tmp_path: Path):
    profile = tmp_path / "profile"
    imported(tmp_path, "webinar_guests.xlsx", profile)
    made = run(tmp_path, "backups", "--make", "--json", "--profile", profile)
    assert made.code == 0, made.err
    (backup,) = made.result
    imported(tmp_path, "crm_export_cp1251.csv", profile)
    database = profile / "invite-desktop.sqlite3"
    before = database.stat().st_size
    put_back = run(tmp_path, "restore", backup["name"], "--profile", profile)
    assert put_back.code == 0, put_back.err
    assert "Sending is off" in put_back.out
    assert database.stat().st_size != before
    assert run(tmp_path, "backups", "--profile", profile).out.count("backup-") == 1


def test_what_is_no_backup_is_refused(tmp_path: Path):
    refused = run(tmp_path, "restore", PEOPLE, "--profile", tmp_path / "profile")
    assert refused.code == 2
    assert "Invite Desktop" in refused.err
    missing = run(tmp_path, "restore", "nothing", "--profile", tmp_path / "profile")
    assert (missing.code, "no backup" in missing.err) == (2, True)


@pytest.mark.keyring
@pytest.mark.parametrize("kind", ["invite", "message"])
def test_after_an_old_backup_nobody_is_contacted_twice(tmp_path: Path, kind: str):
    profile = tmp_path / "profile"
    own = ("--profile", profile, "--rehearsal")
    with serving(tmp_path) as server:
        arguments = ["rehearse", PEOPLE, "--kind", kind, "--text", "Hello!", "--json"]
        arguments += ["--profile", profile, *server.options]
        first = start(tmp_path, *arguments, "--speed", 3_000)
        while not (server.invited_people() or server.written_to()):
            assert first.poll() is None
        (backup,) = run(tmp_path, *own, "backups", "--make", "--json").result
        assert kill_after(first, 0), "ended early"
        finished = run(tmp_path, *arguments)
        assert finished.code == 0, finished.err
        assert run(tmp_path, *own, "restore", backup["name"]).code == 0
        # Those who refused before refuse again, which may pause the task: then it is resumed.
        for _ in range(4):
            again = run(tmp_path, *arguments)
            if again.code == 0:
                break
        contacted = Counter(server.invited_people() + server.written_to())
        added = Counter(
            user["id"]
            for call in server.executed("channels.inviteToChannel")
            for user in call["users"]
            if user["result"] == "added"
        )
    assert again.code == 0, (again.err, again.out[-3000:])
    reached = added if kind == "invite" else contacted
    assert reached
    assert max(reached.values()) == 1, reached
