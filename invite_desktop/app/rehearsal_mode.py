"""Rehearsals: the program against a server of its own, with its own profile and a fast clock."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from invite_desktop.app.late_server_view import LateServerView
from invite_desktop.app.late_vault import LateVault
from invite_desktop.app.wiring import Opened, Surroundings, open_engine, server_asked_for
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.engine.clocks import AcceleratedClock
from invite_desktop.engine.ports.ledger import LedgerFilter
from invite_desktop.engine.ports.login import ApiCredentials
from invite_desktop.rehearsal.demo_accounts import (
    CLUB_USERNAME,
    LOGIN_CODE,
    NEWCOMERS,
    demo_phone,
)
from invite_desktop.telegram.memory_vault import MemoryVault
from invite_desktop.telegram.secret_vault import KeyringVault

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Collection

    from invite_desktop.app.arguments import Arguments
    from invite_desktop.app.own_server import OwnServer
    from invite_desktop.app.paths import Profile
    from invite_desktop.domain.messages import Message
    from invite_desktop.engine.engine import Engine
    from invite_desktop.engine.ports.secrets import SecretVault
    from invite_desktop.rehearsal.world import World
    from invite_desktop.telegram.server_address import ServerAddress

CLUB = f"@{CLUB_USERNAME}"
"""The group that the demo accounts administer."""

UNWATCHED_SPEED = 50_000.0
"""How fast a rehearsal runs when nobody watches: a day takes about two seconds."""
WATCHED_SPEED = 5_000.0
"""How fast it runs in the window at first: an hour takes less than a second."""

_PAGE = 5_000
_CREDENTIALS = ApiCredentials(1, "rehearsal")


class Rehearsal:
    """A rehearsal: its engine is there at once, its server after ``begin``.

    ``server_view`` shows the server's side; it stays empty when the server is another process.
    """

    def __init__(
        self, arguments: Arguments, around: Surroundings, clock: AcceleratedClock, *, births: bool
    ) -> None:
        self._arguments = arguments
        self._around = around
        self._births = births
        self._own: OwnServer | None = None
        self._address: asyncio.Future[ServerAddress] = asyncio.get_running_loop().create_future()
        self._ends = AsyncExitStack()
        self._opened: Opened | None = None
        self.clock = clock
        self.server_view = LateServerView()

    @property
    def world(self) -> World:
        """Return the world of the rehearsal's own server. Raises RuntimeError when it has none."""
        if self._own is None:
            raise RuntimeError("the server is another process, or not there yet")
        return self._own.world

    @property
    def engine(self) -> Engine:
        """Return the engine that rehearses."""
        return self._here.engine

    @property
    def has_own_server(self) -> bool:
        """Return whether the server is in this process, or will be."""
        return self._arguments.server is None

    @property
    def phone_codes(self) -> dict[str, str]:
        """Return the phones of the demo accounts with their login codes."""
        numbers = range(1, self._arguments.accounts + 1)
        return {demo_phone(number): LOGIN_CODE for number in numbers}

    @property
    def newcomers(self) -> dict[str, str]:
        """Return the phones that can be added by hand, with their codes."""
        in_window = self.has_own_server and self._arguments.command == "window"
        return dict.fromkeys(NEWCOMERS, LOGIN_CODE) if in_window else {}

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[Rehearsal]:
        """Build the engine; at the end stop it, and then the server, if it was begun."""
        settings = replace(self._around.settings, rehearsal=True)
        around = replace(
            self._around, clock=self.clock, find_server=self._find_server, settings=settings
        )
        async with self._ends, open_engine(around) as self._opened:
            await continue_from_the_ledger(self.engine, self.clock)
            yield self

    async def begin(self) -> None:
        """Start the server, unless one was named. Raises KnownError."""
        address = server_asked_for(self._arguments)
        if address is None:
            self._own = own = await asyncio.to_thread(self._make_own_server)
            address = await self._ends.enter_async_context(own.running())
            self.server_view.view = own.book
        self._address.set_result(address)
        await self._here.telegram.adapters()

    def scan(self, link: str) -> None:
        """Let a newcomer's phone accept the QR code behind a link. Raises KnownError."""
        if self._own is None:
            raise KnownError(message("The rehearsal server is not there yet."))
        self._own.scan(link)

    async def set_speed(self, speed: float) -> None:
        """Run the clock at another speed, here and in the server."""
        self.clock.set_speed(speed)
        if self._address.done():
            await self._announce_clock()

    async def populate(self, audience_id: int) -> None:
        """Make the people of an audience exist in the world, with their names."""
        from invite_desktop.rehearsal.people import ListedPerson  # noqa: PLC0415 - after the first paint

        if self._own is None:
            return
        offset = 0
        while people := await self.engine.audiences.people(audience_id, offset, _PAGE):
            self._own.world.register(
                ListedPerson(
                    person.keys.username,
                    person.keys.phone,
                    person.keys.telegram_id,
                    person.first_name or person.full_name,
                    person.last_name,
                )
                for person in people
            )
            offset += len(people)

    async def populate_all(self) -> None:
        """Make the people of every audience exist in the world."""
        for audience in await self.engine.audiences.all():
            await self.populate(audience.id)

    async def sign_in(self) -> None:
        """Log the demo accounts in, each by its code, unless their sessions are still there."""
        accounts = self.engine.accounts
        await accounts.set_credentials(_CREDENTIALS)
        known = {view.account.profile.phone: view.account for view in await accounts.views()}
        for phone, code in self.phone_codes.items():
            account = known.get(phone)
            if account is not None and await self._around.vault.session(account.id):
                continue
            login = await accounts.begin_login()
            await login.send_code(phone)
            await login.submit_code(code)
            await accounts.finish_login(login)
        await self._announce_clock()

    async def let_answers_come(self) -> None:
        """Let everybody answer who is going to, and hear them.

        A server of another process has its own time: what has come there by now is heard.
        """
        if self._own is not None:
            self._own.let_answers_come()
        await self.engine.replies.hear_all()

    def have_left(self, user_ids: Collection[int]) -> bool:
        """Return whether all these people have left a chat, as far as can be known here."""
        return self._own is None or self._own.have_left(user_ids)

    async def _announce_clock(self) -> None:
        """Let a server of another process share the clock; our own shares it anyway."""
        if self.has_own_server:
            return
        from invite_desktop.telegram.announced_clock import share_clock  # noqa: PLC0415 - heavy

        gateway = (await self._here.telegram.adapters()).gateway
        for view in await self.engine.accounts.views():
            await share_clock(gateway, view.account.id, self.clock)
            return

    @property
    def _here(self) -> Opened:
        if self._opened is None:
            raise RuntimeError("the rehearsal has not been opened")
        return self._opened

    async def _find_server(self) -> ServerAddress:
        # Whoever waits may be cancelled; the others go on waiting.
        return await asyncio.shield(self._address)

    def _make_own_server(self) -> OwnServer:
        from invite_desktop.app.own_server import OwnServer  # noqa: PLC0415 - heavy

        return OwnServer(self._arguments, self._around.profile, self.clock, births=self._births)


