"""Which of keyring's back ends are fit for secrets, and the words for those that are not."""

from __future__ import annotations

import os
import sys
from enum import Enum, auto
from typing import TYPE_CHECKING, NoReturn

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import Message, message

if TYPE_CHECKING:
    from collections.abc import Mapping

    from keyring.backend import KeyringBackend

ALLOWED = frozenset(
    {
        "keyring.backends.SecretService.Keyring",
        "keyring.backends.libsecret.Keyring",
        "keyring.backends.kwallet.DBusKeyring",
        "keyring.backends.kwallet.DBusKeyringKWallet4",
        "keyring.backends.macOS.Keyring",
        "keyring.backends.Windows.WinVaultKeyring",
    }
)
"""The operating systems' own keyrings; everything else may write plain text or nothing at all."""

CHAINER = "keyring.backends.chainer.ChainerBackend"
_NONE = frozenset({"keyring.backends.fail.Keyring", "keyring.backends.null.Keyring"})


def fit_backend(backend: KeyringBackend) -> KeyringBackend:
    """Return the back end that keeps secrets encrypted, out of a chain the first such.

    Raises KnownError when there is none: nothing is ever written anywhere else.
    """
    name = type_name(backend)
    if name == CHAINER:
        links: list[KeyringBackend] = list(backend.backends)  # type: ignore[attr-defined] # the chainer's own list
        fit = next((link for link in links if type_name(link) in ALLOWED), None)
        return fit_backend(fit or links[0]) if links else _refuse_nothing()
    if name in ALLOWED:
        return backend
    if name in _NONE:
        return _refuse_nothing()
    raise KnownError(
        message("The keyring “{name}” does not keep secrets encrypted.", name=name),
        message(
            "Remove that keyring (often the package keyrings.alt), or unset "
            "PYTHON_KEYRING_BACKEND and keyringrc.cfg, and start again. {system_words}",
            system_words=HOW_TO_GET_ONE[_here()],
        ),
    )


def type_name(backend: KeyringBackend) -> str:
    """Return the full name of a back end's type."""
    return f"{type(backend).__module__}.{type(backend).__qualname__}"


def locked_words() -> KnownError:
    """Return the words for a keyring that the user has not unlocked."""
    return KnownError(message("The keyring is locked."), HOW_TO_UNLOCK[_here()])


def broken_words(error: BaseException) -> KnownError:
    """Return the words for a keyring that failed in its own way."""
    return KnownError(
        message("The keyring did not work ({error}).", error=type(error).__name__),
        HOW_TO_GET_ONE[_here()],
    )


def _refuse_nothing() -> NoReturn:
    raise KnownError(message("This system offers no keyring."), HOW_TO_GET_ONE[_here()])


class Surroundings(Enum):
    """The systems that keep secrets in different ways."""

    WINDOWS = auto()
    MACOS = auto()
    GNOME = auto()
    KDE = auto()
    HEADLESS = auto()


HOW_TO_GET_ONE: Mapping[Surroundings, Message] = {
    Surroundings.WINDOWS: message(
        "Make sure that the service “Credential Manager” is running, then start again."
    ),
    Surroundings.MACOS: message(
        "Open “Keychain Access” and make sure that the login keychain exists."
    ),
    Surroundings.GNOME: message(
        "Install GNOME Keyring (the package gnome-keyring), log in to the desktop anew, and start "
        "again."
    ),
    Surroundings.KDE: message(
        "Switch KWallet on in the system settings (KDE Wallet), log in to the desktop anew, and "
        "start again."
    ),
    Surroundings.HEADLESS: message(
        "There is no desktop here, so start the program inside a session of its own: "
        "dbus-run-session, then gnome-keyring-daemon --unlock (the packages dbus and "
        "gnome-keyring)."
    ),
}
"""What to do where there is no keyring."""

HOW_TO_UNLOCK: Mapping[Surroundings, Message] = {
    Surroundings.WINDOWS: message("Sign in to Windows again and try again."),
    Surroundings.MACOS: message("Unlock the login keychain in “Keychain Access” and try again."),
    Surroundings.GNOME: message("Unlock it in “Passwords and Keys” and try again."),
    Surroundings.KDE: message("Open the wallet in KWalletManager and try again."),
    Surroundings.HEADLESS: message(
        "Stop gnome-keyring-daemon, start it with --unlock in the same session, and try again."
    ),
}
"""What to do when the keyring is locked."""


def surroundings(system: str, variables: Mapping[str, str]) -> Surroundings:
    """Return the kind of system, from sys.platform and the environment."""
    if system == "win32":
        return Surroundings.WINDOWS
    if system == "darwin":
        return Surroundings.MACOS
    if "KDE" in variables.get("XDG_CURRENT_DESKTOP", "") or variables.get("KDE_FULL_SESSION"):
        return Surroundings.KDE
    shown = variables.get("DISPLAY") or variables.get("WAYLAND_DISPLAY")
    return Surroundings.GNOME if shown else Surroundings.HEADLESS


def _here() -> Surroundings:
    return surroundings(sys.platform, os.environ)
