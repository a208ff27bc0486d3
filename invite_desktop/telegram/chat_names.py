"""To which chats names lead, for one account: asked of Telegram as seldom as can be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon import errors
from telethon.tl.functions.contacts import ResolveUsernameRequest
from telethon.tl.types import Channel, PeerUser

from invite_desktop.domain.outcomes import Outcome, OutcomeCode
from invite_desktop.telegram.account_connection import CallError
from invite_desktop.telegram.peers import chat_peer, input_channel, only_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from telethon.tl.types import InputChannel, TypeChat

    from invite_desktop.engine.ports.telegram import ChatLookUps
    from invite_desktop.telegram.account_connection import AccountConnection

_GONE = (errors.ChannelInvalidError, errors.ChannelIdInvalidError)


class ChatNames:
    """The names of chats that one account has looked up, and the way to look up others.

    ``look_ups`` returns who rations and remembers them; while it returns None, as in a trial
    without an engine, they are remembered for as long as the program runs.
    """

    def __init__(
        self,
        connection: AccountConnection,
        account_id: int,
        look_ups: Callable[[], ChatLookUps | None],
    ) -> None:
        self._connection = connection
        self._account_id = account_id
        self._look_ups = look_ups
        self._known: dict[str, InputChannel] = {}

    async def known(self, name: str) -> InputChannel | None:
        """Return the channel or supergroup to which a name led before, None without one."""
        if name.lower() not in self._known and (rationed := self._look_ups()) is not None:
            kept = await rationed.known(self._account_id, name)
            if kept is not None:
                self._known[name.lower()] = input_channel(kept)
        return self._known.get(name.lower())

    async def forget(self, name: str) -> None:
        """Let a name be looked up anew, because it leads elsewhere now."""
        self._known.pop(name.lower(), None)
        if (rationed := self._look_ups()) is not None:
            await rationed.keep(self._account_id, name, None)

    async def resolve(self, name: str) -> TypeChat | None:
        """Look a name up (contacts.resolveUsername). Raises CallError.

        NOT_FOUND for a name that leads nowhere, or to a person; LOOK_UPS_SPENT without a call.
        """
        answer = await self._asked(name)
        if isinstance(answer.peer, PeerUser):
            raise CallError(Outcome(OutcomeCode.NOT_FOUND, detail="NotAChat"))
        chat = only_of(answer.chats, answer.peer.channel_id)
        if isinstance(chat, Channel):
            self._known[name.lower()] = input_channel(chat_peer(chat))
            if (rationed := self._look_ups()) is not None:
                await rationed.keep(self._account_id, name, chat_peer(chat))
        return chat

    async def _asked(self, name: str) -> Any:  # noqa: ANN401 - contacts.ResolvedPeer
        if (rationed := self._look_ups()) is None:
            return await self._connection.call(ResolveUsernameRequest(name))
        call_id = await rationed.begin(self._account_id)
        if isinstance(call_id, Outcome):
            raise CallError(call_id)
        try:
            answer = await self._connection.call(ResolveUsernameRequest(name))
        except CallError as failed:
            await rationed.end(call_id, failed.outcome)
            raise
        await rationed.end(call_id, Outcome(OutcomeCode.FOUND))
        return answer


def leads_to(name: str, chat: TypeChat) -> bool:
    """Return whether a chat still has the name by which it was looked up."""
    if not isinstance(chat, Channel):
        return False
    names = [chat.username, *(entry.username for entry in chat.usernames or () if entry.active)]
    return name.lower() in {each.lower() for each in names if each}


def is_gone(failed: CallError) -> bool:
    """Return whether Telegram no longer knows what a remembered address stands for."""
    return isinstance(failed.error, _GONE)
