"""The columns of the server's side: people, chats, accounts."""

from __future__ import annotations

from textwrap import shorten
from typing import TYPE_CHECKING

from invite_desktop.engine.ports.server_view import DeedKind
from invite_desktop.ui.theme import Tone
from invite_desktop.ui.translations import show, tr, translator
from invite_desktop.ui.widgets.columns import Column
from invite_desktop.ui.wording import titled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from invite_desktop.engine.ports.server_view import (
        Deed,
        ServerAccount,
        ServerChat,
        ServerPerson,
    )

_LONGEST_TEXT = 240
"""Letters of a message that are shown; enough to recognise it."""

_TONES = {
    DeedKind.LOOKED_UP: Tone.QUIET,
    DeedKind.JOINED: Tone.GOOD,
    DeedKind.LEFT: Tone.CARE,
    DeedKind.REFUSED: Tone.BAD,
    DeedKind.WRITTEN_TO: Tone.ACTIVE,
    DeedKind.ANSWERED: Tone.GOOD,
}


def people_columns() -> Sequence[Column[ServerPerson]]:
    """Return what is shown of a person: the latest deed, all of them as a hint."""
    return (
        Column(lambda: tr("Person"), _name, 16),
        Column(lambda: tr("Username or phone"), _key, 18),
        Column(
            lambda: tr("At the server"),
            lambda person: _deed_words(person.deeds[-1]),
            14,
            tone=lambda person: _TONES[person.deeds[-1].kind],
            hint=story_words,
        ),
        Column(
            lambda: tr("What was seen"), lambda person: _seen(person.deeds[-1]), 0, hint=story_words
        ),
        Column(lambda: tr("Account"), lambda person: person.deeds[-1].by, 16),
        Column(lambda: tr("Time"), lambda person: _moment(person.deeds[-1]), 15, hint=story_words),
    )


def chat_columns() -> Sequence[Column[ServerChat]]:
    """Return what is shown of a chat."""
    return (
        Column(lambda: tr("Chat"), lambda chat: chat.title, 0),
        Column(lambda: tr("Kind"), lambda chat: titled(chat.kind), 18),
        Column(lambda: tr("Link"), lambda chat: chat.address, 30),
        Column(lambda: tr("Members"), lambda chat: _number(chat.members), 12, number=True),
        Column(lambda: tr("Joined here"), lambda chat: _number(chat.joined), 16, number=True),
    )


def account_columns() -> Sequence[Column[ServerAccount]]:
    """Return what is shown of somebody who can log in."""
    return (
        Column(lambda: tr("Phone"), lambda account: account.phone, 18),
        Column(lambda: tr("Name"), lambda account: account.name, 0),
        Column(
            lambda: tr("Username"),
            lambda account: f"@{account.username}" if account.username else "",
            24,
        ),
        Column(lambda: tr("Code"), lambda account: account.code, 12),
        Column(lambda: tr("Two-step password"), lambda account: account.password or "–", 22),
    )


def story_words(person: ServerPerson) -> str:
    """Return everything that happened to a person, a line each, oldest first."""
    lines = []
    for deed in person.deeds:
        parts = _moment(deed), _deed_words(deed), _seen(deed), deed.by
        lines.append("  ·  ".join(part for part in parts if part))
    return "\n".join(lines)


def _number(value: int) -> str:
    return translator().number(value)


def _name(person: ServerPerson) -> str:
    return person.name or _key(person)


def _key(person: ServerPerson) -> str:
    return f"@{person.username}" if person.username else person.phone or str(person.id)


def _deed_words(deed: Deed) -> str:
    return {
        DeedKind.LOOKED_UP: tr("Looked up"),
        DeedKind.JOINED: tr("In the chat"),
        DeedKind.LEFT: tr("Left the chat"),
        DeedKind.REFUSED: tr("Refused"),
        DeedKind.WRITTEN_TO: tr("Got a message"),
        DeedKind.ANSWERED: tr("Answered"),
    }[deed.kind]


def _seen(deed: Deed) -> str:
    match deed.kind:
        case DeedKind.JOINED:
            return tr("Added to “{chat}”", chat=deed.chat)
        case DeedKind.LEFT:
            return tr("Is no longer in “{chat}”", chat=deed.chat)
        case DeedKind.REFUSED:
            why = show(deed.reason) if deed.reason else ""
            return f"{deed.chat}: {why}" if deed.chat else why
        case DeedKind.ANSWERED:
            return shorten(deed.text, _LONGEST_TEXT, placeholder="…")
        case DeedKind.WRITTEN_TO:
            words = shorten(deed.text, _LONGEST_TEXT, placeholder="…")
            return words or tr("A picture or document without words")
    return tr("Nothing: was only looked up")


def _moment(deed: Deed) -> str:
    return translator().exact_moment(deed.at) if deed.at else ""
