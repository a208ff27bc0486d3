"""Ways for a list to get into the window besides dropping it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.ui.translations import tr
from invite_desktop.ui.widgets.drop_area import dropped_paths

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtWidgets import QWidget

_PATTERNS = "*.csv *.tsv *.txt *.xlsx *.xls *.ods *.json *.ndjson *.jsonl"


def choose_files(parent: QWidget, chosen: Callable[[Sequence[Path]], None]) -> None:
    """Open the system's dialog for files; ``chosen`` gets what the user took."""
    dialog = QFileDialog(parent, tr("Choose lists of people"))
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
    dialog.setNameFilters(
        [tr("Lists of people ({patterns})", patterns=_PATTERNS), tr("All files (*)")]
    )
    dialog.filesSelected.connect(lambda names: chosen([Path(name) for name in names]))
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()


def choose_folder(parent: QWidget, chosen: Callable[[Sequence[Path]], None]) -> None:
    """Open the system's dialog for a folder; ``chosen`` gets what the user took."""
    dialog = QFileDialog(parent, tr("Choose a folder with lists of people"))
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    dialog.filesSelected.connect(lambda names: chosen([Path(name) for name in names]))
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()


def clipboard_contents() -> QMimeData:
    """Return what is on the clipboard."""
    # Qt answers None for a clipboard that nobody has filled; its type hints do not say so.
    return cast("QMimeData | None", QGuiApplication.clipboard().mimeData()) or QMimeData()


def paste_list(folder: Path) -> tuple[list[Path], bool]:
    """Return the list on the clipboard as ``list_of`` does."""
    return list_of(clipboard_contents(), folder)


def list_of(mime: QMimeData, folder: Path) -> tuple[list[Path], bool]:
    """Return the files that were copied or dragged, or their text written into a new file.

    The flag says that the file is ours, to be deleted after use. Raises KnownError when there is
    neither.
    """
    if paths := dropped_paths(mime):
        return paths, False
    text = mime.text()
    if not text.strip():
        raise KnownError(
            message("There is no list on the clipboard."),
            message("Copy the lines or cells with the people first, then paste here."),
        )
    suffix = "tsv" if "\t" in text else "txt"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{datetime.now().astimezone():pasted-%Y%m%d-%H%M%S-%f}.{suffix}"
    path.write_text(text, encoding="utf-8")
    return [path], True
