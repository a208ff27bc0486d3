"""The chat of a task at Telegram, whatever it is called by now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invite_desktop.domain.chats import AddressKind, ChatAddress, ChatKind
from invite_desktop.domain.outcomes import Outcome, OutcomeCode

if TYPE_CHECKING:
    from invite_desktop.domain.chats import ChatInfo
    from invite_desktop.domain.tasks import ChatRef
    from invite_desktop.engine.ports.telegram import ChatSight, Messenger

_LEADS_NOWHERE = frozenset({OutcomeCode.NOT_FOUND, OutcomeCode.CHAT_UNREACHABLE})


async def see_chat_of(messenger: Messenger, chat: ChatRef) -> ChatSight | Outcome:
    """Return what an account sees of a task's chat, by its id if its link leads there no more."""
    sight = await messenger.see_chat(chat.address)
    if isinstance(sight, Outcome):
        lost = sight.code in _LEADS_NOWHERE
    else:
        lost = sight.info is None or not is_same_chat(sight.info, chat)
    by_id = address_by_id(chat)
    if not lost or not chat.chat_id or by_id == chat.address:
        return sight
    return await messenger.see_chat(by_id)


def is_same_chat(seen: ChatInfo, chat: ChatRef) -> bool:
    """Return whether a chat that was seen may be a task's own; by a link only members see ids."""
    return 0 in {seen.chat_id, chat.chat_id} or chat.chat_id in {seen.chat_id, seen.migrated_from}


def address_by_id(chat: ChatInfo | ChatRef) -> ChatAddress:
    """Return the address that leads to a chat without a look-up of its name."""
    basic = chat.kind is ChatKind.BASIC_GROUP
    kind = AddressKind.BASIC_GROUP_ID if basic else AddressKind.CHANNEL_ID
    return ChatAddress(kind, str(chat.chat_id))
