"""The words of the domain's values, in the language in force."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invite_desktop.domain.words import words_for
from invite_desktop.ui.translations import show

if TYPE_CHECKING:
    from enum import Enum


def named(member: Enum) -> str:
    """Return what to call a value inside a sentence."""
    return show(words_for(member))


def titled(member: Enum) -> str:
    """Return what to call a value that stands by itself, with a capital."""
    words = named(member)
    return words[:1].upper() + words[1:]
