"""Tests of the small forms of audiences."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtWidgets import QWidget

from invite_desktop.ui.audiences.audience_forms import NameForm

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from invite_desktop.ui.work import Work


def test_a_long_name_is_selected_and_shows_its_beginning(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    name = "Newsletter 2026 + " * 6
    form = NameForm(cast("Work", None), parent, "Unite audiences", name)

    form.open()
    qtbot.waitUntil(form.isVisible)

    assert form.name.selectedText() == name
    assert form.name.cursorPosition() == 0
