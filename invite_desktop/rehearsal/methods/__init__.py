"""The methods of the API that the server knows, one module a family.

Importing this package fills the table of ``dispatch``.
"""

from __future__ import annotations

from invite_desktop.rehearsal.methods import (
    admin_log,
    auth,
    authorizations,
    channels,
    contacts,
    dialogs,
    exported_links,
    files,
    history,
    invites,
    join_requests,
    links,
    making_chats,
    messages,
    moderation,
    participants,
    passwords,
    profile,
    qr_login,
    service,
    updates,
    users,
)

__all__ = [
    "admin_log",
    "auth",
    "authorizations",
    "channels",
    "contacts",
    "dialogs",
    "exported_links",
    "files",
    "history",
    "invites",
    "join_requests",
    "links",
    "making_chats",
    "messages",
    "moderation",
    "participants",
    "passwords",
    "profile",
    "qr_login",
    "service",
    "updates",
    "users",
]
