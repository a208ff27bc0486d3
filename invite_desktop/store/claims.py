"""Which person a runner works on next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from invite_desktop.domain.attempts import Action
from invite_desktop.domain.outcomes import Outcome, OutcomeCode, TargetState
from invite_desktop.engine.ports.ledger import AddressableTarget, Claim
from invite_desktop.engine.ports.telegram import UserPeer
from invite_desktop.store.attempt_writer import end_attempts
from invite_desktop.store.contact_rules import why_not
from invite_desktop.store.mapping import to_json, to_person
from invite_desktop.store.rows import fetch_sql
from invite_desktop.store.target_moves import Move, move_target, move_targets
from invite_desktop.store.ways_to_people import BY_NAME, NAME_IS_DEAD

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from invite_desktop.engine.ports.ledger import ClaimWish
    from invite_desktop.store.rows import Row

MOST_SKIPPED = 200
"""Targets that one transaction may end as skipped while it looks for one to claim."""

LOOK_AHEAD = 20_000
"""So many targets are looked through for one that suits the account better than the first."""

LOOKED_AT_ONCE = 500
"""So many of them by one transaction, a millisecond; others get their turn in between."""

REMEMBERED_FOR = 200
"""After so many claims an account looks anew: people before its place may suit it by now."""

_SUITS = 1
"""The highest rank with which a target is taken without looking further."""

_KNOWN_TO_ANOTHER = 2

# How a target suits an account: it knows her (0), it may look her up (1), another one knows her
# already (2), or it has to wait for the look-up, the shortest wait first (3 and 4).
_RANK = f"""
    CASE
        WHEN EXISTS (SELECT 1 FROM peers r
            WHERE r.account_id = :account AND r.person_id = p.id) THEN 0
        WHEN iif({BY_NAME}, :look_up, iif(p.phone IS NOT NULL, :import, 0)) > 0
            THEN 2 + iif({BY_NAME}, :look_up, :import)
        WHEN EXISTS (SELECT 1 FROM peers r WHERE r.person_id = p.id
            AND r.account_id IN (SELECT value FROM json_each(:others))) THEN 2
        ELSE 1
    END
"""  # noqa: S608 - made of texts of this package

# A person whom another task works on for the same chat is passed over until that is decided.
_OFFERED = """
    FROM targets t JOIN tasks k ON k.id = t.task_id JOIN people p ON p.id = t.person_id
    WHERE t.task_id = :task AND t.state = 'pending'
        AND NOT EXISTS (
            SELECT 1 FROM unable_accounts u WHERE u.target_id = t.id AND u.account_id = :account
        )
        AND NOT EXISTS (
            SELECT 1 FROM targets o JOIN tasks ok ON ok.id = o.task_id
            WHERE o.person_id = t.person_id AND o.state = 'in_work' AND ok.chat_id = k.chat_id
        )
"""

_IN_ORDER = "ORDER BY t.unable_accounts, t.position"

_FIRST = f"SELECT t.id, {_RANK} {_OFFERED} {_IN_ORDER} LIMIT 1"

_NEXT = f"""
    SELECT t.id, {_RANK}, t.unable_accounts, t.position {_OFFERED}
        AND (t.unable_accounts, t.position) >= (:unable, :position)
    {_IN_ORDER} LIMIT :many
"""

_STILL = f"SELECT 1 {_OFFERED} AND t.id = :target"

_CLAIMS = f"""
    SELECT t.id AS target_id, t.task_id, t.random_id, t.person_id,
        coalesce(t.claimed_by, t.account_id) AS account_id,
        p.username, p.phone, p.telegram_id, p.full_name, p.first_name, p.last_name, p.extra,
        r.user_id, r.access_hash, {NAME_IS_DEAD} AS name_is_dead,
        (SELECT o.user_id FROM peers o
            WHERE o.person_id = t.person_id AND o.account_id <> t.claimed_by LIMIT 1) AS met_as
    FROM targets t JOIN people p ON p.id = t.person_id
    LEFT JOIN peers r ON r.person_id = t.person_id
        AND r.account_id = coalesce(t.claimed_by, t.account_id)
    WHERE t.id IN (SELECT value FROM json_each(?)) ORDER BY t.id
