"""The methods of the API that the server knows, one module a family.

Importing this package fills the table of ``dispatch``.
"""

from __future__ import annotations

from invite_desktop.rehearsal.methods import (
    auth,
    channels,
    contacts,
    dialogs,
    invites,
    links,
    messages,
    service,
    updates,
    users,
)

__all__ = [
    "auth",
    "channels",
    "contacts",
    "dialogs",
    "invites",
    "links",
    "messages",
    "service",
    "updates",
    "users",
]
