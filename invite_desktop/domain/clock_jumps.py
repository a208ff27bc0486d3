"""What was done before the computer's clock was set forward was not done so long ago."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, timedelta

    from invite_desktop.domain.pace import PaceHistory


@dataclass(frozen=True, slots=True)
class ClockJump:
    """The clock was set forward ``by`` so much; ``at`` is what it showed when that was seen."""

    at: datetime
    by: timedelta


def as_it_was(moment: datetime, jumps: Sequence[ClockJump]) -> datetime:
    """Return when something happened by the clock as it goes now; ``jumps`` oldest first."""
    for jump in jumps:
        if moment < jump.at:
            # What was done between the setting and its being seen must not move into the future.
            moment = min(moment + jump.by, jump.at)
    return moment


def in_real_time(history: PaceHistory, jumps: Sequence[ClockJump]) -> PaceHistory:
    """Return what an account did, each thing as long ago as it really is."""
    if not jumps:
        return history

    def moved(moments: Sequence[datetime]) -> list[datetime]:
        return [as_it_was(moment, jumps) for moment in moments]

    return replace(
        history,
        added_at=as_it_was(history.added_at, jumps),
        actions={action: moved(moments) for action, moments in history.actions.items()},
        troubles=moved(history.troubles),
        waits=moved(history.waits),
        free_look_ups=moved(history.free_look_ups),
    )
