"""The server inside a rehearsal: its world, its book, its life. Heavy: imported when needed."""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from invite_desktop.rehearsal.demo import add_newcomers, demo_world
from invite_desktop.rehearsal.demo_accounts import NEWCOMERS
from invite_desktop.rehearsal.intentions import WRITING
from invite_desktop.rehearsal.invented_people import people_of
from invite_desktop.rehearsal.scanning import scan
from invite_desktop.rehearsal.scenario import default_scenario, read_scenario
from invite_desktop.rehearsal.server import RehearsalServer
from invite_desktop.rehearsal.server_book import ServerBook
from invite_desktop.telegram.server_address import ServerAddress

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Collection

    from invite_desktop.app.arguments import Arguments
    from invite_desktop.app.paths import Profile
    from invite_desktop.engine.clocks import AcceleratedClock


class OwnServer:
    """A world with its server, not yet listening. Raises KnownError for a broken scenario.

    May be made in any thread. ``births``: people whom no audience names exist all the same.
    ``book`` is kept for a window only, where somebody looks at it.
    """

    def __init__(
        self, arguments: Arguments, profile: Profile, clock: AcceleratedClock, *, births: bool
    ) -> None:
        self._arguments = arguments
        self._clock = clock
        self._scenario = (
            read_scenario(arguments.scenario) if arguments.scenario else default_scenario()
        )
        self.world = demo_world(
            arguments.accounts,
            seed=arguments.seed,
            mix=self._scenario.mix,
            births=births,
            clock=clock.now,
            speed=lambda: clock.speed,
        )
        self.book: ServerBook | None = None
        if arguments.command == "window":
            add_newcomers(self.world)
            # Before the server starts: it reads what happened in earlier runs.
            self.book = ServerBook(self.world)
        self._server = RehearsalServer(
            self.world, state_dir=profile.rehearsal_server, troubles=self._scenario.troubles
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator[ServerAddress]:
        """Take up the state of earlier runs, and listen."""
        try:
            await self._server.start()
            self._continue_from_the_letters()
            self.world.register(people_of(self._scenario, (), self._arguments.seed))
            yield ServerAddress("127.0.0.1", self._server.port, self._server.key_path)
        finally:
            await self._server.stop()

    def let_answers_come(self) -> None:
        """Let the time go on until everybody who is going to answer has done so."""
        intentions = self.world.intentions
        pending = intentions.pending()
        if coming := [item.due for item in pending if item.kind in WRITING]:
            self._clock.advance_to(datetime.fromtimestamp(max(coming), UTC))
            intentions.carry_out(len(pending))

    def have_left(self, user_ids: Collection[int]) -> bool:
        """Return whether all these people have left a chat."""
        chats = self.world.chats.values()
        return all(any(user_id in chat.left for chat in chats) for user_id in user_ids)

    def _continue_from_the_letters(self) -> None:
        """Let the clock go on behind the last letter of an earlier run, which may be an answer."""
        mailboxes = (account.mailbox for account in self.world.accounts.values())
        latest = max((mailbox.last_sent_at for mailbox in mailboxes), default=0)
        self._clock.advance_to(datetime.fromtimestamp(latest, UTC))

    def scan(self, link: str) -> None:
        """Let a newcomer's phone accept the QR code behind a link. Raises KnownError."""
        scan(self._server, link, NEWCOMERS)
