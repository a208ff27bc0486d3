"""What keeps the window from opening is told in a box, also to those without a terminal."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMessageBox

from invite_desktop.app.arguments import Arguments
from invite_desktop.app.exit_codes import REFUSED
from invite_desktop.app.opening import open_window
from invite_desktop.app.paths import choose_profile
from invite_desktop.app.translations import load_catalogue

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def boxes(qapp: QApplication) -> list[str]:
    """Close every box at once; what it said is kept."""
    said: list[str] = []
    timer = QTimer(qapp, interval=20)

    def look() -> None:
        for box in qapp.topLevelWidgets():
            if isinstance(box, QMessageBox) and box.isVisible():
                said.append(box.text())
                box.reject()

    timer.timeout.connect(look)
    timer.start()
    yield said
    timer.stop()


@pytest.mark.qt_log_ignore("does not support propagateSizeHints")
def test_what_keeps_the_window_from_opening_is_told(
    tmp_path: Path, boxes: list[str], capsys: pytest.CaptureFixture[str]
):
    profile = choose_profile(tmp_path)
    profile.make()
    with sqlite3.connect(profile.database) as database:
        database.execute("create table diary (day text)")
        database.execute("pragma user_version = 9999")
    database.close()
    arguments = Arguments("window", profile=tmp_path, language="en")
    assert open_window(arguments, load_catalogue("en")) == REFUSED
    (told,) = boxes
    assert "is not a database of Invite Desktop" in told or "newer version" in told
    assert told in capsys.readouterr().err
