"""What one account sees of chats, and which of them it may fill."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from telethon.tl.functions.channels import GetFullChannelRequest
from telethon.tl.functions.messages import CheckChatInviteRequest, GetChatsRequest
from telethon.tl.types import (
    Channel,
    ChannelForbidden,
    Chat,
    ChatEmpty,
    ChatForbidden,
    ChatInvite,
    InputChannel,
)

from invite_desktop.domain.chats import AddressKind, ChatInfo, ChatKind, Standing
from invite_desktop.domain.outcomes import OutcomeCode
from invite_desktop.engine.ports.telegram import ChatSight
from invite_desktop.telegram.account_connection import CallError
from invite_desktop.telegram.chat_names import is_gone, leads_to
from invite_desktop.telegram.dialogues import chats_of_dialogues
from invite_desktop.telegram.peers import chat_info, chat_peer, only_of, standing_in

if TYPE_CHECKING:
    from telethon.tl.types import TypeChat

    from invite_desktop.domain.chats import ChatAddress
    from invite_desktop.telegram.account_connection import AccountConnection
    from invite_desktop.telegram.chat_names import ChatNames

_HIDDEN = ChatSight(Standing.NOT_A_MEMBER)
_NO_SUCH_GROUP = frozenset({OutcomeCode.CHAT_UNREACHABLE, OutcomeCode.NOT_ADDRESSABLE})


class ChatInspector:
    """Looks at chats for one account; names are resolved once, rights are always asked anew.

    Resolving is rationed by Telegram (about 200 names a day), asking for a known chat is not.
    """

    def __init__(self, connection: AccountConnection, names: ChatNames) -> None:
        self._connection = connection
        self._names = names
        self._by_id: dict[int, InputChannel] = {}

    async def see(self, address: ChatAddress) -> ChatSight:
        """Return what the account sees at an address. Raises CallError.

        NOT_FOUND is a name or link that leads nowhere, or to a person; an id of a chat that is not
        among the account's dialogues is just not seen. A chat seen through an invite link only has
        the id 0, because Telegram tells it to members alone.
        """
        match address.kind:
            case AddressKind.USERNAME:
                return await self._by_username(address.value)
            case AddressKind.INVITE_HASH:
                return await self._by_invite(address.value)
            case AddressKind.CHANNEL_ID:
                return await self._by_channel_id(int(address.value))
            case AddressKind.BASIC_GROUP_ID:
                return await self._by_group_id(int(address.value))

    async def administered(self) -> list[ChatInfo]:
        """Return the chats of the account's dialogues in which it may invite."""
        chats = await self._dialogue_chats()
        return [chat_info(chat) for chat in chats if standing_in(chat) is Standing.READY_ADMIN]

    async def _by_username(self, name: str) -> ChatSight:
        known = await self._names.known(name)
        if known is not None:
            sight = await self._remembered(name, known)
            if sight is not None:
                return sight
            await self._names.forget(name)
        return await self._sight(await self._names.resolve(name))

    async def _remembered(self, name: str, known: InputChannel) -> ChatSight | None:
        """Return what is seen of a chat that had the name once, None when it is not it any more."""
        try:
            answer = await self._connection.call(GetFullChannelRequest(known))
        except CallError as failed:
            if is_gone(failed):
                return None
            return self._unseen(failed, None)
        chat = only_of(answer.chats, known.channel_id)
        if chat is None or not leads_to(name, chat):
            return None
        return self._full_sight(known, chat, answer)

    async def _by_invite(self, invite_hash: str) -> ChatSight:
        answer = await self._connection.call(CheckChatInviteRequest(invite_hash))
        if isinstance(answer, ChatInvite):
            return ChatSight(Standing.NOT_A_MEMBER, _invited_info(answer))
        return await self._sight(answer.chat)

    async def _by_channel_id(self, chat_id: int) -> ChatSight:
        if chat_id not in self._by_id:
            await self._dialogue_chats()
        known = self._by_id.get(chat_id)
        return _HIDDEN if known is None else await self._channel(known)

    async def _by_group_id(self, chat_id: int) -> ChatSight:
        try:
            answer = await self._connection.call(GetChatsRequest([chat_id]))
        except CallError as failed:
            if failed.outcome.code in _NO_SUCH_GROUP:
                return _HIDDEN
            raise
        return await self._sight(only_of(answer.chats, chat_id))

    async def _sight(self, chat: TypeChat | None) -> ChatSight:
        """Return what a chat's description says; channels are asked for their fresh state."""
        if chat is None or isinstance(chat, ChatEmpty):
            return _HIDDEN
        if isinstance(chat, (ChannelForbidden, ChatForbidden)):
            return ChatSight(Standing.NOT_A_MEMBER, chat_info(chat))
        if isinstance(chat, Channel):
            return await self._channel(_input(chat), chat)
        if chat.migrated_to is not None:
            moved: InputChannel = chat.migrated_to
            return await self._channel(moved)
        return _group_sight(chat)

    async def _channel(self, channel: InputChannel, seen: Channel | None = None) -> ChatSight:
        try:
            answer = await self._connection.call(GetFullChannelRequest(channel))
        except CallError as failed:
            return self._unseen(failed, seen)
        return self._full_sight(channel, only_of(answer.chats, channel.channel_id) or seen, answer)

    def _unseen(self, failed: CallError, seen: Channel | None) -> ChatSight:
        """Return what a refusal leaves to be seen. Raises CallError for any other trouble."""
        if failed.outcome.code is OutcomeCode.CHAT_UNREACHABLE:
            return ChatSight(Standing.NOT_A_MEMBER, chat_info(seen) if seen else None)
        raise failed

    def _full_sight(
        self,
        channel: InputChannel,
        chat: TypeChat | None,
        answer: Any,  # noqa: ANN401 - messages.ChatFull
    ) -> ChatSight:
        if not isinstance(chat, Channel):
            return _HIDDEN
        self._by_id[chat.id] = channel
        full = answer.full_chat
        info = chat_info(chat, full.participants_count)
        info = replace(info, migrated_from=full.migrated_from_chat_id)
        standing = standing_in(chat)
        inside = standing is not Standing.NOT_A_MEMBER
        return ChatSight(standing, info, chat_peer(chat) if inside else None)

    async def _dialogue_chats(self) -> list[TypeChat]:
        chats = await chats_of_dialogues(self._connection)
        self._by_id.update({chat.id: _input(chat) for chat in chats if isinstance(chat, Channel)})
        return chats


def _group_sight(chat: Chat) -> ChatSight:
    standing = standing_in(chat)
    inside = standing is not Standing.NOT_A_MEMBER and not chat.deactivated
    if not inside:
        return ChatSight(Standing.NOT_A_MEMBER, chat_info(chat))
    return ChatSight(standing, chat_info(chat), chat_peer(chat))


def _invited_info(invite: ChatInvite) -> ChatInfo:
    if not invite.channel:
        kind = ChatKind.BASIC_GROUP
    else:
        kind = ChatKind.SUPERGROUP if invite.megagroup else ChatKind.CHANNEL
    return ChatInfo(0, invite.title, kind, invite.participants_count)


def _input(chat: Channel) -> InputChannel:
    return InputChannel(chat.id, chat.access_hash or 0)
