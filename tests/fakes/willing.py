"""A scenario in which nobody refuses and nobody has to wait: only the work itself is left."""

from __future__ import annotations

WILLING = """
[invites]
willing = 1.0
privacy = 0.0
premium_would_allow = 0.0
privacy_error = 0.0
not_mutual_contact = 0.0
too_many_chats = 0.0
kicked = 0.0
already_member = 0.0
bot = 0.0
deleted = 0.0
silent_no_add = 0.0
add_failed = 0.0
absent = 0.0
blocked = 0.0
[messages]
free = 1.0
premium_required = 0.0
paid = 0.0
blocks_sender = 0.0
[flood_waits]
share = 0.0
"""
