"""The measure of the check of a chat, and what is asked of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.benchmarks.chat_check import CLUB, CheckTimes, checking, measure

if TYPE_CHECKING:
    from pathlib import Path


def test_the_median_stands_beside_its_reference():
    shown = str(CheckTimes([1.0, 0.4, 9.0], [0.2], [0.1]))
    assert "cold   1.000   9.000   10.00 of bare" in shown


async def test_what_is_measured_is_a_whole_check(tmp_path: Path):
    async with checking(tmp_path, accounts=3) as (checks, _):
        assert len((await checks.check(CLUB)).ready) == 3


@pytest.mark.long
async def test_ten_accounts_answer_within_a_second_and_a_half():
    times = await measure(5)
    # Other work on the machine makes rounds slower, and none faster.
    assert min(times.cold) < 1.5, times
