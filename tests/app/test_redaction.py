"""No person and no secret leaves in a log or a report."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invite_desktop.app.redaction import describe, redact

PHONES = ["+79001234567", "8 (900) 123-45-67", "+7 900 123 45 67", "79001234567", "+1-202-555-0143"]
SESSION = "1ApWapzMBu" + "Xy3_-Zq9" * 40 + "="
HASH = "0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize(
    "secret",
    [
        *PHONES,
        "@anna_ivanova",
        "https://t.me/anna_ivanova",
        "t.me/+AbCdEf123",
        "telegram.me/anna",
        "tg://resolve?domain=anna_ivanova",
        "anna@example.org",
        "5123456789",
        "-1001234567890",
        SESSION,
        HASH,
    ],
)
@pytest.mark.parametrize("sentence", ["asked {} twice", "{}", "user={}, next", "({})", "x: {}\n"])
def test_personal_data_is_replaced(secret: str, sentence: str):
    cleaned = redact(sentence.format(secret))
    assert secret not in cleaned
    assert secret.lstrip("+-@") not in cleaned


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("code 12345 was refused", "12345"),
        ("phone_code='54321'", "54321"),
        ("код: 123456", "123456"),
        ("password: hunter2", "hunter2"),
        ("api_hash=abc", "abc"),
        ("token = s3cret", "s3cret"),
    ],
)
def test_what_follows_the_name_of_a_secret_is_replaced(text: str, secret: str):
    assert secret not in redact(text)


@pytest.mark.parametrize(
    "text",
    [
        "imported 200000 rows in 1.25 s",
        "next action at 2026-11-23T12:12:45.123+00:00",
        "2026-11-23 12:12:45 and 2026-11-24",
        "exit code 2",
        "attempt 17 of task 3: FLOOD_WAIT_300",
        "listening on 127.0.0.1:54321",
        "invite_desktop.engine.account_runner",
        "UNIQUE constraint failed: person.username",
    ],
)
def test_what_names_nobody_stays_readable(text: str):
    assert redact(text) == text


def test_the_home_directory_loses_its_name():
    assert redact(f"opened {Path.home()}/data.csv") == "opened ~/data.csv"


@given(st.integers(min_value=10**9, max_value=10**14), st.text(alphabet="абв xyz.,:", max_size=8))
def test_no_long_number_survives_wherever_it_stands(number: int, around: str):
    assert str(number) not in redact(f"{around} {number} {around}")


def _failing(error: BaseException) -> BaseException:
    try:
        raise error
    except type(error) as caught:
        return caught


def test_a_trace_names_file_line_and_function():
    trace = describe(_failing(ValueError("wrong")))
    assert "test_redaction.py:" in trace
    assert "in _failing" in trace
    assert trace.endswith("builtins.ValueError: wrong")


@pytest.mark.parametrize(
    "said",
    [
        "no such person 'Anna Petrova'",
        'no such person "Anna Petrova"',
        "не найдена Анна Petrova",
        "unknown +79001234567",
    ],
)
def test_a_trace_has_no_values(said: str):
    trace = describe(_failing(KeyError(said)))
    assert not any(part in trace for part in ("Anna", "Анна", "79001234567"))


def test_a_trace_tells_of_the_causes():
    def fail() -> None:
        try:
            raise OSError("disk")
        except OSError as error:
            raise RuntimeError("import") from error

    with pytest.raises(RuntimeError) as caught:
        fail()
    trace = describe(caught.value)
    assert trace.index("OSError: disk") < trace.index("RuntimeError: import")


def test_a_trace_of_a_group_tells_of_every_member():
    group = ExceptionGroup("two", [_failing(ValueError("one")), _failing(KeyError(2))])
    trace = describe(group)
    assert "ValueError: one" in trace
    assert "KeyError" in trace


def test_errors_that_cause_each_other_are_told_once():
    first, second = ValueError("first"), ValueError("second")
    first.__cause__, second.__cause__ = second, first
    assert describe(first).count("ValueError") == 2
