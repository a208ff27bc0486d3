"""Telegram through Telethon, and the keyring that holds its sessions."""

from __future__ import annotations
