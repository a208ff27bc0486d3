"""The measure of the rehearsal server, and what is asked of it."""

from __future__ import annotations

import pytest

from tests.benchmarks.rehearsal_server import Figure, measure, measure_echo

SPEED = Figure("calls", "/s", [900.0, 2000.0, 1100.0], 1000, [2200.0])


def test_the_median_counts_and_stands_beside_its_reference():
    assert (SPEED.median, SPEED.ratio, SPEED.holds) == (1100.0, 0.5, True)
    assert "MISSED" not in str(SPEED)


@pytest.mark.parametrize(
    ("value", "more_is_better", "holds"),
    [(999.0, True, False), (1001.0, False, False), (999.0, False, True)],
)
def test_a_figure_says_when_it_misses(value: float, more_is_better: bool, holds: bool):
    figure = Figure("x", "s", [value], 1000, [1.0], more_is_better)
    assert figure.holds is holds
    assert ("MISSED" in str(figure)) is not holds


async def test_the_echo_server_echoes():
    (done,) = await measure_echo(2, 1)
    assert done.speed > 0


@pytest.mark.long
@pytest.mark.timeout(400)
async def test_the_server_is_as_fast_and_as_small_as_asked():
    for figure in await measure(5):
        # Other work on the machine makes rounds slower, and none faster.
        best = (max if figure.more_is_better else min)(figure.values)
        assert Figure(
            figure.name, figure.unit, [best], figure.wanted, [1.0], figure.more_is_better
        ).holds, figure
