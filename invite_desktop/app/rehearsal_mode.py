"""Rehearsals: the program against a server of its own, with its own profile and a fast clock."""

from __future__ import annotations

from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from invite_desktop.app.wiring import Opened, Surroundings, open_engine, server_asked_for
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.engine.clocks import AcceleratedClock
from invite_desktop.engine.ports.stores import LedgerFilter
from invite_desktop.engine.ports.telegram import ApiCredentials
from invite_desktop.rehearsal.demo import (
    CLUB_USERNAME,
    LOGIN_CODE,
    NEWCOMERS,
    add_newcomers,
    demo_phone,
    demo_world,
)
from invite_desktop.rehearsal.invented_people import people_of
from invite_desktop.rehearsal.people import ListedPerson
from invite_desktop.rehearsal.scanning import scan
from invite_desktop.rehearsal.scenario import default_scenario, read_scenario
from invite_desktop.rehearsal.server import RehearsalServer
from invite_desktop.rehearsal.server_book import ServerBook
from invite_desktop.telegram.announced_clock import announce_clock
from invite_desktop.telegram.memory_vault import MemoryVault
from invite_desktop.telegram.secret_vault import KeyringVault
from invite_desktop.telegram.server_address import ServerAddress

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping

    from invite_desktop.app.arguments import Arguments
    from invite_desktop.app.paths import Profile
    from invite_desktop.domain.messages import Message
    from invite_desktop.engine.engine import Engine
    from invite_desktop.engine.ports.secrets import SecretVault
    from invite_desktop.engine.ports.server_view import ServerView
    from invite_desktop.rehearsal.world import World

CLUB = f"@{CLUB_USERNAME}"
"""The group that the demo accounts administer."""

UNWATCHED_SPEED = 50_000.0
"""How fast a rehearsal runs when nobody watches: a day takes about two seconds."""
WATCHED_SPEED = 5_000.0
"""How fast it runs in the window at first: an hour takes less than a second."""

_PAGE = 5_000
_CREDENTIALS = ApiCredentials(1, "rehearsal")


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A rehearsal under way.

    ``world`` is None when the server is another process; ``server`` shows its side in a window.
    ``newcomers`` are phones with their codes that are to be added by hand; ``scan`` lets one of
    them accept the QR code behind a link.
    """

    opened: Opened
    vault: SecretVault
    clock: AcceleratedClock
    accounts: int
    world: World | None
    server: ServerView | None = None
    newcomers: Mapping[str, str] = field(default_factory=dict)
    scan: Callable[[str], None] | None = None

    @property
    def engine(self) -> Engine:
        """Return the engine that rehearses."""
        return self.opened.engine

    @property
    def phone_codes(self) -> dict[str, str]:
        """Return the phones of the demo accounts with their login codes."""
        return {demo_phone(number): LOGIN_CODE for number in range(1, self.accounts + 1)}

    async def set_speed(self, speed: float) -> None:
        """Run the clock at another speed, here and in the server."""
        self.clock.set_speed(speed)
        await self._announce_clock()

    async def populate(self, audience_id: int) -> None:
        """Make the people of an audience exist in the world, with their names."""
        if self.world is None:
            return
        offset = 0
        while people := await self.engine.audiences.people(audience_id, offset, _PAGE):
            self.world.register(
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
            if account is not None and await self.vault.session(account.id):
                continue
            login = await accounts.begin_login()
            await login.send_code(phone)
            await login.submit_code(code)
            await accounts.finish_login(login)
        await self._announce_clock()

    async def _announce_clock(self) -> None:
        """Let a server of another process share the clock; our own shares it anyway."""
        if self.world is not None:
            return
        for view in await self.engine.accounts.views():
            await announce_clock(
                self.opened.gateway, view.account.id, self.clock.now(), self.clock.speed
            )
            return


@asynccontextmanager
async def opened_rehearsal(
    arguments: Arguments, around: Surroundings, *, births: bool
) -> AsyncIterator[Rehearsal]:
    """Start the server, unless one was named, and build an engine that talks to it.

    ``around`` needs no clock and server of its own. ``births``: people whom no audience names
    exist all the same.
    """
    usual = UNWATCHED_SPEED if arguments.command == "rehearse" else WATCHED_SPEED
    clock = AcceleratedClock(arguments.speed or usual)
    async with AsyncExitStack() as stack:
        server, world, book = server_asked_for(arguments), None, None
        newcomers: dict[str, str] = {}
        scan_code: Callable[[str], None] | None = None
        if server is None:
            scenario = (
                read_scenario(arguments.scenario) if arguments.scenario else default_scenario()
            )
            world = demo_world(
                arguments.accounts,
                seed=arguments.seed,
                mix=scenario.mix,
                births=births,
                clock=clock.now,
            )
            if arguments.command == "window":
                add_newcomers(world)
                newcomers = dict.fromkeys(NEWCOMERS, LOGIN_CODE)
            # Before the server starts: it reads what happened in earlier runs.
            book = ServerBook(world) if arguments.command == "window" else None
            own = RehearsalServer(
                world, state_dir=around.profile.rehearsal_server, troubles=scenario.troubles
            )
            scan_code = partial(_scan, own)
            server = await stack.enter_async_context(_started(own))
            world.register(people_of(scenario, (), arguments.seed))
        around = replace(around, clock=clock, server=server)
        opened = await stack.enter_async_context(open_engine(around))
        await _continue_from_the_ledger(opened.engine, clock)
        yield Rehearsal(
            opened,
            around.vault,
            clock,
            arguments.accounts,
            world,
            book,
            newcomers,
            scan_code,
        )


def _scan(server: RehearsalServer, link: str) -> None:
    scan(server, link, NEWCOMERS)


@asynccontextmanager
async def _started(server: RehearsalServer) -> AsyncIterator[ServerAddress]:
    await server.start()
    try:
        yield ServerAddress("127.0.0.1", server.port, server.key_path)
    finally:
        await server.stop()


async def _continue_from_the_ledger(engine: Engine, clock: AcceleratedClock) -> None:
    """Let the clock go on where an interrupted rehearsal stopped, not behind its own entries."""
    for row in await engine.statistics.log(LedgerFilter(), 0, 1):
        clock.advance_to(row.attempt.ended_at or row.attempt.started_at)


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
