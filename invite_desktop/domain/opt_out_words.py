"""How people say that they want no more messages, in Russian and English."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message

if TYPE_CHECKING:
    from collections.abc import Iterable

WHOLE_MESSAGES = (
    *("стоп", "стоп стоп", "стоп рассылка", "отписка", "отписаться", "отпишите", "отпишись"),
    *("отписаться от рассылки", "отмена рассылки", "отмена подписки", "не пиши", "не пишите"),
    *("не писать", "не пиши больше", "не пишите больше", "не беспокоить", "не беспокойте"),
    *("хватит", "хватит писать", "прекратите", "удалите", "удалите номер", "не надо", "спам"),
    *("stop", "stop it", "stop stop", "unsubscribe", "unsub", "opt out", "optout", "remove me"),
    *("no more messages", "no more", "leave me alone", "spam"),
)
"""A message that is nothing else, save for politeness, is an opt-out.

So is a sentence of one, unless a question follows: “Stop! When does it begin?” is no farewell.
"""

BEGINNINGS = (
    *("не пишите мне", "не пиши мне", "не пишите сюда", "не пиши сюда", "больше не пишите"),
    *("больше не пиши", "больше мне не пиши", "больше мне не пишите", "прошу не писать"),
    *("прошу мне не писать", "прошу больше не писать", "пожалуйста не пишите", "хватит мне писать"),
    *("отпишите меня", "отпиши меня", "удалите меня", "удали меня", "удалите мой номер"),
    *("уберите меня", "исключите меня", "вычеркните меня", "прекратите мне писать"),
    *("прекратите писать", "перестаньте мне писать", "перестаньте писать", "не присылайте мне"),
    *("больше не присылайте", "не надо мне писать", "не звоните и не пишите"),
    *("хочу отписаться", "я хочу отписаться", "не хочу получать", "я не хочу получать"),
    *("unsubscribe me", "remove me from", "please remove me", "please unsubscribe", "take me off"),
    *("stop messaging", "stop writing", "stop texting", "stop sending", "please stop"),
    *("do not message me", "dont message me", "do not write", "dont write", "do not contact me"),
    *("dont contact me", "no more messages", "leave me alone", "stop spamming"),
    *("i want to unsubscribe", "i would like to unsubscribe", "i do not want to get"),
)
"""A message, or a sentence of one, that begins so is an opt-out, whatever follows."""

LONGEST_PATTERN = 100
"""Characters of a pattern of the user's own."""

_POLITE = frozenset(
    {"пожалуйста", "плиз", "please", "pls", "спасибо", "thanks", "thank", "you"}
    | {"здравствуйте", "привет", "добрый", "день", "вечер", "доброе", "утро", "hello", "hi", "hey"}
)
_SENTENCE = re.compile(r"[^.!?…;\n]+[.!?…;]*")
_NO_LETTER = re.compile(r"[^\w\s]+|_")
_APOSTROPHES = re.compile(r"['’`ʼ]")


def opt_out_in(text: str, own_patterns: Iterable[str] = ()) -> str:
    """Return the pattern by which a message is an opt-out, empty when it is none.

    ``own_patterns`` are the user's: whole messages, or beginnings when they end with an asterisk.
    """
    whole, beginnings = _sorted_out(own_patterns)
    whole, beginnings = [*WHOLE_MESSAGES, *whole], [*BEGINNINGS, *beginnings]
    if pattern := _said_in(text, whole, beginnings):
        return pattern
    asked = False
    for sentence in reversed(_SENTENCE.findall(text)):
        asked = asked or "?" in sentence
        if pattern := _said_in(sentence, () if asked else whole, beginnings):
            return pattern
    return ""


def _said_in(text: str, whole: Iterable[str], beginnings: Iterable[str]) -> str:
    """Return the pattern that a text is, or begins with; empty when it is none."""
    words = _words(text)
    said = " ".join(words)
    bare = " ".join(word for word in words if word not in _POLITE)
    if not said:
        return ""
    for pattern in whole:
        if pattern in (said, bare):
            return pattern
    for pattern in beginnings:
        if f"{said} ".startswith(f"{pattern} ") or f"{bare} ".startswith(f"{pattern} "):
            return pattern
    return ""


def checked_pattern(text: str) -> str:
    """Return a pattern of the user's own as it is kept. Raises KnownError in words."""
    beginning = text.strip().endswith("*")
    pattern = " ".join(_words(text))
    if len(pattern) < 2:
        raise KnownError(message("Write the words that people use, for example “no thanks”."))
    if len(pattern) > LONGEST_PATTERN:
        raise KnownError(
            message("At most {count} characters: write only the words.", count=LONGEST_PATTERN)
        )
    return f"{pattern}*" if beginning else pattern


def _sorted_out(patterns: Iterable[str]) -> tuple[list[str], list[str]]:
    whole: list[str] = []
    beginnings: list[str] = []
    for pattern in patterns:
        kept = " ".join(_words(pattern))
        if kept:
            (beginnings if pattern.strip().endswith("*") else whole).append(kept)
    return whole, beginnings


def _words(text: str) -> list[str]:
    """Return the words in lower case, without punctuation; ё is е, as people write it."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("ё", "е")
    return _NO_LETTER.sub(" ", _APOSTROPHES.sub("", plain)).split()
