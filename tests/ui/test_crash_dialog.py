"""The report window shows a finished report and lets it be copied."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from invite_desktop.ui.crash_dialog import CrashDialog

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

    from invite_desktop.ui.main_window import MainWindow

REPORT = "Invite Desktop 1.0\nPython 3.11\n\nbuiltins.ValueError\n  ui/tabs.py:12 in go_to"


@pytest.fixture
def dialog(qtbot: QtBot, window: MainWindow) -> CrashDialog:
    dialog = CrashDialog(REPORT, window)
    dialog.open()
    qtbot.waitExposed(dialog)
    return dialog


def test_it_shows_the_report_to_be_read_only(dialog: CrashDialog):
    assert dialog.report.toPlainText() == REPORT
    assert dialog.report.isReadOnly()


def test_it_says_whose_fault_it_is_and_what_to_do(dialog: CrashDialog):
    words = " ".join(label.text() for label in dialog.findChildren(QLabel))
    assert "a mistake in the program, not yours" in words
    assert "no personal data" in words


def test_it_can_be_copied(qtbot: QtBot, qapp: QApplication, dialog: CrashDialog):
    qtbot.mouseClick(dialog.copy_button, Qt.MouseButton.LeftButton)
    assert qapp.clipboard().text() == REPORT
    assert dialog.copy_button.text() == "Copied"


def test_it_is_closed_without_blocking_anything(
    qtbot: QtBot, dialog: CrashDialog, window: MainWindow
):
    with qtbot.waitSignal(dialog.finished):
        qtbot.mouseClick(dialog.close_button, Qt.MouseButton.LeftButton)
    window.tabs.go_to(1)
    assert window.tabs.currentIndex() == 1
