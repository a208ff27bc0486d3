"""One account at work: it does one thing at a time, and never earlier than the pace allows."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from invite_desktop.domain.accounts import RETURNING_STATES, AccountState
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.outcomes import Outcome, OutcomeCode
from invite_desktop.domain.pace import PaceDecision
from invite_desktop.domain.schedule import next_open
from invite_desktop.domain.tasks import TaskKind, TaskReason
from invite_desktop.engine.account_choice import AccountChoice
from invite_desktop.engine.attempt_recorder import AttemptRecorder
from invite_desktop.engine.back_off import BackOff
from invite_desktop.engine.bell import Bell
from invite_desktop.engine.consequences import Consequences
from invite_desktop.engine.earlier_contacts import EarlierInvitations
from invite_desktop.engine.events import AccountChanged
from invite_desktop.engine.invite_action import InviteAction
from invite_desktop.engine.message_action import MessageAction
from invite_desktop.engine.message_files import MessageFiles
from invite_desktop.engine.person_finder import PersonFinder
from invite_desktop.engine.preparations import Preparations
from invite_desktop.engine.situation import SHORT_WAIT
from invite_desktop.engine.task_work import Outlook

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from invite_desktop.domain.pace import PaceHistory
    from invite_desktop.engine.ports.telegram import Messenger
    from invite_desktop.engine.task_work import TaskWork
    from invite_desktop.engine.workshop import Workshop

_STORE_RETRY = timedelta(minutes=1)
"""After this time what could not be written is tried again."""

_DEAF_FOR = timedelta(minutes=10)
"""So long an account at rest asks for no answers after asking has brought trouble."""


class AccountRunner:
    """Serves the active tasks with one account until it is told to stop.

    Every step ends with the moment of the next one; news (a new task, a pause, a change of the
    account) ring the bell and bring it forward.
    """

    def __init__(self, account_id: int, shop: Workshop) -> None:
        self._id = account_id
        self._shop = shop
        ports, bus = shop.ports, shop.bus
        self._clock = ports.clock
        self._bell = Bell(ports.clock)
        self._back_off = BackOff(ports.clock)
        self._consequences = Consequences(account_id, shop, self._back_off)
        self._recorder = AttemptRecorder(ports.ledger, bus, ports.clock, shop.pace)
        self._choice = AccountChoice(account_id, shop)
        self._recorder.next_wish = self._choice.next_wish
        finder = PersonFinder(ports.clock, shop.pace, self._recorder)
        files = MessageFiles()
        self._actions: Mapping[TaskKind, InviteAction | MessageAction] = {
            TaskKind.INVITE: InviteAction(
                finder, self._recorder, EarlierInvitations(ports.restores), self._may_go_on
            ),
            TaskKind.MESSAGE: MessageAction(finder, self._recorder, files, ports, self._may_go_on),
        }
        self._before = Preparations(account_id, shop, self._consequences, self._recorder, files)
        self._stopping = False
        self._serving: TaskWork | None = None
        self._deaf_until: datetime | None = None

    @property
    def busy_with(self) -> str | None:
        """Return the name of the task that the account serves now."""
        work = self._serving
        return work.task.name if work is not None and work.active else None

    @property
    def is_calling(self) -> bool:
        """Return whether a call that stands in the ledger is under way."""
        return self._recorder.calling

    def ring(self) -> None:
        """Say that there may be something new to do, or to leave."""
        self._bell.ring()

    def hear(self) -> None:
        """Say that something came for the account, or may have come."""
        self._before.hear()
        self._bell.ring()

    def stop(self) -> None:
        """End before the next action."""
        self._stopping = True
        self._bell.ring()

    async def run(self) -> None:
        """Work until told to stop."""
        try:
            while not self._stopping:
                moment = await self._guarded_step()
                if moment is None or moment > self._clock.now():
                    await self._bell.sleep(moment)
        finally:
            await self._recorder.leave()

    async def _guarded_step(self) -> datetime | None:
        try:
            return await self._step()
        except KnownError as error:
            await self._pause(self._choice.works(), TaskReason.STORAGE, error)
            return self._clock.now() + _STORE_RETRY
        except Exception as error:
            self._shop.on_error(error)
            self._before.settle_first()
            works = self._choice.works()
            serving = [self._serving] if self._serving in works else works
            await self._pause(serving, TaskReason.UNKNOWN_ERROR, error)
            if (me := asyncio.current_task()) is not None and me.cancelling():
                raise asyncio.CancelledError from error
            return None

    async def _pause(
        self, works: Sequence[TaskWork | None], reason: TaskReason, error: Exception
    ) -> None:
        words = error.explanation if isinstance(error, KnownError) else None
        detail = str(error) if isinstance(error, KnownError) else type(error).__name__
        for work in works:
            if work is not None:
                await self._shop.board.pause(work, reason, detail, words)

    # ------------------------------------------------------------ one step

    async def _step(self) -> datetime | None:
        await self._recorder.catch_up()
        claimed_ahead = self._recorder.claimed_ahead
        moment = await self._next_action()
        if claimed_ahead is not None and self._recorder.claimed_ahead is claimed_ahead:
            # Something else came first: a pause, a rest, an answer to be heard.
            await self._recorder.put_back()
        return moment

    async def _next_action(self) -> datetime | None:
        await self._shop.board.write_pauses()
        if not await self._is_ready():
            return await self._rest()
        if not (self._choice.works() or await self._before.are_due()):
            self._serve(None)
            return await self._before.next_listening()
        if (retry := self._back_off.until) is not None:
            return await self._wait_for_network(retry)
        async with self._shop.turns.turn(self._id):
            return await self._take_turn()

    async def _take_turn(self) -> datetime | None:
        # While another used the account, it may have got a rest, and this runner an order to end.
        if self._stopping or not await self._is_ready():
            return self._clock.now()
        messenger = await self._open()
        if messenger is None:
            return None
        if isinstance(messenger, Outcome):
            return self._clock.now()
        return await self._work(messenger)

    async def _work(self, messenger: Messenger) -> datetime | None:
        if not await self._before.make(messenger, self._choice.works):
            return self._clock.now()
        history = await self._shop.pace.history_at_work(self._id)
        work, moment = self._choice.choose(history)
        if work is None or moment is not None:
            near = moment is not None and moment - self._clock.now() <= SHORT_WAIT
            self._serve(work if near else None)
            await self._review(*self._shop.board.all())
            return self._back_off.until or _sooner(moment, await self._before.next_listening())
        await self._review(work)
        if work.active and self._back_off.until is None:
            await self._act(work, messenger, history)
        return self._clock.now()

    def _may_go_on(self, work: TaskWork) -> bool:
        """Return whether an action that has begun may make its next call."""
        now = self._clock.now()
        account = self._shop.accounts.find(self._id)
        ready = account is not None and account.is_ready(now)
        # Between a look-up and its contact a laptop may have slept past the end of the hours.
        open_now = next_open(work.task.schedule.hours, now) <= now
        return ready and open_now and work.active and not self._stopping

    async def _is_ready(self) -> bool:
        account = self._shop.accounts.find(self._id)
        if account is None or not account.is_ready(self._clock.now()):
            return False
        if account.state is not AccountState.READY:
            await self._shop.accounts.wake(self._id)
        return True

    async def _rest(self) -> datetime | None:
        self._serve(None)
        await self._review(*self._shop.board.all())
        account = self._shop.accounts.find(self._id)
        if account is None or account.state not in RETURNING_STATES:
            return None
        return _sooner(account.until, await self._listen_at_rest())

    async def _listen_at_rest(self) -> datetime | None:
        """Hear who wants no more messages although the account rests: others may be writing.

        Return when to listen again.
        """
        if (later := self._back_off.until or self._deaf_until) and later > self._clock.now():
            return later
        if not await self._before.has_news():
            return await self._before.next_listening()
        self._deaf_until = self._clock.now() + _DEAF_FOR
        async with self._shop.turns.turn(self._id):
            try:
                messenger = await self._shop.ports.gateway.open(self._id)
            except KnownError:
                # Whoever acts next says that the keyring refuses; here nobody waits for it.
                return self._deaf_until
            if isinstance(messenger, Outcome):
                await self._consequences.of_question(messenger)
            elif await self._before.listen(messenger):
                self._deaf_until = None
        return self._back_off.until or self._deaf_until or await self._before.next_listening()

    async def _wait_for_network(self, retry: datetime) -> datetime:
        for work in self._choice.works():
            work.outlooks[self._id] = Outlook(retry, TaskReason.NO_NETWORK)
            await self._shop.board.review(work, may_end=False)
        return retry

    async def _open(self) -> Messenger | Outcome | None:
        """Return the messenger; None when the keyring refuses, which pauses the tasks."""
        try:
            messenger = await self._shop.ports.gateway.open(self._id)
        except KnownError as error:
            await self._pause(self._choice.works(), TaskReason.KEYRING, error)
            return None
        if isinstance(messenger, Outcome):
            await self._consequences.of_question(messenger)
        return messenger

    async def _review(self, *works: TaskWork) -> None:
        for work in works:
            if work.may_be_over:
                await self._recorder.written()
            trouble = await self._shop.board.review(work)
            if trouble is not None:
                await self._consequences.of_question(trouble, work)

    async def _act(self, work: TaskWork, messenger: Messenger, history: PaceHistory) -> None:
        self._serve(work)
        wish = partial(self._choice.wish, work, history)
        claim = await self._recorder.claim(work.task.id, self._id, wish)
        if claim is None:
            work.exhausted.add(self._id)
            await self._review(work)
            return
        result = await self._actions[work.task.kind].perform(claim, messenger, work, history)
        if isinstance(result, PaceDecision):
            work.postponed[self._id] = result.at
            self._shop.board.target_returned(work)
            return
        for outcome in result:
            if outcome.code is OutcomeCode.UNCERTAIN:
                # The ledger keeps it in flight; nothing new is sent before it is settled.
                self._before.settle_first()
                self._back_off.begin()
            else:
                await self._consequences.for_all(outcome, work)
        self._shop.bus.publish(AccountChanged(self._id))
        await self._review(work)

    def _serve(self, work: TaskWork | None) -> None:
        if work is not self._serving:
            self._serving = work
            self._shop.bus.publish(AccountChanged(self._id))


def _sooner(one: datetime | None, other: datetime | None) -> datetime | None:
    return min((moment for moment in (one, other) if moment is not None), default=None)
