"""What the engine knows of an active task, in memory, beside what the store keeps."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from invite_desktop.domain.attempts import Action
from invite_desktop.domain.breaker import RefusalBreaker
from invite_desktop.domain.chats import Standing
from invite_desktop.domain.outcomes import OutcomeCode
from invite_desktop.domain.tasks import TaskKind, TaskReason

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from invite_desktop.domain.tasks import InviteTask
    from invite_desktop.engine.ports.telegram import ChatPeer, ChatSight

ACTION_OF = {TaskKind.INVITE: Action.INVITE, TaskKind.MESSAGE: Action.MESSAGE}


@dataclass(frozen=True, slots=True)
class Outlook:
    """When an account may act next for a task, and what it waits for until then."""

    at: datetime
    reason: TaskReason = TaskReason.PACE


@dataclass(slots=True, eq=False)
class TaskWork:
    """An active task: which accounts may act in it, and what each of them waits for.

    ``active`` turns False when the task is paused, cancelled or over: whoever works on it stops
    before the next action. ``open_targets`` may be too high, never too low.
    ``asked_up_to``: the position up to which an account asked what it takes to write to people,
    None when it has asked for all.
    """

    task: InviteTask
    open_targets: int
    standings: dict[int, Standing] = field(default_factory=dict)
    peers: dict[int, ChatPeer] = field(default_factory=dict)
    exhausted: set[int] = field(default_factory=set)
    outlooks: dict[int, Outlook] = field(default_factory=dict)
    postponed: dict[int, datetime] = field(default_factory=dict)
    asked_up_to: dict[int, int | None] = field(default_factory=dict)
    breaker: RefusalBreaker = field(default_factory=RefusalBreaker)
    review: asyncio.Lock = field(default_factory=asyncio.Lock)
    active: bool = True

    @property
    def action(self) -> Action:
        """Return what this task does to people."""
        return ACTION_OF[self.task.kind]

    @property
    def may_be_over(self) -> bool:
        """Return whether nobody may be left to act for, which the store then has to confirm."""
        return self.open_targets <= 0 or bool(self.exhausted)

    @property
    def order(self) -> tuple[int, datetime, int]:
        """Return the key by which an account chooses: high priority first, then the oldest."""
        return -self.task.priority, self.task.created_at, self.task.id

    def admit(self, sights: Mapping[int, ChatSight]) -> None:
        """Take in what accounts see of the task's chat."""
        for account_id, sight in sights.items():
            self.standings[account_id] = sight.standing
            if sight.peer is not None:
                self.peers[account_id] = sight.peer

    def may_act(self, account_id: int) -> bool | None:
        """Return whether an account may act in this task; None before it has looked."""
        if self.task.kind is TaskKind.MESSAGE:
            return self.standings.get(account_id) is None
        if (standing := self.standings.get(account_id)) is None:
            return None
        return standing is Standing.READY_ADMIN and account_id in self.peers

    def leave(self, account_id: int, code: OutcomeCode) -> None:
        """Let an account no longer act in this task."""
        lost_right = code is OutcomeCode.NO_INVITE_RIGHT
        self.standings[account_id] = (
            Standing.ADMIN_WITHOUT_INVITE_RIGHT if lost_right else Standing.NOT_A_MEMBER
        )
        self.peers.pop(account_id, None)

    def why_nobody_may(self) -> TaskReason:
        """Return the reason when no account may act: no right, or no way into the chat."""
        inside = {Standing.ADMIN_WITHOUT_INVITE_RIGHT, Standing.MEMBER, Standing.READY_ADMIN}
        if inside & set(self.standings.values()):
            return TaskReason.NO_RIGHTS
        return TaskReason.CHAT_UNREACHABLE
