"""What all account runners share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from invite_desktop.engine.account_pace import Pace
    from invite_desktop.engine.account_states import AccountStates
    from invite_desktop.engine.account_turns import AccountTurns
    from invite_desktop.engine.event_bus import EventBus
    from invite_desktop.engine.replies import Replies
    from invite_desktop.engine.setup import Ports
    from invite_desktop.engine.task_board import TaskBoard


@dataclass(frozen=True)
class Workshop:
    """The tasks, the accounts, the world, and where a bug is reported."""

    ports: Ports
    board: TaskBoard
    accounts: AccountStates
    pace: Pace
    replies: Replies
    turns: AccountTurns
    bus: EventBus
    on_error: Callable[[BaseException], None]
