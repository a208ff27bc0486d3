"""The language the program speaks."""

from __future__ import annotations

import plistlib
from pathlib import Path

import pytest

from invite_desktop.app import translations
from invite_desktop.app.translations import choose_language, load_catalogue, system_language
from invite_desktop.domain.messages import message, render


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "ru_RU.UTF-8"}, "ru"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "ru_RU.UTF-8"}, "ru"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "ru_RU"}, "ru"),
        ({"LANG": "ru_RU.UTF-8", "LC_ALL": "en_US.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LANGUAGE": "ru:en"}, "ru"),
        ({"LANG": "ru_RU.UTF-8", "LC_ALL": ""}, "ru"),
    ],
)
def test_the_environment_says_the_language(environment: dict[str, str], language: str):
    assert system_language(environment) == language


def test_without_any_word_from_the_system_it_is_english(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(translations.sys, "platform", "linux")
    assert system_language({}) == "en"


def _preferences(languages: list[str]) -> None:
    file = Path.home() / "Library" / "Preferences" / ".GlobalPreferences.plist"
    file.parent.mkdir(parents=True)
    file.write_bytes(plistlib.dumps({"AppleLanguages": languages}, fmt=plistlib.FMT_BINARY))


@pytest.mark.parametrize(("first", "language"), [("ru-RU", "ru"), ("en-RU", "en")])
def test_macos_says_the_language_to_a_program_opened_from_the_finder(
    first: str, language: str, monkeypatch: pytest.MonkeyPatch
):
    _preferences([first, "ru-RU"])
    monkeypatch.setattr(translations.sys, "platform", "darwin")
    assert system_language({}) == language


def test_macos_without_preferences_is_english(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(translations.sys, "platform", "darwin")
    assert system_language({}) == "en"


@pytest.mark.parametrize(
    ("wishes", "language"),
    [
        (("en", "ru"), "en"),
        ((None, "ru"), "ru"),
        (("xx", "ru"), "ru"),
        ((None, None), "ru"),
        ((), "ru"),
    ],
)
def test_the_first_known_wish_outweighs_the_system(
    wishes: tuple[str | None, ...], language: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(translations, "system_language", lambda: "ru")
    assert choose_language(*wishes) == language


_TEXT = message("Go to the window that is open, or close it first.")


def test_russian_is_spoken_with_the_russian_catalogue():
    assert render(_TEXT, load_catalogue("ru")).startswith("Перейдите")


def test_english_is_spoken_as_it_stands_in_the_code():
    assert render(_TEXT, load_catalogue("en")) == _TEXT.text
