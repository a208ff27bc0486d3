"""One wish for several tasks: each is tried, and the refusals are told together."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import counted, message

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from invite_desktop.domain.messages import Message
    from invite_desktop.domain.tasks import InviteTask
    from invite_desktop.engine.ports.stores import TaskStore

AT_ONCE = 4
"""So many tasks are worked on at the same time; a start asks Telegram."""

_TOLD = 3
"""So many refusals are told one by one."""


@dataclass(frozen=True, slots=True)
class TaskRefusal:
    """A task for which it was not possible, and why."""

    task: InviteTask
    error: KnownError


@dataclass(frozen=True, slots=True)
class BulkResult:
    """For which tasks it was done, in the order of the wish, and for which not."""

    done: Sequence[int]
    refusals: Sequence[TaskRefusal]

    @property
    def refusal(self) -> KnownError | None:
        """Return all refusals as one, None when there is none."""
        if not self.refusals:
            return None
        first = self.refusals[0].error
        if len(self.refusals) + len(self.done) == 1:
            return first
        same = {str(refusal.error) for refusal in self.refusals} == {str(first)}
        if same and len(self.refusals) > 1:
            words = counted(
                "Not done for {count} task. {words}",
                "Not done for {count} tasks. {words}",
                len(self.refusals),
                words=first.explanation,
            )
            return KnownError(words, first.next_step)
        return KnownError(_one_by_one(self.refusals), first.next_step if same else None)


class Bulk:
    """Does something with several tasks."""

    def __init__(self, tasks: TaskStore) -> None:
        self._tasks = tasks

    async def each(
        self, task_ids: Sequence[int], act: Callable[[int], Awaitable[object]]
    ) -> BulkResult:
        """Do the same with each task; what one refuses does not keep the others from it."""
        limit = asyncio.Semaphore(AT_ONCE)

        async def attempt(task_id: int) -> KnownError | None:
            async with limit:
                try:
                    await act(task_id)
                except KnownError as error:
                    return error
            return None

        ends = await asyncio.gather(*[attempt(task_id) for task_id in task_ids])
        results = list(zip(task_ids, ends, strict=True))
        return BulkResult(
            [task_id for task_id, error in results if error is None],
            [
                TaskRefusal(await self._tasks.task(task_id), error)
                for task_id, error in results
                if error is not None
            ],
        )


def _one_by_one(refusals: Sequence[TaskRefusal]) -> Message:
    """Return a line for each of the first refusals, and how many more there are."""
    lines = [
        message("“{task}”: {words}", task=refusal.task.name, words=refusal.error.explanation)
        for refusal in refusals[:_TOLD]
    ]
    if (more := len(refusals) - _TOLD) > 0:
        lines.append(counted("And {count} task more.", "And {count} tasks more.", more))
    told = lines[-1]
    for line in reversed(lines[:-1]):
        told = message("{first}\n{rest}", first=line, rest=told)
    return told
