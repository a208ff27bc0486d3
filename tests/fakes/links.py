"""Links of tasks with the real ones' face, for tests of the window."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from invite_desktop.domain.audiences import Basis
from invite_desktop.domain.outcomes import TargetState
from invite_desktop.domain.retention import RetentionCount
from invite_desktop.engine.events import TaskChanged
from invite_desktop.engine.join_requests import JoinRequest
from invite_desktop.engine.ports.links import LinkCounts, TaskLink
from invite_desktop.engine.ports.telegram import TelegramPerson, UserPeer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from invite_desktop.domain.errors import KnownError
    from invite_desktop.domain.tasks import InviteTask
    from invite_desktop.engine.ports.ledger import Target
    from tests.fakes.engine import FakeEngine

MADE = datetime(2025, 12, 8, 8, 0, tzinfo=UTC)


class FakeLinks:
    """One link a task; tests say who came by it."""

    def __init__(self, engine: FakeEngine) -> None:
        self._engine = engine
        self.rows: dict[int, TaskLink] = {}
        self.came = LinkCounts()
        self.refusal: KnownError | None = None

    async def of_task(self, task_id: int) -> TaskLink | None:
        return self.rows.get(task_id)

    async def make(self, task_id: int, *, by_request: bool = False) -> TaskLink:
        self._refuse()
        link = TaskLink(
            1,
            task_id,
            "https://t.me/+AbCdEfGh12345",
            1,
            by_request,
            lets_listed_in=False,
            made_at=MADE,
        )
        self.rows[task_id] = link
        self._engine.bus.publish(TaskChanged(task_id))
        return link

    async def revoke(self, task_id: int) -> None:
        self._refuse()
        del self.rows[task_id]
        self._engine.bus.publish(TaskChanged(task_id))

    async def counts(self, task_id: int) -> LinkCounts:
        return self.came

    async def count_now(self, task_id: int) -> LinkCounts:
        self._refuse()
        self.rows[task_id] = replace(self.rows[task_id], read_at=MADE)
        self.came = LinkCounts(12, 9)
        return self.came

    def _refuse(self) -> None:
        refusal, self.refusal = self.refusal, None
        if refusal is not None:
            raise refusal


def a_request(number: int, *, listed: bool) -> JoinRequest:
    person = TelegramPerson(UserPeer(500 + number, 1), f"asker_{number}", None, "Ася", "Лунина")
    return JoinRequest(person, MADE, listed, 1)


class FakeJoinRequests:
    """Who waits, until a test or an answer changes it."""

    def __init__(self, engine: FakeEngine) -> None:
        self._engine = engine
        self.waiting: list[JoinRequest] = []
        self.answers: list[tuple[int, bool]] = []
        self.refusal: KnownError | None = None

    async def of_task(self, task_id: int) -> Sequence[JoinRequest]:
        refusal, self.refusal = self.refusal, None
        if refusal is not None:
            raise refusal
        return list(self.waiting)

    async def answer(self, task_id: int, requests: Sequence[JoinRequest], *, let_in: bool) -> int:
        for request in requests:
            self.waiting.remove(request)
            self.answers.append((request.person.peer.user_id, let_in))
        return len(requests)

    async def let_listed_in(self, task_id: int, *, wanted: bool) -> None:
        link = self._engine.links.rows[task_id]
        self._engine.links.rows[task_id] = replace(link, lets_listed_in=wanted)
        self._engine.bus.publish(TaskChanged(task_id))


class FakeOnlyByLink:
    """The skipped people of a task."""

    def __init__(self, engine: FakeEngine) -> None:
        self._engine = engine
        self.reason: Basis | None = Basis.CUSTOMERS
        self.saved: list[Path] = []
        self.texts: list[str] = []
        self.refusal: KnownError | None = None

    def _found(self, task_id: int) -> list[Target]:
        everybody = self._engine.tasks.people[task_id]
        return [target for target in everybody if target.state is TargetState.SKIPPED]

    async def count(self, task_id: int) -> int:
        return 0 if self.texts else len(self._found(task_id))

    async def people(self, task_id: int, offset: int = 0, limit: int = 200) -> Sequence[Target]:
        return self._found(task_id)[offset : offset + limit]

    async def basis(self, task_id: int) -> Basis | None:
        return self.reason

    async def export(self, task_id: int, path: Path) -> int:
        self.saved.append(path)
        return len(self._found(task_id))

    async def message_task(
        self, task_id: int, text: str, stop_line: str | None = None
    ) -> InviteTask:
        if self.refusal is not None:
            refusal, self.refusal = self.refusal, None
            raise refusal
        self.texts.append(text)
        self._engine.bus.publish(TaskChanged(task_id))
        return self._engine.tasks.rows[task_id]


class FakeRetention:
    """Three rows that a test may change."""

    def __init__(self) -> None:
        self.rows = [
            RetentionCount(1, 38, 2, 0, 0),
            RetentionCount(7, 15, 5, 1, 19),
            RetentionCount(30, coming=40),
        ]

    async def of_task(self, task_id: int) -> Sequence[RetentionCount]:
        return self.rows
