"""The languages of the program and the catalogue of each."""

from __future__ import annotations

import ctypes
import gettext
import locale
import os
import plistlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, TypeGuard

from invite_desktop.app.paths import resources_directory

if TYPE_CHECKING:
    from collections.abc import Mapping

Language = Literal["ru", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("ru", "en")

_DOMAIN = "invite_desktop"
_ENVIRONMENT = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
"""In the order in which gettext itself asks them."""


def load_catalogue(language: Language) -> gettext.NullTranslations:
    """Return the texts of a language; those of English are the keys themselves."""
    if language == "en":
        return gettext.NullTranslations()
    directory = resources_directory() / "translations"
    return gettext.translation(_DOMAIN, directory, languages=[language])


def choose_language(*wishes: str | None) -> Language:
    """Return the first wish that is a language of the program, else the system's language.

    The wishes come in order of weight: the command line, then the settings.
    """
    return next((wish for wish in wishes if _known(wish)), None) or system_language()


def system_language(environment: Mapping[str, str] = os.environ) -> Language:
    """Return Russian when the system speaks it first, else English."""
    spoken = _from_environment(environment) or _from_system()
    return "ru" if spoken.lower().startswith("ru") else "en"


def _known(wish: str | None) -> TypeGuard[Language]:
    return wish in LANGUAGES


def _from_environment(environment: Mapping[str, str]) -> str:
    return next((value for name in _ENVIRONMENT if (value := environment.get(name))), "")


def _from_system() -> str:
    if sys.platform == "win32":
        code = ctypes.windll.kernel32.GetUserDefaultUILanguage()
        return locale.windows_locale.get(code, "")
    if sys.platform == "darwin":
        return _first_language_of_macos(
            Path.home() / "Library" / "Preferences" / ".GlobalPreferences.plist"
        )
    return ""


def _first_language_of_macos(preferences: Path) -> str:
    """Return what the user put first; a program opened from the Finder has no LANG."""
    try:
        settings = plistlib.loads(preferences.read_bytes())
    except (OSError, plistlib.InvalidFileException):
        return ""
    languages = settings.get("AppleLanguages") or [""]
    return str(languages[0])
