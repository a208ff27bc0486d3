"""From the InputPeers of requests to people and chats, by the access hashes of the caller."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.tl import types

from invite_desktop.domain.chats import ChatKind
from invite_desktop.rehearsal.faults import MethodError

if TYPE_CHECKING:
    from telethon.tl.tlobject import TLObject

    from invite_desktop.rehearsal.backend import Call
    from invite_desktop.rehearsal.chats import Chat
    from invite_desktop.rehearsal.people import Person

_MYSELF = (types.InputUserSelf, types.InputPeerSelf)
_USER = (types.InputUser, types.InputPeerUser)
_CHANNEL = (types.InputChannel, types.InputPeerChannel)
CHAT_PEERS = (types.InputPeerChat, types.InputPeerChannel)
"""Addresses of chats among those of all peers."""


def person_at(call: Call, address: TLObject, fault: str = "USER_ID_INVALID") -> Person:
    """Return the person that the caller addresses.

    Raises the fault unless the access hash is the caller's own; a bare id has none (0).
    """
    me = call.me
    if isinstance(address, _MYSELF):
        return me
    if isinstance(address, _USER):
        person = call.world.people.someone(address.user_id)
        if person and address.access_hash == call.world.access_hash(me.id, person.id):
            return person
    raise MethodError(fault)


def channel_at(call: Call, address: TLObject) -> Chat:
    """Return the supergroup or channel that the caller addresses and may see.

    Raises CHANNEL_INVALID for another account's hash, CHANNEL_PRIVATE for who is not in it.
    """
    chat = known_channel_at(call, address)
    outside = call.me.id not in chat.members
    if outside and (not chat.username or chat.is_thrown_out(call.me.id, call.world.now())):
        raise MethodError("CHANNEL_PRIVATE")
    return chat


def known_channel_at(call: Call, address: TLObject) -> Chat:
    """Return the channel that the caller addresses, whether it may see it or not."""
    me = call.me
    if isinstance(address, _CHANNEL):
        chat = call.world.chats.get(address.channel_id)
        if (
            chat
            and chat.is_channel
            and address.access_hash == call.world.access_hash(me.id, chat.id)
        ):
            return chat
    raise MethodError("CHANNEL_INVALID")


def basic_group_at(call: Call, chat_id: int, *, migrated: bool = False) -> Chat:
    """Return the basic group with this id, of which the caller must be a member.

    ``migrated``: also one that has become a supergroup.
    """
    chat = call.world.chats.get(chat_id)
    if chat is None or chat.kind is not ChatKind.BASIC_GROUP or call.me.id not in chat.members:
        raise MethodError("CHAT_ID_INVALID")
    if chat.migrated_to and not migrated:
        raise MethodError("CHAT_ID_INVALID")
    return chat


def chat_at(call: Call, address: TLObject) -> Chat:
    """Return the chat of any kind that the caller addresses as a peer."""
    if isinstance(address, types.InputPeerChat):
        return basic_group_at(call, address.chat_id)
    if isinstance(address, _CHANNEL):
        return channel_at(call, address)
    raise MethodError("PEER_ID_INVALID")
