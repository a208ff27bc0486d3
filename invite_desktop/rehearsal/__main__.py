"""The rehearsal server by itself: ``python -m invite_desktop.rehearsal``."""

from __future__ import annotations

import argparse
import asyncio
import gc
import signal
import sys
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from invite_desktop.domain.errors import KnownError
from invite_desktop.rehearsal.control import ControlDoor
from invite_desktop.rehearsal.demo import CLOSED_CLUB_LINK, MAX_ACCOUNTS, demo_world
from invite_desktop.rehearsal.demo_accounts import CLUB_USERNAME
from invite_desktop.rehearsal.invented_people import people_of
from invite_desktop.rehearsal.people_files import read_people, write_people
from invite_desktop.rehearsal.scenario import default_mix, default_scenario, read_scenario
from invite_desktop.rehearsal.server import HOST, RehearsalServer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Iterator

    from invite_desktop.rehearsal.people import ListedPerson
    from invite_desktop.rehearsal.scenario import Scenario


def main(arguments: list[str] | None = None) -> int:
    """Run the server until SIGTERM or SIGINT; 2 when the options make that impossible."""
    options = _parser().parse_args(arguments)
    try:
        asyncio.run(_serve(options))
    except KnownError as known:
        print(known, file=sys.stderr)
        return 2
    except OSError as trouble:
        print(f"{trouble.filename}: {trouble.strerror}", file=sys.stderr)
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m invite_desktop.rehearsal",
        description="A local server that behaves like Telegram, for rehearsals and tests.",
    )
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; 0: a free one")
    parser.add_argument("--state", type=Path, help="directory that keeps the state over restarts")
    parser.add_argument("--log", type=Path, help="file for one JSON line an executed request")
    parser.add_argument(
        "--accounts", type=_account_count, default=3, help="how many test accounts there are"
    )
    parser.add_argument("--seed", type=int, default=1, help="decides how invented people answer")
    parser.add_argument(
        "--speed",
        type=_speed,
        help="seconds of the world in one real second; as before the restart, at first 1",
    )
    parser.add_argument("--people", type=Path, help="CSV or NDJSON of the only people there are")
    parser.add_argument(
        "--scenario", type=Path, help="TOML with the mix of outcomes, the limits and the trouble"
    )
    parser.add_argument(
        "--limits", choices=("on", "off"), help="limits of the accounts; as the scenario says: on"
    )
    parser.add_argument(
        "--write-people", type=Path, metavar="CSV", help="write down the people of the world"
    )
    parser.add_argument(
        "--control", type=int, metavar="PORT", help="door for trouble at run time; 0: a free port"
    )
    return parser


def _account_count(text: str) -> int:
    count = int(text)
    if not 1 <= count <= MAX_ACCOUNTS:
        raise argparse.ArgumentTypeError(f"between 1 and {MAX_ACCOUNTS}")
    return count


def _speed(text: str) -> float:
    speed = float(text)
    if not 0 < speed <= 1_000_000:
        raise argparse.ArgumentTypeError("more than 0, at most 1000000")
    return speed


async def _serve(options: argparse.Namespace) -> None:
    scenario = _scenario(options)
    listed = read_people(options.people) if options.people is not None else ()
    people: Iterable[ListedPerson] = people_of(scenario, listed, options.seed)
    if options.write_people is not None:
        people = tuple(people)
        write_people(options.write_people, people)
    births = options.people is None and not scenario.people.size
    world = demo_world(options.accounts, seed=options.seed, mix=scenario.mix, births=births)
    world.register(people)
    server = RehearsalServer(
        world,
        port=options.port,
        state_dir=options.state,
        log_file=options.log,
        troubles=scenario.troubles,
    )
    with _stopped_by_signals() as stop:
        await server.start()
        # The world stays: looking through it for garbage would stop the server, for longer and
        # longer.
        gc.freeze()
        try:
            if options.speed is not None:
                world.set_clock(world.clock().timestamp(), options.speed)
            _announce(server)
            async with _control_door(server, options.control):
                await stop.wait()
        finally:
            await server.stop()


@contextmanager
def _stopped_by_signals() -> Iterator[asyncio.Event]:
    """Give an event that SIGINT and SIGTERM set; afterwards they do what they did before."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()

    def heard(*_: object) -> None:
        loop.call_soon_threadsafe(stop.set)

    # Not loop.add_signal_handler: Windows has none.
    before = {number: signal.signal(number, heard) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _scenario(options: argparse.Namespace) -> Scenario:
    scenario = read_scenario(options.scenario) if options.scenario else default_scenario()
    mix = scenario.mix
    if options.limits == "off":
        mix = replace(mix, limits=None)
    elif options.limits == "on" and mix.limits is None:
        mix = replace(mix, limits=default_mix().limits)
    return replace(scenario, mix=mix)


@asynccontextmanager
async def _control_door(server: RehearsalServer, port: int | None) -> AsyncIterator[None]:
    """Keep the control door open, if one was asked for."""
    if port is None:
        yield
        return
    async with ControlDoor(server, port) as door:
        print(f"control: {HOST}:{door.port} token: {door.token_path}", flush=True)
        yield


def _announce(server: RehearsalServer) -> None:
    """Print what a client needs to know, for people and for programs that read it."""
    lines = [f"listening on {HOST}:{server.port}", f"key: {server.key_path}"]
    lines += [
        f"account: {account.phone} code: {account.code} name: "
        f"{account.first_name} {account.last_name}".rstrip()
        for account in server.world.accounts.values()
    ]
    lines += [f"chat: @{CLUB_USERNAME}", f"link: https://t.me/+{CLOSED_CLUB_LINK}"]
    print("\n".join(lines), flush=True)


if __name__ == "__main__":
    sys.exit(main())
