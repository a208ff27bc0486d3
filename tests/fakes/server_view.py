"""The server's side of a rehearsal, written by a test."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from invite_desktop.domain.chats import ChatKind
from invite_desktop.engine.ports.server_view import (
    Deed,
    DeedKind,
    ServerAccount,
    ServerChat,
    ServerPerson,
    ServerTotals,
)

if TYPE_CHECKING:
    from collections.abc import Sequence


class FakeServer:
    """A server's side that a test writes."""

    def __init__(self) -> None:
        self.version = 0
        self.rows: list[ServerPerson] = []
        self.sums = ServerTotals(people=900)
        self.asked: list[tuple[int, int]] = []

    def touch(self, number: int, *deeds: Deed) -> None:
        """Add somebody, or let more happen to her."""
        self.put(ServerPerson(number, f"Анна {number}", f"anna_{number}", None, deeds))

    def put(self, person: ServerPerson) -> None:
        """Add a person, or take her in the place of an earlier state of hers."""
        known = [row.id for row in self.rows]
        if person.id in known:
            self.rows[known.index(person.id)] = person
        else:
            self.rows.append(person)
        joined = sum(row.deeds[-1].kind is DeedKind.JOINED for row in self.rows)
        self.sums = replace(self.sums, touched=len(self.rows), joined=joined)
        self.version += 1

    def totals(self) -> ServerTotals:
        return self.sums

    def people(self, offset: int, limit: int) -> Sequence[ServerPerson]:
        self.asked.append((offset, limit))
        return self.rows[offset : offset + limit]

    def chats(self) -> Sequence[ServerChat]:
        return [ServerChat(1, "Клуб", ChatKind.SUPERGROUP, "@club", 1200, self.sums.joined)]

    def accounts(self) -> Sequence[ServerAccount]:
        return [ServerAccount("+79000000001", "12345", "Анна Волкова", "admin1", "secret")]