"""  # noqa: S608 - made of texts of this package


@dataclass(slots=True)
class Search:
    """How far one account has looked through one task for people who suit it.

    From ``place`` on (unable accounts, position) there was somebody of ``rank``, before it nobody
    so good. While a search goes on, ``looked`` counts whom it has looked at since the beginning
    and ``best`` is the best of them: rank, place and target.
    """

    wish: ClaimWish
    rank: int = _SUITS
    place: tuple[int, int] = (0, 0)
    from_beginning: bool = True
    goes_on: bool = False
    looked: int = 0
    best: tuple[int, tuple[int, int], int] | None = None
    claims: int = 0

    def end(self, rank: int, place: tuple[int, int]) -> None:
        """Remember where somebody was found; whoever has to wait is no reason to remember."""
        if rank > _KNOWN_TO_ANOTHER:
            rank, place = _SUITS, (0, 0)
        self.rank, self.place, self.from_beginning = rank, place, place == (0, 0)
        self.goes_on, self.looked, self.best = False, 0, None


class Searches:
    """The searches of all accounts at work; for the writer's thread."""

    def __init__(self) -> None:
        self._under_way: dict[tuple[int, int], Search] = {}

    def of(self, task_id: int, account_id: int, wish: ClaimWish) -> Search:
        """Return the search to go on with; a new one when the wish or the times have changed."""
        search = self._under_way.get((task_id, account_id))
        if search is None or search.wish != wish or search.claims >= REMEMBERED_FOR:
            search = self._under_way[task_id, account_id] = Search(wish)
        return search


def claim_next(
    connection: sqlite3.Connection, task_id: int, account_id: int, at: datetime, search: Search
) -> tuple[Claim | None, bool]:
    """Return the claim, or None and whether to ask again: there may be more further on."""
    for _ in range(MOST_SKIPPED):
        target_id = _best_target(connection, task_id, account_id, search)
        if target_id is None:
            return None, search.goes_on
        search.claims += 1
        refusal = why_not(connection, target_id)
        if refusal is None:
            move = Move(TargetState.IN_WORK, at, claimed_by=account_id)
            move_target(connection, target_id, move)
            return claims_of(connection, [target_id])[0], False
        end = Move(refusal.rule.target, at, refusal.code, refusal.detail)
        move_target(connection, target_id, end)
    return None, True


def claims_of(connection: sqlite3.Connection, target_ids: Sequence[int]) -> list[Claim]:
    """Return the targets as claims of the account that works, or last worked, on each."""
    return [_to_claim(row) for row in fetch_sql(connection, _CLAIMS, (to_json(target_ids),))]


def to_verify(connection: sqlite3.Connection, task_id: int) -> list[Claim]:
    """Return the targets INVITED, or UNCERTAIN and not yet settled, that an account acted on."""
    found = connection.execute(
        """
        SELECT id FROM targets
        WHERE task_id = ? AND state NOT IN ('pending', 'in_work') AND account_id IS NOT NULL
            AND (state = 'invited' OR state = 'uncertain' AND NOT verified)
        """,
        (task_id,),
    )
    return claims_of(connection, [target_id for (target_id,) in found])


def release_stale(connection: sqlite3.Connection, at: datetime) -> int:
    """Put back every claimed target without a contacting call in flight; return how many."""
    look_ups = connection.execute(
        "SELECT id FROM attempts WHERE outcome IS NULL AND action NOT IN ('invite', 'message')"
    )
    ids = [attempt_id for (attempt_id,) in look_ups]
    end_attempts(connection, ids, Outcome(OutcomeCode.INTERRUPTED), at)
    stale = connection.execute(
        """
        SELECT t.id FROM targets t WHERE t.claimed_by IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM attempts a WHERE a.target_id = t.id AND a.outcome IS NULL
                AND a.action IN ('invite', 'message')
        )
        """
    )
    targets = [target_id for (target_id,) in stale]
    move_targets(connection, targets, Move(TargetState.PENDING, at))
    return len(targets)


def fail_unaddressable(
    connection: sqlite3.Connection, task_id: int, accounts: Sequence[int], at: datetime
) -> int:
    """End the pending targets that none of the accounts can address; return how many."""
    wanted = set(accounts)
    if not wanted:
        return 0
    found = connection.execute(
        """
        SELECT t.id FROM targets t
        WHERE t.task_id = ? AND t.state = 'pending' AND t.unable_accounts > 0 AND ? = (
            SELECT count(*) FROM unable_accounts u WHERE u.target_id = t.id
                AND u.account_id IN (SELECT value FROM json_each(?))
        )
        """,
        (task_id, len(wanted), to_json(sorted(wanted))),
    )
    ids = [target_id for (target_id,) in found]
    outcome = Outcome(OutcomeCode.NOT_ADDRESSABLE)
    move_targets(connection, ids, Move(outcome.rule.target, at, outcome.code))
    return len(ids)


