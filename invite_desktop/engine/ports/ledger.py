"""The ledger as the engine sees it: what is claimed, attempted, settled and read back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from invite_desktop.domain.attempts import Action, Attempt
    from invite_desktop.domain.fates import Fate
    from invite_desktop.domain.outcomes import Outcome, OutcomeCode, TargetState
    from invite_desktop.domain.pace import Flood, PaceHistory
    from invite_desktop.domain.people import Person, PersonKeys
    from invite_desktop.engine.ports.telegram import ChatPeer, UserPeer


@dataclass(frozen=True, slots=True)
class Target:
    """One person in one task, as the task's page shows her."""

    id: int
    task_id: int
    position: int
    person: Person
    state: TargetState
    outcome: OutcomeCode | None = None
    account_id: int | None = None
    changed_at: datetime | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Prospect:
    """A person whom a task has not come to yet, and what would become of her now.

    ``account_id`` and ``peer``: an account that can address her already, None when none can.
    """

    target_id: int
    position: int
    person: Person
    fate: Fate
    account_id: int | None = None
    peer: UserPeer | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """A target that a runner works on now. ``random_id`` stays the target's own for ever.

    ``peer`` is how the claiming account addresses her, None before it has met her. ``look_up`` is
    the attempt to find her that was begun with the claim. ``name_is_dead``: her username led
    nowhere before, and she has a phone. ``met_as`` is the id under which another account has met
    her.
    """

    target_id: int
    task_id: int
    account_id: int
    person: Person
    random_id: int
    peer: UserPeer | None = None
    look_up: Attempt | None = None
    name_is_dead: bool = False
    met_as: int | None = None

    @property
    def keys_left(self) -> PersonKeys:
        """Return the keys by which she may be looked up."""
        keys = self.person.keys
        return replace(keys, username=None) if self.name_is_dead else keys


@dataclass(frozen=True, slots=True)
class ClaimWish:
    """Whom an account should rather not be given while there is somebody better for it.

    ``without`` are the kinds of look-up that its pace does not allow now, the shortest wait first;
    ``others`` the accounts that work beside it, so that nobody whom they can address already costs
    it a look-up.
    """

    without: tuple[Action, ...] = ()
    others: frozenset[int] = frozenset()


ANYBODY = ClaimWish()
"""No wish: the next target in order."""


@dataclass(frozen=True, slots=True)
class AddressedTarget:
    """A target with the account that acted for it, and how that account addresses the person."""

    target_id: int
    state: TargetState
    account_id: int
    peer: UserPeer


@dataclass(frozen=True, slots=True)
class AddressableTarget:
    """A pending target whose person one account can address already."""

    target_id: int
    position: int
    peer: UserPeer


@dataclass(frozen=True, slots=True)
class Settlement:
    """A contacting attempt of which only the beginning is known, with its claim."""

    attempt: Attempt
    claim: Claim


