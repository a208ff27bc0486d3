"""Who was added to a chat by whom, as far as Telegram remembers it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Invitation:
    """Somebody was added to a chat. ``inviter_id`` 0: Telegram does not say by whom."""

    user_id: int
    inviter_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Invitations:
    """The invitations that Telegram tells of, also of people who have left since.

    Nobody is missing who was added within the last ``kept_for``; None: nobody at all.
    """

    found: Sequence[Invitation]
    kept_for: timedelta | None = None
