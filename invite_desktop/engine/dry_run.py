"""What a task would come to, found out without sending anything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from invite_desktop.engine.message_check import check_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from invite_desktop.domain.tasks import ChatRef
    from invite_desktop.engine.message_check import MessageCheck
    from invite_desktop.engine.ports.stores import AudienceStore, AudienceUse, Reach


@dataclass(frozen=True, slots=True)
class DryRun:
    """Who of an audience would be contacted, by what, and why the others would not.

    ``texts`` tells for whom the message can be made, None for invitations.
    """

    use: AudienceUse
    reach: Reach
    texts: MessageCheck | None = None


class DryRuns:
    """Asks the store only: nobody notices anything, and no budget is used."""

    def __init__(self, audiences: AudienceStore) -> None:
        self._audiences = audiences

    async def of_invitations(
        self, audience_id: int, chat: ChatRef | None, accounts: Sequence[int]
    ) -> DryRun:
        """Return what inviting an audience with these accounts would come to."""
        return await self._run(audience_id, chat.chat_id if chat else None, accounts)

    async def of_messages(
        self, audience_id: int, text: str, limit: int, accounts: Sequence[int]
    ) -> DryRun:
        """Return what writing to an audience with these accounts would come to.

        ``text`` ends with the line on how to stop; ``limit`` in UTF-16 code units.
        """
        texts = await check_text(self._audiences, audience_id, text, limit)
        return await self._run(audience_id, None, accounts, texts)

    async def _run(
        self,
        audience_id: int,
        chat_id: int | None,
        accounts: Sequence[int],
        texts: MessageCheck | None = None,
    ) -> DryRun:
        use = await self._audiences.use_of(audience_id, chat_id)
        reach = await self._audiences.reach(audience_id, chat_id, accounts)
        return DryRun(use, reach, texts)
