"""From dropped files to a named audience: preview, meaning of columns, basis, progress."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from invite_desktop.engine.ports.files import ReadOptions
from invite_desktop.ui.imports.form_fields import ImportFields
from invite_desktop.ui.imports.import_progress import ImportProgress
from invite_desktop.ui.imports.preview_table import MOST_COLUMNS, PreviewTable
from invite_desktop.ui.theme import Space
from invite_desktop.ui.translations import language_changed, show, tr, tr_n
from invite_desktop.ui.widgets.drop_area import files_of
from invite_desktop.ui.widgets.pieces import EmptyState, FieldError, label
from invite_desktop.ui.work import Latest

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from invite_desktop.domain.errors import KnownError
    from invite_desktop.engine.ports.files import FilePreview
    from invite_desktop.ui.context import ScreenContext

_REGION_KEY = "import/region"


class ImportForm(QWidget):
    """Everything the user decides about one import.

    ``imported`` carries the ImportReport; ``left`` says that the user gave it up.
    """

    imported = Signal(object)
    left = Signal()

    def __init__(self, context: ScreenContext) -> None:
        super().__init__()
        self._context = context
        self._paths: list[Path] = []
        self._own_files: list[Path] = []
        self._preview: FilePreview | None = None
        self._mapped = False
        self._trouble: KnownError | None = None
        self._reading = Latest(context.work, "preview of a list")
        self._import: asyncio.Task[None] | None = None
        self.fields = ImportFields()
        self.preview = PreviewTable()
        self.unreadable = EmptyState("warning")
        self._middle = QStackedWidget()
        self.error = FieldError()
        self.note = label("muted", wrapped=True)
        self.progress = ImportProgress(context.bridge)
        self.fields.reading.region.choose(str(context.settings.value(_REGION_KEY, "")))
        self._lay_out()
        self._connect()
        self.retranslate()

    @property
    def busy(self) -> bool:
        """Return whether an import is under way."""
        return self._import is not None and not self._import.done()

    def offer(self, paths: Sequence[Path], *, ours: bool = False) -> None:
        """Show what is in these files and folders; ``ours``: delete them after use."""
        if self.busy:
            self.error.say(tr("Wait until this import is done, or cancel it."))
            return
        self._forget_own_files()
        self._own_files = list(paths) if ours else []
        self.error.clear()
        self._reading.start(self._take(list(paths), pasted=ours), self._unreadable)

    def retranslate(self) -> None:
        """Write every text anew."""
        self.preview.setAccessibleName(tr("First rows of the list"))
        self.fields.retranslate()
        self.progress.retranslate()
        if self._preview is not None:
            self.preview.retranslate(self._preview)
            self.note.setText(_note(self._preview, files=len(self._paths)))
        if self._trouble is not None:
            self._say_trouble(self._trouble)

    async def _take(self, paths: list[Path], *, pasted: bool) -> None:
        self._paths = await files_of(paths)
        name = tr("Pasted list") if pasted else self._paths[0].stem
        self.fields.show_files(self._paths, name)
        await self._read(ReadOptions(region=self.fields.reading.region.chosen))

    async def _read(self, options: ReadOptions) -> None:
        path = self._paths[self.fields.file_position]
        self._show(await self._context.engine.imports.preview(path, options))

    def _show(self, preview: FilePreview) -> None:
        self._preview, self._mapped, self._trouble = preview, False, None
        several = len(self._paths) > 1
        self.preview.show_preview(preview)
        self.preview.mapping.set_editable(editable=not several)
        self.fields.show_preview(preview, several=several)
        self._middle.setCurrentWidget(self.preview)
        self.note.setText(_note(preview, files=len(self._paths)))

    def _unreadable(self, error: KnownError) -> None:
        self._preview = None
        self._trouble = error
        self._say_trouble(error)
        self._middle.setCurrentWidget(self.unreadable)
        self.note.setText("")
        self.fields.show_unreadable()

    def _say_trouble(self, error: KnownError) -> None:
        next_step = show(error.next_step) if error.next_step else ""
        self.unreadable.say(show(error.explanation), next_step)

    def _read_again(self) -> None:
        if self._paths:
            self.error.clear()
            self._reading.start(self._read(self.fields.options()), self._unreadable)

    def _mapping_changed(self) -> None:
        self._mapped = True

    def _start(self) -> None:
        if self._preview is None or self.busy or not self.fields.complete():
            return
        self.error.clear()
        self._set_busy(busy=True)
        self._import = self._context.work.start(self._run(), "import", self._refused)

    async def _run(self) -> None:
        basis = self.fields.basis
        if basis is None:
            raise ValueError("an import needs a basis")
        try:
            report = await self._context.engine.imports.run(
                self._paths, basis, self.fields.name, self._options()
            )
        except asyncio.CancelledError:
            self.error.say(tr("The import was cancelled. Nothing was stored."))
            raise
        finally:
            self._set_busy(busy=False)
        self._forget_own_files()
        self.imported.emit(report)

    def _options(self) -> ReadOptions:
        options = self.fields.options()
        if not self._mapped or self._preview is None:
            return options
        columns = self.preview.mapping_of(self._preview)
        return replace(options, columns=columns)

    def _refused(self, error: KnownError) -> None:
        self.error.refuse(error)

    def _cancel(self) -> None:
        if self._import is not None:
            self._import.cancel()

    def _leave(self) -> None:
        self._reading.cancel()
        self._forget_own_files()
        self._paths, self._preview = [], None
        self.error.clear()
        self.left.emit()

    def _set_busy(self, *, busy: bool) -> None:
        self.progress.run(running=busy)
        self.fields.setEnabled(not busy)
        self.preview.setEnabled(not busy)
        if busy:
            self.progress.cancel_button.setFocus()

    def _region_chosen(self) -> None:
        self._context.settings.setValue(_REGION_KEY, self.fields.reading.region.chosen)
        if not self._mapped:  # what the user has said of the columns is not guessed anew
            self._read_again()

    def _forget_own_files(self) -> None:
        for path in self._own_files:
            path.unlink(missing_ok=True)
        self._own_files = []

    def _connect(self) -> None:
        self.fields.reading_changed.connect(self._read_again)
        self.fields.reading.region.activated.connect(self._region_chosen)
        self.fields.import_requested.connect(self._start)
        self.fields.leave_requested.connect(self._leave)
        self.preview.mapping_changed.connect(self._mapping_changed)
        self.progress.cancel_requested.connect(self._cancel)
        language_changed().changed.connect(self.retranslate)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.SMALL)
        column.addWidget(self.fields.reading)
        self._middle.addWidget(self.preview)
        self._middle.addWidget(self.unreadable)
        column.addWidget(self._middle, 1)
        column.addWidget(self.note)
        column.addWidget(self.error)
        column.addWidget(self.progress)
        column.addWidget(self.fields)


def _note(preview: FilePreview, *, files: int) -> str:
    """Return how the file was understood, in one line."""
    words = [preview.format.upper(), preview.encoding] if preview.encoding else [preview.format]
    parts = [", ".join(words)]
    hidden = len(preview.fields) - MOST_COLUMNS
    if hidden > 0:
        parts.append(
            tr_n(
                "{count} more column is read as it was recognised",
                "{count} more columns are read as they were recognised",
                hidden,
            )
        )
    if files > 1:
        parts.append(tr("the columns of several files are recognised one file at a time"))
    return "  ·  ".join(parts)
