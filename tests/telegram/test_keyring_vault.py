"""The keyring: which are refused, and the real one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import keyring
import keyring.errors
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail, null

from invite_desktop.domain.errors import KnownError
from invite_desktop.engine.ports.login import ApiCredentials
from invite_desktop.telegram.keyring_backends import (
    HOW_TO_GET_ONE,
    HOW_TO_UNLOCK,
    Surroundings,
    surroundings,
)
from invite_desktop.telegram.secret_vault import KeyringVault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SESSION = "1" + "A" * 352
CREDENTIALS = ApiCredentials(12345, "0123456789abcdef0123456789abcdef")


class MemoryKeyring(KeyringBackend):
    """A back end in memory that looks like a system's own, and remembers who called it."""

    priority = 1

    def __init__(self, error: Exception | None = None) -> None:
        self.entries: dict[tuple[str, str], str] = {}
        self.threads: set[str] = set()
        self.error = error

    def _called(self) -> None:
        self.threads.add(threading.current_thread().name)
        if self.error is not None:
            raise self.error

    def get_password(self, service: str, username: str) -> str | None:
        self._called()
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._called()
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._called()
        del self.entries[service, username]


class PlaintextKeyring(MemoryKeyring):
    """Stands for keyrings.alt."""


MemoryKeyring.__module__, MemoryKeyring.__qualname__ = "keyring.backends.SecretService", "Keyring"
PlaintextKeyring.__module__ = "keyrings.alt.file"


@pytest.fixture
def vault() -> Iterator[KeyringVault]:
    vault = KeyringVault("test")
    yield vault
    vault.close()


def choose(monkeypatch: pytest.MonkeyPatch, backend: KeyringBackend) -> None:
    monkeypatch.setattr(keyring, "get_keyring", lambda: backend)


@pytest.mark.parametrize("backend", [fail.Keyring(), null.Keyring(), PlaintextKeyring()])
async def test_an_unfit_keyring_is_refused_in_words(
    monkeypatch: pytest.MonkeyPatch, vault: KeyringVault, backend: KeyringBackend
):
    choose(monkeypatch, backend)
    with pytest.raises(KnownError) as refused:
        await vault.keep_session(1, SESSION)
    assert refused.value.next_step is not None
    assert not getattr(backend, "entries", {})


def chain_of(*links: KeyringBackend) -> KeyringBackend:
    """Return what looks like keyring's own chain, with other links.

    A real subclass would be entered in the library's list, and chosen by later tests.
    """
    names = {"backends": links, "__module__": "keyring.backends.chainer"}
    return type("ChainerBackend", (), names)()


async def test_out_of_a_chain_the_fit_keyring_is_used_alone(
    monkeypatch: pytest.MonkeyPatch, vault: KeyringVault
):
    plaintext, fit = PlaintextKeyring(), MemoryKeyring()
    choose(monkeypatch, chain_of(plaintext, fit))
    await vault.keep_session(1, SESSION)
    assert vault.description == "keyring.backends.SecretService.Keyring"
    assert SESSION in fit.entries.values()
    assert not plaintext.threads


@pytest.mark.parametrize("links", [(), (PlaintextKeyring(),), (PlaintextKeyring(), null.Keyring())])
async def test_a_chain_without_a_fit_keyring_is_refused(
    monkeypatch: pytest.MonkeyPatch, vault: KeyringVault, links: tuple[KeyringBackend, ...]
):
    choose(monkeypatch, chain_of(*links))
    with pytest.raises(KnownError):
        await vault.prepare()


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (keyring.errors.KeyringLocked("x"), "locked"),
        (keyring.errors.InitError("x"), "InitError"),
        (keyring.errors.PasswordSetError("x"), "PasswordSetError"),
        (RuntimeError("a back end's own"), "RuntimeError"),
    ],
)
async def test_a_keyring_that_fails_says_so_and_can_be_tried_again(
    monkeypatch: pytest.MonkeyPatch, vault: KeyringVault, error: Exception, words: str
):
    backend = MemoryKeyring(error)
    choose(monkeypatch, backend)
    with pytest.raises(KnownError, match=words) as refused:
        await vault.session(1)
    assert refused.value.next_step is not None
    backend.error = None
    assert await vault.session(1) is None


