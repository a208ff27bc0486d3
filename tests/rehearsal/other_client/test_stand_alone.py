"""The server as a program of its own, under a scenario and through a kill."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest
from pyrogram import errors

from invite_desktop.rehearsal.population import Behaviour
from invite_desktop.rehearsal.server_key import ServerKey
from tests.fakes.rehearsal import CLUB
from tests.rehearsal.other_client.clients import MYSELF, ask, connected, trusting
from tests.rehearsal.other_client.sign_in import log_in
from tests.rehearsal.test_stand_alone import program

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.rehearsal.test_stand_alone import Program

SCENARIO = """
[invites]
{shares}

[[trouble]]
what = "error"
method = "users.getUsers"
calls = [1]
error = "INTERNAL"

[[trouble]]
what = "silent_no_add"
rate = 1.0
"""


@asynccontextmanager
async def trusted_program(tmp_path: Path, *options: str) -> AsyncIterator[Program]:
    async with program(tmp_path, *options) as running:
        with trusting(ServerKey.at(tmp_path / "state")):
            yield running


async def test_the_trouble_of_a_scenario_strikes(tmp_path: Path):
    scenario = tmp_path / "scenario.toml"
    shares = "\n".join(f"{kind} = {float(kind is Behaviour.WILLING)}" for kind in Behaviour)
    scenario.write_text(SCENARIO.format(shares=shares), encoding="utf-8")
    async with (
        trusted_program(tmp_path, "--scenario", str(scenario)) as running,
        connected(running) as client,
    ):
        await log_in(client)
        with pytest.raises(errors.InternalServerError):
            await ask(client, MYSELF)
        assert await ask(client, MYSELF)
        await client.add_chat_members(CLUB, "person_1")
        with pytest.raises(errors.UserNotParticipant):
            await client.get_chat_member(CLUB, "person_1")


async def test_a_kill_loses_nothing_that_was_answered(tmp_path: Path):
    async with trusted_program(tmp_path) as running, connected(running) as client:
        await log_in(client)
        await client.send_message("rehearsal_admin2", "привет")
        made = await client.create_chat_invite_link(CLUB, "Осень")
        key = await client.storage.auth_key()
        await running.kill()
    async with trusted_program(tmp_path) as running, connected(running, key=key) as client:
        history = client.get_chat_history("rehearsal_admin2")
        assert [message.text async for message in history] == ["привет"]
        links = client.get_chat_admin_invite_links(CLUB, "me")
        assert [link.invite_link async for link in links] == [made.invite_link]
