"""Rows of the database into values of the domain, and back."""

from __future__ import annotations

import json
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from invite_desktop.domain.accounts import (
    Account,
    AccountState,
    Actor,
    HealthEvent,
    HealthFact,
    Profile,
)
from invite_desktop.domain.attempts import Action, Attempt
from invite_desktop.domain.audiences import (
    Audience,
    Basis,
    FileCounts,
    FileReading,
    ImportCounts,
    ImportReport,
    Origin,
)
from invite_desktop.domain.chats import ChatKind, parse_chat_address
from invite_desktop.domain.outcomes import OutcomeCode, TargetState
from invite_desktop.domain.people import Person, PersonKeys
from invite_desktop.domain.schedule import Schedule, WorkingHours
from invite_desktop.domain.tasks import (
    ChatRef,
    InviteTask,
    Priority,
    TaskKind,
    TaskReason,
    TaskSituation,
    TaskStatus,
)
from invite_desktop.engine.ports.ledger import Target

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from invite_desktop.domain.audiences import InvalidRow

    Row = Mapping[str, Any]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

COUNT_FIELDS = (
    "read",
    "new",
    "updated",
    "duplicate",
    "invalid",
    "opted_out",
    "by_username",
    "by_phone",
    "by_id",
    "remarks",
)
"""The numbers of an import, by the names of both the columns and ImportCounts."""


def to_stamp(moment: datetime) -> int:
    """Return a moment as whole microseconds since 1970, UTC; exact."""
    return (moment - _EPOCH) // _MICROSECOND


def from_stamp(stamp: int) -> datetime:
    """Return the moment of a stamp, UTC and aware."""
    return _EPOCH + timedelta(microseconds=stamp)


def to_optional_stamp(moment: datetime | None) -> int | None:
    """Return the stamp of a moment that may be missing."""
    return None if moment is None else to_stamp(moment)


def from_optional_stamp(stamp: int | None) -> datetime | None:
    """Return the moment of a stamp that may be missing."""
    return None if stamp is None else from_stamp(stamp)


def to_outcome_code(text: str | None) -> OutcomeCode | None:
    """Return the outcome code of a column; NULL and '' mean none."""
    return OutcomeCode(text) if text else None


def to_json(value: object) -> str:
    """Return the one short JSON text of a value; equal texts mean equal values."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def to_profile(row: Row) -> Profile:
    """Return the public face of an account's row."""
    return Profile(
        row["telegram_id"], row["first_name"], row["last_name"], row["username"], row["phone"]
    )


def to_account(row: Row) -> Account:
    """Return the account of a row."""
    return Account(
        id=row["id"],
        profile=to_profile(row),
        state=AccountState(row["state"]),
        added_at=from_stamp(row["added_at"]),
        until=from_optional_stamp(row["until"]),
        note=row["note"],
    )


def to_health_event(row: Row) -> HealthEvent:
    """Return the entry of a health history that a row is."""
    return HealthEvent(
        id=row["id"],
        account_id=row["account_id"],
        at=from_stamp(row["at"]),
        fact=HealthFact(row["fact"]),
        state=AccountState(row["state"]),
        by=Actor(row["by"]),
        until=from_optional_stamp(row["until"]),
        note=row["note"],
        detail=row["detail"],
    )


def to_person(row: Row, key: str = "id") -> Person:
    """Return the person of a row; ``key`` names the column of her id."""
    return Person(
        id=row[key],
        keys=PersonKeys(row["username"], row["phone"], row["telegram_id"]),
        full_name=row["full_name"],
        first_name=row["first_name"],
        last_name=row["last_name"],
        extra=json.loads(row["extra"]),
    )


def to_audience(row: Row) -> Audience:
    """Return the audience of a row that has the count of its ``people``."""
    return Audience(
        id=row["id"],
        name=row["name"],
        basis=Basis(row["basis"]),
        source=row["source"],
        created_at=from_stamp(row["created_at"]),
        people=row["people"],
        tags=tuple(json.loads(row["tags"])),
        origin=Origin(row["origin"]),
    )


