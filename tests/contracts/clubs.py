"""An account with a chat of its own, which the contract of every Messenger begins with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from invite_desktop.domain.chats import parse_chat_address
from invite_desktop.domain.people import PersonKeys
from tests.contracts.stages import Someone, Stage, found, seen

if TYPE_CHECKING:
    from invite_desktop.engine.ports.telegram import ChatPeer, Messenger, UserPeer


CLUB = parse_chat_address("@football_club")


@dataclass
class Club:
    """An account that may invite into its own public supergroup."""

    stage: Stage
    anna: Someone
    chat: Any
    messenger: Messenger

    async def person(
        self, username: str = "bobby_tables", **fields: object
    ) -> tuple[Someone, UserPeer]:
        someone = self.stage.person(username, **fields)
        return someone, await found(self.messenger, PersonKeys(username))

    async def peer(self) -> ChatPeer:
        return await seen(self.messenger, CLUB)
