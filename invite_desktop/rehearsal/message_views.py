"""Letters and posts as TL objects, and formatting between TL and what the world keeps."""

from __future__ import annotations

import base64
import re
import zlib
from functools import lru_cache
from typing import TYPE_CHECKING

from telethon.extensions import BinaryReader
from telethon.tl import types

from invite_desktop.domain.chats import ChatKind
from invite_desktop.rehearsal import tl
from invite_desktop.rehearsal.letters import Action, ActionKind, Letter, Post

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from telethon.tl.tlobject import TLObject

    from invite_desktop.rehearsal.attachments import Attachment
    from invite_desktop.rehearsal.chats import Chat
    from invite_desktop.rehearsal.letters import Content
    from invite_desktop.rehearsal.people import Account
    from invite_desktop.rehearsal.world import World

FILE_REFERENCE = b"rehearsal"
PHOTO_SIZE, PORTRAIT_SIZE = "x", "c"
"""The letters of sizes (core.telegram.org/api/files#image-thumbnail-types)."""

_FILES = -(2**50)
"""Files are numbered downwards from here, far from the ids of people and chats."""

_URL = re.compile(r"https?://[^\s<>\"']+|(?<![\w@./])(?:t\.me|telegram\.me)/[^\s<>\"']+")


def letter(world: World, shown: Letter, owner: Account) -> TLObject:
    """Return a letter as its owner sees it."""
    peer = types.PeerUser(shown.peer_id) if shown.peer_id > 0 else types.PeerChat(-shown.peer_id)
    out = shown.out or shown.author_id == owner.id
    return _message(world, shown, peer, owner, out=out)


def post(world: World, chat: Chat, shown: Post, viewer: Account) -> TLObject:
    """Return a post as a reader sees it."""
    channel = chat.kind is ChatKind.CHANNEL
    out = shown.author_id == viewer.id
    peer = types.PeerChannel(chat.id)
    return _message(world, shown, peer, viewer, out=out, channel=channel)


def _message(
    world: World,
    shown: Letter | Post,
    peer: TLObject,
    viewer: Account,
    *,
    out: bool,
    channel: bool = False,
) -> TLObject:
    author = None if channel else types.PeerUser(shown.author_id)
    if shown.action is not None:
        return types.MessageService(
            id=shown.id,
            peer_id=peer,
            date=shown.sent_at,
            action=_action(world, shown.action, viewer),
            from_id=author,
            out=out or None,
        )
    content = shown.content
    return types.Message(
        id=shown.id,
        peer_id=peer,
        date=shown.sent_at,
        message=content.text,
        out=out or None,
        post=channel or None,
        from_id=author,
        entities=entities(content) or None,
        media=media(world, content, viewer),
        reply_to=_reply(content),
        views=1 if channel else None,
        edit_date=shown.edited_at or None,
    )


def _reply(content: Content) -> TLObject | None:
    return types.MessageReplyHeader(reply_to_msg_id=content.reply_to) if content.reply_to else None


_ACTIONS: Mapping[ActionKind, Callable[[Action], TLObject]] = {
    ActionKind.MADE: lambda action: types.MessageActionChannelCreate(action.title),
    ActionKind.GROUP_MADE: lambda action: types.MessageActionChatCreate(
        action.title, list(action.members)
    ),
    ActionKind.RETITLED: lambda action: types.MessageActionChatEditTitle(action.title),
    ActionKind.NO_PHOTO: lambda _: types.MessageActionChatDeletePhoto(),
    ActionKind.ADDED: lambda action: types.MessageActionChatAddUser([action.subject]),
    ActionKind.JOINED_BY_LINK: lambda action: types.MessageActionChatJoinedByLink(action.subject),
    ActionKind.JOINED_BY_REQUEST: lambda _: types.MessageActionChatJoinedByRequest(),
    ActionKind.GONE: lambda action: types.MessageActionChatDeleteUser(action.subject),
    ActionKind.MIGRATED_TO: lambda action: types.MessageActionChatMigrateTo(action.subject),
    ActionKind.MIGRATED_FROM: lambda action: types.MessageActionChannelMigrateFrom(
        action.title, action.subject
    ),
}


def _action(world: World, action: Action, viewer: Account) -> TLObject:
    kind = ActionKind(action.kind)
    if kind is ActionKind.PHOTO:
        return types.MessageActionChatEditPhoto(stored_photo(world, action.subject, viewer))
    return _ACTIONS[kind](action)


# ---------------------------------------------------------------------- formatting and media


def pack_entities(formatting: list[TLObject] | None) -> str:
    """Return formatting as the world keeps it."""
    if not formatting:
        return ""
    return base64.b64encode(tl.to_bytes(formatting)).decode()


def unpack(packed: str) -> list[TLObject]:
    """Return TL objects that the world keeps as text."""
    if not packed:
        return []
    found: list[TLObject] = BinaryReader(base64.b64decode(packed)).tgread_vector()
    return found


@lru_cache(maxsize=256)
def _urls(text: str) -> tuple[tuple[int, int], ...]:
    """Return where addresses stand in a text, in UTF-16 units."""
    return tuple(
        (_units(text[: found.start()]), _units(found.group())) for found in _URL.finditer(text)
    )


def entities(content: Content) -> list[TLObject]:
    """Return the formatting of a message, with the addresses that Telegram marks by itself."""
    found = unpack(content.entities)
    if "/" not in content.text:
        return found
    marked = {(item.offset, item.length) for item in found}
    found += [
        types.MessageEntityUrl(*place) for place in _urls(content.text) if place not in marked
    ]
    return sorted(found, key=lambda item: item.offset)


def media(world: World, content: Content, viewer: Account) -> TLObject | None:
    """Return what a message carries: its attachment, or the preview of its first address."""
    if attachment := world.attachments.find(content.media):
        return attached(world, attachment, viewer)
    if content.preview and "/" in content.text and (found := _URL.search(content.text)):
        url = found.group()
        address = url if "://" in url else f"https://{url}"
        page = types.WebPage(
            id=zlib.crc32(address.encode()),
            url=address,
            display_url=address.partition("://")[2],
            hash=0,
            type="article",
            site_name=address.split("/")[2],
        )
        return types.MessageMediaWebPage(page)
    return None


def attached(world: World, attachment: Attachment, viewer: Account) -> TLObject:
    """Return a stored file as the media of a message."""
    if attachment.width:
        return types.MessageMediaPhoto(photo=stored_photo(world, attachment.id, viewer))
    secret = file_hash(world, viewer, attachment.id)
    document = types.Document(
        id=attachment.id,
        access_hash=secret,
        file_reference=FILE_REFERENCE,
        date=attachment.sent_at,
        mime_type=attachment.mime,
        size=attachment.length,
        dc_id=viewer.dc,
        attributes=unpack(attachment.attributes),
    )
    return types.MessageMediaDocument(document=document)


def stored_photo(world: World, number: int, viewer: Account) -> TLObject:
    """Return a stored picture, an empty photo when there is none with this number."""
    found = world.attachments.find(number)
    if found is None:
        return types.PhotoEmpty(number)
    size = types.PhotoSize(PHOTO_SIZE, found.width, found.height, found.length)
    secret = file_hash(world, viewer, number)
    return types.Photo(number, secret, FILE_REFERENCE, found.sent_at, [size], viewer.dc)


def file_hash(world: World, viewer: Account, number: int) -> int:
    """Return the hash by which one account addresses a file; no other may."""
    return world.access_hash(viewer.id, _FILES - number)


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
