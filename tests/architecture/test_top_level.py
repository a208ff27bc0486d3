"""The top level of the project keeps to what was agreed."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from tests.architecture.catalogue import ROOT

ALLOWED = {"invite_desktop", "resources", "tests", "pyproject.toml", "build.spec", "README.md"}


@pytest.mark.skipif(
    shutil.which("git") is None or not (ROOT / ".git").exists(), reason="not a git checkout"
)
def test_nothing_else_lies_at_the_top():
    # The tests have a home of their own, so git does not know whose checkouts the user trusts.
    listing = ["git", "-c", "safe.directory=*", "ls-files", "-z"]
    tracked = subprocess.run(listing, cwd=ROOT, capture_output=True, check=True, text=True)
    tops = {path.split("/")[0] for path in tracked.stdout.split("\0") if path}
    assert {top for top in tops if not top.startswith(".")} <= ALLOWED
