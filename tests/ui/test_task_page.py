"""One task's own page."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy

from invite_desktop.domain.outcomes import OutcomeCode, TargetState
from invite_desktop.domain.tasks import TaskKind, TaskReason, TaskSituation, TaskStatus
from invite_desktop.ui.widgets.action_button import ActionButton
from tests.fakes.engine import a_task
from tests.ui.conftest import rows_of

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from invite_desktop.ui.main_window import MainWindow
    from invite_desktop.ui.tasks.task_page import TaskPage
    from tests.fakes.engine import FakeEngine


@pytest.fixture
def page(qtbot: QtBot, window: MainWindow, engine: FakeEngine):
    engine.tasks.put(a_task(1, TaskStatus.RUNNING), people=1_000)
    window.tabs.tasks.open_task(1)
    page = window.tabs.tasks.page
    qtbot.waitUntil(lambda: page.people.model.rowCount() == 1_000)
    qtbot.waitUntil(lambda: page.people.model.row_at(0) is not None)
    return page


def numbers(page: TaskPage) -> list[str]:
    return [tile.number for tile in page.tiles]


def test_it_says_where_the_task_stands(page: TaskPage):
    assert page.header.name.text() == "Приглашения в «Клуб»"
    assert page.header.situation.text().startswith("Running")
    assert "audience “Гости вебинара”" in page.header.situation.text()
    assert numbers(page) == ["1,000", "1,000", "0", "0", "0", "0"]


def test_a_pause_by_the_breaker_says_why(qtbot: QtBot, engine: FakeEngine, page: TaskPage):
    engine.tasks.situate(1, TaskSituation(TaskStatus.PAUSED, TaskReason.PEER_FLOOD))
    qtbot.waitUntil(lambda: "contacts too many people" in page.header.trouble.text())


def test_an_end_changes_its_row_and_the_numbers(qtbot: QtBot, engine: FakeEngine, page: TaskPage):
    resets = QSignalSpy(page.people.model.modelReset)
    page.people.table.selectRow(1)
    engine.tasks.end_target(1, 1, TargetState.SKIPPED, OutcomeCode.PRIVACY)
    qtbot.waitUntil(lambda: rows_of(page.people.table)[1][2] == "Left out")
    qtbot.waitUntil(lambda: numbers(page) == ["1,000", "999", "0", "0", "1", "0"])
    assert rows_of(page.people.table)[1][3] == "Their privacy settings do not allow it"
    assert page.progress.value() == 1
    assert [target.position for target in page.people.table.chosen()] == [2]
    assert resets.count() == 0


def test_only_the_pages_looked_at_are_fetched(qtbot: QtBot, engine: FakeEngine, page: TaskPage):
    qtbot.wait(50)
    assert set(engine.tasks.pages) == {0}


def test_people_can_be_filtered_by_state(qtbot: QtBot, engine: FakeEngine, page: TaskPage):
    for place in (3, 500, 900):
        engine.tasks.end_target(1, place, TargetState.JOINED, OutcomeCode.JOINED)
    qtbot.waitUntil(lambda: numbers(page)[3] == "3")
    page.people.filter.choose(TargetState.JOINED)
    qtbot.waitUntil(lambda: [row[0] for row in rows_of(page.people.table)] == ["4", "501", "901"])
    engine.tasks.end_target(1, 950, TargetState.JOINED, OutcomeCode.JOINED)
    qtbot.waitUntil(lambda: [row[0] for row in rows_of(page.people.table)][-1] == "951")


def test_pause_and_resume_from_the_page(qtbot: QtBot, engine: FakeEngine, page: TaskPage):
    page.actions_on_task.pause.trigger()
    qtbot.waitUntil(page.actions_on_task.resume.isEnabled)
    page.actions_on_task.resume.trigger()
    qtbot.waitUntil(page.actions_on_task.pause.isEnabled)
    assert engine.tasks.calls == [("pause", 1), ("resume", 1)]


def test_back_leads_to_the_list(qtbot: QtBot, window: MainWindow, page: TaskPage):
    qtbot.mouseClick(page.header.back_button, Qt.MouseButton.LeftButton)
    assert window.tabs.tasks.list.isVisible()


def test_another_task_shows_its_own_people(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine, page: TaskPage
):
    engine.tasks.put(a_task(2), people=3)
    window.tabs.tasks.open_task(2)
    qtbot.waitUntil(lambda: page.people.model.rowCount() == 3)
    qtbot.waitUntil(lambda: page.people.model.row_at(0) is not None)
    assert page.people.model.row_at(0).task_id == 2


def test_only_what_is_allowed_now_is_offered(qtbot: QtBot, page: TaskPage):
    def offered() -> list[str]:
        buttons = page.header.findChildren(ActionButton)
        return [button.text().replace("&", "") for button in buttons if button.isVisible()]

    qtbot.waitUntil(lambda: offered() == ["Pause", "Cancel task", "Diagnose", "Save report…"])
    page.actions_on_task.pause.trigger()
    qtbot.waitUntil(lambda: offered() == ["Resume", "Cancel task", "Diagnose", "Save report…"])


def test_people_are_searched(qtbot: QtBot, page: TaskPage):
    page.people.search.setText("петров 77")
    qtbot.waitUntil(lambda: page.people.model.rowCount() == 11)
    qtbot.waitUntil(lambda: rows_of(page.people.table)[0][0] == "78")
    assert page.people.count.text() == "11 people"
    page.people.search.setText("nobody")
    qtbot.waitUntil(page.people.nobody.isVisible)
    page.people.nobody.acted.emit()
    qtbot.waitUntil(lambda: page.people.model.rowCount() == 1_000)


def test_people_are_found_by_reason(qtbot: QtBot, engine: FakeEngine, page: TaskPage):
    engine.tasks.end_target(1, 3, TargetState.SKIPPED, OutcomeCode.PRIVACY)
    engine.tasks.end_target(1, 4, TargetState.SKIPPED, OutcomeCode.BOT)
    qtbot.waitUntil(lambda: OutcomeCode.PRIVACY in page.people.reason.values)
    page.people.reason.choose(OutcomeCode.PRIVACY)
    qtbot.waitUntil(lambda: [row[0] for row in rows_of(page.people.table)] == ["4"])


def test_a_reason_of_the_progress_leads_to_its_people(
    qtbot: QtBot, engine: FakeEngine, page: TaskPage
):
    engine.tasks.end_target(1, 3, TargetState.SKIPPED, OutcomeCode.PRIVACY)
    page.sections.setCurrentWidget(page.course)
    qtbot.waitUntil(lambda: len(page.course.reasons.model.rows) == 1)
    page.course.reasons.table.choose_position(0)
    page.course.reasons.table.setFocus()
    qtbot.keyClick(page.course.reasons.table, Qt.Key.Key_Return)
    assert page.sections.currentWidget() is page.people
    qtbot.waitUntil(lambda: [row[0] for row in rows_of(page.people.table)] == ["4"])
    assert page.people.filter.chosen is TargetState.SKIPPED


def test_the_progress_shows_funnel_accounts_and_last_actions(
    qtbot: QtBot, engine: FakeEngine, page: TaskPage
):
    for place in range(40):
        engine.tasks.end_target(1, place, TargetState.JOINED, OutcomeCode.JOINED)
    page.sections.setCurrentWidget(page.course)
    qtbot.waitUntil(lambda: len(page.course.last.rows) == 30)
    funnel = [(row.words, row.count) for row in page.course.funnel.model.rows]
    assert funnel == [("People", 1_000), ("Processed", 40), ("Invited", 40), ("Joined", 40)]
    assert [row.words for row in page.course.accounts.model.rows] == [
        "Борис Белых",
        "Вера Соколова",
    ]
    engine.tasks.end_target(1, 40, TargetState.FAILED, OutcomeCode.NOT_FOUND)
    qtbot.waitUntil(lambda: rows_of(page.course.last_table)[0][2] == "Nobody has this username")


def test_a_last_action_opens_the_person(qtbot: QtBot, engine: FakeEngine, page: TaskPage):
    engine.tasks.end_target(1, 5, TargetState.JOINED, OutcomeCode.JOINED)
    page.sections.setCurrentWidget(page.course)
    qtbot.waitUntil(lambda: len(page.course.last.rows) == 1)
    opened: list[int] = []
    page.person_opened.disconnect()  # the card of a person has tests of its own
    page.person_opened.connect(opened.append)
    page.course.last_table.row_opened.emit(page.course.last.rows[0])
    assert opened == [engine.tasks.people[1][5].person.id]


def test_the_journal_tells_every_turn_in_words(qtbot: QtBot, engine: FakeEngine, page: TaskPage):
    engine.tasks.situate(1, TaskSituation(TaskStatus.WAITING, TaskReason.PACE))
    page.sections.setCurrentWidget(page.journal)
    qtbot.waitUntil(lambda: len(page.journal.model.rows) == 1)
    engine.tasks.situate(1, TaskSituation(TaskStatus.PAUSED, TaskReason.PEER_FLOOD, "X_ERROR"))
    qtbot.waitUntil(lambda: len(page.journal.model.rows) == 2)
    newest, first = rows_of(page.journal.table)
    assert first[1:] == ["Waiting", "Waits: keeping the safe pace."]
    assert newest[1] == "Paused"
    assert newest[2].startswith("Paused: Telegram found that the account contacts too many")
    assert newest[2].endswith("(X_ERROR).")


def test_a_long_journal_is_read_page_by_page(qtbot: QtBot, engine: FakeEngine, page: TaskPage):
    statuses = (TaskStatus.WAITING, TaskStatus.RUNNING)
    for turn in range(250):
        engine.clock.moment += timedelta(minutes=1)
        engine.tasks.situate(1, TaskSituation(statuses[turn % 2]))
    page.sections.setCurrentWidget(page.journal)
    qtbot.waitUntil(lambda: len(page.journal.model.rows) == 200)
    page.journal.table.scrollToBottom()
    page.journal.model.fetchMore()
    qtbot.waitUntil(lambda: len(page.journal.model.rows) == 250)
    assert not page.journal.model.canFetchMore()


def test_the_message_is_shown_as_each_person_gets_it(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine, page: TaskPage
):
    text = "Hello {{ last_name }}!\n\nTo stop, write stop."
    message = replace(a_task(2), kind=TaskKind.MESSAGE, chat=None, text=text)
    engine.tasks.put(message, people=3)
    window.tabs.tasks.open_task(2)
    names = [page.sections.tabText(n) for n in range(5) if page.sections.isTabVisible(n)]
    qtbot.waitUntil(lambda: page.sections.isTabVisible(3) and not page.sections.isTabVisible(4))
    assert "Message" not in names
    page.sections.setCurrentWidget(page.message)
    qtbot.waitUntil(lambda: page.message.bubble.letter.text.startswith("Hello Петров 0!"))
    qtbot.mouseClick(page.message.later_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.message.bubble.letter.text.startswith("Hello Петров 1!"))
    assert "(2 of 3)" in page.message.person.text()
    for _ in range(2):
        qtbot.mouseClick(page.message.earlier_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.message.bubble.letter.text.startswith("Hello Петров 2!"))


def test_a_deleted_task_says_so_and_can_be_brought_back(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine, page: TaskPage
):
    page.actions_on_task.delete.trigger()
    qtbot.waitUntil(window.tabs.tasks.list.isVisible)
    window.tabs.tasks.open_task(1)
    qtbot.waitUntil(lambda: page.header.situation.text().startswith("in the bin since"))
    assert not page.actions_on_task.resume.isEnabled()
    page.actions_on_task.restore.trigger()
    qtbot.waitUntil(page.actions_on_task.resume.isEnabled)
