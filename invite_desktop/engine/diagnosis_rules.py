"""What numbers and states of a task mean; no questions are asked here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invite_desktop.domain.diagnosis import Area, Finding, Gravity, Repair, RepairKind
from invite_desktop.domain.messages import counted, message
from invite_desktop.domain.outcomes import RULES, OutcomeCode, TargetState
from invite_desktop.domain.people import KeyKind
from invite_desktop.domain.tasks import ACTIVE_STATUSES, TaskReason, TaskStatus
from invite_desktop.domain.words import words_for

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from invite_desktop.domain.messages import Message
    from invite_desktop.domain.statistics import Counters
    from invite_desktop.domain.tasks import InviteTask

MANY_NOT_FOUND = 0.3
"""From this share of the people who have an end on, it is the list that is wrong."""

ENOUGH_TO_JUDGE = 10
"""People who have an end, before shares of them mean anything."""

LITTLE_ROOM = 500_000_000
"""Bytes on the disk; a backup of a large database and its journal need some."""

MUCH_ROOM = 10_000_000_000
"""Bytes; from here on it is told in gigabytes."""

_NOT_FOUND = (OutcomeCode.NOT_FOUND, OutcomeCode.UNKNOWN_BY_PHONE, OutcomeCode.NOT_ADDRESSABLE)


def fine(area: Area, words: Message) -> Finding:
    """Return that all is well."""
    return Finding(area, Gravity.FINE, words)


def care(area: Area, words: Message, repair: Repair | None = None) -> Finding:
    """Return what costs time or people."""
    return Finding(area, Gravity.CARE, words, repair)


def blocking(area: Area, words: Message, repair: Repair | None = None) -> Finding:
    """Return what keeps the task from going on."""
    return Finding(area, Gravity.BLOCKING, words, repair)


def task_findings(task: InviteTask, counters: Counters) -> Sequence[Finding]:
    """Return where the task itself stands, and the people of whom nothing is known for sure."""
    found = [_standing(task, counters)]
    if counters.uncertain:
        words = counted(
            "Of {count} person nobody knows whether it worked. It is not repeated by itself.",
            "Of {count} people nobody knows whether it worked. It is not repeated by itself.",
            counters.uncertain,
        )
        repair = Repair(RepairKind.SHOW_PEOPLE, task.id, TargetState.UNCERTAIN.value)
        found.append(Finding(Area.TASK, Gravity.CARE, words, repair))
    return found


def data_findings(
    task: InviteTask, counters: Counters, pending: Mapping[KeyKind, int]
) -> Sequence[Finding]:
    """Return what the keys of the people, and how it went so far, say of the list."""
    found = []
    if phones := pending.get(KeyKind.PHONE, 0):
        words = counted(
            "{count} person is known by phone only. Telegram answers few look-ups by phone, "
            "and each account may do 15 a day.",
            "{count} people are known by phone only. Telegram answers few look-ups by phone, "
            "and each account may do 15 a day.",
            phones,
        )
        found.append(care(Area.DATA, words, _audience(task)))
    if ids := pending.get(KeyKind.TELEGRAM_ID, 0):
        words = counted(
            "{count} person is known by id only: she is reached only if one of your accounts has "
            "met her.",
            "{count} people are known by id only: they are reached only if one of your accounts "
            "has met them.",
            ids,
        )
        found.append(care(Area.DATA, words, _audience(task)))
    missing = sum(n for (_, code), n in counters.by_reason.items() if code in _NOT_FOUND)
    if counters.processed >= ENOUGH_TO_JUDGE and missing >= MANY_NOT_FOUND * counters.processed:
        words = message(
            "{missing} of {processed} people were not found on Telegram: the list is old or has "
            "other people's names.",
            missing=missing,
            processed=counters.processed,
        )
        show = Repair(RepairKind.SHOW_PEOPLE, task.id, TargetState.FAILED.value)
        found.append(care(Area.DATA, words, show))
    if not found:
        found.append(fine(Area.DATA, message("Everybody who is left can be looked up by name.")))
    return found


def disk_finding(free_bytes: int) -> Finding:
    """Return whether there is room for what is written."""
    megabytes = free_bytes // 1_000_000
    if free_bytes >= MUCH_ROOM:
        words = message(
            "The data can be written, and {gigabytes} GB are free on the disk.",
            gigabytes=free_bytes // 1_000_000_000,
        )
        return fine(Area.DISK, words)
    if free_bytes < LITTLE_ROOM:
        words = message(
            "Only {megabytes} MB are free on the disk of the data. Free some space: without room "
            "nothing can be written down, and the tasks stop.",
            megabytes=megabytes,
        )
        return care(Area.DISK, words)
    return fine(
        Area.DISK,
        message(
            "The data can be written, and {megabytes} MB are free on the disk.", megabytes=megabytes
        ),
    )


def _standing(task: InviteTask, counters: Counters) -> Finding:
    if task.deleted_at is not None:
        words = message("The task is in the bin, so nothing happens.")
        return blocking(Area.TASK, words, Repair(RepairKind.RESTORE, task.id))
    if task.status is TaskStatus.READY:
        return _ready(task)
    if task.status in ACTIVE_STATUSES:
        return _active(task)
    return _stopped(task, counters)


def _active(task: InviteTask) -> Finding:
    reason = task.situation.reason
    if task.status is TaskStatus.RUNNING:
        return fine(Area.TASK, message("The task is running."))
    if reason is TaskReason.WORKING_HOURS:
        words = message("The task waits for its working hours.")
        return care(Area.TASK, words, Repair(RepairKind.CHANGE_SCHEDULE, task.id))
    words = message("The task waits and goes on by itself: {reason}.", reason=words_for(reason))
    return fine(Area.TASK, words) if reason is TaskReason.PACE else care(Area.TASK, words)


def _stopped(task: InviteTask, counters: Counters) -> Finding:
    reason = words_for(task.situation.reason)
    again = Repair(RepairKind.RETRY, task.id) if _may_be_opened(counters) else None
    if task.status is TaskStatus.PAUSED:
        words = message("The task is paused: {reason}.", reason=reason)
        return blocking(Area.TASK, words, Repair(RepairKind.RESUME, task.id))
    if task.status is TaskStatus.FAILED:
        return blocking(Area.TASK, message("The task was stopped: {reason}.", reason=reason), again)
    if again is not None:
        words = message("The task is finished, but some people may be tried again.")
        return care(Area.TASK, words, again)
    return fine(Area.TASK, message("The task is finished: everybody has an outcome."))


def _ready(task: InviteTask) -> Finding:
    if task.situation.reason is not TaskReason.NONE:
        words = message("Not started: {reason}.", reason=words_for(task.situation.reason))
        return blocking(Area.TASK, words, Repair(RepairKind.START, task.id))
    if task.schedule.start_at is not None:
        words = message("It starts by itself at {time}.", time=task.schedule.start_at)
        return fine(Area.TASK, words)
    words = message("The task was not started yet.")
    return blocking(Area.TASK, words, Repair(RepairKind.START, task.id))


def _may_be_opened(counters: Counters) -> bool:
    return bool(counters.pending) or any(
        code is not None and RULES[code].retryable and count
        for (_, code), count in counters.by_reason.items()
    )


def _audience(task: InviteTask) -> Repair:
    return Repair(RepairKind.OPEN_AUDIENCE, task.audience_id)
