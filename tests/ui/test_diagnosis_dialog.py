"""The dialog of a diagnosis: findings in words, and a button for each repair."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton

from invite_desktop.domain.accounts import AccountState
from invite_desktop.domain.diagnosis import Area, Finding, Gravity, Repair, RepairKind
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.domain.outcomes import OutcomeCode, TargetState
from invite_desktop.domain.tasks import TaskKind, TaskStatus
from invite_desktop.ui.tabs import Tab
from invite_desktop.ui.tasks.diagnosis_dialog import DiagnosisDialog, repair_words
from invite_desktop.ui.widgets.small_form import SmallForm
from tests.fakes.engine import a_task, an_account

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from invite_desktop.ui.main_window import MainWindow
    from tests.fakes.engine import FakeEngine


def finding(kind: RepairKind, subject_id: int = 1, **more: str) -> Finding:
    repair = Repair(kind, subject_id, **more)
    return Finding(Area.TASK, Gravity.BLOCKING, message("Something is wrong."), repair)


def diagnose(qtbot: QtBot, window: MainWindow, engine: FakeEngine, *found: Finding):
    engine.tasks.put(a_task(1, TaskStatus.PAUSED), people=20)
    engine.diagnosis.findings = list(found)
    window.tabs.tasks.diagnose(1)
    qtbot.waitUntil(lambda: engine.diagnosis.looks == 1)
    dialog = next(d for d in window.findChildren(DiagnosisDialog) if d.isVisible())
    qtbot.waitUntil(lambda: len(dialog.findings) == len(found))
    return dialog


def press(qtbot: QtBot, dialog: DiagnosisDialog, kind: RepairKind) -> None:
    wanted = repair_words(kind)
    button = next(each for each in dialog.findChildren(QPushButton) if each.text() == wanted)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def words_in(dialog: DiagnosisDialog) -> list[str]:
    return [each.text() for each in dialog.findChildren(QLabel) if each.isVisible()]


def test_the_worst_comes_first_and_is_counted(qtbot: QtBot, window: MainWindow, engine: FakeEngine):
    fine = Finding(Area.DISK, Gravity.FINE, message("There is room."))
    care = Finding(Area.DATA, Gravity.CARE, message("Weak keys."))
    bad = Finding(Area.KEYRING, Gravity.BLOCKING, message("It is locked."))
    dialog = diagnose(qtbot, window, engine, fine, care, bad)
    assert [each.gravity for each in dialog.findings] == [2, 1, 0]
    assert dialog.summary.text() == "1 thing keeps the task from going on."
    said = {"There is room.", "Weak keys.", "It is locked.", "Keyring"}
    qtbot.waitUntil(lambda: said <= set(words_in(dialog)))


@pytest.mark.parametrize(
    ("gravity", "words"),
    [
        (Gravity.CARE, "Nothing is in the way; 1 thing is worth a look."),
        (Gravity.FINE, "Everything is in order."),
    ],
)
def test_good_news_are_told_too(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine, gravity: Gravity, words: str
):
    dialog = diagnose(qtbot, window, engine, Finding(Area.DATA, gravity, message("So it is.")))
    assert dialog.summary.text() == words


def test_what_the_engine_mends_is_done_here_and_looked_at_anew(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine
):
    dialog = diagnose(qtbot, window, engine, finding(RepairKind.RESUME))
    engine.diagnosis.findings = []
    press(qtbot, dialog, RepairKind.RESUME)
    qtbot.waitUntil(lambda: engine.tasks.calls == [("resume", 1)])
    qtbot.waitUntil(lambda: engine.diagnosis.looks == 2)
    qtbot.waitUntil(lambda: dialog.summary.text() == "Everything is in order.")


def test_a_refused_repair_is_explained(qtbot: QtBot, window: MainWindow, engine: FakeEngine):
    dialog = diagnose(qtbot, window, engine, finding(RepairKind.RESUME))
    engine.tasks.refusal = KnownError(message("No account is ready."), message("Wait."))
    press(qtbot, dialog, RepairKind.RESUME)
    qtbot.waitUntil(lambda: dialog.error.text() == "No account is ready. Wait.")


def test_accounts_are_mended_here(qtbot: QtBot, window: MainWindow, engine: FakeEngine):
    engine.accounts.put(an_account(3, AccountState.SWITCHED_OFF))
    dialog = diagnose(
        qtbot,
        window,
        engine,
        finding(RepairKind.SWITCH_ON_ACCOUNT, 3),
        finding(RepairKind.CHECK_ACCOUNT, 3),
    )
    press(qtbot, dialog, RepairKind.SWITCH_ON_ACCOUNT)
    qtbot.waitUntil(lambda: engine.accounts.rows[3].state is AccountState.READY)
    press(qtbot, dialog, RepairKind.CHECK_ACCOUNT)
    qtbot.waitUntil(lambda: engine.accounts.calls == [("check", 3)])


def test_people_are_shown_on_the_page(qtbot: QtBot, window: MainWindow, engine: FakeEngine):
    shown = finding(RepairKind.SHOW_PEOPLE, state="skipped", reason="opted_out")
    dialog = diagnose(qtbot, window, engine, shown)
    press(qtbot, dialog, RepairKind.SHOW_PEOPLE)
    people = window.tabs.tasks.page.people
    qtbot.waitUntil(people.isVisible)
    assert people.filter.chosen is TargetState.SKIPPED
    assert people.reason.chosen is OutcomeCode.OPTED_OUT


@pytest.mark.parametrize(
    ("kind", "seen"),
    [
        (RepairKind.SET_PROXY, Tab.ACCOUNTS),
        (RepairKind.ADD_ACCOUNT, Tab.ACCOUNTS),
        (RepairKind.OPEN_ACCOUNT, Tab.ACCOUNTS),
        (RepairKind.SHOW_LINK, Tab.TASKS),
        (RepairKind.COPY_TASK, Tab.TASKS),
        (RepairKind.CHANGE_SCHEDULE, Tab.TASKS),
    ],
)
def test_other_repairs_lead_to_their_place(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine, kind: RepairKind, seen: Tab
):
    engine.accounts.put(an_account(1))
    dialog = diagnose(qtbot, window, engine, finding(kind))
    press(qtbot, dialog, kind)
    qtbot.waitUntil(lambda: window.tabs.currentIndex() == seen)
    if kind is RepairKind.SHOW_LINK:
        qtbot.waitUntil(window.tabs.tasks.page.link.isVisible)
    if kind is RepairKind.COPY_TASK:
        qtbot.waitUntil(window.tabs.tasks.form.isVisible)
        assert window.tabs.tasks.form.kind.chosen is TaskKind.INVITE
    if kind is RepairKind.CHANGE_SCHEDULE:
        assert any(form.isVisible() for form in window.findChildren(SmallForm))


def test_every_repair_has_its_words():
    assert all(repair_words(kind) for kind in RepairKind)


def test_the_button_on_the_page_opens_it(qtbot: QtBot, window: MainWindow, engine: FakeEngine):
    engine.tasks.put(a_task(1), people=3)
    window.tabs.tasks.open_task(1)
    actions = window.tabs.tasks.page.actions_on_task
    qtbot.waitUntil(actions.diagnose.isEnabled)
    actions.diagnose.trigger()
    qtbot.waitUntil(lambda: any(d.isVisible() for d in window.findChildren(DiagnosisDialog)))
