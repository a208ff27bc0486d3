"""By what somebody can be looked up: pieces of queries over ``people p``."""

from __future__ import annotations

NAME_IS_DEAD = """(p.phone IS NOT NULL AND EXISTS (
    SELECT 1 FROM dead_usernames d WHERE d.name = p.username_key
))"""
"""Her username led nowhere, and there is a phone to look her up by."""

BY_NAME = f"(p.username IS NOT NULL AND NOT {NAME_IS_DEAD})"
"""Her username is the key to look her up by."""
