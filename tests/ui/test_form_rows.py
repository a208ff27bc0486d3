"""The rows of a form stand together at its top."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLineEdit, QPushButton

from invite_desktop.ui.tasks.form_rows import FormRows

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def test_what_is_left_of_a_tall_window_stays_under_the_last_part(qtbot: QtBot):
    rows = FormRows()
    qtbot.addWidget(rows)
    field, first, second = QLineEdit(), QPushButton("one"), QPushButton("two")
    rows.add_rows(field)
    rows.add_wide(first)
    rows.add_wide(second)
    rows.resize(600, 900)
    rows.show()
    qtbot.waitUntil(lambda: second.y() > 0)
    assert second.geometry().bottom() < 300
    assert second.y() - first.geometry().bottom() < 60
