"""People whom no account can add, and whom a link can still bring."""

from __future__ import annotations

import re

from invite_desktop.domain.outcomes import OutcomeCode

REACHED_BY_LINK = frozenset(
    {
        OutcomeCode.PRIVACY,
        OutcomeCode.PREMIUM_NEEDED,
        OutcomeCode.NOT_MUTUAL_CONTACT,
        OutcomeCode.TOO_MANY_CHATS,
    }
)
"""Refusals that are Telegram's rules about being added; joining by oneself is another matter."""

_MARKS = re.compile(r"([\\*_~|`\[\]])")


def plain(text: str) -> str:
    """Return a text for a message in which nothing is read as formatting."""
    return _MARKS.sub(r"\\\1", text.replace("{", "(").replace("}", ")"))
