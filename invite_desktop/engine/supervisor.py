"""One runner an account, from the start of the program to its end."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from invite_desktop.domain.tasks import ACTIVE_STATUSES, TaskMove, TaskReason
from invite_desktop.engine.account_runner import AccountRunner
from invite_desktop.engine.background import BackgroundScope
from invite_desktop.engine.consequences import pause_after

if TYPE_CHECKING:
    from invite_desktop.domain.tasks import InviteTask
    from invite_desktop.engine.task_states import TaskStates
    from invite_desktop.engine.workshop import Workshop


_ANSWERS_TO_WEIGH = 200
"""So many of a task's last answers are weighed again when the program starts."""


class Supervisor:
    """Starts the runners, wakes them when something changes, and stops them gently."""

    def __init__(self, shop: Workshop, states: TaskStates) -> None:
        self._shop = shop
        self._states = states
        self._scope = BackgroundScope(shop.on_error)
        self._runners: dict[int, AccountRunner] = {}
        self._running: dict[int, asyncio.Task[None]] = {}
        self._started = False
        shop.board.on_news = self._ring_all
        shop.accounts.watch(self._account_changed)
        shop.ports.gateway.listen(self._hear)

    async def start(self, *, continue_tasks: bool) -> None:
        """Put the claims of the last run back, take its tasks up again, and start the runners."""
        if self._started:
            return
        ports = self._shop.ports
        await ports.ledger.release_stale_claims(ports.clock.now())
        for task in await ports.tasks.tasks():
            if task.status not in ACTIVE_STATUSES:
                continue
            move = TaskMove.WAKE if continue_tasks else TaskMove.PAUSE
            moved = await self._states.move(task.id, move, TaskReason.INTERRUPTED)
            if continue_tasks:
                await self._take_up(moved)
        self._started = True
        for account in self._shop.accounts.all():
            self._start_runner(account.id)
        self._scope.start(self._shop.board.review_all(), "review of the tasks")

    async def hold(self, reason: TaskReason) -> None:
        """Put the claims of the last run back, and let its tasks wait without any runner."""
        ports = self._shop.ports
        await ports.ledger.release_stale_claims(ports.clock.now())
        for task in await ports.tasks.tasks():
            if task.status in ACTIVE_STATUSES:
                await self._states.move(task.id, TaskMove.WAIT, reason)

    async def _take_up(self, task: InviteTask) -> None:
        """Go on with a task of the last run, unless one of its last answers means a pause."""
        work = await self._shop.board.take(task, {})
        ledger = self._shop.ports.ledger
        for outcome in await ledger.ended_since_resumed(task.id, _ANSWERS_TO_WEIGH):
            if (pause := pause_after(outcome, work.breaker)) is not None:
                await self._shop.board.pause(work, pause.reason, pause.detail)
                return

    async def stop(self) -> None:
        """Stop before the next action of each runner, after the call that is under way."""
        self._started = False
        self._shop.board.stop()
        for runner in self._runners.values():
            runner.stop()
        await asyncio.gather(*self._running.values(), return_exceptions=True)
        await self._scope.close()

    async def retire(self, account_id: int) -> None:
        """Stop one account's runner, after the call that is under way."""
        if (runner := self._runners.pop(account_id, None)) is not None:
            runner.stop()
            await asyncio.gather(self._running.pop(account_id), return_exceptions=True)

    def reinstate(self, account_id: int) -> None:
        """Start the runner of an account that could not be let go after all."""
        if self._started and account_id not in self._runners:
            self._start_runner(account_id)

    def busy_with(self, account_id: int) -> str | None:
        """Return the name of the task that an account serves now."""
        runner = self._runners.get(account_id)
        return runner.busy_with if runner else None

    def is_calling(self, account_id: int) -> bool:
        """Return whether an account has a call under way that stands in the ledger."""
        runner = self._runners.get(account_id)
        return runner is not None and runner.is_calling

    def _start_runner(self, account_id: int) -> None:
        runner = AccountRunner(account_id, self._shop)
        self._runners[account_id] = runner
        self._running[account_id] = self._scope.start(runner.run(), f"account {account_id}")

    def _account_changed(self, account_id: int) -> None:
        if not self._started:
            return
        known = self._shop.accounts.find(account_id) is not None
        if known and account_id not in self._runners:
            self._start_runner(account_id)
        if known:
            self._runners[account_id].ring()
        else:
            # Nobody is left to notice for this account what its tasks now lack.
            self._scope.start(self._shop.board.review_all(), "review of the tasks")

    def _hear(self, account_id: int) -> None:
        if (runner := self._runners.get(account_id)) is not None:
            runner.hear()

    def _ring_all(self) -> None:
        for runner in self._runners.values():
            runner.ring()
