"""``invite-desktop rehearse --scenario``: the user's own mix of outcomes and her own trouble."""

from __future__ import annotations

from invite_desktop.rehearsal.population import Behaviour
from tests.end_to_end.program import SAMPLES, run

EVERYBODY_WILLING = "\n".join(
    [
        "[invites]",
        *(f"{kind} = {1.0 if kind is Behaviour.WILLING else 0.0}" for kind in Behaviour),
        "[lookups]",
        "found_by_phone = 1.0",
        "[[trouble]]",
        'what = "drop_after"',
        'method = "channels.inviteToChannel"',
        "calls = [2, 5]",
    ]
)


def test_the_mix_of_a_scenario_comes_true_in_spite_of_its_trouble(tmp_path):
    scenario = tmp_path / "mine.toml"
    scenario.write_text(EVERYBODY_WILLING, encoding="utf-8")
    crm = SAMPLES / "crm_export_cp1251.csv"
    finished = run(tmp_path, "rehearse", crm, "--json", "--scenario", scenario)
    assert finished.code == 0, finished.err
    counters = finished.result["counters"]
    assert counters["joined"] == counters["total"] == finished.result["import"]["people"]
    assert finished.result["agreement"]["agrees"]


def test_a_senseless_scenario_is_refused_in_a_sentence(tmp_path):
    scenario = tmp_path / "mine.toml"
    scenario.write_text("[invites]\nwilling = 2.0\n", encoding="utf-8")
    crm = SAMPLES / "crm_export_cp1251.csv"
    finished = run(tmp_path, "rehearse", crm, "--scenario", scenario)
    assert finished.code == 2
    assert "mine.toml" in finished.err
    assert "Traceback" not in finished.err
