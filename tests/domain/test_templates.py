"""Personal messages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.people import Person, PersonKeys
from invite_desktop.domain.templates import (
    MAX_MESSAGE_UNITS,
    STOP_LINE,
    message_text,
    unknown_variables,
    variables_of,
    with_stop_line,
)

LADA = Person(
    1,
    PersonKeys("lada_d", "+79000000000"),
    full_name="Лада Дубова",
    first_name="Лада",
    last_name="Дубова",
    extra={"Город": "Пермь", "Дата визита": "12.10", "empty": " "},
)
NOBODY = Person(2, PersonKeys(telegram_id=77))
anything = st.text(st.characters(exclude_characters="{}", exclude_categories=("Cs",)), max_size=50)
plain = st.text(
    st.characters(exclude_characters="{}*_~|`[]\\", exclude_categories=("Cs",)), max_size=50
)


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("Hi, {{ first_name }}!", "Hi, Лада!"),
        ("Hi, {{first_name}}!", "Hi, Лада!"),
        ("{{ last_name }}, {{ full_name }}", "Дубова, Лада Дубова"),
        ("@{{ username }} {{ phone }}", "@lada_d +79000000000"),
        ("{{ Город }} {{ город }}", "Пермь Пермь"),
        ("{{ Дата визита }}", "12.10"),
        ('{{ first_name | default("друг") }}', "Лада"),
        ('{{ empty | default("друг") }}', "друг"),
        ("{{ empty|default('друг') }}", "друг"),
        ("{{ empty | default(«друг») }}", "друг"),
        ("{{ empty | default(“друг”) }}", "друг"),
        ('{{ nothing | default("") }}done', "done"),
        ("a single { brace }", "a single { brace }"),
    ],
)
def test_variables_are_filled(text: str, filled: str):
    assert message_text(text, LADA) == filled


@pytest.mark.parametrize("text", ["{{ first_name }}", "{{ Город }}", "{{ no_such_thing }}"])
def test_a_variable_without_value_or_fall_back_is_refused_by_its_name(text: str):
    with pytest.raises(KnownError, match=variables_of(text)[0]):
        message_text(text, NOBODY)


@pytest.mark.parametrize(
    "text",
    ["{{ first_name", "first_name }}", "{% if x %}", "{{ a | upper }}", "{{ a | default(b) }}"],
)
def test_braces_that_are_no_variable_are_refused(text: str):
    with pytest.raises(KnownError):
        with_stop_line(text, "stop")


@pytest.mark.parametrize(("text", "line"), [("", "stop"), ("  ", "stop"), ("hello", " ")])
def test_neither_the_message_nor_the_line_on_stopping_may_be_empty(text: str, line: str):
    with pytest.raises(KnownError):
        with_stop_line(text, line)


def test_the_line_on_stopping_ends_the_message():
    assert with_stop_line("Hello", str(STOP_LINE)) == f"Hello\n\n{STOP_LINE}"


@given(plain.filter(str.strip), plain.filter(str.strip))
def test_the_line_on_stopping_is_added_once(text: str, line: str):
    once = with_stop_line(text, line)
    assert once.endswith(line.strip())
    assert with_stop_line(once, line) == once


def test_words_that_end_like_the_line_on_stopping_are_not_that_line():
    assert with_stop_line("We play non-stop", "stop") == "We play non-stop\n\nstop"


@given(plain)
def test_a_text_without_variables_stays_as_it_is(text: str):
    assert message_text(text, NOBODY) == text.strip()


@given(anything, anything)
def test_values_are_never_read_as_templates_again(first: str, last: str):
    value = f"{first}{{{{ phone }}}}{last}"
    person = Person(1, PersonKeys("somebody", "+79000000000"), extra={"note": value})
    assert message_text("{{ note }}", person) == value.strip()


def test_length_is_counted_in_utf16_units():
    longest = "😀" * (MAX_MESSAGE_UNITS // 2)
    assert message_text(longest, NOBODY) == longest
    with pytest.raises(KnownError, match="4097"):
        message_text(longest + "a", NOBODY)


def test_variables_are_listed_once_and_in_order():
    assert variables_of('{{ b }} {{ a | default("x") }} {{ b }}') == ("b", "a")


def test_a_variable_is_unknown_only_if_nobody_has_it():
    text = "{{ first_name }} {{ Город }} {{ typo }}"
    assert unknown_variables(text, [NOBODY, LADA]) == {"typo"}
    assert unknown_variables(text, [NOBODY]) == {"Город", "typo"}
