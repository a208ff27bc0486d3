"""Sentences for the user, kept untranslated until somebody shows them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from invite_desktop.domain.quotation import nested

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Catalogue(Protocol):
    """The part of ``gettext.NullTranslations`` that turning a message into text needs."""

    def gettext(self, message: str, /) -> str:
        """Return the translation of a text, or the text itself."""
        ...

    def ngettext(self, singular: str, plural: str, count: int, /) -> str:
        """Return the translation in the plural form that fits the count."""
        ...


@dataclass(frozen=True, slots=True)
class Message:
    """An English sentence with named places, and the values that fill them.

    The text is the key of the translation catalogue; ``{name}`` marks a place as in
    ``str.format``. A value may itself be a message. ``plural`` and ``count`` are given together.
    """

    text: str
    values: Mapping[str, object] = field(default_factory=dict)
    plural: str | None = None
    count: int = 0

    def __str__(self) -> str:
        """Return the English sentence, for logs and tests."""
        return render(self, _Untranslated())


def message(text: str, /, **values: object) -> Message:
    """Make a message; the extraction of texts for translation looks for calls of this name."""
    return Message(text, values)


def counted(singular: str, plural: str, count: int, /, **values: object) -> Message:
    """Make a message whose wording depends on a count, available in it as ``{count}``."""
    return Message(singular, {"count": count, **values}, plural, count)


def render(
    item: Message, catalogue: Catalogue, format_value: Callable[[object], object] = lambda v: v
) -> str:
    """Return the message in the catalogue's language; ``format_value`` writes dates and numbers."""
    if item.plural is None:
        template = catalogue.gettext(item.text)
    else:
        template = catalogue.ngettext(item.text, item.plural, item.count)
    if not item.values:
        return template
    filled = {
        name: render(value, catalogue, format_value)
        if isinstance(value, Message)
        else format_value(value)
        for name, value in item.values.items()
    }
    return nested(template.format_map(filled))


class _Untranslated:
    """The English texts as they stand in the code."""

    def gettext(self, message: str, /) -> str:
        return message

    def ngettext(self, singular: str, plural: str, count: int, /) -> str:
        return singular if count == 1 else plural
