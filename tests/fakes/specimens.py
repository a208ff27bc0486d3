"""An account, a person and a task for tests of the window, and the time that it is there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from invite_desktop.domain.accounts import (
    Account,
    AccountState,
    Profile,
)
from invite_desktop.domain.chats import (
    AddressKind,
    ChatAddress,
    ChatKind,
)
from invite_desktop.domain.people import Person, PersonKeys
from invite_desktop.domain.tasks import (
    ChatRef,
    InviteTask,
    Priority,
    TaskKind,
    TaskSituation,
    TaskStatus,
)

NOW = datetime(2025, 12, 8, 9, 30, tzinfo=UTC)


class StillClock:
    """Time that stands until a test moves it."""

    def __init__(self) -> None:
        self.moment = NOW

    def now(self) -> datetime:
        return self.moment


def an_account(number: int, state: AccountState = AccountState.READY, **more: object) -> Account:
    names = ("Анна Орлова", "Борис Белых", "Вера Соколова", "Глеб Крылов")
    first, last = names[number % len(names)].split()
    profile = Profile(10_000 + number, first, last, f"club_admin_{number}", f"+7900000000{number}")
    return Account(number, profile, state, NOW - timedelta(days=3), **more)


def a_person(number: int) -> Person:
    return Person(
        number,
        PersonKeys(username=f"rehearsal_7_{number:05}"),
        full_name=f"Иван Петров {number}",
        first_name="Иван",
        last_name=f"Петров {number}",
        extra={"Город": "Тверь"},
    )


def a_task(number: int, status: TaskStatus = TaskStatus.READY) -> InviteTask:
    address = ChatAddress(AddressKind.USERNAME, "football_club")
    return InviteTask(
        number,
        "Приглашения в «Клуб»",
        TaskKind.INVITE,
        1,
        ChatRef(777, "Клуб", ChatKind.SUPERGROUP, address),
        "",
        Priority.NORMAL,
        TaskSituation(status),
        NOW - timedelta(hours=number),
    )
