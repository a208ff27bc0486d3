"""The record of every call, and the claims that lead to one."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from invite_desktop.domain.outcomes import TargetState
from invite_desktop.engine.ports.ledger import ANYBODY
from invite_desktop.store import (
    account_calls,
    attempt_writer,
    claims,
    contact_rules,
    execution_log,
    ledger_queries,
    peers,
)
from invite_desktop.store.rows import connection_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from invite_desktop.domain.attempts import Action, Attempt
    from invite_desktop.domain.outcomes import Outcome
    from invite_desktop.domain.pace import Flood, PaceHistory
    from invite_desktop.engine.ports.ledger import (
        AddressableTarget,
        Claim,
        ClaimWish,
        LedgerFilter,
        LedgerRow,
        Settlement,
    )
    from invite_desktop.engine.ports.telegram import ChatPeer, UserPeer
    from invite_desktop.store.database import Database

_T = TypeVar("_T")


class SqliteLedger:
    """The port Ledger on SQLite. Raises RuntimeError when a caller breaks the law."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._searches = claims.Searches()

    async def claim(
        self,
        task_id: int,
        account_id: int,
        at: datetime,
        wish: ClaimWish = ANYBODY,
        *,
        to_look_up: bool = False,
    ) -> Claim | None:
        """Take a pending target for an account; None when nothing is left for it.

        Targets that may no longer be contacted end as skipped on the way. People whom another
        task works on for the same chat are passed over until that is decided.
        """

        def work(connection: sqlite3.Connection) -> tuple[Claim | None, bool]:
            search = self._searches.of(task_id, account_id, wish)
            claim, more = claims.claim_next(connection, task_id, account_id, at, search)
            if claim is not None and to_look_up:
                claim = attempt_writer.with_look_up(connection, claim, wish.without, at)
            return claim, more

        more = True
        while more:
            claim, more = await (self._write if to_look_up else self._write_soon)(work)
        return claim

    async def release(self, claim: Claim, at: datetime, *, unable: bool = False) -> None:
        """Put a claimed target back to pending; ``unable``: never offer it to this account."""
        await self._write_soon(
            lambda connection: attempt_writer.release(connection, claim, at, unable=unable)
        )

    async def begin(self, claim: Claim, action: Action, at: datetime) -> Attempt:
        """Write the attempt, durably, before its call.

        Raises RuntimeError when the target is not claimed, or was or may have been contacted.
        """
        return await self._write(
            lambda connection: attempt_writer.begin(connection, claim, action, at)
        )

    async def begin_contact(self, claim: Claim, action: Action, at: datetime) -> Attempt | Outcome:
        """Write the attempt as ``begin`` does, unless the person may not be contacted any more.

        A look-up may have shown that she is somebody who opted out, or whom a task has contacted
        under another name. Her target has ended then, with the outcome that is returned.
        """
        return await self._write(
            lambda connection: attempt_writer.begin_contact(connection, claim, action, at)
        )

    async def finish(
        self,
        attempt: Attempt,
        outcome: Outcome,
        at: datetime,
        found: UserPeer | None = None,
        *,
        with_next: bool = False,
    ) -> None:
        """Write the outcome of a call, the target's state by its rule, and the counters.

        ``found`` is how the account addresses the person, when a look-up has just said it.
        ``with_next``: this may wait a moment for what is written next.
        """

        def work(connection: sqlite3.Connection) -> None:
            attempt_writer.finish(connection, attempt, outcome, at)
            if found is not None:
                peers.keep_peer(connection, attempt.account_id, attempt.person_id, found)

        # What a look-up found is followed by a durable transaction, or else is asked once more.
        write = self._write if found is None else self._write_soon
        await write(work, with_next=with_next)

    async def end_target(
        self, claim: Claim, outcome: Outcome, at: datetime, by: int | None = None
    ) -> None:
        """End a claimed target without a call (already a member, for instance).

        ``by`` is the account that brought the end, None for the one that claimed it.
        """
        await self._write(
            lambda connection: attempt_writer.end_target(connection, claim, outcome, at, by)
        )

    async def settle_target(
        self, target_id: int, outcome: Outcome, at: datetime, *, with_next: bool = False
    ) -> None:
        """Correct an INVITED or UNCERTAIN target after a later check (JOINED for instance).

        That somebody joined may wait a moment (``with_next``) for what is written next.
        """

        def work(connection: sqlite3.Connection) -> None:
            attempt_writer.settle_target(connection, target_id, outcome, at)

        if outcome.rule.target is TargetState.JOINED:
            # She is asked for once more at the end of the task, when this came to be undone.
            await self._write_soon(work, with_next=with_next)
        else:
            await self._write(work)

    async def to_verify(self, task_id: int) -> Sequence[Claim]:
        """Return the targets INVITED or UNCERTAIN, with the peer of the account that acted.

        An uncertain one that a check could not settle does not come again.
        """
        return await self._read(lambda connection: claims.to_verify(connection, task_id))

    async def fail_unaddressable(self, task_id: int, accounts: Sequence[int], at: datetime) -> int:
        """End the pending targets that none of the accounts can address; return how many."""
        return await self._write(
            lambda connection: claims.fail_unaddressable(connection, task_id, accounts, at)
        )

    async def addressable(
        self, task_id: int, account_id: int, after: int, limit: int
    ) -> Sequence[AddressableTarget]:
        """Return pending targets that an account can address, in order, from behind a position."""
        return await self._read(
            lambda connection: claims.addressable(connection, task_id, account_id, after, limit)
        )

    async def end_pending(self, endings: Mapping[int, Outcome], at: datetime) -> Sequence[int]:
        """End targets, by id, that are still pending, without a call; return which did."""
        return await self._write(lambda connection: claims.end_pending(connection, endings, at))

    async def unsettled(self) -> Sequence[Settlement]:
        """Return the contacting attempts left in flight by a crash, oldest first."""
        return await self._read(ledger_queries.unsettled)

    async def is_opted_out(self, person_id: int) -> bool:
        """Return whether a person stands on the do-not-contact list now."""
        return await self._read(
            lambda connection: contact_rules.is_opted_out(connection, person_id)
        )

    async def release_stale_claims(self, at: datetime) -> int:
        """Put back to pending every claimed target without a contacting attempt in flight.

        Look-ups left in flight end as INTERRUPTED. Return how many targets were put back.
        """
        return await self._write(lambda connection: claims.release_stale(connection, at))

    async def keep_peer(self, account_id: int, person_id: int, peer: UserPeer) -> None:
        """Remember how an account addresses a person."""
        await self._write_soon(
            lambda connection: peers.keep_peer(connection, account_id, person_id, peer)
        )

    async def begin_call(self, account_id: int, action: Action, at: datetime) -> int:
        """Write a call that belongs to no target, durably, before it is made; return its id."""
        return await self._write(
            lambda connection: account_calls.begin(connection, account_id, action, at)
        )

    async def finish_call(self, call_id: int, outcome: Outcome, at: datetime) -> None:
        """Write how a call that belongs to no target ended."""
        await self._write(lambda connection: account_calls.finish(connection, call_id, outcome, at))

    async def named_chat(self, account_id: int, username: str) -> ChatPeer | None:
        """Return the chat to which a name led this account, None before it was resolved."""
        return await self._read(
            lambda connection: account_calls.named_chat(connection, account_id, username)
        )

    async def keep_named_chat(self, account_id: int, username: str, peer: ChatPeer | None) -> None:
        """Remember to which chat a name leads, or (None) that it must be resolved anew."""
        await self._write_soon(
            lambda connection: account_calls.keep_named_chat(connection, account_id, username, peer)
        )

    async def pace_history(self, account_id: int, now: datetime) -> PaceHistory:
        """Return what the pace needs to know of an account; of each action only the newest."""
        return await self._read(
            lambda connection: ledger_queries.pace_history(connection, account_id, now)
        )

    async def floods(self, account_id: int) -> Sequence[Flood]:
        """Return every flood wait and PEER_FLOOD that Telegram answered, oldest first."""
        return await self._read(lambda connection: ledger_queries.floods(connection, account_id))

    async def ended_since_resumed(self, task_id: int, limit: int) -> Sequence[Outcome]:
        """Return how the task's newest calls ended since the user last set it going, in order."""
        return await self._read(
            lambda connection: ledger_queries.ended_since_resumed(connection, task_id, limit)
        )

    async def rows(self, wanted: LedgerFilter, offset: int, limit: int) -> Sequence[LedgerRow]:
        """Return a page of the execution log, newest first."""
        return await self._read(
            lambda connection: execution_log.log_page(connection, wanted, offset, limit)
        )

    async def count_rows(self, wanted: LedgerFilter) -> int:
        """Return how many attempts of the execution log are wanted."""
        return await self._database.read_if_wanted(
            lambda database: execution_log.count_rows(connection_of(database), wanted)
        )

    async def contacts_in_time(self, task_id: int | None) -> Mapping[datetime, int]:
        """Return contacting attempts by the quarter of an hour (UTC) they began in, in order."""
        return await self._read(
            lambda connection: execution_log.contacts_in_time(connection, task_id)
        )

    async def _write(
        self, work: Callable[[sqlite3.Connection], _T], *, with_next: bool = False
    ) -> _T:
        return await self._database.write(
            lambda database: work(connection_of(database)), with_next=with_next
        )

    async def _write_soon(
        self, work: Callable[[sqlite3.Connection], _T], *, with_next: bool = False
    ) -> _T:
        return await self._database.write_soon(
            lambda database: work(connection_of(database)), with_next=with_next
        )

    async def _read(self, work: Callable[[sqlite3.Connection], _T]) -> _T:
        return await self._database.read(lambda database: work(connection_of(database)))
