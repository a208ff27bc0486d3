"""Where the files that come with the server are."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


def default_scenario_path() -> Path:
    """Return the path of the default scenario, installed (``_resources``) or in the source tree."""
    installed = _PACKAGE / "_resources"
    root = installed if installed.is_dir() else _PACKAGE.parent / "resources"
    return root / "rehearsal" / "default_scenario.toml"
