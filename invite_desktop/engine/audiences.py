"""The saved lists of people."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from invite_desktop.domain.audiences import Audience
    from invite_desktop.domain.people import Person
    from invite_desktop.domain.tasks import ChatRef
    from invite_desktop.engine.ports.stores import AudienceStore, AudienceUse


class Audiences:
    """Questions about audiences; they come from imports."""

    def __init__(self, store: AudienceStore) -> None:
        self._store = store

    async def all(self) -> Sequence[Audience]:
        """Return the saved audiences, newest first."""
        return await self._store.audiences()

    async def people(self, audience_id: int, offset: int, limit: int) -> Sequence[Person]:
        """Return a page of an audience, in the order of import."""
        return await self._store.people(audience_id, offset, limit)

    async def use_of(self, audience_id: int, chat: ChatRef | None) -> AudienceUse:
        """Return how usable an audience is for inviting to a chat, or for messages (None)."""
        return await self._store.use_of(audience_id, chat.chat_id if chat else None)
