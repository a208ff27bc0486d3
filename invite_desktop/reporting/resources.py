"""Where the templates of reports are."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


def templates_directory() -> Path:
    """Return the folder of the templates, installed (``_resources``) or in the source tree."""
    installed = _PACKAGE / "_resources"
    root = installed if installed.is_dir() else _PACKAGE.parent / "resources"
    return root / "reports"
