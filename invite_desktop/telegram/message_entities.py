"""Formatting of messages as Telegram's own objects (core.telegram.org/api/entities)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.tl.types import (
    MessageEntityBold,
    MessageEntityCode,
    MessageEntityItalic,
    MessageEntitySpoiler,
    MessageEntityStrike,
    MessageEntityTextUrl,
)

from invite_desktop.domain.formatted_text import EntityKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from telethon.tl.types import TypeMessageEntity

    from invite_desktop.domain.formatted_text import TextEntity

_CLASSES = {
    EntityKind.BOLD: MessageEntityBold,
    EntityKind.ITALIC: MessageEntityItalic,
    EntityKind.STRIKE: MessageEntityStrike,
    EntityKind.SPOILER: MessageEntitySpoiler,
    EntityKind.CODE: MessageEntityCode,
}


def message_entities(entities: Iterable[TextEntity]) -> list[TypeMessageEntity]:
    """Return formatting for a request."""
    return [_message_entity(entity) for entity in entities]


def _message_entity(entity: TextEntity) -> TypeMessageEntity:
    if entity.kind is EntityKind.LINK:
        return MessageEntityTextUrl(entity.offset, entity.length, entity.url)
    return _CLASSES[entity.kind](entity.offset, entity.length)
