"""A formatted message as the rich text of a label."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from invite_desktop.domain.formatted_text import EntityKind
from invite_desktop.ui.theme import colours

if TYPE_CHECKING:
    from invite_desktop.domain.formatted_text import FormattedText, TextEntity

_TAGS = {
    EntityKind.BOLD: ("<b>", "</b>"),
    EntityKind.ITALIC: ("<i>", "</i>"),
    EntityKind.STRIKE: ("<s>", "</s>"),
    EntityKind.CODE: ("<code>", "</code>"),
}


def message_html(letter: FormattedText) -> str:
    """Return a message as Telegram will show it; everything a person's field holds is escaped."""
    units = letter.text.encode("utf-16-le")
    parts: list[str] = []
    open_ends: list[tuple[int, str]] = []
    position = 0

    def write(until: int) -> None:
        nonlocal position
        parts.append(escape(units[2 * position : 2 * until].decode("utf-16-le"), quote=False))
        position = until

    def close(before: int) -> None:
        while open_ends and open_ends[-1][0] <= before:
            end, tag = open_ends.pop()
            write(end)
            parts.append(tag)

    for entity in letter.entities:
        close(entity.offset)
        write(entity.offset)
        begin, end = _tags(entity)
        parts.append(begin)
        open_ends.append((entity.offset + entity.length, end))
    close(letter.units)
    write(letter.units)
    return f'<div style="white-space: pre-wrap">{"".join(parts)}</div>'


def _tags(entity: TextEntity) -> tuple[str, str]:
    now = colours()
    if entity.kind is EntityKind.LINK:
        return f'<a href="{escape(entity.url)}" style="color: {now.accent}">', "</a>"
    if entity.kind is EntityKind.SPOILER:
        return f'<span style="background-color: {now.border}">', "</span>"
    return _TAGS[entity.kind]
