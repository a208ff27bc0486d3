"""What a cell says: a username, a phone, a Telegram id, a name, a date, or why it is none."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from invite_desktop.domain.audiences import RowProblem
from invite_desktop.domain.people import PersonKeys, parse_telegram_id, parse_username
from invite_desktop.importing.header_words import HEADER_USERNAMES
from invite_desktop.importing.phones import whole_number

if TYPE_CHECKING:
    from invite_desktop.importing.phones import PhoneReader

PLACEHOLDERS = frozenset({"unknown", "undefined", "no_username", "nousername", "not_found"})
"""What programs write for a missing username; each has the shape of one."""

_PATHS = frozenset({"joinchat", "addstickers", "share", "proxy", "socks", "addlist"})
NO_USERNAMES = HEADER_USERNAMES | PLACEHOLDERS | _PATHS
"""Texts of a username's shape that name nobody: placeholders, words of Telegram's own links, and
names of columns, which stand among people when lists were glued together. There may be a @user
at Telegram, but hardly on anybody's list of customers."""

_NO_NAMES = frozenset(
    {"Unknown", "unknown", "UNKNOWN", "undefined", "None", "null", "NULL", "nan", "NaN"}
    | {"-", "—", "n/a", "N/A"}
)
"""With their own case only: Nan and Null are names."""

_BLANKS = " \t\r\n\xa0\u200b\u200e\u200f\u202a\u202c\u2060\ufeff"
_TRIMMED = _BLANKS + ",;"
_QUOTED_FORMULA = re.compile(r'="([^"]*)"')
_DIGITS = re.compile(r"\d+", re.ASCII)
_PHONE_LIKE = re.compile(r"[+\d(][\d\s().,/eE+\xa0\u2009\u202f\u2010-\u2014-]*")
_CHAT_ID = re.compile(r"-\s?\d{5,}(?:\.0)?", re.ASCII)
_HOST = r"(?:https?://)?(?:www\.)?(?:t\.me|telegram\.me|telegram\.dog)/"
_CHAT_LINK = re.compile(rf"(?:{_HOST}(?:\+|joinchat/|c/)|tg://join\b).*", re.IGNORECASE)
_PHONE_LINK = re.compile(
    rf"(?:{_HOST}\+|tg://resolve/?\?phone=|tel:)(\+?\d{{7,15}})/?(?:[?&#].*)?", re.IGNORECASE
)
"""Telegram's phone number links (core.telegram.org/api/links); the hash of an invite link is
never digits alone."""

_ID_LINK = re.compile(r"tg://(?:user\?id|openmessage\?user_id)=(\d{1,16})", re.IGNORECASE)
_MARKED_USERNAME = re.compile(r"@|https?://|tg:|(?:www\.)?t(?:elegram)?\.(?:me|dog)/", re.I)

_DATES = (
    (re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T\s].*)?", re.ASCII), (1, 2, 3)),
    (re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(?:,?\s.*)?", re.ASCII), (3, 2, 1)),
    (re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?:,?\s.*)?", re.ASCII), (3, 1, 2)),
)
"""The last one is American, and only for what cannot be the day before the month."""

_TIME_STAMP = re.compile(r"(1\d{9})(?:\d{3})?(?:\.\d+)?", re.ASCII)
_EXCEL_DAY = re.compile(r"[2-6]\d{4}(?:\.\d+)?", re.ASCII)
_EXCEL_EPOCH = date(1899, 12, 30)


@dataclass(frozen=True, slots=True)
class Finding:
    """What a cell that should name a person gave: keys, or the problem, or neither when blank."""

    keys: PersonKeys = field(default_factory=PersonKeys)
    problem: RowProblem | None = None


BLANK = Finding()


def clean(text: str) -> str:
    """Return a cell without blanks, invisible marks and the wrappings that protect it in Excel."""
    text = text.strip(_BLANKS).removeprefix("'")
    if quoted := _QUOTED_FORMULA.fullmatch(text):
        text = quoted.group(1)
    return text.strip(_BLANKS)


