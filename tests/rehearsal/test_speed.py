"""How fast the server is, in a process of its own, asked by one client."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from telethon import errors, functions
from telethon.sessions import StringSession

from tests.fakes.rehearsal import CLUB
from tests.rehearsal.test_stand_alone import client, program

if TYPE_CHECKING:
    from pathlib import Path

INVITES = 2000


@pytest.mark.long
@pytest.mark.parametrize(("together", "wanted"), [(1, 1000), (100, 1500)])
async def test_invites_a_second(tmp_path: Path, together: int, wanted: int):
    people = tmp_path / "people.csv"
    names = [f"person_{number}" for number in range(INVITES)]
    people.write_text("username\n" + "\n".join(names), encoding="utf-8")
    async with (
        program(tmp_path, "--people", str(people), "--limits", "off") as running,
        client(running.port, StringSession()) as one,
    ):
        sent = await one.send_code_request("+9996620001")
        await one.sign_in("+9996620001", "22222", phone_code_hash=sent.phone_code_hash)
        club = await one.get_input_entity(CLUB)
        users = []
        for name in names:
            try:
                users.append(await one.get_input_entity(name))
            except ValueError:
                continue

        async def invite(user: object) -> None:
            with suppress(errors.RPCError):
                await one._sender.send(functions.channels.InviteToChannelRequest(club, [user]))

        started = time.monotonic()
        for start in range(0, len(users), together):
            await asyncio.gather(*map(invite, users[start : start + together]))
        speed = len(users) / (time.monotonic() - started)
    print(f"{speed:.0f} invites a second, {together} in flight")  # noqa: T201 - a measurement
    assert speed > wanted
