"""Flood waits, in the world's time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invite_desktop.rehearsal.faults import MethodError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from invite_desktop.rehearsal.changes import Change
    from invite_desktop.rehearsal.people import Account, Person
    from invite_desktop.rehearsal.world import World


class Limits:
    """Who has to wait with which method, and which people have caused a wait already.

    The first contacting call about some people answers a flood wait, once in their lives and
    whoever calls; it changes nothing of how they answer afterwards.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._waits: dict[tuple[int, str], int] = {}
        self._caused: set[int] = set()
        world.changes.keep({"flood": self._apply_flood}, self._dump)

    def check(self, account: Account, method: str) -> None:
        """Raise FLOOD_WAIT with the seconds left if the account has to wait with a method."""
        left = self._waits.get((account.id, method), 0) - self._world.now()
        if left > 0:
            raise MethodError(f"FLOOD_WAIT_{left}")

    def contact(self, account: Account, method: str, person: Person) -> None:
        """Raise FLOOD_WAIT if this is the contact that the person's seed punishes."""
        if person.id in self._caused:
            return
        seconds = self._world.people.conduct(person).flood_seconds
        if seconds:
            until = self._world.now() + seconds
            self._world.changes.commit("flood", account.id, method, until, person.id)
            raise MethodError(f"FLOOD_WAIT_{seconds}")

    def _apply_flood(self, account_id: int, method: str, until: int, person_id: int) -> None:
        if account_id:
            self._waits[account_id, method] = until
        if person_id:
            self._caused.add(person_id)

    def _dump(self) -> Iterator[Change]:
        for person_id in self._caused:
            yield "flood", 0, "", 0, person_id
        for (account_id, method), until in self._waits.items():
            yield "flood", account_id, method, until, 0
