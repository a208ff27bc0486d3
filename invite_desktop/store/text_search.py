"""Search that folds the case of every alphabet; SQLite's own folds only ASCII."""

from __future__ import annotations


def any_contains(needle: str, *texts: object) -> bool:
    """Return whether one of the texts contains the folded needle; SQL's LIKE folds only ASCII."""
    return any(needle in str(text).casefold() for text in texts if text is not None)


def folded(text: str) -> str:
    """Return a text in the form in which people are sorted by name."""
    return text.casefold()
