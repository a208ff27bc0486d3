"""Look-ups of chats: counted with those of people, and each made once for ever."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from typing import TYPE_CHECKING

from invite_desktop.domain.attempts import Action
from invite_desktop.domain.outcomes import Outcome, OutcomeCode

if TYPE_CHECKING:
    from invite_desktop.engine.account_pace import Pace
    from invite_desktop.engine.ports.clock import Clock
    from invite_desktop.engine.ports.ledger import Ledger
    from invite_desktop.engine.ports.telegram import ChatPeer


class RationedLookUps:
    """Implements ChatLookUps by the pace, on the ledger."""

    def __init__(self, ledger: Ledger, pace: Pace, clock: Clock) -> None:
        self._ledger = ledger
        self._pace = pace
        self._clock = clock
        self._callers: dict[int, int] = {}
        # Two that ask at the same moment must not both be given the last one.
        self._deciding: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def known(self, account_id: int, username: str) -> ChatPeer | None:
        """Return the chat to which a name led the account, None when it must be looked up."""
        return await self._ledger.named_chat(account_id, username)

    async def begin(self, account_id: int) -> int | Outcome:
        """Write a look-up before it is made; LOOK_UPS_SPENT when the account may make none."""
        async with self._deciding[account_id]:
            free_at = await self._pace.next_free_look_up(account_id)
            # Asked after it: a fast clock moves on while the pace decides.
            now = self._clock.now()
            if free_at > now:
                return Outcome(OutcomeCode.LOOK_UPS_SPENT)
            call_id = await self._ledger.begin_call(account_id, Action.LOOK_UP, now)
            self._callers[call_id] = account_id
            self._pace.forget(account_id)
            return call_id

    async def end(self, call_id: int, outcome: Outcome) -> None:
        """Write how a look-up ended."""
        await self._ledger.finish_call(call_id, outcome, self._clock.now())
        self._pace.forget(self._callers.pop(call_id))

    async def keep(self, account_id: int, username: str, peer: ChatPeer | None) -> None:
        """Remember to which chat a name leads, or (None) that it must be looked up anew."""
        await self._ledger.keep_named_chat(account_id, username, peer)