def to_import_report(
    row: Row, audience: Audience, invalid_rows: Sequence[InvalidRow] = ()
) -> ImportReport:
    """Return the report of an import's row."""
    return ImportReport(
        import_id=row["id"],
        audience=audience,
        files=tuple(json.loads(row["files"])),
        finished_at=from_stamp(row["finished_at"]),
        counts=ImportCounts(**{name: row[name] for name in COUNT_FIELDS}),
        invalid_rows=tuple(invalid_rows),
        origin=Origin(row["origin"]),
        undone_at=from_optional_stamp(row["undone_at"]),
        by_file=_by_file(row),
        readings=tuple(FileReading(**reading) for reading in json.loads(row["readings"])),
    )


def _by_file(row: Row) -> tuple[FileCounts, ...]:
    counts = json.loads(row["by_file"])
    names = json.loads(row["files"]) if counts else ()
    return tuple(FileCounts(name, *of_file) for name, of_file in zip(names, counts, strict=True))


def to_task(row: Row) -> InviteTask:
    """Return the task of a row."""
    return InviteTask(
        id=row["id"],
        name=row["name"],
        kind=TaskKind(row["kind"]),
        audience_id=row["audience_id"],
        chat=_to_chat(row),
        text=row["text"],
        priority=Priority(row["priority"]),
        situation=TaskSituation(
            TaskStatus(row["status"]),
            TaskReason(row["reason"]),
            row["detail"],
            from_optional_stamp(row["until"]),
        ),
        created_at=from_stamp(row["created_at"]),
        started_at=from_optional_stamp(row["started_at"]),
        finished_at=from_optional_stamp(row["finished_at"]),
        schedule=Schedule(from_optional_stamp(row["start_at"]), _to_hours(row["hours"])),
        link_preview=bool(row["link_preview"]),
        attachment=row["attachment"],
        deleted_at=from_optional_stamp(row["deleted_at"]),
    )


def from_schedule(schedule: Schedule) -> dict[str, object]:
    """Return the columns of a schedule."""
    hours = schedule.hours
    return {
        "start_at": to_optional_stamp(schedule.start_at),
        "hours": ""
        if hours is None
        else to_json(
            {
                "weekdays": sorted(hours.weekdays),
                "begins": hours.begins.isoformat("minutes"),
                "ends": hours.ends.isoformat("minutes"),
                "zone": hours.zone,
            }
        ),
    }


def _to_hours(text: str) -> WorkingHours | None:
    if not text:
        return None
    kept = json.loads(text)
    return WorkingHours(
        frozenset(kept["weekdays"]),
        time.fromisoformat(kept["begins"]),
        time.fromisoformat(kept["ends"]),
        kept["zone"],
    )


def to_target(row: Row) -> Target:
    """Return the target of a row that also has the columns of its person."""
    return Target(
        id=row["target_id"],
        task_id=row["task_id"],
        position=row["position"],
        person=to_person(row, "person_id"),
        state=TargetState(row["state"]),
        outcome=to_outcome_code(row["outcome"]),
        account_id=row["claimed_by"] or row["account_id"],
        changed_at=from_optional_stamp(row["changed_at"]),
        detail=row["detail"],
    )


def to_attempt(row: Row) -> Attempt:
    """Return the attempt of a row."""
    return Attempt(
        id=row["id"],
        task_id=row["task_id"],
        target_id=row["target_id"],
        person_id=row["person_id"],
        account_id=row["account_id"],
        action=Action(row["action"]),
        started_at=from_stamp(row["started_at"]),
        random_id=row["random_id"],
        ended_at=from_optional_stamp(row["ended_at"]),
        outcome=to_outcome_code(row["outcome"]),
        detail=row["detail"],
    )


def account_label(profile: Profile) -> str:
    """Return the words by which the log shows an account: its name, else a key."""
    name = f"{profile.first_name} {profile.last_name}".strip()
    return name or (f"@{profile.username}" if profile.username else profile.phone)


def _to_chat(row: Row) -> ChatRef | None:
    if row["chat_id"] is None:
        return None
    return ChatRef(
        row["chat_id"],
        row["chat_title"],
        ChatKind(row["chat_kind"]),
        parse_chat_address(row["chat_address"]),
    )
