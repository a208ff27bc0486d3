"""The methods of the API that the server knows, one module a family.

Importing this package fills the table of ``dispatch``.
"""

from __future__ import annotations

from invite_desktop.rehearsal.methods import (
    auth,
    authorizations,
    channels,
    contacts,
    dialogs,
    invites,
    links,
    messages,
    passwords,
    qr_login,
    service,
    updates,
    users,
)

__all__ = [
    "auth",
    "authorizations",
    "channels",
    "contacts",
    "dialogs",
    "invites",
    "links",
    "messages",
    "passwords",
    "qr_login",
    "service",
    "updates",
    "users",
]
