"""A local server that speaks MTProto and behaves like Telegram, contacting nobody."""

from __future__ import annotations
