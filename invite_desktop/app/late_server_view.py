"""The server's side of a rehearsal, as far as there is a server already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invite_desktop.engine.ports.server_view import ServerTotals

if TYPE_CHECKING:
    from collections.abc import Sequence

    from invite_desktop.engine.ports.server_view import (
        ServerAccount,
        ServerChat,
        ServerPerson,
        ServerView,
    )

_BEFORE_THE_FIRST = -1


class LateServerView:
    """Implements ServerView: empty until ``view`` is set."""

    def __init__(self) -> None:
        self.view: ServerView | None = None

    @property
    def version(self) -> int:
        """Return a number that grows with every change, and once the server is there."""
        return _BEFORE_THE_FIRST if self.view is None else self.view.version

    def totals(self) -> ServerTotals:
        """Return the sums."""
        return ServerTotals() if self.view is None else self.view.totals()

    def people(self, offset: int, limit: int) -> Sequence[ServerPerson]:
        """Return a page of the touched people, in the order in which they were first touched."""
        return () if self.view is None else self.view.people(offset, limit)

    def chats(self) -> Sequence[ServerChat]:
        """Return every chat."""
        return () if self.view is None else self.view.chats()

    def accounts(self) -> Sequence[ServerAccount]:
        """Return who can log in."""
        return () if self.view is None else self.view.accounts()
