"""The report of a bug holds no personal data."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from invite_desktop.ui.crash_dialog import CrashReports, crash_report

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

    from invite_desktop.ui.main_window import MainWindow


def a_bug(words: str) -> BaseException:
    try:
        try:
            raise KeyError(words)
        except KeyError as cause:
            raise ValueError(words) from cause
    except ValueError as error:
        return error


@pytest.fixture
def reports(window: MainWindow) -> CrashReports:
    return CrashReports(window)


def test_it_names_kind_and_place_but_not_the_words():
    report = crash_report(a_bug("+79001234567"))
    assert "builtins.ValueError" in report
    assert "builtins.KeyError" in report
    assert "test_crash_dialog.py" in report
    assert "9001234567" not in report


def test_it_can_be_copied(qtbot: QtBot, qapp: QApplication, reports: CrashReports):
    dialog = reports.show(a_bug("x"))
    assert dialog is not None
    qtbot.mouseClick(dialog.copy_button, Qt.MouseButton.LeftButton)
    assert "ValueError" in qapp.clipboard().text()
    qtbot.mouseClick(dialog.close_button, Qt.MouseButton.LeftButton)


def test_one_bug_is_shown_once(reports: CrashReports):
    bug = a_bug("x")
    first = reports.show(bug)
    assert first is not None
    assert reports.show(bug) is None
    first.accept()
