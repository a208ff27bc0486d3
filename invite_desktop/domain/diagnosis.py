"""What a look at everything that a task needs can find, and what mends it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from invite_desktop.domain.messages import Message


class Area(StrEnum):
    """What is looked at, in the order in which it is shown."""

    TASK = "task"
    AUDIENCE = "audience"
    DATA = "data"
    ACCOUNTS = "accounts"
    RIGHTS = "rights"
    KEYRING = "keyring"
    NETWORK = "network"
    LIMITS = "limits"
    DISK = "disk"


class Gravity(IntEnum):
    """How bad a finding is: all is well, it costs time or people, or nothing goes on."""

    FINE = 0
    CARE = 1
    BLOCKING = 2


class RepairKind(StrEnum):
    """Everything that a button beside a finding can do."""

    START = "start"
    RESUME = "resume"
    RETRY = "retry"
    RESTORE = "restore"
    CHANGE_SCHEDULE = "change_schedule"
    CHANGE_BASIS = "change_basis"
    OPEN_AUDIENCE = "open_audience"
    COPY_TASK = "copy_task"
    SHOW_PEOPLE = "show_people"
    SHOW_LINK = "show_link"
    ADD_ACCOUNT = "add_account"
    OPEN_ACCOUNT = "open_account"
    CHECK_ACCOUNT = "check_account"
    SWITCH_ON_ACCOUNT = "switch_on_account"
    RELEASE_ACCOUNT = "release_account"
    SET_PROXY = "set_proxy"


@dataclass(frozen=True, slots=True)
class Repair:
    """One repair. ``subject_id`` is the account's, audience's or task's it is about.

    ``state`` and ``reason`` say which people SHOW_PEOPLE shows, by their values; empty: all.
    """

    kind: RepairKind
    subject_id: int = 0
    state: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence about one area, with what mends it if something can."""

    area: Area
    gravity: Gravity
    words: Message
    repair: Repair | None = None
