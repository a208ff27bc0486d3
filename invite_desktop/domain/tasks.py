"""Invite tasks: what is to be done, the states it goes through and who may change them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.domain.schedule import ANY_TIME

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from invite_desktop.domain.chats import ChatAddress, ChatKind
    from invite_desktop.domain.schedule import Schedule


class TaskKind(StrEnum):
    """What a task does to each of its people."""

    INVITE = "invite"
    MESSAGE = "message"


class Priority(IntEnum):
    """Which of several due tasks an account serves first; higher wins."""

    LOW = 0
    NORMAL = 1
    HIGH = 2


class TaskStatus(StrEnum):
    """The life of a task."""

    DRAFT = "draft"
    READY = "ready"
    RUNNING = "running"
    WAITING = "waiting"
    PAUSED = "paused"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    FAILED = "failed"


ACTIVE_STATUSES = frozenset({TaskStatus.RUNNING, TaskStatus.WAITING})
"""Statuses in which the engine works on the task."""

FINAL_STATUSES = frozenset({TaskStatus.COMPLETED, TaskStatus.CANCELLED, TaskStatus.FAILED})
"""Statuses that a task leaves only by a retry."""


class TaskMove(StrEnum):
    """The things that can happen to a task as a whole."""

    PREPARE = "prepare"
    START = "start"
    WAIT = "wait"
    WAKE = "wake"
    PAUSE = "pause"
    RESUME = "resume"
    COMPLETE = "complete"
    CANCEL = "cancel"
    FAIL = "fail"
    REOPEN = "reopen"
    MISS_START = "miss_start"


_S = TaskStatus
TRANSITIONS: Mapping[TaskMove, Mapping[TaskStatus, TaskStatus]] = {
    TaskMove.PREPARE: {_S.DRAFT: _S.READY},
    TaskMove.START: {_S.READY: _S.RUNNING},
    TaskMove.WAIT: {_S.RUNNING: _S.WAITING, _S.WAITING: _S.WAITING},
    TaskMove.WAKE: {_S.WAITING: _S.RUNNING, _S.RUNNING: _S.RUNNING},
    TaskMove.PAUSE: {_S.RUNNING: _S.PAUSED, _S.WAITING: _S.PAUSED},
    TaskMove.RESUME: {_S.PAUSED: _S.RUNNING},
    TaskMove.COMPLETE: {_S.RUNNING: _S.COMPLETED, _S.WAITING: _S.COMPLETED},
    TaskMove.CANCEL: {
        _S.DRAFT: _S.CANCELLED,
        _S.READY: _S.CANCELLED,
        _S.RUNNING: _S.CANCELLED,
        _S.WAITING: _S.CANCELLED,
        _S.PAUSED: _S.CANCELLED,
    },
    TaskMove.FAIL: {_S.READY: _S.FAILED, _S.RUNNING: _S.FAILED, _S.WAITING: _S.FAILED},
    TaskMove.MISS_START: {_S.READY: _S.READY},
    TaskMove.REOPEN: {_S.COMPLETED: _S.READY, _S.CANCELLED: _S.READY, _S.FAILED: _S.READY},
}
"""Every allowed change of status; there is no other way."""

_REFUSALS = {
    TaskMove.START: message("Only a task that is ready can be started."),
    TaskMove.PAUSE: message("Only a running or waiting task can be paused."),
    TaskMove.RESUME: message("Only a paused task can be resumed."),
    TaskMove.CANCEL: message("The task is already finished."),
}


def next_status(status: TaskStatus, move: TaskMove) -> TaskStatus:
    """Return the status after a move. Raises KnownError when the move is not allowed now."""
    after = TRANSITIONS[move].get(status)
    if after is None:
        raise KnownError(
            _REFUSALS.get(move, message("The task cannot do that in its present state."))
        )
    return after


def refuse_from_bin(task: InviteTask) -> None:
    """Raise KnownError for a task that was deleted."""
    if task.deleted_at is not None:
        raise KnownError(
            message("The task “{task}” is in the bin.", task=task.name),
            message("Restore it first."),
        )


class TaskReason(StrEnum):
    """Why a task waits, is paused or has failed."""

    NONE = ""
    BY_USER = "by_user"
    INTERRUPTED = "interrupted"
    PACE = "pace"
    ACCOUNTS_RESTING = "accounts_resting"
    NO_NETWORK = "no_network"
    PEER_FLOOD = "peer_flood"
    UNKNOWN_ERROR = "unknown_error"
    LINK_ONLY = "link_only"
    FILE_UNUSABLE = "file_unusable"
    NO_RIGHTS = "no_rights"
    NO_ACCOUNTS = "no_accounts"
    CHAT_UNREACHABLE = "chat_unreachable"
    TOO_MANY_REFUSALS = "too_many_refusals"
    TOO_MANY_OPT_OUTS = "too_many_opt_outs"
    NOT_STARTED = "not_started"
    WORKING_HOURS = "working_hours"
    START_MISSED = "start_missed"
    STORAGE = "storage"
    KEYRING = "keyring"
    RESTORED = "restored"


@dataclass(frozen=True, slots=True)
class ChatRef:
    """The chat of an invite task, as it was found when the task was made."""

    chat_id: int
    title: str
    kind: ChatKind
    address: ChatAddress


@dataclass(frozen=True, slots=True)
class TaskSituation:
    """Where a task stands and why.

    ``reason``, ``detail`` and ``until`` (UTC) explain a waiting, paused or failed status;
    ``detail`` is technical (an unknown code), never personal.
    """

    status: TaskStatus
    reason: TaskReason = TaskReason.NONE
    detail: str = ""
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One line of a task's journal: where it stood from a moment (UTC) on, and why."""

    at: datetime
    situation: TaskSituation


@dataclass(frozen=True, slots=True)
class InviteTask:
    """One campaign. ``chat`` is None for messages; ``text`` is empty for invitations.

    ``deleted_at`` (UTC) is when it went into the bin; from there nothing sets it going.
    ``attachment`` is the path of a picture or file that goes with every message, empty without.
    """

    id: int
    name: str
    kind: TaskKind
    audience_id: int
    chat: ChatRef | None
    text: str
    priority: Priority
    situation: TaskSituation
    created_at: datetime
    started_at: datetime | None = None
    finished_at: datetime | None = None
    schedule: Schedule = ANY_TIME
    link_preview: bool = True
    attachment: str = ""
    deleted_at: datetime | None = None

    @property
    def status(self) -> TaskStatus:
        """Return the status alone."""
        return self.situation.status


@dataclass(frozen=True, slots=True)
class NewTask:
    """What the user decides about a task before it exists."""

    kind: TaskKind
    audience_id: int
    chat: ChatRef | None = None
    text: str = ""
    priority: Priority = Priority.NORMAL
    name: str = ""
    schedule: Schedule = ANY_TIME
    link_preview: bool = True
    attachment: str = ""
