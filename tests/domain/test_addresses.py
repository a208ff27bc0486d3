"""How people and chats are named."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invite_desktop.domain.chats import (
    AddressKind,
    ChatAddress,
    ChatInfo,
    ChatKind,
    parse_chat_address,
)
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.people import KeyKind, PersonKeys, parse_telegram_id, parse_username

USERNAME, HASH = AddressKind.USERNAME, AddressKind.INVITE_HASH


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("@football", USERNAME, "football"),
        ("football", USERNAME, "football"),
        ("t.me/football", USERNAME, "football"),
        ("https://t.me/football/", USERNAME, "football"),
        ("https://t.me/football/123?single", USERNAME, "football"),
        ("http://www.telegram.me/football", USERNAME, "football"),
        ("tg://resolve?domain=football", USERNAME, "football"),
        ("https://t.me/+AbCd_efgh-123", HASH, "AbCd_efgh-123"),
        ("t.me/joinchat/AbCdefgh123", HASH, "AbCdefgh123"),
        ("tg://join?invite=AbCdefgh123", HASH, "AbCdefgh123"),
        ("-1001234567890", AddressKind.CHANNEL_ID, "1234567890"),
        ("https://t.me/c/1234567890/5", AddressKind.CHANNEL_ID, "1234567890"),
        ("-123456", AddressKind.BASIC_GROUP_ID, "123456"),
        ("-1001234567", AddressKind.BASIC_GROUP_ID, "1001234567"),
        ("  @football  ", USERNAME, "football"),
    ],
)
def test_a_chat_is_recognised_in_every_form(text: str, kind: AddressKind, value: str):
    assert parse_chat_address(text) == ChatAddress(kind, value)


@pytest.mark.parametrize("text", ["", "football club", "https://example.com/x", "@abc", "12"])
def test_anything_else_is_refused_in_words(text: str):
    with pytest.raises(KnownError):
        parse_chat_address(text)


@given(st.sampled_from(AddressKind), st.integers(1_000_000_000, 9_999_999_999))
def test_an_address_is_shown_in_a_form_that_can_be_read_again(kind: AddressKind, number: int):
    named = kind in (USERNAME, HASH)
    address = ChatAddress(kind, f"chat_{number}" if named else str(number))
    assert parse_chat_address(str(address)) == address


@given(st.text(max_size=100))
def test_no_text_breaks_the_readers(text: str):
    parse_username(text)
    parse_telegram_id(text)
    with contextlib.suppress(KnownError):
        parse_chat_address(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("@Name_1", "Name_1"),
        ("https://t.me/Name_1?x=1", "Name_1"),
        ("tg://resolve?domain=Name_1", "Name_1"),
        ("1name_", None),
        ("name", None),
        ("a" * 33, None),
        ("123456", None),
        ("https://t.me/joinchat", None),
    ],
)
def test_usernames_follow_telegrams_rule(text: str, name: str | None):
    assert parse_username(text) == name


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("777", 777),
        ("777.0", 777),
        (" 777 ", 777),
        ("-1001234567", None),
        ("0", None),
        ("٣٣", None),
    ],
)
def test_ids_are_positive_numbers(text: str, number: int | None):
    assert parse_telegram_id(text) == number


def test_the_strongest_key_is_the_username():
    keys = PersonKeys("Lada", "+7900", 7)
    assert keys.strongest is KeyKind.USERNAME
    assert keys.identities[0] == (KeyKind.USERNAME, "lada")


@pytest.mark.parametrize(
    ("kind", "members", "link_only"),
    [
        (ChatKind.CHANNEL, 199, False),
        (ChatKind.CHANNEL, 200, True),
        (ChatKind.SUPERGROUP, 5000, False),
    ],
)
def test_a_channel_with_two_hundred_subscribers_takes_people_by_link_only(
    kind: ChatKind, members: int, link_only: bool
):
    assert ChatInfo(1, "x", kind, members).link_only is link_only
