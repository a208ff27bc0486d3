"""One account at work: it does one thing at a time, and never earlier than the pace allows."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from invite_desktop.domain.accounts import RETURNING_STATES, AccountState
from invite_desktop.domain.attempts import LOOKING_UP
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.outcomes import Outcome, OutcomeCode
from invite_desktop.domain.pace import PaceDecision
from invite_desktop.domain.schedule import next_open
from invite_desktop.domain.tasks import TaskKind, TaskReason
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
from invite_desktop.engine.ports.ledger import ClaimWish
from invite_desktop.engine.requirements import Requirements
from invite_desktop.engine.settling import Settling
from invite_desktop.engine.situation import SHORT_WAIT, candidates
from invite_desktop.engine.task_work import Outlook

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from invite_desktop.domain.pace import PaceHistory
    from invite_desktop.engine.ports.ledger import Settlement
    from invite_desktop.engine.ports.telegram import Messenger
    from invite_desktop.engine.task_work import TaskWork
    from invite_desktop.engine.workshop import Workshop

LISTEN_EVERY = timedelta(hours=6)
"""So often an account asks for answers at the least, even if Telegram announced none.

Nothing is sent over a connection that is not alive, and a new one is asked for answers first.
"""

_STORE_RETRY = timedelta(minutes=1)
"""After this time what could not be written is tried again."""


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
        finder = PersonFinder(ports.clock, shop.pace, self._recorder)
        files = MessageFiles()
        self._actions: Mapping[TaskKind, InviteAction | MessageAction] = {
            TaskKind.INVITE: InviteAction(
                finder, self._recorder, EarlierInvitations(ports.restores)
            ),
            TaskKind.MESSAGE: MessageAction(
                finder, self._recorder, files, ports.ledger, ports.restores
            ),
        }
        self._settling = Settling(ports.tasks, ports.ledger, ports.clock, files)
        self._requirements = Requirements(account_id, shop)
        self._must_settle = True
        self._news = True
        self._heard_at = datetime.min.replace(tzinfo=UTC)
        self._stopping = False
        self._serving: TaskWork | None = None

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
        self._news = True
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
            await self._pause(self._works(), TaskReason.STORAGE, error)
            return self._clock.now() + _STORE_RETRY
        except Exception as error:
            self._shop.on_error(error)
            self._must_settle = True
            serving = [self._serving] if self._serving in self._works() else self._works()
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
        await self._shop.board.write_pauses()
        if not await self._is_ready():
            return await self._rest()
        self._must_settle = self._must_settle and bool(await self._open_contacts())
        if not (self._must_settle or self._works() or await self._may_be_answered()):
            self._serve(None)
            return await self._next_listening()
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
        # Hearing comes first: settling may repeat a message, and somebody may have said no to it.
        for prepare in (
            self._listen,
            self._settle_all,
            self._look_around,
            self._ask_requirements,
        ):
            if not await prepare(messenger):
                return self._clock.now()
        history = await self._shop.pace.history_at_work(self._id)
        work, moment = self._choose(history)
        if work is None:
            await self._review(*self._shop.board.all())
            return self._back_off.until or _sooner(moment, await self._next_listening())
        await self._review(work)
        if work.active and self._back_off.until is None:
            await self._act(work, messenger, history)
        return self._clock.now()

    def _works(self) -> list[TaskWork]:
        """Return the tasks in which this account acts, or may turn out to, in their order."""
        return [w for w in self._shop.board.all() if w.may_act(self._id) is not False]

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
        return account.until if account and account.state in RETURNING_STATES else None

    async def _wait_for_network(self, retry: datetime) -> datetime:
        for work in self._works():
            work.outlooks[self._id] = Outlook(retry, TaskReason.NO_NETWORK)
            await self._shop.board.review(work, may_end=False)
        return retry

    async def _open(self) -> Messenger | Outcome | None:
        """Return the messenger; None when the keyring refuses, which pauses the tasks."""
        try:
            messenger = await self._shop.ports.gateway.open(self._id)
        except KnownError as error:
            await self._pause(self._works(), TaskReason.KEYRING, error)
            return None
        if isinstance(messenger, Outcome):
            await self._wait_after(messenger)
        return messenger

    async def _wait_after(self, trouble: Outcome) -> None:
        """Draw the consequences of a question that failed, and ask it again later at any rate."""
        await self._consequences.for_account(trouble)
        if self._back_off.until is None:
            self._back_off.begin()

    async def _review(self, *works: TaskWork) -> None:
        for work in works:
            if work.may_be_over:
                await self._recorder.written()
            trouble = await self._shop.board.review(work)
            if trouble is not None:
                await self._wait_after(trouble)

    # ------------------------------------------------------------ before anything new

    async def _may_be_answered(self) -> bool:
        """Return whether there may be something to hear although there is nothing to do."""
        self._news = self._news or self._heard_at + LISTEN_EVERY <= self._clock.now()
        return self._news and await self._shop.replies.has_listened(self._id)

    async def _next_listening(self) -> datetime | None:
        """Return when to ask again although Telegram rang no bell: a lost connection is silent."""
        if not await self._shop.replies.has_listened(self._id):
            return None
        return max(self._heard_at + LISTEN_EVERY, self._clock.now())

    async def _listen(self, messenger: Messenger) -> bool:
        """Hear what people answered before anything is sent; False when that must wait."""
        now = self._clock.now()
        if not self._news and now < self._heard_at + LISTEN_EVERY:
            return True
        self._news = False
        trouble = await self._shop.replies.catch_up(self._id, messenger)
        if trouble is not None:
            self._news = True
            await self._wait_after(trouble)
            return False
        self._heard_at = now
        return True

    async def _open_contacts(self) -> list[Settlement]:
        """Return this account's contacts of which only the beginning is known, oldest first."""
        unsettled = await self._shop.ports.ledger.unsettled()
        return [item for item in unsettled if item.attempt.account_id == self._id]

    async def _settle_all(self, messenger: Messenger) -> bool:
        """Find out how this account's open contacts ended; False when that must wait."""
        if not self._must_settle:
            return True
        for settlement in await self._open_contacts():
            attempt = settlement.attempt
            outcome = await self._settling.outcome_of(settlement, messenger)
            if outcome.is_about_account:
                await self._wait_after(outcome)
                return False
            await self._recorder.write(attempt, outcome)
            if (work := self._shop.board.find(attempt.task_id)) is not None:
                await self._consequences.for_all(outcome, work)
            else:
                await self._consequences.for_account(outcome)
        self._must_settle = False
        return True

    async def _look_around(self, messenger: Messenger) -> bool:
        """See what the account may do in the chats of tasks it does not know; False: later."""
        for work in self._works():
            chat = work.task.chat
            if work.may_act(self._id) is not None or chat is None:
                continue
            sight = await messenger.see_chat(chat.address)
            if not isinstance(sight, Outcome):
                work.admit({self._id: sight})
            elif sight.code is OutcomeCode.LOOK_UPS_SPENT:
                work.postponed[self._id] = await self._shop.pace.next_free_look_up(self._id)
            elif sight.is_about_account:
                await self._wait_after(sight)
                return False
            else:
                work.leave(self._id, OutcomeCode.CHAT_UNREACHABLE)
        return True

    async def _ask_requirements(self, messenger: Messenger) -> bool:
        """Leave out who wants Premium or money for a message; False when asking must wait."""
        trouble = await self._requirements.ask(messenger, self._works())
        if trouble is not None:
            await self._wait_after(trouble)
        return trouble is None

    # ------------------------------------------------------------ the work itself

    def _choose(self, history: PaceHistory) -> tuple[TaskWork | None, datetime | None]:
        """Return the task to act for now, or None and when there will be one."""
        coming: list[tuple[datetime, TaskWork]] = []
        for work in self._works():
            if self._id in work.exhausted:
                continue
            at = self._shop.pace.decide(self._id, work.action, history).at
            paced = max(at, work.postponed.get(self._id, at))
            at = next_open(work.task.schedule.hours, paced)
            reason = TaskReason.PACE if at == paced else TaskReason.WORKING_HOURS
            work.outlooks[self._id] = Outlook(at, reason)
            # Asked anew each time: a fast clock moves on while the pace decides.
            now = self._clock.now()
            if at <= now:
                return work, now
            coming.append((at, work))
        soonest = min(coming, key=lambda pair: pair[0], default=None)
        near = soonest is not None and soonest[0] - self._clock.now() <= SHORT_WAIT
        self._serve(soonest[1] if soonest and near else None)
        return None, soonest[0] if soonest else None

    async def _act(self, work: TaskWork, messenger: Messenger, history: PaceHistory) -> None:
        self._serve(work)
        claim = await self._recorder.claim(work.task.id, self._id, self._wish(work, history))
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
                self._must_settle = True
                self._back_off.begin()
            else:
                await self._consequences.for_all(outcome, work)
        self._shop.bus.publish(AccountChanged(self._id))
        await self._review(work)

    def _wish(self, work: TaskWork, history: PaceHistory) -> ClaimWish:
        """Return whom this account cannot look up now, and who works beside it."""
        allowed = {kind: self._shop.pace.decide(self._id, kind, history).at for kind in LOOKING_UP}
        # Asked after the pace has decided: what is allowed now would lie in the future otherwise.
        now = self._clock.now()
        later = sorted((at, kind) for kind, at in allowed.items() if at > now)
        others = candidates(work, self._shop.accounts.all(), now)
        return ClaimWish(
            tuple(kind for _, kind in later),
            frozenset(a.id for a in others if a.id != self._id and a.is_ready(now)),
        )

    def _serve(self, work: TaskWork | None) -> None:
        if work is not self._serving:
            self._serving = work
            self._shop.bus.publish(AccountChanged(self._id))


def _sooner(one: datetime | None, other: datetime | None) -> datetime | None:
    return min((moment for moment in (one, other) if moment is not None), default=None)
