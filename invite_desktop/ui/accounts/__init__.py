"""The Accounts tab: the user's own accounts and how to add one."""

from __future__ import annotations
