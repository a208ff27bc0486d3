"""The main job in the real window, as a person does it, with a picture of every step."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QFileDialog, QLineEdit, QSlider, QTabBar, QWidget

from invite_desktop.domain.outcomes import TargetState
from invite_desktop.ui.translations import list_separator, tr
from invite_desktop.ui.wording import titled
from tests.end_to_end.main_job import PEOPLE_COUNT, create_and_start, import_people, shown
from tests.end_to_end.walker import walk_through
from tests.reporting.reports import csv_rows

if TYPE_CHECKING:
    from pathlib import Path

    from tests.end_to_end.walker import Walker


async def _walk(walker: Walker, report: Path) -> None:
    await _look_at_the_accounts(walker)
    await import_people(walker)
    await create_and_start(walker)
    await _pause_and_resume(walker)
    joined = shown(walker, tr("Joined"))
    assert joined > 30
    await walker.go_to(tr("Statistics"))
    await walker.sees(str(joined))
    await walker.picture("statistics")
    await _save_report(walker, report)
    assert joined == _joined_in(report)
    await _compare_with_the_server(walker, joined)


async def _look_at_the_accounts(walker: Walker) -> None:
    await walker.sees(tr("No tasks yet"))
    await walker.go_to(tr("Accounts"))
    await walker.sees("rehearsal_admin1", "rehearsal_admin2", "rehearsal_admin3")
    await walker.picture("accounts")
    await walker.go_to(tr("Tasks"))
    await walker.picture("first_window")


async def _pause_and_resume(walker: Walker) -> None:
    await walker.sees("Клуб репетиции", PEOPLE_COUNT)
    await walker.picture("task_list")
    await walker.open_first(tr("Tasks"))
    await walker.sees(tr("People"), tr("Still to do"))
    await walker.until(lambda: shown(walker, tr("Joined")) >= 3, "three who joined")
    await walker.picture("running")
    await walker.click(tr("&Pause"))
    await walker.until(lambda: walker.can_click(tr("&Resume")), "the pause")
    await asyncio.sleep(0.5)
    before = shown(walker, tr("Joined")), shown(walker, tr("Still to do"))
    await asyncio.sleep(1.5)
    assert (shown(walker, tr("Joined")), shown(walker, tr("Still to do"))) == before
    await walker.picture("paused")
    await walker.click(tr("&Resume"))
    QTest.keyClick(walker.field(QSlider, tr("Speed of the rehearsal")), Qt.Key.Key_End)
    await walker.until(lambda: shown(walker, tr("Still to do")) == 0, "the end")
    await walker.picture("completed")


async def _save_report(walker: Walker, report: Path) -> None:
    shown = walker.field(QComboBox, tr("Which task is shown"))
    await walker.until(lambda: shown.count() > 1, "the task among those that can be shown")
    walker.choose(shown, "Клуб репетиции")
    await walker.sees(tr("Reasons"))
    await walker.picture("statistics_of_the_task")
    await walker.click(tr("Save &report…"))
    await walker.until(lambda: walker.visible(QFileDialog), "the question for a place")
    name = walker.window.findChild(QFileDialog).findChild(QLineEdit, "fileNameEdit")
    name.setText(str(report))
    QTest.keyClick(name, Qt.Key.Key_Return)
    await walker.until(lambda: walker.can_click(tr("Show the &folder")), "the saved report")
    await walker.picture("report_saved")
    await walker.click(tr("Close"))


def _joined_in(report: Path) -> int:
    """Count the people of a report who joined, by what stands at each of them."""
    rows = csv_rows(report, list_separator())
    return sum(row[5] == titled(TargetState.JOINED) for row in rows)


async def _compare_with_the_server(walker: Walker, joined: int) -> None:
    await walker.go_to(tr("Server"))
    agreed = tr(
        "{caption}: {ledger} by the ledger, {server} by the server. {verdict}",
        caption=tr("Joined"),
        ledger=joined,
        server=joined,
        verdict=tr("✓ Both agree"),
    )
    await walker.until(
        lambda: agreed in [each.accessibleName() for each in walker.visible(QWidget)], agreed
    )
    await walker.sees(tr("In the chat"), tr("Refused"), "@rehearsal_admin1")
    await walker.picture("server_people")
    pages = walker.field(QTabBar, tr("What of the server is shown"))
    for page, seen in ((1, "Клуб репетиции"), (2, "+9996620001")):
        place = pages.tabRect(page).center()
        QTest.mouseClick(pages, Qt.MouseButton.LeftButton, pos=place)
        await walker.sees(seen)
        await walker.picture("server_chats" if page == 1 else "server_accounts")


@pytest.mark.screen
@pytest.mark.timeout(240)
@pytest.mark.parametrize("language", ["ru", pytest.param("en", marks=pytest.mark.long)])
def test_from_a_dropped_file_to_the_saved_report(qapp, tmp_path, language):
    report = tmp_path / "report.csv"
    walk_through(
        *(qapp, tmp_path, lambda walker: _walk(walker, report)),
        pictures=f"walk_{language}",
        language=language,
    )
