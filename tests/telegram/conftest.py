"""The real keyring, where there is one."""

from __future__ import annotations

import os

import pytest


def _unlocked_secret_service() -> bool:
    """Return whether a D-Bus session with an unlocked default collection is there."""
    if not os.environ.get("DBUS_SESSION_BUS_ADDRESS"):
        return False
    secretstorage = pytest.importorskip("secretstorage", reason="no Secret Service on this system")
    try:
        connection = secretstorage.dbus_init()
    except (secretstorage.exceptions.SecretServiceNotAvailableException, OSError):
        return False
    try:
        return not secretstorage.get_default_collection(connection).is_locked()
    except secretstorage.exceptions.SecretStorageException:
        return False
    finally:
        connection.close()


@pytest.fixture
def secret_service() -> None:
    """Skip unless secrets can be kept without asking anybody."""
    if not _unlocked_secret_service():
        pytest.skip("no D-Bus session with an unlocked Secret Service")
