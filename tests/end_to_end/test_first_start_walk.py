"""From the very first start to the end of the first task, as a person does it."""

from __future__ import annotations

import pytest
from python_calamine import CalamineWorkbook

from tests.end_to_end.first_task import INTO_THE_TASK, walk
from tests.end_to_end.main_job import PEOPLE
from tests.end_to_end.program import serving

MOST_CLICKS, MOST_KEYS, MOST_WORDS = 9, 2, 520
"""On the whole way into the first task; everything that is new on a screen counts as read."""

CLICKS_OF_A_LOG_IN, WORDS_OF_A_LOG_IN = 1, 60
"""What an account of one's own takes more; its keys are those of Telegram's own texts."""


@pytest.mark.screen
@pytest.mark.parametrize(("language", "people"), [("ru", PEOPLE), ("en", None)])
def test_from_the_first_start_to_the_end_of_the_first_task(tmp_path, language, people):
    walked = walk(language, tmp_path, people)
    assert walked.joined > 20
    assert _names_in(walked.report) >= walked.joined
    assert len(walked.into_the_task) == INTO_THE_TASK
    assert 0 < sum(step.clicks for step in walked.into_the_task) <= MOST_CLICKS
    assert sum(step.keys for step in walked.into_the_task) <= MOST_KEYS
    assert 0 < sum(step.words for step in walked.into_the_task) <= MOST_WORDS


@pytest.mark.screen
@pytest.mark.keyring
def test_from_the_first_start_over_an_account_into_the_first_task(tmp_path):
    with serving(tmp_path) as server:
        walked = walk("ru", tmp_path / "profile", PEOPLE, server.options)
    assert len(walked.into_the_task) == INTO_THE_TASK
    assert sum(step.clicks for step in walked.into_the_task) <= MOST_CLICKS + CLICKS_OF_A_LOG_IN
    assert 0 < sum(step.words for step in walked.into_the_task) <= MOST_WORDS + WORDS_OF_A_LOG_IN


def _names_in(report: str) -> int:
    """Return how many rows the largest sheet of a report has: it is that of the people."""
    book = CalamineWorkbook.from_path(report)
    return max(len(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names)
