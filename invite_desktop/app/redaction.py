"""Takes people and secrets out of texts that may leave the machine: logs and crash reports."""

from __future__ import annotations

import re
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_RULES = (
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), "<email>"),
    (re.compile(r"(?:https?://)?(?:t|telegram)\.(?:me|dog)/\S+", re.IGNORECASE), "<link>"),
    (re.compile(r"tg:(?://)?\S+", re.IGNORECASE), "<link>"),
    (re.compile(r"@[A-Za-z]\w{3,}"), "<username>"),
    (re.compile(r"[A-Za-z0-9_-]{40,}={0,2}"), "<secret>"),
    (re.compile(r"\b[0-9a-fA-F]{32,}\b"), "<secret>"),
    (
        re.compile(
            r"(?P<word>(?<![^\W_])(?:api_hash|password|passphrase|session|token|пароль)\b\W{1,3})\S+",
            re.IGNORECASE,
        ),
        r"\g<word><secret>",
    ),
    (
        re.compile(r"(?P<word>(?<![^\W_])(?:code|код)\w*\W{1,4})\d{4,8}\b", re.IGNORECASE),
        r"\g<word><code>",
    ),
    # A date and time is no phone number, though it has as many digits.
    (
        re.compile(
            r"(?P<date>\b\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}\S*)?)|\+?\d(?:[ ()-]{0,2}\d){8,}"
        ),
        lambda found: found["date"] or "<number>",
    ),
)
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|«[^»]*»|“[^”]*”")
_BEYOND_ASCII = re.compile(r"[^\W\d_a-zA-Z][^\x00-\x7f]*")


def redact(text: str) -> str:
    """Replace phone numbers, usernames, links, ids, codes, sessions and the home directory."""
    text = text.replace(str(Path.home()), "~")
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text


def describe(error: BaseException) -> str:
    """Return the trace of an error and of its causes, without one value from the user's data.

    Frames keep file, line and function. What the messages quote, and every word that is not
    ASCII, could be somebody's name and is left out.
    """
    return "\n".join(_lines(error, set()))


def _lines(error: BaseException, seen: set[int]) -> Iterator[str]:
    seen.add(id(error))
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None and id(cause) not in seen:
        yield from _lines(cause, seen)
        yield "and from there:"
    for frame in traceback.extract_tb(error.__traceback__):
        yield f"  {_short(frame.filename)}:{frame.lineno} in {frame.name}"
    yield f"{type(error).__module__}.{type(error).__qualname__}: {_without_values(str(error))}"
    for part in getattr(error, "exceptions", ()):
        yield from (f"  | {line}" for line in _lines(part, seen))


def _short(filename: str) -> str:
    path = filename.replace("\\", "/")
    for root in ("/site-packages/", "/lib/python"):
        _, found, inside = path.rpartition(root)
        if found:
            return inside
    _, found, inside = path.rpartition("/invite_desktop/")
    return f"invite_desktop/{inside}" if found else path.rpartition("/")[2]


def _without_values(text: str) -> str:
    return _BEYOND_ASCII.sub("…", _QUOTED.sub("'…'", redact(text)))
