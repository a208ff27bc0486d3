"""Minutes of coverage-guided fuzzing; short runs of the same properties are in test_hostile_*."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SECONDS = 60


@pytest.mark.long
@pytest.mark.timeout(3 * SECONDS)
@pytest.mark.parametrize("target", ["transport", "tl", "account"])
def test_nothing_takes_the_server_down_or_reads_anothers_data(tmp_path: Path, target: str):
    pytest.importorskip("atheris", reason="the extra “fuzz” is not installed")
    command = [sys.executable, "-m", "tests.rehearsal.fuzzing", target, "-max_len=1000"]
    limits = [f"-max_total_time={SECONDS}", f"-artifact_prefix={tmp_path}/"]
    root = Path(__file__).parents[2]
    finished = subprocess.run(
        [*command, *limits], cwd=root, check=False, capture_output=True, text=True
    )
    assert finished.returncode == 0, finished.stderr[-3000:]
    assert "DONE" in finished.stderr
