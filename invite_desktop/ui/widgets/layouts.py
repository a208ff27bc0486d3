"""Rows of widgets with the distances of the visual language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout

from invite_desktop.ui.theme import Space

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


def line(*parts: QWidget | None, spacing: int = Space.SMALL) -> QHBoxLayout:
    """Put widgets side by side; None takes the room that is left."""
    row = QHBoxLayout()
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(spacing)
    for part in parts:
        if part is None:
            row.addStretch(1)
        else:
            row.addWidget(part)
    return row
