"""Everything about a task's link, in its panel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from invite_desktop.domain.audiences import Basis
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.invitation_texts import InvitationText
from invite_desktop.domain.messages import message
from invite_desktop.domain.outcomes import OutcomeCode, TargetState
from invite_desktop.domain.tasks import TaskStatus
from invite_desktop.engine.ports.links import LinkCounts
from invite_desktop.ui.widgets.qr_files import qr_bytes
from invite_desktop.ui.widgets.small_form import SmallForm
from tests.fakes.engine import a_task
from tests.fakes.links import a_request
from tests.ui.conftest import choose_file, rows_of

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QApplication, QPushButton
    from pytestqt.qtbot import QtBot

    from invite_desktop.ui.main_window import MainWindow
    from invite_desktop.ui.tasks.link_panel import LinkPanel
    from invite_desktop.ui.tasks.link_tab import LinkTab
    from invite_desktop.ui.tasks.reach_tab import ReachTab
    from invite_desktop.ui.tasks.request_tab import RequestTab
    from tests.fakes.engine import FakeEngine

ADDRESS = "https://t.me/+AbCdEfGh12345"


@pytest.fixture
def panel(qtbot: QtBot, window: MainWindow, engine: FakeEngine) -> LinkPanel:
    engine.tasks.put(a_task(1, TaskStatus.RUNNING), people=3)
    window.tabs.tasks.open_task(1)
    page = window.tabs.tasks.page
    qtbot.waitUntil(page.sections.isVisible)
    page.sections.setCurrentWidget(page.link.parentWidget())
    qtbot.waitUntil(lambda: page.link.panel is not None)
    shown: LinkPanel = page.link.panel
    qtbot.waitUntil(shown.link.make_button.isVisible)
    return shown


@pytest.fixture
def made(qtbot: QtBot, panel: LinkPanel) -> LinkTab:
    press(qtbot, panel.link.make_button)
    qtbot.waitUntil(panel.link.address.isVisible)
    return panel.link


def press(qtbot: QtBot, button: QPushButton) -> None:
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_the_link_is_made_when_asked_for_and_copied(
    qapp: QApplication, qtbot: QtBot, made: LinkTab
):
    assert made.address.text() == ADDRESS
    press(qtbot, made.copy_button)
    assert qapp.clipboard().text() == ADDRESS


def test_a_link_with_requests_is_made_by_wish(qtbot: QtBot, engine: FakeEngine, panel: LinkPanel):
    panel.link.by_request.setChecked(True)
    press(qtbot, panel.link.make_button)
    qtbot.waitUntil(panel.link.address.isVisible)
    assert engine.links.rows[1].by_request


def test_a_refusal_is_said_there(qtbot: QtBot, engine: FakeEngine, panel: LinkPanel):
    engine.links.refusal = KnownError(message("No account can do that."))
    press(qtbot, panel.link.make_button)
    qtbot.waitUntil(lambda: panel.error.text() == "No account can do that.")
    qtbot.waitUntil(panel.link.make_button.isEnabled)


def test_who_came_is_counted_on_a_click(qtbot: QtBot, made: LinkTab):
    assert "Telegram was not asked yet" in made.count.text()
    press(qtbot, made.count_button)
    qtbot.waitUntil(lambda: made.count.text().startswith("12 people came by it, 9 of your list"))


def test_news_of_the_task_are_shown(qtbot: QtBot, engine: FakeEngine, made: LinkTab):
    engine.links.came = LinkCounts(1, 1)
    engine.tasks.situate(1, engine.tasks.rows[1].situation)
    qtbot.waitUntil(lambda: made.count.text().startswith("1 person came by it"))


@pytest.mark.parametrize("kind", InvitationText)
def test_ready_texts_hold_title_and_link(
    qapp: QApplication, qtbot: QtBot, made: LinkTab, kind: InvitationText
):
    made.kind.choose(kind)
    assert "Клуб" in made.text.toPlainText()
    press(qtbot, made.copy_text_button)
    assert qapp.clipboard().text().endswith(ADDRESS)


def test_the_qr_code_is_copied_as_a_picture(qapp: QApplication, qtbot: QtBot, made: LinkTab):
    press(qtbot, made.copy_picture_button)
    assert not qapp.clipboard().image().isNull()


def test_the_qr_code_is_saved_in_the_format_of_the_suffix(
    qtbot: QtBot, made: LinkTab, tmp_path: Path
):
    for name in ("code.png", "code.svg"):
        press(qtbot, made.save_button)
        choose_file(qtbot, made, tmp_path / name)
        qtbot.waitUntil((tmp_path / name).exists)
        qtbot.waitUntil(made.isEnabled)
    assert QImage(str(tmp_path / "code.png")).width() > 400
    assert b"<svg" in (tmp_path / "code.svg").read_bytes()


def test_a_place_that_cannot_be_written_is_said(
    qtbot: QtBot, panel: LinkPanel, made: LinkTab, tmp_path: Path
):
    press(qtbot, made.save_button)
    choose_file(qtbot, made, tmp_path / "no folder" / "code.png")
    qtbot.waitUntil(lambda: "could not be written" in panel.error.text())


def test_the_png_is_a_readable_code(qapp: QApplication):
    image = QImage.fromData(qr_bytes(ADDRESS, "png"))
    assert image.pixelColor(2, 2).name() == "#ffffff"
    assert image.pixelColor(16 * 4 + 2, 16 * 4 + 2).name() == "#000000"


def test_revoking_asks_first(qtbot: QtBot, engine: FakeEngine, panel: LinkPanel, made: LinkTab):
    press(qtbot, made.revoke_button)
    form = made.findChild(SmallForm)
    assert engine.links.rows
    press(qtbot, form.yes_button)
    qtbot.waitUntil(panel.link.make_button.isVisible)
    assert engine.links.rows == {}


# ------------------------------------------------------------ requests


@pytest.fixture
def requests(qtbot: QtBot, engine: FakeEngine, panel: LinkPanel, made: LinkTab) -> RequestTab:
    engine.join_requests.waiting = [a_request(number, listed=number < 2) for number in range(5)]
    panel.tabs.setCurrentWidget(panel.requests)
    qtbot.waitUntil(lambda: panel.requests.count.text() == "5 people wait")
    return panel.requests


def test_requests_say_who_stands_on_the_list(requests: RequestTab):
    rows = rows_of(requests.table)
    assert rows[0][:2] == ["Ася Лунина", "@asker_0"]
    assert [row[3] for row in rows] == ["yes", "yes", "no", "no", "no"]


def test_those_of_the_list_are_let_in_by_one_click(
    qtbot: QtBot, engine: FakeEngine, requests: RequestTab
):
    press(qtbot, requests.listed_button)
    qtbot.waitUntil(lambda: requests.count.text() == "3 people wait")
    assert engine.join_requests.answers == [(500, True), (501, True)]
    assert not requests.listed_button.isEnabled()


@pytest.mark.parametrize("let_in", [True, False])
def test_chosen_people_are_let_in_or_turned_away(
    qtbot: QtBot, engine: FakeEngine, requests: RequestTab, let_in: bool
):
    assert not requests.let_in_button.isEnabled()
    requests.table.choose_position(3)
    press(qtbot, requests.let_in_button if let_in else requests.decline_button)
    qtbot.waitUntil(lambda: requests.count.text() == "4 people wait")
    assert engine.join_requests.answers == [(503, let_in)]


def test_letting_in_without_asking_is_off_until_it_is_chosen(
    qtbot: QtBot, engine: FakeEngine, requests: RequestTab
):
    qtbot.waitUntil(requests.by_itself.isEnabled)
    assert not requests.by_itself.isChecked()
    requests.by_itself.click()
    qtbot.waitUntil(lambda: engine.links.rows[1].lets_listed_in)
    qtbot.waitUntil(requests.by_itself.isChecked)


def test_a_list_that_cannot_be_read_is_said(
    qtbot: QtBot, engine: FakeEngine, panel: LinkPanel, requests: RequestTab
):
    engine.join_requests.refusal = KnownError(message("Telegram asked the account to wait."))
    press(qtbot, requests.look_button)
    qtbot.waitUntil(lambda: "asked the account to wait" in panel.error.text())
    qtbot.waitUntil(requests.look_button.isEnabled)


# ------------------------------------------------------------ only by link


@pytest.fixture
def reach(qtbot: QtBot, engine: FakeEngine, panel: LinkPanel, made: LinkTab) -> ReachTab:
    for place in range(2):
        engine.tasks.end_target(1, place, TargetState.SKIPPED, OutcomeCode.PRIVACY)
    panel.tabs.setCurrentWidget(panel.reach)
    qtbot.waitUntil(lambda: panel.reach.count.text() == "2 people")
    qtbot.waitUntil(lambda: panel.reach.model.row_at(0) is not None)
    return panel.reach


def test_whom_only_the_link_reaches_is_listed_with_the_reason(reach: ReachTab):
    assert [row[2] for row in rows_of(reach.table)] == [
        "Their privacy settings do not allow it"
    ] * 2


def test_they_are_saved_as_a_file(
    qtbot: QtBot, engine: FakeEngine, reach: ReachTab, tmp_path: Path
):
    press(qtbot, reach.export_button)
    choose_file(qtbot, reach, tmp_path / "people.xlsx")
    qtbot.waitUntil(lambda: reach.count.text() == "2 people saved")
    assert engine.only_by_link.saved == [tmp_path / "people.xlsx"]


def test_a_message_task_is_made_after_its_text_was_seen(
    qtbot: QtBot, engine: FakeEngine, reach: ReachTab
):
    qtbot.waitUntil(reach.message_button.isEnabled)
    press(qtbot, reach.message_button)
    form = reach.findChild(SmallForm)
    assert "Nothing is sent before you start the task" in form.words.text()
    press(qtbot, form.yes_button)
    qtbot.waitUntil(lambda: engine.only_by_link.texts != [])
    assert ADDRESS in engine.only_by_link.texts[0]
    qtbot.waitUntil(lambda: not reach.message_button.isEnabled())


def test_without_a_basis_no_message_task_is_offered(
    qtbot: QtBot, engine: FakeEngine, reach: ReachTab
):
    engine.only_by_link.reason = Basis.UNKNOWN
    engine.tasks.situate(1, engine.tasks.rows[1].situation)
    qtbot.waitUntil(lambda: "not known why" in reach.message_button.toolTip())
    assert not reach.message_button.isEnabled()
    assert reach.export_button.isEnabled()


# ------------------------------------------------------------ who stayed


def test_who_stayed_is_shown_for_each_of_the_days(qtbot: QtBot, panel: LinkPanel):
    panel.tabs.setCurrentWidget(panel.stay)
    qtbot.waitUntil(lambda: panel.stay.model.rowCount() == 3)
    assert rows_of(panel.stay.table) == [
        ["After 1 day", "38", "2", "95%", "0", "0"],
        ["After 7 days", "15", "5", "75%", "1", "19"],
        ["After 30 days", "0", "0", "–", "0", "40"],
    ]