@asynccontextmanager
async def opened_rehearsal(
    arguments: Arguments, around: Surroundings, *, births: bool
) -> AsyncIterator[Rehearsal]:
    """Build an engine whose server comes with ``begin``, and end both afterwards.

    ``around`` needs no clock and server of its own. ``births``: people whom no audience names
    exist all the same.
    """
    usual = UNWATCHED_SPEED if arguments.command == "rehearse" else WATCHED_SPEED
    clock = AcceleratedClock(arguments.speed or usual)
    async with Rehearsal(arguments, around, clock, births=births).opened() as rehearsal:
        yield rehearsal


async def continue_from_the_ledger(engine: Engine, clock: AcceleratedClock) -> None:
    """Let the clock go on where an interrupted rehearsal stopped, not behind its own entries."""
    for row in await engine.statistics.log(LedgerFilter(), 0, 1):
        clock.advance_to(row.attempt.ended_at or row.attempt.started_at)


def late_rehearsal_vault(
    profile: Profile, arguments: Arguments, say: Callable[[Message], None]
) -> SecretVault:
    """Return what ``rehearsal_vault`` returns, chosen only when something asks for a secret."""
    return LateVault(lambda: rehearsal_vault(profile, arguments, say))


async def rehearsal_vault(
    profile: Profile, arguments: Arguments, say: Callable[[Message], None]
) -> SecretVault:
    """Return the keyring, or memory for a profile that is thrown away or without a keyring.

    The sessions of a rehearsal are worth nothing, so here, and only here, memory will do.
    """
    if arguments.command == "rehearse" and arguments.profile is None:
        return MemoryVault()
    vault = KeyringVault(str(profile.directory))
    try:
        await vault.credentials()
    except KnownError as error:
        say(
            message(
                "{trouble} A rehearsal does without: its sessions are kept in memory.",
                trouble=error.explanation,
            )
        )
        return MemoryVault()
    return vault
