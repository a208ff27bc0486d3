"""Who can log in to the program's own rehearsal, and where they belong; light to import."""

from __future__ import annotations

CLUB_USERNAME = "rehearsal_club"

LOGIN_CODE = "22222"
"""The code of every test account here: five times the digit after 99966."""

NEWCOMERS = ("+9996621001", "+9996621002")
"""Test accounts to be added by hand; the second one has a two-step password."""

NEWCOMERS_PASSWORD = "репетиция"  # noqa: S105 - of a person who does not exist


def demo_phone(number: int) -> str:
    """Return the phone of a test account, counted from 1, in E.164."""
    return f"+9996620{number:03d}"
