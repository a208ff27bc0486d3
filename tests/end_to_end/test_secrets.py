"""Nothing secret is written anywhere but into the keyring."""

from __future__ import annotations

import asyncio
import base64
import json
import sqlite3
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from telethon import functions
from telethon.sessions import StringSession

from invite_desktop.app.paths import choose_profile
from invite_desktop.rehearsal.demo import demo_world
from invite_desktop.rehearsal.population import CALM
from invite_desktop.telegram.secret_vault import KeyringVault
from tests.end_to_end.leaks import Leak, Secret, files_under, leaks_in, leaks_under
from tests.end_to_end.program import environment
from tests.fakes.rehearsal import running_rehearsal

if TYPE_CHECKING:
    from tests.fakes.rehearsal import Rehearsal

API_HASH = "f00dfeedbeefcafe0123456789abcdef"
GUARDED = {"phone": "+79261234567", "code": "8391746205", "password": "Ёлка у забора 17"}
SCANNING = "+79267654321"
USERNAMES = ("guarded_owner", "scanning_owner", "rehearsal_admin1")
SECRET = Secret.text("api_hash", API_HASH)


# ------------------------------------------------------------ the search itself can fail


@pytest.mark.parametrize("form", SECRET.forms())
def test_a_planted_secret_is_found_in_every_form(tmp_path: Path, form: str):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "file.bin").write_bytes(b"\0before " + SECRET.forms()[form] + b" after")
    found = leaks_under(tmp_path, [SECRET])
    assert Leak("deep/file.bin", "api_hash", form) in found


def test_a_part_of_a_key_is_found():
    key = Secret("key", bytes(range(256)))
    content = base64.urlsafe_b64encode(b"abc" + key.data)[60:]
    assert leaks_in("log", content, key.pieces())


@pytest.mark.parametrize("before", [b"", b"a", b"ab", b"abc"])
def test_a_key_inside_something_encoded_is_found(before: bytes):
    key = Secret("key", bytes(range(100, 200)))
    content = b"session=" + base64.urlsafe_b64encode(before + key.data + b"more")
    assert leaks_in("log", content, [key])


def test_a_secret_in_a_database_is_found(tmp_path: Path):
    base = sqlite3.connect(tmp_path / "base.sqlite3")
    base.execute("create table notes (words text)")
    base.execute("insert into notes values (?)", (f"the hash is {API_HASH}",))
    base.commit()
    base.close()
    assert leaks_under(tmp_path, [SECRET])


def test_a_secret_in_a_file_name_is_found(tmp_path: Path):
    (tmp_path / API_HASH).touch()
    assert leaks_under(tmp_path, [SECRET])


def test_what_is_not_there_is_not_found(tmp_path: Path):
    (tmp_path / "file").write_bytes(bytes(range(256)) * 50)
    assert not leaks_under(tmp_path, [SECRET])


# ------------------------------------------------------------ a whole rehearsal


@pytest.mark.keyring
@pytest.mark.timeout(400)
async def test_a_whole_rehearsal_writes_no_secret_anywhere(tmp_path: Path):
    home = tmp_path / "home"
    (home / "tmp").mkdir(parents=True)
    world = demo_world(1, mix=CALM)
    guarded = world.account(
        GUARDED["phone"], "Вера", username=USERNAMES[0], password=GUARDED["password"]
    )
    guarded.code, guarded.hint = GUARDED["code"], "ёлка"
    world.account(SCANNING, "Глеб", username=USERNAMES[1])
    async with running_rehearsal(world, state_dir=tmp_path / "server") as rehearsal:
        written, token = await run_the_program(rehearsal, home)
        secrets = [
            SECRET,
            Secret.text("code", GUARDED["code"]),
            Secret.text("password", GUARDED["password"]),
            Secret.text("token", token),
            *await secrets_of_the_keyring(home),
        ]
    assert len(secrets) == 4 + 3 * (353 // 32 + 256 // 32)
    leaks = leaks_under(home, secrets)
    for place, content in written.items():
        leaks += leaks_in(place, content, secrets)
    assert leaks == []
    await no_person_is_in_the_logs(home, written)


async def run_the_program(rehearsal: Rehearsal, home: Path) -> tuple[dict[str, bytes], str]:
    """Return what the program said and what others can see of its process, and its QR token."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.end_to_end.secretive_user"),
        *("--profile", str(home / "profile"), "--language", "en", "--accounts", "1"),
        *("--telegram-server", f"127.0.0.1:{rehearsal.port}"),
        *("--telegram-key", str(rehearsal.key_path), "--speed", "50000"),
        cwd=Path(__file__).parents[2],
        env=environment(home, TMPDIR=str(home / "tmp")),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    written: dict[str, bytes] = {}
    try:
        process.stdin.write(json.dumps({**GUARDED, "api_hash": API_HASH}).encode() + b"\n")
        token = (await news(process, "qr")).removeprefix("tg://login?token=")
        await scan(rehearsal, token)
        await news(process, "done")
        written |= seen_while_running(home, process.pid)
        process.stdin.write(b"end\n")
        written["stdout"], written["stderr"] = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode == 0, written["stderr"].decode()
    return written, token


def seen_while_running(home: Path, pid: int) -> dict[str, bytes]:
    """What everybody on the computer can see of a process, and files that it deletes at its end."""
    names = ("cmdline", "environ") if sys.platform == "linux" else ()
    seen = {name: Path(f"/proc/{pid}/{name}").read_bytes() for name in names}
    return seen | {f"{path.name} now": path.read_bytes() for path in files_under(home)}


async def news(process: asyncio.subprocess.Process, name: str) -> str:
    line = await process.stdout.readline()
    assert line, (await process.stderr.read()).decode()
    return str(json.loads(line)[name])


async def scan(rehearsal: Rehearsal, token: str) -> None:
    account = rehearsal.world.people.account_of_phone(SCANNING)
    data = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    async with rehearsal.client(account) as phone:
        await phone(functions.auth.AcceptLoginTokenRequest(data))


async def secrets_of_the_keyring(home: Path) -> list[Secret]:
    """The sessions of the three accounts and the keys inside them, which really are there."""
    profile = choose_profile(home / "profile", rehearsal=True)
    vault = KeyringVault(str(profile.directory))
    secrets = []
    for account_id in (1, 2, 3):
        session = await vault.session(account_id)
        assert session, f"account {account_id} is not in the keyring"
        secrets += Secret.text(f"session {account_id}", session).pieces()
        secrets += Secret(f"key {account_id}", StringSession(session).auth_key.key).pieces()
        await vault.forget_session(account_id)
    credentials = await vault.credentials()
    assert credentials.api_hash == API_HASH
    vault.close()
    return secrets


async def no_person_is_in_the_logs(home: Path, written: dict[str, bytes]) -> None:
    logs = [path for path in files_under(home) if path.parent.name == "logs"]
    content = b"".join(path.read_bytes() for path in logs) + written["stderr"]
    assert b"log-in: done" in content
    assert b"a bug near" in content
    for person in (GUARDED["phone"][1:], SCANNING[1:], *USERNAMES, "Вера", "Глеб"):
        assert person.encode() not in content
