from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from invite_desktop.domain.accounts import Profile
from invite_desktop.store.mapping import account_label, from_stamp, to_json, to_stamp


@given(st.datetimes(timezones=st.just(UTC)))
def test_moments_come_back_exactly(moment: datetime):
    assert from_stamp(to_stamp(moment)) == moment


def test_moments_come_back_in_utc():
    local = datetime(2026, 3, 1, 15, tzinfo=timezone(timedelta(hours=3)))
    assert from_stamp(to_stamp(local)).isoformat() == "2026-03-01T12:00:00+00:00"


@given(st.lists(st.datetimes(timezones=st.just(UTC))))
def test_stamps_keep_the_order(moments: list[datetime]):
    assert sorted(moments) == sorted(moments, key=to_stamp)


def test_json_is_short_and_readable():
    assert to_json({"город": ["Тверь", 1]}) == '{"город":["Тверь",1]}'


def test_an_account_is_called_by_its_name_else_by_a_key():
    assert account_label(Profile(1, "Anna", "K", "anna")) == "Anna K"
    assert account_label(Profile(1, "", "", "anna", "+7900")) == "@anna"
    assert account_label(Profile(1, "", phone="+7900")) == "+7900"