async def test_the_keyring_is_called_in_one_thread_of_its_own(
    monkeypatch: pytest.MonkeyPatch, vault: KeyringVault
):
    backend = MemoryKeyring()
    choose(monkeypatch, backend)
    await vault.keep_session(1, SESSION)
    await vault.session(1)
    await vault.forget_session(1)
    assert len(backend.threads) == 1
    assert threading.current_thread().name not in backend.threads


async def test_profiles_do_not_see_each_other(monkeypatch: pytest.MonkeyPatch, vault: KeyringVault):
    choose(monkeypatch, MemoryKeyring())
    other = KeyringVault("rehearsal")
    await vault.keep_session(1, SESSION)
    assert await other.session(1) is None
    other.close()


@pytest.mark.parametrize(
    ("system", "variables", "expected"),
    [
        ("win32", {}, Surroundings.WINDOWS),
        ("darwin", {}, Surroundings.MACOS),
        ("linux", {"DISPLAY": ":0", "XDG_CURRENT_DESKTOP": "KDE"}, Surroundings.KDE),
        ("linux", {"WAYLAND_DISPLAY": "wayland-0", "KDE_FULL_SESSION": "true"}, Surroundings.KDE),
        ("linux", {"DISPLAY": ":0", "XDG_CURRENT_DESKTOP": "ubuntu:GNOME"}, Surroundings.GNOME),
        ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, Surroundings.GNOME),
        ("linux", {}, Surroundings.HEADLESS),
    ],
)
def test_the_system_at_hand_is_known(
    system: str, variables: dict[str, str], expected: Surroundings
):
    assert surroundings(system, variables) is expected


@pytest.mark.parametrize("words", [HOW_TO_GET_ONE, HOW_TO_UNLOCK])
def test_every_system_gets_instructions_of_its_own(words: dict[Surroundings, object]):
    assert set(words) == set(Surroundings)
    assert len({str(sentence) for sentence in words.values()}) == len(Surroundings)


def test_one_session_fits_into_an_entry_of_windows():
    longest = "1" + "A" * 372  # an IPv6 address makes a session 20 characters longer
    assert len(longest.encode("utf-16-le")) <= 2560


def test_no_secret_shows_in_a_repr():
    assert CREDENTIALS.api_hash not in repr(CREDENTIALS)


# ------------------------------------------------------------ the real Secret Service


@pytest.fixture
async def real_vault(secret_service: None) -> KeyringVault:
    vault = KeyringVault(f"test {os.getpid()}")
    yield vault
    await vault.forget_session(7)
    await vault._in_thread(_forget_api(vault))
    vault.close()


def _forget_api(vault: KeyringVault) -> Callable[[KeyringBackend], None]:
    def forget(backend: KeyringBackend) -> None:
        if backend.get_password(vault._service, "api") is not None:
            backend.delete_password(vault._service, "api")

    return forget


@pytest.mark.keyring
async def test_a_session_survives_in_the_real_keyring(real_vault: KeyringVault):
    await real_vault.keep_session(7, SESSION)
    again = KeyringVault(f"test {os.getpid()}")
    assert await again.session(7) == SESSION
    again.close()


@pytest.mark.keyring
async def test_a_session_is_replaced_and_deleted_in_the_real_keyring(real_vault: KeyringVault):
    await real_vault.keep_session(7, "older")
    await real_vault.keep_session(7, SESSION)
    assert await real_vault.session(7) == SESSION
    await real_vault.forget_session(7)
    assert await real_vault.session(7) is None
    await real_vault.forget_session(7)


@pytest.mark.keyring
async def test_credentials_survive_in_the_real_keyring(real_vault: KeyringVault):
    assert await real_vault.credentials() is None
    await real_vault.keep_credentials(CREDENTIALS)
    assert await real_vault.credentials() == CREDENTIALS


