"""The countries whose phones may stand in a list without a country code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invite_desktop.domain.messages import message
from invite_desktop.ui.translations import show

if TYPE_CHECKING:
    from collections.abc import Mapping

    from invite_desktop.domain.messages import Message

_COUNTRIES: Mapping[str, tuple[Message, int]] = {
    "RU": (message("Russia"), 7),
    "BY": (message("Belarus"), 375),
    "KZ": (message("Kazakhstan"), 7),
    "UA": (message("Ukraine"), 380),
    "UZ": (message("Uzbekistan"), 998),
    "KG": (message("Kyrgyzstan"), 996),
    "TJ": (message("Tajikistan"), 992),
    "TM": (message("Turkmenistan"), 993),
    "AM": (message("Armenia"), 374),
    "AZ": (message("Azerbaijan"), 994),
    "GE": (message("Georgia"), 995),
    "MD": (message("Moldova"), 373),
    "LV": (message("Latvia"), 371),
    "LT": (message("Lithuania"), 370),
    "EE": (message("Estonia"), 372),
    "PL": (message("Poland"), 48),
    "CZ": (message("Czechia"), 420),
    "DE": (message("Germany"), 49),
    "AT": (message("Austria"), 43),
    "CH": (message("Switzerland"), 41),
    "FR": (message("France"), 33),
    "IT": (message("Italy"), 39),
    "ES": (message("Spain"), 34),
    "PT": (message("Portugal"), 351),
    "NL": (message("Netherlands"), 31),
    "FI": (message("Finland"), 358),
    "SE": (message("Sweden"), 46),
    "BG": (message("Bulgaria"), 359),
    "RS": (message("Serbia"), 381),
    "ME": (message("Montenegro"), 382),
    "GR": (message("Greece"), 30),
    "CY": (message("Cyprus"), 357),
    "TR": (message("Türkiye"), 90),
    "IL": (message("Israel"), 972),
    "AE": (message("United Arab Emirates"), 971),
    "GB": (message("United Kingdom"), 44),
    "US": (message("United States"), 1),
    "CA": (message("Canada"), 1),
    "CN": (message("China"), 86),
    "IN": (message("India"), 91),
    "TH": (message("Thailand"), 66),
    "ID": (message("Indonesia"), 62),
}
"""By ISO 3166 code: the name and the calling code (ITU-T E.164). The users' own come first."""

REGIONS = tuple(_COUNTRIES)
"""The codes in the order in which they are offered; the first one is the default."""


def region_words(region: str) -> str:
    """Return a country with its calling code, in the language in force."""
    name, code = _COUNTRIES[region]
    return f"{show(name)} (+{code})"
