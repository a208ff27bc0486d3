from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from invite_desktop.ui.widgets.drop_area import DropArea

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

HOW = (Qt.DropAction.CopyAction,)
KEYS = (Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)


def dropped(area: DropArea, mime: QMimeData, *, silent: bool) -> list[list[Path]]:
    """Drag and drop contents; ``silent``: their source no longer tells them at the drop."""
    heard: list[list[Path]] = []
    area.paths_dropped.connect(heard.append)
    QApplication.sendEvent(area, QDragEnterEvent(QPoint(9, 9), *HOW, mime, *KEYS))
    if silent:
        mime.clear()
    drop = QDropEvent(QPointF(9, 9), *HOW, mime, *KEYS, QEvent.Type.Drop)
    QApplication.sendEvent(area, drop)
    return heard


def test_a_source_that_falls_silent_at_the_drop_loses_no_list(qtbot: QtBot, tmp_path: Path):
    area = DropArea()
    qtbot.addWidget(area)
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path / "guests.csv"))])
    assert dropped(area, mime, silent=True) == [[tmp_path / "guests.csv"]]


def test_a_drop_without_files_is_no_list(qtbot: QtBot):
    area = DropArea()
    qtbot.addWidget(area)
    mime = QMimeData()
    mime.setText("guests")
    assert dropped(area, mime, silent=False) == []
