"""By what a person is known, and by which words she is shown."""

from __future__ import annotations

import pytest

from invite_desktop.domain.people import (
    MAX_TELEGRAM_ID,
    KeyKind,
    Person,
    PersonKeys,
    parse_telegram_id,
    parse_username,
)

EVERY_KEY = PersonKeys("Anna_K", "+79001234567", 7)


@pytest.mark.parametrize(
    ("keys", "strongest"),
    [
        (EVERY_KEY, KeyKind.USERNAME),
        (PersonKeys(phone="+79001234567", telegram_id=7), KeyKind.PHONE),
        (PersonKeys(telegram_id=7), KeyKind.TELEGRAM_ID),
        (PersonKeys(), None),
    ],
)
def test_a_username_is_surer_than_a_phone_and_a_phone_than_an_id(
    keys: PersonKeys, strongest: KeyKind | None
):
    assert keys.strongest is strongest


def test_every_key_tells_people_apart_and_usernames_without_case():
    assert EVERY_KEY.identities == (
        (KeyKind.USERNAME, "anna_k"),
        (KeyKind.PHONE, "+79001234567"),
        (KeyKind.TELEGRAM_ID, 7),
    )
    assert PersonKeys().identities == ()


@pytest.mark.parametrize(
    ("person", "label"),
    [
        (Person(1, EVERY_KEY, "Anna Key", "Ann", "K."), "Anna Key (@Anna_K)"),
        (Person(1, EVERY_KEY, "", "Ann", "K."), "Ann K. (@Anna_K)"),
        (Person(1, PersonKeys(phone="+7900", telegram_id=7), "", "Ann"), "Ann (+7900)"),
        (Person(1, PersonKeys(telegram_id=7), "", "", "K."), "K. (7)"),
        (Person(1, PersonKeys(telegram_id=7)), "7"),
        (Person(1, PersonKeys(), "Anna"), "Anna"),
        (Person(1, PersonKeys()), ""),
    ],
)
def test_a_person_is_shown_by_name_and_surest_key(person: Person, label: str):
    assert person.label == label


@pytest.mark.parametrize("name", ["joinchat", "addstickers", "Share", "proxy", "socks", "addlist"])
def test_telegrams_own_addresses_are_nobodys_names(name: str):
    assert parse_username(f"https://t.me/{name}") is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1", 1),
        (str(MAX_TELEGRAM_ID - 1), MAX_TELEGRAM_ID - 1),
        (str(MAX_TELEGRAM_ID), None),
        ("0", None),
        ("0000000000000001", 1),
        ("00000000000000001", None),
    ],
)
def test_an_id_is_positive_and_fits_fifty_two_bits(text: str, number: int | None):
    assert parse_telegram_id(text) == number
