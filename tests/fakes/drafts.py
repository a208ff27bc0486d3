"""Drafts of messages, tried on the fake's people by the real rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from invite_desktop.engine.dry_run import DryRun
from invite_desktop.engine.message_check import check_text
from invite_desktop.engine.message_files import inspect_file
from invite_desktop.engine.ports.stores import Reach

if TYPE_CHECKING:
    from pathlib import Path

    from invite_desktop.domain.attachments import Attachment
    from invite_desktop.domain.errors import KnownError
    from invite_desktop.engine.message_check import MessageCheck
    from invite_desktop.engine.self_tests import TrialMessage


class FakeDrafts:
    """Implements engine.message_drafts.MessageDrafts on what the fake audiences hold."""

    def __init__(self, audiences: Any) -> None:
        self._audiences = audiences

    async def inspect(self, path: Path) -> Attachment:
        return await inspect_file(str(path))

    async def try_text(self, audience_id: int, text: str, limit: int) -> MessageCheck:
        return await check_text(self._audiences, audience_id, text, limit)


class FakeDryRuns:
    """Implements engine.dry_run.DryRuns with the same numbers for everybody."""

    def __init__(self, audiences: Any) -> None:
        self._audiences = audiences

    async def of_invitations(self, audience_id: int, chat: object, accounts: object) -> DryRun:
        return DryRun(self._audiences.use, Reach(30, 20, 0, 2))

    async def of_messages(
        self, audience_id: int, text: str, limit: int, accounts: object
    ) -> DryRun:
        texts = await check_text(self._audiences, audience_id, text, limit)
        return DryRun(self._audiences.use, Reach(30, 20, 0, 2), texts)


class FakeSelfTests:
    """Implements engine.self_tests.SelfTests; ``refusal`` is raised by the next one."""

    def __init__(self) -> None:
        self.sent: list[tuple[int, TrialMessage]] = []
        self.refusal: KnownError | None = None

    async def send(self, account_id: int, trial: TrialMessage) -> None:
        if self.refusal is not None:
            raise self.refusal
        self.sent.append((account_id, trial))