@dataclass(frozen=True, slots=True)
class LedgerFilter:
    """Which attempts the execution log shows; None and the empty text mean: all.

    ``since`` and ``until`` (UTC, not included) bound the beginning of a call; ``text`` is looked
    for in the person and in the technical name of the answer; ``before`` is the id of an attempt
    after which, newest first, one reads on.
    """

    task_id: int | None = None
    account_id: int | None = None
    person_id: int | None = None
    outcome: OutcomeCode | None = None
    since: datetime | None = None
    until: datetime | None = None
    text: str = ""
    before: int | None = None


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One attempt with the names a person can read."""

    attempt: Attempt
    task_name: str
    person_label: str
    account_label: str


class Ledger(Protocol):
    """The record of every call. The attempt is durable before the call is made."""

    async def claim(
        self,
        task_id: int,
        account_id: int,
        at: datetime,
        wish: ClaimWish = ANYBODY,
        *,
        to_look_up: bool = False,
    ) -> Claim | None:
        """Take the pending target that suits an account best, else the next one in order.

        In the same transaction, targets that may no longer be contacted (opted out; invited to
        or refused for this chat by another task) end as skipped. Targets this account was found
        unable to address are passed over. None when nothing is left for this account.
        ``to_look_up``: the look-up that the account needs first, if its wish does not forbid it,
        is begun in the same transaction, as ``begin`` does.
        """
        ...

    async def release(self, claim: Claim, at: datetime, *, unable: bool = False) -> None:
        """Put a claimed target back to pending; ``unable``: never offer it to this account."""
        ...

    async def begin(self, claim: Claim, action: Action, at: datetime) -> Attempt:
        """Write the attempt, durably, before its call."""
        ...

    async def begin_contact(self, claim: Claim, action: Action, at: datetime) -> Attempt | Outcome:
        """Write the attempt as ``begin`` does, unless the person may not be contacted any more.

        A look-up may have shown that she is somebody who opted out, or whom a task has contacted
        under another name. Her target has ended then, with the outcome that is returned.
        """
        ...

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
        ...

    async def end_target(
        self, claim: Claim, outcome: Outcome, at: datetime, by: int | None = None
    ) -> None:
        """End a claimed target without a call (already a member, for instance).

        ``by`` is the account that brought the end, None for the one that claimed it.
        """
        ...

    async def settle_target(
        self, target_id: int, outcome: Outcome, at: datetime, *, with_next: bool = False
    ) -> None:
        """Correct an INVITED or UNCERTAIN target after a later check (JOINED for instance).

        That somebody joined may wait a moment (``with_next``) for what is written next.
        """
        ...

    async def to_verify(self, task_id: int) -> Sequence[Claim]:
        """Return the targets INVITED or UNCERTAIN, with the peer of the account that acted."""
        ...

    async def fail_unaddressable(self, task_id: int, accounts: Sequence[int], at: datetime) -> int:
        """End the pending targets that none of the accounts can address; return how many."""
        ...

    async def addressable(
        self, task_id: int, account_id: int, after: int, limit: int
    ) -> Sequence[AddressableTarget]:
        """Return pending targets that an account can address, in order, from behind a position."""
        ...

    async def end_pending(self, endings: Mapping[int, Outcome], at: datetime) -> Sequence[int]:
        """End targets, by id, that are still pending, without a call; return which did."""
        ...

    async def unsettled(self) -> Sequence[Settlement]:
        """Return the contacting attempts left in flight by a crash, oldest first."""
        ...

    async def is_opted_out(self, person_id: int) -> bool:
        """Return whether a person stands on the do-not-contact list now."""
        ...

    async def release_stale_claims(self, at: datetime) -> int:
        """Put back to pending every claimed target without a contacting attempt in flight.

        For the start of the program. Look-ups left in flight end as INTERRUPTED. Return how many
        targets were put back.
        """
        ...

    async def keep_peer(self, account_id: int, person_id: int, peer: UserPeer) -> None:
        """Remember how an account addresses a person."""
        ...

    async def begin_call(self, account_id: int, action: Action, at: datetime) -> int:
        """Write a call that belongs to no target, durably, before it is made; return its id."""
        ...

    async def finish_call(self, call_id: int, outcome: Outcome, at: datetime) -> None:
        """Write how a call that belongs to no target ended."""
        ...

    async def named_chat(self, account_id: int, username: str) -> ChatPeer | None:
        """Return the chat to which a name led this account, None before it was resolved."""
        ...

    async def keep_named_chat(self, account_id: int, username: str, peer: ChatPeer | None) -> None:
        """Remember to which chat a name leads, or (None) that it must be resolved anew."""
        ...

    async def pace_history(self, account_id: int, now: datetime) -> PaceHistory:
        """Return what the pace needs to know of an account; of each action only the newest."""
        ...

    async def floods(self, account_id: int) -> Sequence[Flood]:
        """Return every flood wait and PEER_FLOOD that Telegram answered, oldest first."""
        ...

    async def ended_since_resumed(self, task_id: int, limit: int) -> Sequence[Outcome]:
        """Return how the task's newest calls ended since the user last set it going, in order."""
        ...

    async def rows(self, wanted: LedgerFilter, offset: int, limit: int) -> Sequence[LedgerRow]:
        """Return a page of the execution log, newest first."""
        ...

    async def count_rows(self, wanted: LedgerFilter) -> int:
        """Return how many attempts of the execution log are wanted."""
        ...

    async def contacts_in_time(self, task_id: int | None) -> Mapping[datetime, int]:
        """Return the contacting attempts of one task or (None) of all, by when they began.

        Moments (UTC) are the beginnings of quarters of an hour, in order; quarters without an
        attempt are left out. No time zone differs from another by less.
        """
        ...
