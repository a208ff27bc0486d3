"""Which of keyring's back ends are fit for secrets, and the words for those that are not."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, NoReturn

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import Message, message

if TYPE_CHECKING:
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
            system_words=_how_to_get_one(),
        ),
    )


def type_name(backend: KeyringBackend) -> str:
    """Return the full name of a back end's type."""
    return f"{type(backend).__module__}.{type(backend).__qualname__}"


def locked_words() -> KnownError:
    """Return the words for a keyring that the user has not unlocked."""
    return KnownError(message("The keyring is locked."), _how_to_unlock())


def broken_words(error: BaseException) -> KnownError:
    """Return the words for a keyring that failed in its own way."""
    return KnownError(
        message("The keyring did not work ({error}).", error=type(error).__name__),
        _how_to_get_one(),
    )


def _refuse_nothing() -> NoReturn:
    raise KnownError(message("This system offers no keyring."), _how_to_get_one())


def _how_to_get_one(system: str = sys.platform) -> Message:
    if system == "win32":
        return message(
            "Make sure that the service “Credential Manager” is running, then start again."
        )
    if system == "darwin":
        return message("Open “Keychain Access” and make sure that the login keychain exists.")
    return message(
        "Install GNOME Keyring or KWallet, log in to the desktop, and start again. "
        "Without a desktop: dbus-run-session with gnome-keyring-daemon --unlock."
    )


def _how_to_unlock(system: str = sys.platform) -> Message:
    if system == "darwin":
        return message("Unlock the login keychain in “Keychain Access” and try again.")
    if system == "win32":
        return message("Sign in to Windows again and try again.")
    return message("Unlock it in “Passwords and Keys” or KWalletManager and try again.")
