"""One task, rehearsed on a real server: every place that shows its numbers shows the same."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from invite_desktop.app.paths import choose_profile
from invite_desktop.app.wiring import Surroundings, open_engine
from invite_desktop.domain.outcomes import TargetState
from invite_desktop.engine.ports.stores import TargetFilter
from invite_desktop.telegram.memory_vault import MemoryVault
from invite_desktop.ui.printing.paper import Paper
from invite_desktop.ui.statistics.numbers import funnel, reasons, tiles_of
from invite_desktop.ui.tasks.task_columns import counts_words
from tests.end_to_end.program import SAMPLES, run, serving
from tests.reporting.reports import (
    csv_facts,
    csv_rows,
    page_facts,
    page_rows,
    workbook_facts,
    workbook_rows,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from PySide6.QtWidgets import QApplication

    from invite_desktop.domain.statistics import Counters
    from invite_desktop.engine.engine import Engine
    from invite_desktop.engine.views import Overview, TaskStatistics, TaskView

READERS = {
    ".csv": (csv_facts, csv_rows),
    ".xlsx": (workbook_facts, workbook_rows),
    ".html": (page_facts, page_rows),
}
STATUS, REASON = 5, 6
"""Columns of the people in a report."""


@dataclass
class Everywhere:
    """What each place says: the command line, the server, the screens and the files.

    ``drawn`` counts how often each text stands in the PDF report.
    """

    told: dict
    invited: list[int]
    in_list: TaskView
    on_page: TaskView
    statistics: TaskStatistics
    overview: Overview
    doubt: object
    by_state: Mapping[TargetState, int]
    drawn: Counter[str]
    folder: Path

    @property
    def counters(self) -> Counters:
        return self.in_list.counters


@pytest.fixture(scope="module")
def everywhere(tmp_path_factory: pytest.TempPathFactory, qapp: QApplication) -> Everywhere:
    folder = tmp_path_factory.mktemp("agreeing")
    options = [part for suffix in READERS for part in ("--report", folder / f"report{suffix}")]
    sample = SAMPLES / "crm_export_cp1251.csv"
    with serving(folder) as server:
        rehearsed = run(
            folder,
            *("rehearse", sample, "--profile", folder / "profile", "--json"),
            *(*server.options, *options),
        )
        assert rehearsed.code == 0, rehearsed.err
        invited = server.invited_people()
    return asyncio.run(_asked(folder, rehearsed.result, invited))


async def _asked(folder: Path, told: dict, invited: list[int]) -> Everywhere:
    profile = choose_profile(folder / "profile", rehearsal=True)
    async with open_engine(Surroundings(profile, MemoryVault(), str, pytest.fail)) as opened:
        engine = opened.engine
        (row,) = await engine.tasks.views()
        task_id = row.task.id
        return Everywhere(
            told,
            invited,
            row,
            await engine.tasks.view(task_id),
            await engine.statistics.of_task(task_id),
            await engine.statistics.overview(),
            await engine.statistics.audit(task_id),
            {state: await _people_in(engine, task_id, state) for state in TargetState},
            await _drawn(engine, task_id, folder / "report.pdf"),
            folder,
        )


async def _people_in(engine: Engine, task_id: int, state: TargetState) -> int:
    return await engine.tasks.count_targets(task_id, TargetFilter(states=frozenset({state})))


async def _drawn(engine: Engine, task_id: int, path: Path) -> Counter[str]:
    drawn: Counter[str] = Counter()
    write = Paper.write

    def noted(paper, letters, x, y, text, *ink):
        drawn[text] += 1
        write(paper, letters, x, y, text, *ink)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Paper, "write", noted)
        await engine.reports.task(task_id, path)
    return drawn


def test_the_server_counts_as_the_ledger_does(everywhere: Everywhere):
    told, counters = everywhere.told, everywhere.counters
    agreement = told["agreement"]
    assert agreement["server"] + agreement["left"] == told["counters"]["joined"] > 0
    assert told["counters"]["joined"] == counters.joined
    assert len(set(everywhere.invited)) == len(everywhere.invited) >= counters.accepted


def test_list_page_and_statistics_count_the_same(everywhere: Everywhere):
    counters = everywhere.counters
    assert counters == everywhere.on_page.counters == everywhere.statistics.counters
    assert counters == everywhere.overview.counters
    assert everywhere.by_state == {state: counters.count(state) for state in TargetState}
    assert everywhere.doubt is None


def test_tiles_bars_and_the_line_of_the_list_say_the_same(everywhere: Everywhere):
    counters, row = everywhere.counters, everywhere.in_list
    tiles = {caption: number for number, caption in tiles_of(counters)}
    assert tiles["Joined"] == str(counters.joined)
    assert tiles["Skipped or there already"] == str(counters.left_alone)
    assert f"invited: {counters.accepted}, joined: {counters.joined}" in counts_words(row)
    assert f"skipped or there already: {counters.left_alone}" in counts_words(row)
    bars = {bar.words: bar.count for bar in funnel(counters, row.task.kind)}
    assert (bars["People"], bars["Joined"]) == (counters.total, counters.joined)


@pytest.mark.parametrize("suffix", READERS)
def test_a_report_has_the_numbers_of_the_screens(everywhere: Everywhere, suffix: str):
    facts = READERS[suffix][0](everywhere.folder / f"report{suffix}")
    counters = everywhere.counters
    assert facts["People"] == str(counters.total)
    assert facts["Processed"] == str(counters.processed)
    assert facts["Invited"] == str(counters.accepted)
    assert facts["Joined"] == str(counters.joined)
    assert facts["Already members"] == str(counters.already_member)
    assert facts["Skipped"] == str(counters.skipped)
    assert facts["Failed"] == str(counters.failed)
    tiles = {caption: number for number, caption in tiles_of(counters)}
    assert facts["Success"] == tiles["Success"]


@pytest.mark.parametrize("suffix", READERS)
def test_the_people_of_a_report_add_up_to_its_numbers(everywhere: Everywhere, suffix: str):
    _, *people = READERS[suffix][1](everywhere.folder / f"report{suffix}")
    assert len(people) == everywhere.counters.total
    said = {bar.words: bar.count for bar in reasons(everywhere.statistics)}
    assert Counter(person[REASON] for person in people) == said
    assert Counter(person[STATUS] for person in people)["Joined"] == everywhere.counters.joined


def test_a_pdf_names_each_reason_once_in_its_chart_and_once_a_person(everywhere: Everywhere):
    for bar in reasons(everywhere.statistics):
        if len(bar.words) < len("Their privacy settings do not allow it"):
            assert everywhere.drawn[bar.words] == bar.count + 1
