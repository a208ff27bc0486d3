"""Phones in every spelling to E.164, fast for the spellings that lists are full of."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

import phonenumbers

if TYPE_CHECKING:
    from collections.abc import Callable

_SEPARATORS = str.maketrans("", "", " \t\xa0\u2009\u202f()-.\u2010\u2011\u2012\u2013\u2014/")
_SPELLING = re.compile(
    r"(?:(?:tel|тел|телефон|phone|mob|моб|м|т)\b[.:]*\s*)?"
    r"([+\d(][\d\s()./\xa0\u2009\u202f\u2010-\u2014-]{4,30}\d)"
    r"(?:\s*(?:доб|ext|вн|x|#)[.:]?\s*\d{1,7})?",
    re.IGNORECASE,
)
_SEVERAL = re.compile(r"[,;\n|/]|\bили\b|\bor\b")
_EXPONENT = re.compile(r"\+?(\d)[.,](\d+)[eE]\+?(\d{1,2})")
_FRACTION = re.compile(r"(\d{5,17})[.,]0+")


class PhoneReader:
    """Reads phones the way they are written in one country. ``region`` is its ISO code.

    What counts as a phone:

    - with ``+`` (or ``00``): any number of a length that its country has. The writer said that it
      is a phone; numbers set aside for films and tests have right lengths and no owner, and
      whether a number exists only Telegram can tell.
    - without: only a number that the numbering plan of the region, or of the country whose code
      it begins with, really assigns; else every row number and year would be one.
    """

    def __init__(self, region: str) -> None:
        self._region = region.upper()
        self._fast = _fast_pattern(self._region)

    def read(self, text: str) -> str | None:
        """Return the number in E.164, None when the text is no phone."""
        if text[:1] == "+" and self._fast[0](text):
            return text
        bare = text.translate(_SEPARATORS)
        if found := self._fast[0](bare):
            return self._fast[1] + found[1]
        if bare[:1] == "+" and (known := _possible_at_once(bare)):
            return known
        return self._carefully(text)

    def read_line(self, digits: str) -> str | None:
        """Return the number that digits alone stand for where they could also be a Telegram id.

        Ids have up to ten digits and no leading zero. So ten digits are a phone only as a mobile
        number of the region, more digits whenever they are valid, fewer never.
        """
        if digits.startswith("0") or len(digits) > 10:
            return self.read(digits)
        return self.read(digits) if len(digits) == 10 and self._is_mobile(digits) else None

    def _is_mobile(self, digits: str) -> bool:
        kinds = {
            phonenumbers.PhoneNumberType.MOBILE,
            phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
        }
        try:
            number = phonenumbers.parse(digits, self._region)
        except phonenumbers.NumberParseException:
            return False
        of_region = phonenumbers.is_valid_number_for_region(number, self._region)
        return of_region and phonenumbers.number_type(number) in kinds

    def _carefully(self, text: str) -> str | None:
        text = whole_number(text.strip())
        if (one := self._one(text)) is not None:
            return one
        parts = _SEVERAL.split(text) if len(text) < 200 else []
        return next((one for part in parts if (one := self._one(part.strip()))), None)

    def _one(self, text: str) -> str | None:
        spelled = _SPELLING.fullmatch(text)
        if not spelled:
            return None
        number = spelled.group(1)
        if number.startswith("00"):
            number = "+" + number[2:]
        if number.startswith("+"):
            return _parsed(number, None, strict=False)
        found = _parsed(number, self._region, strict=True)
        return found or _parsed("+" + number, None, strict=True)


def whole_number(text: str) -> str:
    """Return the digits of a number that a spreadsheet wrote as 79001234567.0 or 7.9001234567E+10.

    Text in which digits were lost, or that is no such number, comes back as it is.
    """
    if exact := _FRACTION.fullmatch(text):
        return exact.group(1)
    if (short := _EXPONENT.fullmatch(text)) and len(short.group(2)) == int(short.group(3)):
        return short.group(1) + short.group(2)
    return text


def _parsed(text: str, region: str | None, *, strict: bool) -> str | None:
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if strict:
        good = phonenumbers.is_valid_number(number)
    else:
        reason = phonenumbers.is_possible_number_with_reason(number)
        good = reason == phonenumbers.ValidationResult.IS_POSSIBLE
    if not good:
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


@cache
def _fast_pattern(region: str) -> tuple[Callable[[str], re.Match[str] | None], str]:
    """Return what recognises a mobile number of a region at once, and its country code.

    The library takes 33 µs a number, this a fiftieth of that, from the same numbering plan.
    """
    plan = phonenumbers.PhoneMetadata.metadata_for_region(region, None)
    mobile = plan.mobile.national_number_pattern if plan and plan.mobile else None
    if plan is None or mobile is None or not plan.country_code:
        return re.compile(r"(?!)()").fullmatch, ""
    code, trunk = str(plan.country_code), plan.national_prefix
    starts = rf"\+{code}|{code}|{trunk}|" if trunk and trunk.isdigit() else rf"\+{code}"
    return re.compile(rf"(?:{starts})((?:{mobile}))", re.ASCII).fullmatch, f"+{code}"


def _possible_at_once(text: str) -> str | None:
    """Return a clean ``+`` number if it has one of its country's lengths, None to look closer."""
    if len(text) < 8 or len(text) > 16 or not (text.isascii() and text[1:].isdigit()):
        return None
    for width in (1, 2, 3):
        if (plan := _lengths(text[1 : 1 + width])) is not None:
            lengths, unsure = plan
            national = text[1 + width :]
            fits = len(national) in lengths and not national.startswith(unsure)
            return text if fits else None
    return None


@cache
def _lengths(code: str) -> tuple[frozenset[int], tuple[str, ...]] | None:
    """Return the lengths of a country's numbers, and beginnings that need a closer look."""
    regions = phonenumbers.COUNTRY_CODE_TO_REGION_CODE.get(int(code)) if code[:1] != "0" else None
    if not regions or regions == ("001",):
        return None if not regions else (frozenset(), ())
    plan = phonenumbers.PhoneMetadata.metadata_for_region(regions[0], None)
    if plan is None or plan.general_desc is None:
        return frozenset(), ()
    trunk = plan.national_prefix_for_parsing or plan.national_prefix or ""
    simple = trunk.isdigit() or not trunk
    if not simple:
        return frozenset(), ()
    lengths = frozenset(plan.general_desc.possible_length)
    return lengths, tuple(start for start in ("0", trunk) if start)
