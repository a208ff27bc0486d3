"""The server as a program of its own, also when it is killed in the middle."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from telethon import TelegramClient, errors, functions
from telethon.crypto import rsa
from telethon.sessions import StringSession

from invite_desktop.domain.errors import KnownError
from invite_desktop.rehearsal import __main__ as stand_alone
from invite_desktop.rehearsal.__main__ import main
from invite_desktop.rehearsal.demo import demo_world
from invite_desktop.rehearsal.server import RehearsalServer
from tests.fakes.rehearsal import API_HASH, API_ID, CLUB, lend_key, running_rehearsal

ROOT = Path(__file__).parents[2]


@dataclass
class Program:
    """The running program and what it has printed."""

    process: asyncio.subprocess.Process
    lines: list[str]

    @property
    def port(self):
        return int(self.lines[0].rpartition(":")[2])

    async def kill(self):
        self.process.send_signal(signal.SIGKILL)
        await self.process.wait()


def trust(key: Path) -> None:
    rsa.add_key(key.read_text(), old=False)


@asynccontextmanager
async def program(tmp_path: Path, *options: str, own_key: bool = False):
    if not own_key:
        lend_key(tmp_path / "state")
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "invite_desktop.rehearsal",
        "--state", str(tmp_path / "state"), "--log", str(tmp_path / "log.jsonl"), *options,
        cwd=ROOT, stdout=subprocess.PIPE,
    )  # fmt: skip
    try:
        lines = [(await process.stdout.readline()).decode().strip() for _ in range(7)]
        trust(Path(lines[1].partition(": ")[2]))
        yield Program(process, lines)
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
            assert await asyncio.wait_for(process.wait(), 30) == 0
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
        process._transport.close()


@asynccontextmanager
async def client(port: int, session: StringSession):
    session.set_dc(2, "127.0.0.1", port)
    connected = TelegramClient(
        session, API_ID, API_HASH, flood_sleep_threshold=0, request_retries=1, retry_delay=0,
        raise_last_call_error=True, auto_reconnect=False,
    )  # fmt: skip
    await connected.connect()
    try:
        yield connected
    finally:
        await connected.disconnect()


async def test_it_says_where_it_is_and_who_can_log_in(tmp_path: Path):
    async with program(tmp_path) as running:
        listening, key, *accounts, chat, link = running.lines
        assert listening.startswith("listening on 127.0.0.1:")
        assert key == f"key: {tmp_path / 'state' / 'server_key.pem'}"
        assert accounts[0] == "account: +9996620001 code: 22222 name: Анна Волкова"
        assert [line[:20] for line in accounts] == [
            "account: +9996620001",
            "account: +9996620002",
            "account: +9996620003",
        ]
        assert chat == "chat: @rehearsal_club"
        assert link.startswith("link: https://t.me/+")


async def test_nobody_else_reads_the_private_key(tmp_path: Path):
    async with program(tmp_path, own_key=True):
        pass
    if os.name == "posix":
        mode = (tmp_path / "state" / "server_private_key.pem").stat().st_mode
        assert mode & 0o077 == 0


async def test_a_kill_loses_nothing_that_was_answered(tmp_path: Path):
    session = StringSession()
    async with (
        program(tmp_path, "--limits", "off") as running,
        client(running.port, session) as one,
    ):
        sent = await one.send_code_request("+9996620001")
        await one.sign_in("+9996620001", "22222", phone_code_hash=sent.phone_code_hash)
        joined = await invite_some(one)
        await one(functions.messages.SendMessageRequest(joined[0], "привет", random_id=42))
        await running.kill()
    async with program(tmp_path) as running, client(running.port, session) as one:
        assert (await one.get_me()).phone == "9996620001"
        members = {user.username for user in await one.get_participants(CLUB)}
        assert set(joined) <= members
        with pytest.raises(errors.RandomIdDuplicateError):
            await one(functions.messages.SendMessageRequest(joined[0], "привет", random_id=42))
    lines = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    added = [
        user["username"]
        for line in lines
        if line["method"] == "channels.inviteToChannel"
        for user in line["users"]
        if user["result"] in {"added", "already"} and user["username"] in joined
    ]
    assert added == joined
    assert [line["random_id"] for line in lines if line["method"] == "messages.sendMessage"] == [42]


async def invite_some(one: TelegramClient):
    """Invite people until five have come who may be written to; return their names."""
    joined = []
    for number in range(100):
        name = f"person_{number}"
        try:
            answer = await one(functions.channels.InviteToChannelRequest(CLUB, [name]))
            free = await one(functions.users.GetRequirementsToContactRequest([name]))
            users = await one.get_participants(CLUB, search=name)
        except (errors.RPCError, ValueError):
            one._flood_waited_requests.clear()
            continue
        here = any(user.username == name and not user.deleted for user in users)
        if not answer.missing_invitees and here and type(free[0]).__name__.endswith("Empty"):
            joined.append(name)
        if len(joined) == 5:
            break
    return joined


async def test_only_listed_people_exist_when_a_list_is_given(tmp_path: Path):
    people = tmp_path / "people.csv"
    people.write_text("username,phone,first_name\nlisted_one,+79001112233,Ася\n", encoding="utf-8")
    session = StringSession()
    async with (
        program(tmp_path, "--people", str(people)) as running,
        client(running.port, session) as one,
    ):
        sent = await one.send_code_request("+9996620001")
        await one.sign_in("+9996620001", "22222", phone_code_hash=sent.phone_code_hash)
        found = await one.get_entity("listed_one")
        assert found.first_name == "Ася"
        with pytest.raises(ValueError, match="No user has"):
            await one.get_entity("somebody_else")


@pytest.mark.parametrize(
    "options",
    [
        ["--accounts", "0"],
        ["--accounts", "x"],
        ["--speed", "0"],
        ["--speed", "-1"],
        ["--port", "x"],
    ],
)
def test_impossible_options_are_refused(options: list[str], capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as caught:
        main(options)
    assert caught.value.code == 2
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize("content", [None, "{broken", "[1, 2]\n"])
def test_an_unreadable_list_is_refused_in_a_sentence(
    tmp_path: Path, content: str | None, capsys: pytest.CaptureFixture[str]
):
    people = tmp_path / "people.ndjson"
    if content is not None:
        people.write_text(content)
    assert main(["--people", str(people), "--state", str(tmp_path / "state")]) == 2
    assert capsys.readouterr().err == "The list of people “people.ndjson” cannot be read.\n"


def test_a_taken_port_is_refused_in_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    lend_key(tmp_path)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert main(["--port", str(port), "--state", str(tmp_path)]) == 2
    assert capsys.readouterr().err == f"Port {port} of this computer cannot be used.\n"


async def test_two_servers_never_share_a_state(tmp_path: Path):
    async with running_rehearsal(state_dir=tmp_path):
        with pytest.raises(KnownError, match="Another rehearsal server"):
            await RehearsalServer(demo_world(), state_dir=tmp_path).start()
    async with running_rehearsal(state_dir=tmp_path):
        pass


async def test_a_server_without_a_directory_leaves_nothing_behind():
    server = RehearsalServer(demo_world())
    with pytest.raises(RuntimeError):
        assert server.port
    await server.start()
    key = server.key_path
    assert server.public_key_pem == key.read_text()
    await server.stop()
    assert not key.exists()
    with pytest.raises(RuntimeError):
        assert server.port


def test_afterwards_signals_do_what_they_did_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    lend_key(tmp_path)
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = [signal.getsignal(number) for number in numbers]
    monkeypatch.setattr(stand_alone, "_announce", lambda _: signal.raise_signal(signal.SIGTERM))
    monkeypatch.setattr(stand_alone.gc, "freeze", lambda: None)
    assert main(["--state", str(tmp_path)]) == 0
    assert [signal.getsignal(number) for number in numbers] == before
