"""Rows and columns of widgets with the distances of the visual language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

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


def field_column(field: QWidget) -> QVBoxLayout:
    """Return the column for the parts of one field of a form: close together, no margins."""
    column = QVBoxLayout(field)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(Space.HAIR)
    return column


def table_card(card: QWidget) -> QVBoxLayout:
    """Return the column of a card with a table, whose cells keep a distance of their own."""
    column = QVBoxLayout(card)
    column.setContentsMargins(Space.HAIR, Space.SMALL, Space.SMALL, Space.SMALL)
    column.setSpacing(Space.HAIR)
    return column


def button_and_words(pressed: QWidget, words: QWidget) -> QHBoxLayout:
    """Put a button beside the words about it, which take the room that is left."""
    row = line(pressed, words)
    row.setStretch(1, 1)
    return row