@pytest.mark.keyring
async def test_the_real_keyring_is_named(real_vault: KeyringVault):
    assert real_vault.description == ""
    await real_vault.prepare()
    assert "keyring.backends." in real_vault.description


# What the program does with a keyring that is locked while it runs, and unlocked again.
LOCKED_WHILE_RUNNING = """
import asyncio
import secretstorage
from jeepney import DBusAddress, new_method_call
from jeepney.io.blocking import open_dbus_connection
from invite_desktop.domain.errors import KnownError
from invite_desktop.telegram.secret_vault import KeyringVault

def lock():
    connection = secretstorage.dbus_init()
    secretstorage.get_default_collection(connection).lock()
    connection.close()

def unlock():
    bus = open_dbus_connection(bus="SESSION")
    place = "/org/freedesktop/secrets"
    service = DBusAddress(place, "org.freedesktop.secrets", "org.freedesktop.Secret.Service")
    keeper = service.with_interface("org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface")
    opened = new_method_call(service, "OpenSession", "sv", ("plain", ("s", "")))
    session = bus.send_and_get_reply(opened).body[1]
    words = (session, b"", b"only-for-tests", "text/plain")
    asked = (f"{place}/collection/login", words)
    call = new_method_call(keeper, "UnlockWithMasterPassword", "o(oayays)", asked)
    bus.send_and_get_reply(call)
    bus.close()

async def tried(work):
    try:
        print("DONE", await work)
    except KnownError as words:
        print("REFUSED", words.explanation, "|", words.next_step)

async def main():
    vault = KeyringVault("locked")
    await tried(vault.keep_session(1, "a session"))
    lock()
    await tried(vault.session(1))
    await tried(vault.keep_session(2, "another"))
    unlock()
    await tried(vault.session(1))
    await tried(vault.session(2))
    vault.close()

asyncio.run(main())
"""


def run_with_a_keyring(home: Path, script: str, program: str) -> subprocess.CompletedProcess[str]:
    """Run a program in a session bus of its own, with a keyring that a script starts."""
    runtime = home / "run"
    runtime.mkdir(mode=0o700)
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    return subprocess.run(
        ["dbus-run-session", "--", "bash", "-c", f'{script}; "{sys.executable}" -c "$0"', program],
        cwd=Path(__file__).parents[2],
        env={**kept, "HOME": str(home), "XDG_RUNTIME_DIR": str(runtime)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


needs_gnome_keyring = pytest.mark.skipif(
    not (shutil.which("dbus-run-session") and shutil.which("gnome-keyring-daemon")),
    reason="dbus-run-session and gnome-keyring are not installed",
)


@pytest.mark.keyring
@needs_gnome_keyring
def test_a_real_keyring_locked_while_running_is_asked_again(tmp_path: Path):
    start = "printf only-for-tests | gnome-keyring-daemon --unlock --components=secrets >/dev/null"
    done = run_with_a_keyring(tmp_path, start, LOCKED_WHILE_RUNNING)
    stored, *refused, kept, not_stored = done.stdout.splitlines()
    assert stored == "DONE None", done.stderr
    for line in refused:
        assert line.startswith("REFUSED The keyring is locked. | "), done.stdout
        assert "--unlock" in line
    assert len(refused) == 2
    assert (kept, not_stored) == ("DONE a session", "DONE None")


NEVER_UNLOCKED = """
import asyncio
from invite_desktop.domain.errors import KnownError
from invite_desktop.telegram.secret_vault import KeyringVault
try:
    asyncio.run(KeyringVault("locked").keep_session(1, "x"))
except KnownError as refused:
    print("REFUSED", refused.explanation, "|", refused.next_step)
"""


@pytest.mark.keyring
@needs_gnome_keyring
def test_a_locked_real_keyring_is_refused_in_words(tmp_path: Path):
    start = "gnome-keyring-daemon --start --components=secrets >/dev/null"
    done = run_with_a_keyring(tmp_path, start, NEVER_UNLOCKED)
    assert done.stdout.startswith("REFUSED The keyring"), done.stderr
