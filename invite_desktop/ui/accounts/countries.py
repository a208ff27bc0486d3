"""The countries that have a calling code, by their names in both languages of the program."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale

from invite_desktop.ui.accounts.phone_typing import calling_code
from invite_desktop.ui.resources import resource_path
from invite_desktop.ui.translations import translator

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_FIRST = "RU"


@dataclass(frozen=True, slots=True)
class Country:
    """A country by its ISO 3166 code. The names are frozen from Unicode's CLDR."""

    region: str
    english: str
    russian: str
    calling_code: int

    @property
    def name(self) -> str:
        """Return the name in the language in force."""
        return self.russian if translator().language == "ru" else self.english

    @property
    def label(self) -> str:
        """Return the name with the calling code."""
        return f"{self.name} (+{self.calling_code})"

    @property
    def search_words(self) -> str:
        """Return everything by which somebody may look for the country."""
        return f"{self.name} {self.english} {self.russian} +{self.calling_code} {self.region}"


@cache
def countries() -> Mapping[str, Country]:
    """Return every country by its code."""
    names = json.loads(resource_path("countries.json").read_text(encoding="utf-8"))
    return {
        region: Country(region, english, russian, calling_code(region))
        for region, (english, russian) in names.items()
    }


def sorted_countries() -> Sequence[Country]:
    """Return every country in the order of the language in force."""
    # е before ё and the like: what the letters look like matters less than where people look.
    return sorted(countries().values(), key=lambda one: one.name.replace("ё", "е"))


def usual_country() -> str:
    """Return the country to begin with: the system's, else that of the language."""
    system = QLocale.system().name().partition("_")[2]
    if translator().language == "ru" or system not in countries():
        return _FIRST
    return system
