"""``invite-desktop rehearse``: from a file to outcomes on which everybody agrees."""

from __future__ import annotations

import pytest

from tests.end_to_end.program import SAMPLES, run, serving

CRM = SAMPLES / "crm_export_cp1251.csv"


def _rehearse(tmp_path, *arguments, file=CRM):
    finished = run(tmp_path, "rehearse", file, "--json", *arguments)
    assert finished.code == 0, (finished.err, finished.out)
    return finished.result


def test_the_same_seed_gives_the_same_table_and_another_one_does_not(tmp_path):
    first, again, other = (
        _rehearse(tmp_path, "--seed", seed)["outcomes"] for seed in ("1", "1", "2")
    )
    assert first == again
    assert first != other


@pytest.mark.parametrize("kind", ["invite", "message"])
def test_every_target_ends_and_the_server_agrees(tmp_path, kind):
    result = _rehearse(tmp_path, "--kind", kind, "--text", "Hello!", "--accounts", "2")
    counters, agreement = result["counters"], result["agreement"]
    assert counters["processed"] == counters["total"] == result["import"]["people"]
    assert counters["uncertain"] == 0
    done = counters["joined" if kind == "invite" else "sent"]
    assert agreement["agrees"]
    assert agreement["ledger"] == agreement["server"] + agreement["left"] == done > 0


def _samples():
    """All samples but the usual one; a quick run takes one of each format."""
    seen = set()
    for path in sorted(SAMPLES.iterdir()):
        if path.suffix and path != CRM:
            yield pytest.param(path.name, marks=(pytest.mark.long,) if path.suffix in seen else ())
            seen.add(path.suffix)


@pytest.mark.parametrize("name", list(_samples()))
def test_every_sample_file_can_be_rehearsed(tmp_path, name):
    result = _rehearse(tmp_path, file=SAMPLES / name)
    assert result["task"]["status"] == "completed"
    assert result["counters"]["total"] == result["import"]["people"]


def test_a_finished_rehearsal_contacts_nobody_again(tmp_path):
    with serving(tmp_path) as server:
        options = ("--profile", tmp_path / "p", *server.options)
        first = _rehearse(tmp_path, *options)
        contacted = server.invited_people()
        second = _rehearse(tmp_path, *options)
        assert second["outcomes"] == first["outcomes"]
        assert server.invited_people() == contacted
        assert len(contacted) == len(set(contacted)) > 0
