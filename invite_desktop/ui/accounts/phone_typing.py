"""Phones while they are typed: their usual spaces, the cursor, the country, E.164 in the end."""

from __future__ import annotations

from typing import NamedTuple

import phonenumbers

_FEWEST_DIGITS, _MOST_DIGITS = 7, 15
"""Of a phone with its calling code (ITU-T E.164)."""

_PASTED = 7
"""So many digits at once were not typed by hand."""

_ANYWHERE = "ZZ"


class Typed(NamedTuple):
    """What stands in a field, and before which of its letters the cursor is."""

    text: str
    cursor: int


def formatted(typed: Typed, region: str) -> Typed:
    """Return a phone with the spaces that are usual where it is; the cursor keeps its digit.

    Without + it is a number inside the country ``region`` (ISO 3166).
    """
    shown = _spaced(typed.text, region)
    return Typed(shown, _place_after(shown, len(_letters(typed.text[: typed.cursor]))))


def edited(before: str, typed: Typed, region: str) -> Typed:
    """Return the field after an edit; a whole phone that was pasted replaces what stood there."""
    pasted = _pasted(before, typed.text)
    phone = to_e164(pasted, region) if pasted else None
    if phone is None:
        return formatted(typed, region)
    shown = _spaced(phone, region)
    return Typed(shown, len(shown))


def to_e164(text: str, region: str) -> str | None:
    """Return a phone in E.164, None for what cannot be one.

    Numbers of which the library knows no country are let through: Telegram has some of its own.
    """
    letters = _letters(text)
    if letters.startswith("+"):
        whole = _FEWEST_DIGITS <= len(letters) - 1 <= _MOST_DIGITS
        return letters if whole else None
    try:
        number = phonenumbers.parse(letters, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def region_of(text: str, region: str) -> str | None:
    """Return the country whose calling code a phone begins with, None when it has none.

    Where several countries share a code, the digits after it decide, else ``region`` stays if it is
    one of them, else the largest of them.
    """
    letters = _letters(text)
    if not letters.startswith("+"):
        return None
    for length in (1, 2, 3):
        code = letters[1 : 1 + length]
        sharing = phonenumbers.COUNTRY_CODE_TO_REGION_CODE.get(int(code) if code else 0)
        if len(code) == length and sharing:
            return _one_of(sharing, letters, region)
    return None


def calling_code(region: str) -> int:
    """Return the calling code of a country, without the +."""
    return int(phonenumbers.country_code_for_region(region))


def with_country(text: str, old: str, new: str) -> str:
    """Return a phone with the calling code of another country, its further digits unchanged."""
    letters = _letters(text).removeprefix("+")
    old_code, code = str(calling_code(old)), calling_code(new)
    rest = letters.removeprefix(old_code) if text.lstrip().startswith("+") else ""
    return _spaced(f"+{code}{rest}", new) + ("" if rest else " ")


def _one_of(sharing: tuple[str, ...], letters: str, region: str) -> str | None:
    try:
        found = phonenumbers.region_code_for_number(phonenumbers.parse(letters, None))
    except phonenumbers.NumberParseException:
        found = None
    if found in sharing:
        return str(found)
    known = [one for one in sharing if one in phonenumbers.SUPPORTED_REGIONS]
    return region if region in known else next(iter(known), None)


def _letters(text: str) -> str:
    """Return the digits of a text, after a + if it begins with one or with 00."""
    digits = "".join(letter for letter in text if letter.isdecimal() and letter.isascii())
    if text.lstrip().startswith("+"):
        return f"+{digits}"
    return f"+{digits[2:]}" if digits.startswith("00") else digits


def _spaced(text: str, region: str) -> str:
    letters = _letters(text)
    writer = phonenumbers.AsYouTypeFormatter(_ANYWHERE if letters.startswith("+") else region)
    shown = ""
    for letter in letters:
        shown = writer.input_digit(letter)
    return shown.strip()


def _place_after(text: str, count: int) -> int:
    """Return the place right after so many digits (a + counts as one)."""
    seen = 0
    for place, letter in enumerate(text):
        if seen == count:
            return place
        seen += letter.isdecimal() or letter == "+"
    return len(text)


def _pasted(before: str, text: str) -> str:
    """Return what came into a text at once, empty when it was no whole phone."""
    head = 0
    while head < min(len(before), len(text)) and before[head] == text[head]:
        head += 1
    tail = 0
    while tail < min(len(before), len(text)) - head and before[-1 - tail] == text[-1 - tail]:
        tail += 1
    new = text[head : len(text) - tail]
    return new if sum(letter.isdecimal() for letter in new) >= _PASTED else ""
