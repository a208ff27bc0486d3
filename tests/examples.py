"""How many examples the tests of rules try: few in a quick run, many in a long one."""

from __future__ import annotations

from hypothesis import settings

_QUICK, _LONG = 40, 400
"""Examples for a test that names no number of its own."""


def register_profiles() -> None:
    """Make ``quick`` the rule; ``python -m tests --long`` chooses ``long``."""
    for name, count in (("quick", _QUICK), ("long", _LONG)):
        settings.register_profile(name, deadline=None, print_blob=True, max_examples=count)
    settings.load_profile("quick")


def examples(quick: int) -> int:
    """Return how many examples to try where a quick run tries so many."""
    return quick * settings().max_examples // _QUICK
