"""Groups and channels: how the user names them, and what an account may do there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.domain.people import parse_username

_HOSTS = r"(?:https?://)?(?:www\.)?(?:t\.me|telegram\.me|telegram\.dog)/"
_INVITE_LINK = re.compile(
    rf"(?:{_HOSTS}(?:\+|joinchat/)|tg://join/?\?invite=)([A-Za-z0-9_-]{{8,64}})/?(?:[?&#].*)?",
    re.IGNORECASE,
)
_PRIVATE_POST = re.compile(rf"{_HOSTS}c/(\d+)(?:/.*)?", re.IGNORECASE)
# Ids of channels have at least ten digits; a shorter rest is a basic group that begins with 100.
_MARKED_ID = re.compile(r"-100(\d{10,13})|-(\d{5,13})")

MAX_MANUAL_CHANNEL_MEMBERS = 200
"""Only the first 200 subscribers of a broadcast channel can be added by hand."""


class AddressKind(StrEnum):
    """The ways in which the user can name a chat."""

    USERNAME = "username"
    INVITE_HASH = "invite_hash"
    CHANNEL_ID = "channel_id"
    BASIC_GROUP_ID = "basic_group_id"


@dataclass(frozen=True, slots=True)
class ChatAddress:
    """A chat as the user named it: a username, the hash of an invite link, or an id."""

    kind: AddressKind
    value: str

    def __str__(self) -> str:
        """Return the form that the program shows and stores; ``parse_chat_address`` reads it."""
        prefix = {
            AddressKind.USERNAME: "@",
            AddressKind.INVITE_HASH: "https://t.me/+",
            AddressKind.CHANNEL_ID: "-100",
            AddressKind.BASIC_GROUP_ID: "-",
        }[self.kind]
        return prefix + self.value


def parse_chat_address(text: str) -> ChatAddress:
    """Read a chat's name, link or id in any form of the product's list.

    Raises KnownError when the text is none of them.
    """
    text = text.strip()
    if invite := _INVITE_LINK.fullmatch(text):
        return ChatAddress(AddressKind.INVITE_HASH, invite.group(1))
    if post := _PRIVATE_POST.fullmatch(text):
        return ChatAddress(AddressKind.CHANNEL_ID, post.group(1))
    if marked := _MARKED_ID.fullmatch(text):
        if marked.group(1):
            return ChatAddress(AddressKind.CHANNEL_ID, marked.group(1))
        return ChatAddress(AddressKind.BASIC_GROUP_ID, marked.group(2))
    if name := parse_username(text):
        return ChatAddress(AddressKind.USERNAME, name)
    raise KnownError(
        message("“{text}” is not a link, name or id of a group or channel.", text=text[:80]),
        message("Copy the link from Telegram: @name, t.me/name, t.me/+… or -100…"),
    )


class ChatKind(StrEnum):
    """Telegram's three kinds of chats that people can be added to."""

    BASIC_GROUP = "basic_group"
    SUPERGROUP = "supergroup"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True)
class ChatInfo:
    """A chat as Telegram describes it. ``chat_id`` is bare, without the ``-100`` mark.

    ``migrated_from``: the id of the basic group that a supergroup was before.
    """

    chat_id: int
    title: str
    kind: ChatKind
    members: int
    username: str | None = None
    migrated_from: int | None = None

    @property
    def link_only(self) -> bool:
        """Return whether Telegram lets nobody be added by hand any more."""
        return self.kind is ChatKind.CHANNEL and self.members >= MAX_MANUAL_CHANNEL_MEMBERS


class Standing(StrEnum):
    """What one account is in one chat, as far as inviting goes."""

    READY_ADMIN = "ready_admin"
    ADMIN_WITHOUT_INVITE_RIGHT = "admin_without_invite_right"
    MEMBER = "member"
    NOT_A_MEMBER = "not_a_member"
    UNKNOWN = "unknown"
