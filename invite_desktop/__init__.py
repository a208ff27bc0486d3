"""Invite Desktop: brings a marketer's own list of people into her Telegram chat, at a safe pace."""

from __future__ import annotations

__version__ = "0.1.0"
