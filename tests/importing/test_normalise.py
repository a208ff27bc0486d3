"""What one cell says."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invite_desktop.domain.audiences import RowProblem
from invite_desktop.domain.people import PersonKeys
from invite_desktop.importing.normalise import (
    clean,
    clean_name,
    find_any_key,
    find_phone,
    find_telegram_id,
    read_date,
    read_username,
)
from invite_desktop.importing.phones import PhoneReader

PHONES = PhoneReader("RU")


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("@Some_User1", PersonKeys(username="Some_User1")),
        (" some_user1 ", PersonKeys(username="some_user1")),
        ("\u200e@some_user1\xa0,", PersonKeys(username="some_user1")),
        ("https://t.me/some_user1?start=1", PersonKeys(username="some_user1")),
        ("t.me/some_user1/", PersonKeys(username="some_user1")),
        ("tg://resolve?domain=some_user1", PersonKeys(username="some_user1")),
        ("+7 900 000 00 00", PersonKeys(phone="+79000000000")),
        ("8 (900) 000-00-03", PersonKeys(phone="+79000000003")),
        ("79000000001", PersonKeys(phone="+79000000001")),
        ("79000000001.0", PersonKeys(phone="+79000000001")),
        ('="79000000001"', PersonKeys(phone="+79000000001")),
        ("'+79000000001", PersonKeys(phone="+79000000001")),
        ("https://t.me/+79000000001", PersonKeys(phone="+79000000001")),
        ("tg://resolve?phone=79000000001", PersonKeys(phone="+79000000001")),
        ("600000001", PersonKeys(telegram_id=600000001)),
        ("600000001.0", PersonKeys(telegram_id=600000001)),
        ("7123456789", PersonKeys(telegram_id=7123456789)),
        ("tg://user?id=600000001", PersonKeys(telegram_id=600000001)),
    ],
)
def test_text_that_names_a_person(text: str, keys: PersonKeys):
    assert find_any_key(text, PHONES).keys == keys


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("-1001234567890", RowProblem.CHAT_ID),
        ("-4012345678", RowProblem.CHAT_ID),
        ("https://t.me/joinchat/AAAAAE", RowProblem.CHAT_ID),
        ("t.me/+AbCdEfGhIjKlMnOp", RowProblem.CHAT_ID),
        ("t.me/c/1234567/8", RowProblem.CHAT_ID),
        ("@", RowProblem.BAD_USERNAME),
        ("@abc", RowProblem.BAD_USERNAME),
        ("иван", RowProblem.BAD_USERNAME),
        ("a" * 33, RowProblem.BAD_USERNAME),
        ("+", RowProblem.BAD_PHONE),
        ("+7900", RowProblem.BAD_PHONE),
        ("12345678901234567", RowProblem.BAD_ID),
        ("0", RowProblem.BAD_ID),
        ("someone@example.invalid", RowProblem.NO_KEY),
        ("два слова", RowProblem.NO_KEY),
        ("username", RowProblem.NO_KEY),
        ("User_ID", RowProblem.NO_KEY),
        ("t.me/share", RowProblem.BAD_USERNAME),
        ("", None),
        ("unknown", None),
    ],
)
def test_text_that_names_nobody(text: str, problem: RowProblem | None):
    finding = find_any_key(text, PHONES)
    assert finding.keys == PersonKeys()
    assert finding.problem == problem


@given(st.text(max_size=60))
def test_any_text_is_a_key_or_has_a_problem_or_is_blank(text: str):
    finding = find_any_key(text, PHONES)
    assert (finding.keys.strongest is None) or finding.problem is None


@given(st.from_regex(r"[A-Za-z][A-Za-z0-9_]{4,31}", fullmatch=True))
def test_username_is_the_same_in_every_spelling(name: str):
    spellings = [f"@{name}", f"https://t.me/{name}", f"tg://resolve?domain={name}"]
    assert {read_username(text) for text in spellings} == {read_username(name)}


@pytest.mark.parametrize("word", ["joinchat", "share", "username", "Phone_Number", "unknown"])
def test_words_of_programs_are_no_usernames(word: str):
    assert read_username(word) is None


def test_username_in_a_column_of_phones_is_taken_when_it_is_marked():
    assert find_phone("@some_user1", PHONES).keys == PersonKeys(username="some_user1")
    assert find_phone("some_user1", PHONES).problem is RowProblem.BAD_PHONE


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("500700000", 500700000),
        ("500700000.0", 500700000),
        (" 500700000 ", 500700000),
        ("5.007E+08", None),
        ("-1001234567890", None),
        ("abc", None),
        (str(2**52), None),
    ],
)
def test_telegram_id(text: str, expected: int | None):
    assert find_telegram_id(text).keys.telegram_id == expected


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (" Иван ", "Иван"),
        ("Unknown", ""),
        ("None", ""),
        ("nan", ""),
        ("NA", "NA"),
        ("Nan", "Nan"),
        ("-", ""),
    ],
)
def test_names_and_their_placeholders(text: str, name: str):
    assert clean_name(text) == name


def test_wrappings_of_excel_are_taken_off():
    assert clean('="007"') == "007"
    assert clean("'007") == "007"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("12.10.2025", date(2025, 10, 12)),
        ("1.2.25", date(2025, 2, 1)),
        ("12/10/2025", date(2025, 10, 12)),
        ("2025-10-12", date(2025, 10, 12)),
        ("2025-10-12T17:00:00", date(2025, 10, 12)),
        ("2025-10-12 17:00:00", date(2025, 10, 12)),
        ("45942", date(2025, 10, 12)),
        ("31.12.2025 10:00:05", date(2025, 12, 31)),
        ("31.12.2025, 10:00", date(2025, 12, 31)),
        ("31-12-2025", date(2025, 12, 31)),
        ("2025/12/31", date(2025, 12, 31)),
        ("12/31/2025", date(2025, 12, 31)),
        ("2025-10-12T17:00:00.000Z", date(2025, 10, 12)),
        ("1760288400", date(2025, 10, 12)),
        ("1760288400000", date(2025, 10, 12)),
        ("31.02.2025", None),
        ("2025-13-01", None),
        ("да", None),
        ("", None),
    ],
)
def test_dates(text: str, day: date | None):
    assert read_date(text) == day
