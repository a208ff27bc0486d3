"""Rows of a table as text for the clipboard: cells apart by tabs, one row a line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

from invite_desktop.ui.widgets.columns import CellRole

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from PySide6.QtCore import QItemSelectionRange
    from PySide6.QtWidgets import QTableView

MOST_ROWS = 10_000
"""More belongs into a file."""

_HARMLESS = re.compile(r"[+\-@]?[\w .()\-]*")
"""A name, phone, id or number; anything else after these signs may be a formula."""


def copied_rows(table: QTableView) -> tuple[str, int]:
    """Return the chosen rows as text, and how many they are.

    Hidden columns and rows that have not been fetched are left out.
    """
    shown = [
        column for column in range(table.model().columnCount()) if not table.isColumnHidden(column)
    ]
    header = table.horizontalHeader()
    columns = sorted(shown, key=header.visualIndex)
    model = table.model()
    lines = [
        "\t".join(_cell(model.index(row, column).data()) for column in columns)
        for row in _chosen_rows(table)
        if model.index(row, 0).data(CellRole.ROW) is not None
    ]
    return "\n".join(lines), len(lines)


def _chosen_rows(table: QTableView) -> Iterator[int]:
    """Return the first chosen rows, from top to bottom, without asking for a million indexes."""
    left = MOST_ROWS
    chosen = cast("Sequence[QItemSelectionRange]", table.selectionModel().selection())
    ranges = sorted((each.top(), each.bottom()) for each in chosen)
    for top, bottom in ranges:
        for row in range(top, min(bottom, top + left - 1) + 1):
            left -= 1
            yield row


def _cell(value: object) -> str:
    """Return a cell that no spreadsheet takes for a formula, nor for several cells."""
    text = " ".join(str("" if value is None else value).split())
    dangerous = text[:1] in ("=", "+", "-", "@") and not _HARMLESS.fullmatch(text)
    return f"'{text}" if dangerous else text
