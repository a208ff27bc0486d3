"""Sentences for the user, and the numbers behind them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from invite_desktop.domain.messages import counted, message, render
from invite_desktop.domain.outcomes import OutcomeCode, TargetState
from invite_desktop.domain.statistics import Counters


class Pirate:
    """A catalogue that translates everything."""

    def gettext(self, text: str) -> str:
        return f"Arr: {text}"

    def ngettext(self, singular: str, plural: str, count: int) -> str:
        return f"Arr: {singular if count == 1 else plural}"


def test_places_are_filled():
    assert str(message("Hello, {name}!", name="Anna")) == "Hello, Anna!"


def test_a_text_without_values_may_hold_braces():
    assert str(message("Write {{ first_name }}")) == "Write {{ first_name }}"


def test_braces_in_values_stay_as_they_are():
    assert str(message("Like {this}", this="{{ x }}")) == "Like {{ x }}"


@pytest.mark.parametrize(("count", "text"), [(1, "1 person"), (2, "2 people"), (0, "0 people")])
def test_counts_choose_their_form(count: int, text: str):
    assert str(counted("{count} person", "{count} people", count)) == text


def test_messages_inside_messages_are_translated_too():
    outer = message("because {why}", why=message("of rain"))
    assert render(outer, Pirate()) == "Arr: because Arr: of rain"


def test_plurals_are_translated():
    assert render(counted("{count} cat", "{count} cats", 3), Pirate()) == "Arr: 3 cats"


def test_values_are_written_as_the_caller_wants():
    at = datetime(2026, 3, 2, tzinfo=UTC)
    assert render(message("at {t}", t=at), Pirate(), lambda v: f"<{v:%d.%m}>") == "Arr: at <02.03>"


def test_each_number_is_counted_by_its_definition():
    counters = Counters(
        {
            (TargetState.PENDING, None): 3,
            (TargetState.IN_WORK, None): 1,
            (TargetState.INVITED, OutcomeCode.INVITED): 2,
            (TargetState.JOINED, OutcomeCode.JOINED): 4,
            (TargetState.FAILED, OutcomeCode.ADD_FAILED): 2,
            (TargetState.SKIPPED, OutcomeCode.PRIVACY): 5,
        }
    )
    assert (counters.total, counters.processed, counters.accepted) == (17, 13, 6)
    assert counters.success == pytest.approx(6 / 8)
    assert counters.progress == pytest.approx(13 / 17)


def test_an_empty_task_has_no_success_and_no_progress():
    assert (Counters({}).success, Counters({}).progress) == (None, 0.0)