def addressable(
    connection: sqlite3.Connection, task_id: int, account_id: int, after: int, limit: int
) -> list[AddressableTarget]:
    """Return pending targets that an account can address, in order, from behind a position."""
    found = connection.execute(
        """
        SELECT t.id, t.position, r.user_id, r.access_hash
        FROM targets t JOIN peers r ON r.account_id = :account AND r.person_id = t.person_id
        WHERE t.task_id = :task AND t.position > :after AND t.state = 'pending'
        ORDER BY t.position LIMIT :limit
        """,
        {"task": task_id, "account": account_id, "after": after, "limit": limit},
    )
    return [
        AddressableTarget(target_id, position, UserPeer(user_id, access_hash))
        for target_id, position, user_id, access_hash in found
    ]


def end_pending(
    connection: sqlite3.Connection, endings: Mapping[int, Outcome], at: datetime
) -> list[int]:
    """End targets, by id, that are still pending, without a call; return which did."""
    pending = connection.execute(
        """
        SELECT id FROM targets
        WHERE state = 'pending' AND id IN (SELECT value FROM json_each(?)) ORDER BY id
        """,
        (to_json(sorted(endings)),),
    )
    ids = [target_id for (target_id,) in pending]
    for target_id in ids:
        outcome = endings[target_id]
        move = Move(outcome.rule.target, at, outcome.code, outcome.detail)
        move_target(connection, target_id, move)
    return ids


def _best_target(
    connection: sqlite3.Connection, task_id: int, account_id: int, search: Search
) -> int | None:
    """Return the target to take; None when there is none, or while the search goes on."""
    values = {
        "task": task_id,
        "account": account_id,
        "look_up": _place(Action.LOOK_UP, search.wish.without),
        "import": _place(Action.CONTACT_IMPORT, search.wish.without),
        "others": to_json(sorted(search.wish.others)),
    }
    first = connection.execute(_FIRST, values).fetchone()
    if first is None:
        search.end(_SUITS, (0, 0))
        return None
    if first[1] <= search.rank:
        search.goes_on, search.looked, search.best = False, 0, None
        return int(first[0])
    found = _look_further(connection, values, search)
    if found is None or connection.execute(_STILL, {**values, "target": found}).fetchone():
        return found
    # Somebody else has taken her meanwhile.
    return int(first[0])


def _look_further(
    connection: sqlite3.Connection, values: Mapping[str, object], search: Search
) -> int | None:
    """Look at the next targets; return one when it is clear which is the best."""
    unable, position = search.place
    place = {"unable": unable, "position": position, "many": LOOKED_AT_ONCE}
    rows = connection.execute(_NEXT, {**values, **place}).fetchall()
    seen = [(rank, (unable, position), target) for target, rank, unable, position in rows]
    suited = next((one for one in seen if one[0] <= search.rank), None)
    if suited is not None:
        search.end(search.rank, suited[1])
        return int(suited[2])
    if not search.from_beginning:
        search.end(_SUITS, (0, 0))
        search.goes_on = True
        return None
    search.looked += len(seen)
    search.best = min([*seen, *filter(None, [search.best])])
    rank, best_place, target = search.best
    if len(seen) < LOOKED_AT_ONCE or search.looked >= LOOK_AHEAD:
        search.end(rank, best_place)
        return target
    unable, position = seen[-1][1]
    search.place, search.goes_on = (unable, position + 1), True
    return None


def _place(action: Action, without: Sequence[Action]) -> int:
    return without.index(action) + 1 if action in without else 0


def _to_claim(row: Row) -> Claim:
    known = row["user_id"] is not None
    return Claim(
        target_id=row["target_id"],
        task_id=row["task_id"],
        account_id=row["account_id"],
        person=to_person(row, "person_id"),
        random_id=row["random_id"],
        peer=UserPeer(row["user_id"], row["access_hash"]) if known else None,
        name_is_dead=bool(row["name_is_dead"]),
        met_as=row["met_as"],
    )
