"""Phones in every spelling to E.164."""

from __future__ import annotations

from functools import cache

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from invite_desktop.importing.phones import PhoneReader, whole_number


@cache
def reader(region: str) -> PhoneReader:
    return PhoneReader(region)


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("8 (900) 000-00-00", "+79000000000"),
        ("+7 900 000 00 05", "+79000000005"),
        ("79000000006", "+79000000006"),
        ("9000000006", "+79000000006"),
        ("8-900-000-00-00", "+79000000000"),
        ("8.900.000.00.00", "+79000000000"),
        ("+7\xa0(900)\u2011000\u201300\u201300", "+79000000000"),
        ("тел. 8 900 000-00-00", "+79000000000"),
        ("8 900 000-00-00 доб. 12", "+79000000000"),
        ("8 900 000-00-00, 8 900 000-00-01", "+79000000000"),
        ("79000000000.0", "+79000000000"),
        ("7.9000000000E+10", "+79000000000"),
        ("8 800 555 35 35", "+78005553535"),
        ("+17075550101", "+17075550101"),
        ("16065550111", "+16065550111"),
        ("+447700900000", "+447700900000"),
        ("+44 (0)7700 900000", "+447700900000"),
        ("0044 7700 900000", "+447700900000"),
    ],
)
def test_spelling_of_a_phone(text: str, phone: str):
    assert reader("RU").read(text) == phone


@pytest.mark.parametrize(
    "text",
    [
        *["нет телефона", "a", "@", "+", "", "12", "600000000", "2025-06-11", "12.10.2025"],
        *["-1001234567890", "user_79000000000", "+7900", "+0000000000", "00000000000"],
        *["7,9E+10", "+" + "1" * 40],
    ],
)  # fmt: skip
def test_what_is_no_phone(text: str):
    assert reader("RU").read(text) is None


@pytest.mark.parametrize(
    ("region", "text", "phone"),
    [
        ("US", "(707) 555-0101", "+17075550101"),
        ("GB", "07400 123456", "+447400123456"),
        ("UA", "050 123 45 67", "+380501234567"),
        ("KZ", "8 701 123 45 67", "+77011234567"),
        ("BY", "8 029 491 19 11", "+375294911911"),
        ("RU", "050 123 45 67", None),
        ("XX", "8 900 000 00 00", None),
        ("XX", "+79000000000", "+79000000000"),
    ],
)
def test_number_without_plus_belongs_to_the_region(region: str, text: str, phone: str | None):
    assert reader(region).read(text) == phone


@pytest.mark.parametrize(
    ("digits", "phone"),
    [
        ("79000000001", "+79000000001"),
        ("9000000001", "+79000000001"),
        ("16065550102", "+16065550102"),
        ("600000001", None),
        ("5007000001", None),
        ("7123456789", None),  # valid in Kazakhstan, but ids of ten digits begin so too
        ("8121234567", None),  # a landline of St Petersburg: no account, and an id all the same
        ("123456789012345", None),
    ],
)
def test_digits_alone_are_a_phone_only_when_they_cannot_be_an_id(digits: str, phone: str | None):
    assert reader("RU").read_line(digits) == phone


@given(
    st.sampled_from(["RU", "UA", "KZ", "US", "GB", "BY", "FR", "TR"]),
    st.sampled_from(["+{code}", "{code}", "{trunk}", "", "+"]),
    st.integers(0, 10**6),
    st.sampled_from([0, 1, -1]),
)
def test_short_way_and_careful_way_agree(region: str, start: str, tail: int, longer: int):
    number = phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.MOBILE)
    plan = phonenumbers.PhoneMetadata.metadata_for_region(region, None)
    national = str(number.national_number)
    national = national[:-6] + str(tail).zfill(6)[: 6 + longer]
    text = start.format(code=plan.country_code, trunk=plan.national_prefix or "") + national
    assert reader(region).read(text) == reader(region)._carefully(text)


@given(st.sampled_from(sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE)), st.integers(0, 10**12))
def test_short_way_of_foreign_numbers_agrees_with_the_library(code: int, national: int):
    text = f"+{code}{national}"
    assert reader("RU").read(text) == reader("RU")._carefully(text)


@given(st.text(max_size=40))
def test_any_text_gives_a_phone_in_e164_or_none(text: str):
    phone = reader("RU").read(text)
    assert phone is None or (phone[0] == "+" and phone[1:].isdigit() and len(phone) <= 18)


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("79001234567.0", "79001234567"),
        ("79001234567,00", "79001234567"),
        ("7.9001234567E+10", "79001234567"),
        ("7,9E+10", "7,9E+10"),
        ("79001234567", "79001234567"),
        ("12.5", "12.5"),
    ],
)
def test_number_that_a_spreadsheet_spoilt(text: str, whole: str):
    assert whole_number(text) == whole
