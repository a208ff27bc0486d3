"""From the very first start to the end of the first task, as a person does it."""

from __future__ import annotations

import pytest
from python_calamine import CalamineWorkbook

from tests.end_to_end.first_task import INTO_THE_TASK, walk
from tests.end_to_end.main_job import PEOPLE

MOST_CLICKS, MOST_KEYS, MOST_WORDS = 10, 2, 550
"""On the whole way into the first task; everything that is new on a screen counts as read."""


@pytest.mark.screen
@pytest.mark.timeout(150)
@pytest.mark.parametrize(("language", "people"), [("ru", PEOPLE), ("en", None)])
def test_from_the_first_start_to_the_end_of_the_first_task(tmp_path, language, people):
    walked = walk(language, tmp_path, people)
    assert walked.joined > 20
    assert _names_in(walked.report) >= walked.joined
    assert len(walked.into_the_task) == INTO_THE_TASK
    assert 0 < sum(step.clicks for step in walked.into_the_task) <= MOST_CLICKS
    assert sum(step.keys for step in walked.into_the_task) <= MOST_KEYS
    assert 0 < sum(step.words for step in walked.into_the_task) <= MOST_WORDS


def _names_in(report: str) -> int:
    """Return how many rows the largest sheet of a report has: it is that of the people."""
    book = CalamineWorkbook.from_path(report)
    return max(len(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names)
