"""The active tasks: what there is to do, and what becomes of each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.domain.outcomes import TaskEffect
from invite_desktop.domain.tasks import TaskMove, TaskReason, TaskSituation, TaskStatus
from invite_desktop.domain.words import words_for
from invite_desktop.engine.events import AttentionNeeded, TaskChanged
from invite_desktop.engine.situation import judge
from invite_desktop.engine.task_work import TaskWork

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from invite_desktop.domain.messages import Message
    from invite_desktop.domain.outcomes import Outcome
    from invite_desktop.domain.tasks import InviteTask
    from invite_desktop.engine.account_states import AccountStates
    from invite_desktop.engine.completion import Completion
    from invite_desktop.engine.event_bus import EventBus
    from invite_desktop.engine.ports.telegram import ChatSight
    from invite_desktop.engine.setup import Ports
    from invite_desktop.engine.situation import Verdict
    from invite_desktop.engine.task_states import TaskStates

_MOVE_TO = {TaskStatus.PAUSED: TaskMove.PAUSE, TaskStatus.FAILED: TaskMove.FAIL}
_STATUS_AFTER = {TaskMove.WAIT: TaskStatus.WAITING, TaskMove.WAKE: TaskStatus.RUNNING}


class TaskBoard:
    """Everything the runners choose from. ``on_news`` is called when there may be more to do."""

    def __init__(
        self,
        ports: Ports,
        states: TaskStates,
        accounts: AccountStates,
        completion: Completion,
        bus: EventBus,
    ) -> None:
        self._ports = ports
        self._states = states
        self._accounts = accounts
        self._completion = completion
        self._bus = bus
        self._works: dict[int, TaskWork] = {}
        self._unwritten: dict[int, TaskSituation] = {}
        self.on_news: Callable[[], None] = lambda: None

    async def take(self, task: InviteTask, sights: Mapping[int, ChatSight]) -> TaskWork:
        """Work on a task that has just become active."""
        return self.put(task, sights, await self.open_targets(task.id))

    def put(self, task: InviteTask, sights: Mapping[int, ChatSight], open_targets: int) -> TaskWork:
        """Work on a task of which it is known how many targets are open at the most."""
        work = TaskWork(task, open_targets)
        work.admit(sights)
        self._works[task.id] = work
        self._unwritten.pop(task.id, None)
        self.on_news()
        return work

    async def open_targets(self, task_id: int) -> int:
        """Return how many targets of a task are open."""
        counters = await self._ports.tasks.counters(task_id)
        return counters.pending + counters.in_work

    def drop(self, task_id: int) -> TaskWork | None:
        """Stop working on a task before its next action; return what was known of it."""
        work = self._works.pop(task_id, None)
        if work is not None:
            work.active = False
            self.on_news()
        return work

    def update(self, task: InviteTask) -> None:
        """Work on with what the user has just changed of a task: its priority or its schedule."""
        if (work := self._works.get(task.id)) is not None:
            work.task = task
            self.on_news()

    def restore(self, work: TaskWork) -> None:
        """Take a dropped task up again, because it could not be stopped for good."""
        work.active = True
        self._works[work.task.id] = work
        self.on_news()

    def stop(self) -> None:
        """Let nothing begin any more; the tasks stay as they are in the store."""
        for work in self._works.values():
            work.active = False

    def find(self, task_id: int) -> TaskWork | None:
        """Return an active task, None when it is not."""
        return self._works.get(task_id)

    def all(self) -> Sequence[TaskWork]:
        """Return the active tasks in the order in which accounts choose them."""
        return sorted(self._works.values(), key=lambda work: work.order)

    def target_ended(self, work: TaskWork) -> None:
        """One target fewer is open; other tasks for its chat may have waited for that person."""
        work.open_targets -= 1
        chat = work.task.chat
        for other in self._works.values():
            same_chat = chat and other.task.chat and other.task.chat.chat_id == chat.chat_id
            if other is not work and same_chat and other.exhausted:
                other.exhausted.clear()
                self.on_news()

    def target_returned(self, work: TaskWork) -> None:
        """A target is pending again: accounts that had found nothing may look anew."""
        if work.exhausted:
            work.exhausted.clear()
            self.on_news()

    async def pause(
        self,
        work: TaskWork,
        reason: TaskReason,
        detail: str = "",
        words: Message | None = None,
    ) -> None:
        """Pause a task for a reason that the user has to know."""
        if not work.active:
            return
        situation = TaskSituation(TaskStatus.PAUSED, reason, detail)
        await self._end(work, situation, _paused(work.task, reason, words))

    async def write_pauses(self) -> None:
        """Write the pauses and failures that the store refused before.

        Raises KnownError if it still does.
        """
        for task_id, situation in tuple(self._unwritten.items()):
            await self._write(task_id, situation)
            self._unwritten.pop(task_id, None)

    def unwritten_situation(self, task_id: int) -> TaskSituation | None:
        """Return a task's pause or failure that is in force, but could not be written yet."""
        return self._unwritten.get(task_id)

    async def review(self, work: TaskWork, *, may_end: bool = True) -> Outcome | None:
        """Find out where a task stands, and say so if that is new.

        Return the trouble that keeps a finished task from its last check. ``may_end`` False leaves
        that check, which asks Telegram, for later.
        """
        async with work.review:
            if not work.active:
                return None
            if may_end and work.may_be_over and await self._completion.is_all_ended(work):
                return await self._complete(work)
            now = self._ports.clock.now()
            await self._follow(work, judge(work, self._accounts.all(), now))
        return None

    async def review_all(self) -> None:
        """Find out where every active task stands."""
        for work in self.all():
            await self.review(work)

    async def _end(self, work: TaskWork, situation: TaskSituation, told: Message) -> None:
        """Stop working on a task, and say why."""
        task_id = work.task.id
        self.drop(task_id)
        self._bus.publish(AttentionNeeded(told))
        try:
            await self._write(task_id, situation)
        except KnownError:
            # The store refuses: the end is in force all the same, and written when it can be.
            self._unwritten[task_id] = situation
            self._bus.publish(TaskChanged(task_id))

    async def _write(self, task_id: int, situation: TaskSituation) -> None:
        move = _MOVE_TO[situation.status]
        await self._states.move_if_allowed(task_id, move, situation.reason, detail=situation.detail)

    async def _complete(self, work: TaskWork) -> Outcome | None:
        trouble = await self._completion.verify(work)
        if trouble is not None:
            if trouble.rule.task is TaskEffect.PAUSE:
                detail = trouble.detail or trouble.code.value
                await self.pause(work, TaskReason.UNKNOWN_ERROR, detail)
            return trouble
        if work.active:
            await self._states.move_if_allowed(work.task.id, TaskMove.COMPLETE)
            self.drop(work.task.id)
        return None

    async def _follow(self, work: TaskWork, verdict: Verdict) -> None:
        task = work.task
        if verdict.move is TaskMove.FAIL:
            words = words_for(verdict.reason)
            told = message(
                "The task “{task}” cannot go on: {reason}.", task=task.name, reason=words
            )
            await self._end(work, TaskSituation(TaskStatus.FAILED, verdict.reason), told)
            return
        status = _STATUS_AFTER[verdict.move]
        after = TaskSituation(status, verdict.reason, "", verdict.until)
        if after == task.situation or _says_the_same(task.situation, after):
            return
        moved = await self._states.move_if_allowed(
            task.id, verdict.move, verdict.reason, until=verdict.until
        )
        if moved is not None:
            work.task = moved


def _says_the_same(before: TaskSituation, after: TaskSituation) -> bool:
    """Return whether a running task goes on running; why it ran before is no news."""
    return before.status is after.status is TaskStatus.RUNNING


def _paused(task: InviteTask, reason: TaskReason, words: Message | None) -> Message:
    if words is not None:
        return message("The task “{task}” is paused. {words}", task=task.name, words=words)
    return message(
        "The task “{task}” is paused: {reason}.", task=task.name, reason=words_for(reason)
    )
