"""Phones while they are typed."""

from __future__ import annotations

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from invite_desktop.ui.accounts.countries import countries
from invite_desktop.ui.accounts.phone_typing import (
    Typed,
    edited,
    formatted,
    region_of,
    to_e164,
    with_country,
)


def typed(keys: str, region: str = "RU", start: str = "") -> str:
    """Type keys at the end, one after the other."""
    text = start
    for key in keys:
        text = edited(text, Typed(text + key, len(text) + 1), region).text
    return text


@pytest.mark.parametrize(
    ("keys", "region", "shown"),
    [
        ("+79001234567", "RU", "+7 900 123-45-67"),
        ("89001234567", "RU", "8 900 123-45-67"),
        ("+4915112345678", "RU", "+49 1511 2345678"),
        ("+12025550123", "RU", "+1 202-555-0123"),
        ("004915112345678", "DE", "+49 1511 2345678"),
        ("+9996620001", "RU", "+9996620001"),
        ("", "RU", ""),
    ],
)
def test_the_usual_spaces_come_while_typing(keys: str, region: str, shown: str):
    assert typed(keys, region) == shown


@pytest.mark.parametrize(
    ("text", "region", "phone"),
    [
        ("+7 900 123-45-67", "RU", "+79001234567"),
        ("8 (900) 123 45 67", "RU", "+79001234567"),
        ("900 123 45 67", "RU", "+79001234567"),
        ("0049 1511 2345678", "RU", "+4915112345678"),
        ("0151 12345678", "DE", "+4915112345678"),
        ("+9996620001", "RU", "+9996620001"),
        ("tel: +7(900)1234567", "RU", "+79001234567"),
        ("+7 900", "RU", None),
        ("", "RU", None),
        ("+", "RU", None),
        ("abc", "RU", None),
    ],
)
def test_a_phone_in_any_form(text: str, region: str, phone: str | None):
    assert to_e164(text, region) == phone


@pytest.mark.parametrize(
    "pasted",
    ["8 (900) 123-45-67", "+79001234567", "9001234567", "+7-900-123-45-67", " 7 900 123 45 67"],
)
def test_a_pasted_phone_replaces_what_stood_there(pasted: str):
    text = f"+7 {pasted}"
    result = edited("+7 ", Typed(text, len(text)), "RU")
    assert result == ("+7 900 123-45-67", len("+7 900 123-45-67"))


@pytest.mark.parametrize(
    ("text", "cursor", "expected"),
    [
        ("+7 900 1234567", 14, ("+7 900 123-45-67", 16)),
        ("+7900 123-45-67", 2, ("+7 900 123-45-67", 2)),
        ("+7 9050 123-45-67", 6, ("+79050123-45-67", None)),
        ("+7 90 123-45-67", 5, ("+7 901 234-56-7", 5)),
        ("", 0, ("", 0)),
    ],
)
def test_the_cursor_stays_at_its_digit(text: str, cursor: int, expected: tuple):
    result = formatted(Typed(text, cursor), "RU")
    before = [letter for letter in text[:cursor] if letter.isdigit() or letter == "+"]
    kept = [letter for letter in result.text[: result.cursor] if letter.isdigit() or letter == "+"]
    assert kept == before
    if expected[1] is not None:
        assert result == expected


@given(
    st.text(alphabet="0123456789+ -()", max_size=20),
    st.integers(0, 20),
    st.sampled_from(["RU", "US", "DE", "KZ"]),
)
def test_no_digit_is_ever_lost(text: str, cursor: int, region: str):
    cursor = min(cursor, len(text))
    result = formatted(Typed(text, cursor), region)
    assert 0 <= result.cursor <= len(result.text)
    before, after = (
        "".join(letter for letter in each if letter.isdigit()) for each in (text, result.text)
    )
    assert after in (before, before.removeprefix("00"))


@pytest.mark.parametrize(
    ("text", "current", "found"),
    [
        ("+7", "RU", "RU"),
        ("+7", "KZ", "KZ"),
        ("+7 701 234-56-78", "RU", "KZ"),
        ("+49", "RU", "DE"),
        ("+1", "CA", "CA"),
        ("+1", "RU", "US"),
        ("+380", "RU", "UA"),
        ("+38", "RU", None),
        ("+999", "RU", None),
        ("8900", "RU", None),
        ("", "RU", None),
    ],
)
def test_the_country_is_known_by_the_code(text: str, current: str, found: str | None):
    assert region_of(text, current) == found


@pytest.mark.parametrize(
    ("text", "old", "new", "result"),
    [
        ("+7 900 123-45-67", "RU", "KZ", "+7 900 123-45-67"),
        ("+7 ", "RU", "DE", "+49 "),
        ("", "RU", "DE", "+49 "),
        ("+7 1511 2345678", "RU", "DE", "+49 1511 2345678"),
    ],
)
def test_another_country_changes_the_code_only(text: str, old: str, new: str, result: str):
    assert with_country(text, old, new) == result


def test_every_country_with_a_code_has_a_name_in_both_languages():
    assert set(countries()) == set(phonenumbers.SUPPORTED_REGIONS)
    for country in countries().values():
        assert country.english
        assert country.russian
        assert country.calling_code > 0
