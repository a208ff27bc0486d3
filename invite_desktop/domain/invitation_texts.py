"""Ready words for people who get an invite link from the user herself."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from invite_desktop.domain.messages import Message, message

if TYPE_CHECKING:
    from collections.abc import Mapping


class InvitationText(StrEnum):
    """What a ready text is good for."""

    SHORT = "short"
    FRIENDLY = "friendly"
    COULD_NOT_ADD = "could_not_add"


_TEXTS: Mapping[InvitationText, Message] = {
    InvitationText.SHORT: message("Join us in “{title}”: {link}"),
    InvitationText.FRIENDLY: message(
        "Hello! We have a place of our own on Telegram, “{title}”. If you would like to be there "
        "too, here is the link: {link}"
    ),
    InvitationText.COULD_NOT_ADD: message(
        "Hello! I wanted to invite you to “{title}”, but your Telegram settings leave that to "
        "you alone. If you would like to join, here is the link: {link}"
    ),
}


def invitation(text: InvitationText, title: str, link: str) -> Message:
    """Return a ready text with the chat's title and link filled in."""
    return Message(_TEXTS[text].text, {"title": title, "link": link})
