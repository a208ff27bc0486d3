"""Drafts of messages, tried on the fake's people by the real rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from invite_desktop.engine.message_check import check_text
from invite_desktop.engine.message_files import inspect_file

if TYPE_CHECKING:
    from pathlib import Path

    from invite_desktop.domain.attachments import Attachment
    from invite_desktop.engine.message_check import MessageCheck


class FakeDrafts:
    """Implements engine.message_drafts.MessageDrafts on what the fake audiences hold."""

    def __init__(self, audiences: Any) -> None:
        self._audiences = audiences

    async def inspect(self, path: Path) -> Attachment:
        return await inspect_file(str(path))

    async def try_text(self, audience_id: int, text: str, limit: int) -> MessageCheck:
        return await check_text(self._audiences, audience_id, text, limit)