def clean_name(text: str) -> str:
    """Return a name, empty for the words that programs write where there is none."""
    name = text.strip(_BLANKS)
    return "" if name in _NO_NAMES else name


def read_username(text: str) -> str | None:
    """Return the username in a cell, None when there is none."""
    name = parse_username(text)
    return None if name is None or name.lower() in NO_USERNAMES else name


def is_marked_username(text: str) -> bool:
    """Return whether a cell is a username beyond doubt: with @, or in a link."""
    return bool(_MARKED_USERNAME.match(text)) and read_username(text) is not None


def find_any_key(text: str, phones: PhoneReader) -> Finding:
    """Return the key in a text that may be any of the three: a line of a list, a "Telegram" cell.

    Digits alone are a phone when they look like one (PhoneReader.read_line), else an id.
    """
    text = clean(text).strip(_TRIMMED)
    if not text or text.lower() in PLACEHOLDERS:
        return BLANK
    if name := read_username(text):
        return Finding(PersonKeys(username=name))
    if (linked := _find_linked(text, phones)) is not None:
        return linked
    if _CHAT_ID.fullmatch(text) or _CHAT_LINK.fullmatch(text):
        return Finding(problem=RowProblem.CHAT_ID)
    if _PHONE_LIKE.fullmatch(text):
        return _find_number(whole_number(text), phones)
    return Finding(problem=_problem_of_words(text))


def _find_linked(text: str, phones: PhoneReader) -> Finding | None:
    """Return what Telegram's links by phone and by id hold, None for everything else."""
    if found := _PHONE_LINK.fullmatch(text):
        return find_phone("+" + found.group(1).removeprefix("+"), phones)
    found = _ID_LINK.fullmatch(text)
    return find_telegram_id(found.group(1)) if found else None


def _find_number(text: str, phones: PhoneReader) -> Finding:
    if not _DIGITS.fullmatch(text):
        return find_phone(text, phones)
    if phone := phones.read_line(text):
        return Finding(PersonKeys(phone=phone))
    return find_telegram_id(text)


def _problem_of_words(text: str) -> RowProblem:
    """Return why a text is no key: a name, an address or a header word was never meant as one."""
    words = any(char.isspace() for char in text)
    address = "@" in text[1:]
    meant = not words and not address and text.lower() not in NO_USERNAMES
    return RowProblem.BAD_USERNAME if meant else RowProblem.NO_KEY


def find_phone(text: str, phones: PhoneReader) -> Finding:
    """Return the phone in a cell of a column of phones; a marked username there is one too."""
    text = clean(text)
    if not text:
        return BLANK
    if phone := phones.read(text):
        return Finding(PersonKeys(phone=phone))
    if is_marked_username(text):
        return Finding(PersonKeys(username=read_username(text)))
    return Finding(problem=RowProblem.BAD_PHONE)


def find_telegram_id(text: str) -> Finding:
    """Return the id in a cell of a column of Telegram ids."""
    text = clean(text)
    if not text:
        return BLANK
    if (telegram_id := parse_telegram_id(whole_number(text))) is not None:
        return Finding(PersonKeys(telegram_id=telegram_id))
    if _CHAT_ID.fullmatch(text):
        return Finding(problem=RowProblem.CHAT_ID)
    return Finding(problem=RowProblem.BAD_ID)


@lru_cache(maxsize=4096)
def read_date(text: str) -> date | None:
    """Return the day in ``12.10.2025``, ``2025-10-12…``, a spreadsheet's day or a time stamp.

    Time stamps are seconds or milliseconds since 1970, by the day in Greenwich.
    """
    text = clean(text)
    if _EXCEL_DAY.fullmatch(text):
        return _EXCEL_EPOCH + timedelta(days=int(float(text)))
    if stamp := _TIME_STAMP.fullmatch(text):
        return date(1970, 1, 1) + timedelta(seconds=int(stamp.group(1)))
    for pattern, (year, month, day) in _DATES:
        if found := pattern.fullmatch(text):
            full_year = int(found.group(year)) + (2000 if len(found.group(year)) == 2 else 0)
            try:
                return date(full_year, int(found.group(month)), int(found.group(day)))
            except ValueError:
                continue
    return None
