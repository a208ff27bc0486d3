"""The product's values and Telethon's types, each turned into the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.tl.types import (
    Channel,
    ChannelForbidden,
    Chat,
    ChatForbidden,
    InputChannel,
    InputPeerChannel,
    InputPeerChat,
    InputPeerUser,
    InputUser,
)

from invite_desktop.domain.accounts import Profile
from invite_desktop.domain.chats import ChatInfo, ChatKind, Standing
from invite_desktop.engine.ports.telegram import (
    ChatMember,
    ChatPeer,
    FoundUser,
    TelegramPerson,
    UserPeer,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from telethon.tl.types import (
        TypeChat,
        TypeInputPeer,
        User,
    )


def input_user(user: UserPeer) -> InputUser:
    """Return a person as requests about people name her."""
    return InputUser(user.user_id, user.access_hash)


def user_input_peer(user: UserPeer) -> InputPeerUser:
    """Return a person as requests about dialogues name her."""
    return InputPeerUser(user.user_id, user.access_hash)


def input_channel(chat: ChatPeer) -> InputChannel:
    """Return a supergroup or channel as ``channels.*`` requests name it."""
    return InputChannel(chat.chat_id, chat.access_hash)


def chat_input_peer(chat: ChatPeer) -> TypeInputPeer:
    """Return a chat of any kind as requests about dialogues name it."""
    if chat.kind is ChatKind.BASIC_GROUP:
        return InputPeerChat(chat.chat_id)
    return InputPeerChannel(chat.chat_id, chat.access_hash)


def profile_of(user: User) -> Profile:
    """Return a user's public face; Telegram leaves out the + of a phone."""
    return Profile(
        user.id,
        user.first_name or "",
        user.last_name or "",
        username_of(user),
        _phone_of(user) or "",
    )


def username_of(item: User | Channel) -> str | None:
    """Return the name by which Telegram resolves a user or chat, None without one.

    Somebody with several usernames has them in ``usernames`` only.
    """
    if item.username:
        return str(item.username)
    active = (entry.username for entry in item.usernames or () if entry.active)
    return next(active, None)


def found_user(user: User) -> FoundUser:
    """Return a person as a look-up answers, addressable by the account that looked."""
    return FoundUser(
        UserPeer(user.id, user.access_hash or 0),
        is_bot=bool(user.bot),
        is_deleted=bool(user.deleted),
        is_self=bool(user.is_self),
    )


def chat_member(user: User) -> ChatMember:
    """Return a participant as far as comparing lists needs."""
    return ChatMember(user.id, username_of(user), _phone_of(user))


def telegram_person(user: User) -> TelegramPerson:
    """Return a person that the account met, with how it addresses her.

    Telegram's own account (777000), which everybody has letters from, is no more human than a bot.
    """
    return TelegramPerson(
        peer=UserPeer(user.id, user.access_hash or 0),
        username=username_of(user),
        phone=_phone_of(user),
        first_name=user.first_name or "",
        last_name=user.last_name or "",
        is_bot=bool(user.bot or user.support),
        is_deleted=bool(user.deleted),
        is_self=bool(user.is_self),
    )


def chat_kind(chat: TypeChat) -> ChatKind:
    """Return which of Telegram's kinds a chat is."""
    if isinstance(chat, (Chat, ChatForbidden)):
        return ChatKind.BASIC_GROUP
    group = chat.megagroup or getattr(chat, "gigagroup", False)
    return ChatKind.SUPERGROUP if group else ChatKind.CHANNEL


def chat_info(chat: TypeChat, members: int | None = None) -> ChatInfo:
    """Return a chat's description; ``members`` overrides the count that came with the chat."""
    counted = getattr(chat, "participants_count", None) or 0
    return ChatInfo(
        chat.id,
        chat.title,
        chat_kind(chat),
        counted if members is None else members,
        username_of(chat) if isinstance(chat, Channel) else None,
    )


def chat_peer(chat: Channel | Chat) -> ChatPeer:
    """Return a chat as its account addresses it."""
    return ChatPeer(chat.id, getattr(chat, "access_hash", 0) or 0, chat_kind(chat))


def standing_in(chat: TypeChat) -> Standing:
    """Return what the account that got this description is in the chat.

    An administrator without the right of its own may still invite where every member may.
    """
    if isinstance(chat, (ChannelForbidden, ChatForbidden)) or chat.left:
        return Standing.NOT_A_MEMBER
    if chat.creator:
        return Standing.READY_ADMIN
    if chat.admin_rights is None:
        return Standing.MEMBER
    if chat.admin_rights.invite_users or _everybody_may_invite(chat):
        return Standing.READY_ADMIN
    return Standing.ADMIN_WITHOUT_INVITE_RIGHT


def only_of(chats: Iterable[TypeChat], chat_id: int) -> TypeChat | None:
    """Return the chat with an id from the side list of an answer."""
    return next((chat for chat in chats if chat.id == chat_id), None)


def _everybody_may_invite(chat: Channel | Chat) -> bool:
    if chat_kind(chat) is ChatKind.CHANNEL or chat.default_banned_rights is None:
        return False
    return not chat.default_banned_rights.invite_users


def _phone_of(user: User) -> str | None:
    return f"+{user.phone.lstrip('+')}" if user.phone else None
