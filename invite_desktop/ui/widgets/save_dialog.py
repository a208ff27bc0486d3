"""Where a table is to be saved, asked with the system's own dialog."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog

from invite_desktop.ui.translations import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from PySide6.QtWidgets import QWidget

_FORBIDDEN = re.compile(r'[\\/:*?"<>|.\x00-\x1f]+')


def choose_place(
    parent: QWidget,
    title: str,
    name: str,
    chosen: Callable[[Path], None],
    kinds: Mapping[str, str] | None = None,
) -> None:
    """Ask for a file to write, named ``name`` at first; ``chosen`` gets it with its suffix.

    ``kinds`` are suffixes by the words of their filter, those of tables if left out.
    """
    kinds = kinds or {tr("Excel workbook (*.xlsx)"): "xlsx", tr("CSV table (*.csv)"): "csv"}
    dialog = QFileDialog(parent, title)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilters(list(kinds))
    dialog.setDefaultSuffix(next(iter(kinds.values())))
    dialog.filterSelected.connect(lambda kind: dialog.setDefaultSuffix(kinds[kind]))
    dialog.selectFile(file_name(name))
    dialog.fileSelected.connect(lambda path: chosen(Path(path)))
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()


def file_name(name: str) -> str:
    """Return a name without what some system does not allow, and without what looks a suffix."""
    return " ".join(_FORBIDDEN.sub(" ", name).split()).strip(" .")[:100] or "table"
