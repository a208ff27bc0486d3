"""From dropped files to a named audience: preview, meaning of columns, basis, progress."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from invite_desktop.ui.imports.column_memory import ColumnMemory
from invite_desktop.ui.imports.file_list import FileList
from invite_desktop.ui.imports.form_fields import ImportFields
from invite_desktop.ui.imports.import_progress import ImportProgress
from invite_desktop.ui.imports.list_file import ListFile
from invite_desktop.ui.imports.preview_note import note_of
from invite_desktop.ui.imports.preview_table import PreviewTable
from invite_desktop.ui.imports.reading_fields import ReadingFields
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
        self._memory = ColumnMemory(context.settings)
        self._files: list[ListFile] = []
        self._current = 0
        self._own_files: list[Path] = []
        self._trouble: KnownError | None = None
        self._looking = Latest(context.work, "lists looked at")
        self._import: asyncio.Task[None] | None = None
        self.reading = ReadingFields()
        self.files = FileList()
        self.fields = ImportFields()
        self.preview = PreviewTable()
        self.unreadable = EmptyState("warning")
        self.opening = EmptyState("search")
        self._middle = QStackedWidget()
        self.error = FieldError()
        self.note = label("muted", wrapped=True)
        self.progress = ImportProgress(context.bridge)
        self.reading.region.choose(str(context.settings.value(_REGION_KEY, "")))
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
        self._looking.start(self._take(list(paths), pasted=ours), self._nothing_there)

    def retranslate(self) -> None:
        """Write every text anew."""
        self.preview.setAccessibleName(tr("First rows of the list"))
        self.reading.retranslate()
        self.files.retranslate()
        self.fields.retranslate()
        self.progress.retranslate()
        self._say_title()
        if (file := self._file) is not None and file.preview is not None:
            self.preview.retranslate(file.preview)
            self.note.setText(note_of(file.preview))
        if self._trouble is not None:
            self._say_trouble(self._trouble)

    # ------------------------------------------------------------ looking at files

    @property
    def _file(self) -> ListFile | None:
        return self._files[self._current] if self._files else None

    @property
    def _ready_files(self) -> list[ListFile]:
        return [file for file in self._files if file.wanted and file.usable]

    async def _take(self, paths: list[Path], *, pasted: bool) -> None:
        found = await files_of(paths)
        self._files, self._current = [ListFile(path) for path in found], 0
        name = paths[0].name if len(paths) == 1 and paths[0].is_dir() else found[0].stem
        self.fields.begin(tr("Pasted list") if pasted else name)
        self._say_title()
        self.files.show_files(self._files)
        self._show_current()
        await self._look()

    def _say_title(self) -> None:
        if not self._files:
            return
        paths = list(dict.fromkeys(file.path for file in self._files))
        several = tr_n("{count} file", "{count} files", len(paths))
        title = paths[0].name if len(paths) == 1 else several
        self.reading.show_title(title)
        self.fields.show_files(title)

    async def _look(self) -> None:
        """Look at every file that is not known yet, the one that is shown first."""
        imports, region = self._context.engine.imports, self.reading.region.chosen
        waiting = [file for file in self._files if not file.known]
        for file in sorted(waiting, key=lambda file: file is not self._file):
            judged_only = file.preview is not None
            await file.look(imports, self._memory, region)
            self.files.show_states()
            if file is self._file and judged_only and file.preview is not None:
                self._show_judgement(file.preview)
            elif file is self._file:
                self._show_current()
        self._allow_import()

    def _show_judgement(self, preview: FilePreview) -> None:
        self.preview.judge_again(preview)
        self.note.setText(note_of(preview))

    def _show_current(self) -> None:
        file = self._file
        if file is None:
            return
        self.reading.show_file(file)
        if file.preview is not None:
            self._trouble = None
            self.preview.show_preview(file.preview)
            self.note.setText(note_of(file.preview))
            self._middle.setCurrentWidget(self.preview)
        elif file.problem is not None:
            self._show_trouble(file.problem)
        else:
            self._show_opening()
        self._allow_import()

    def _show_opening(self) -> None:
        """Show no longer what another file looked like."""
        self._trouble = None
        self.opening.say(tr("Reading…"), "")
        self.note.setText("")
        self._middle.setCurrentWidget(self.opening)

    def _nothing_there(self, error: KnownError) -> None:
        self._files = []
        self.files.show_files([])
        self._show_trouble(error)
        self._allow_import()

    def _show_trouble(self, error: KnownError) -> None:
        self._trouble = error
        self._say_trouble(error)
        self._middle.setCurrentWidget(self.unreadable)
        self.note.setText("")

    def _say_trouble(self, error: KnownError) -> None:
        next_step = show(error.next_step) if error.next_step else ""
        self.unreadable.say(show(error.explanation), next_step)

    def _allow_import(self) -> None:
        known = [file for file in self._files if file.preview is not None and file.wanted]
        self.fields.allow_import(allowed=bool(known))

    def _choose_file(self, position: int) -> None:
        self._current = position
        self.error.clear()
        self._show_current()

    def _read_again(self) -> None:
        """Read the file that is shown in the way that was chosen now."""
        if (file := self._file) is None:
            return
        file.header_row, file.sheet = self.reading.header_row, self.reading.sheet
        file.forget()
        self.error.clear()
        self._looking.start(self._look())

    def _take_sheets_apart(self) -> None:
        if (file := self._file) is None:
            return
        at = self._current
        self._files[at : at + 1] = file.sheets_apart()
        self.files.show_files(self._files, at)
        self._looking.start(self._look())

    def _region_chosen(self) -> None:
        self._context.settings.setValue(_REGION_KEY, self.reading.region.chosen)
        for file in self._files:
            file.forget()
        self._looking.start(self._look())

    def _mapping_changed(self) -> None:
        """Let what the user says of the columns hold for all files of the same shape."""
        file = self._file
        if file is None or file.preview is None:
            return
        fields = list(self.preview.mapping_of(file.preview).values())
        self._memory.remember(file.shape, fields)
        for each in self._files:
            if each.shape == file.shape and each.preview is not None:
                each.take_columns(fields)
        self._looking.start(self._look())

    def _tell_reason(self, reason: str) -> None:
        """Say what is wrong with the cell that is current, else how the file was understood."""
        if (file := self._file) is not None and file.preview is not None:
            self.note.setText(reason or note_of(file.preview))

    # ------------------------------------------------------------ the import

    def _start(self) -> None:
        if self.busy or not self.fields.import_button.isEnabled() or not self.fields.complete():
            return
        self.error.clear()
        self._import = self._context.work.start(self._run(), "import", self._refused)

    async def _run(self) -> None:
        basis = self.fields.basis
        if basis is None:
            raise ValueError("an import needs a basis")
        region = self.reading.region.chosen
        # Not before the first step: whoever is stopped before it never comes to an end either.
        self._set_busy(busy=True)
        try:
            await self._look()
            # A list without a column of people is left to the engine if it is all there is, for
            # the engine's words.
            wanted = self._ready_files or [file for file in self._files if file.preview is not None]
            report = await self._context.engine.imports.run(
                [file.to_import(region) for file in wanted],
                basis,
                self.fields.name,
                source=self.fields.source,
            )
        except asyncio.CancelledError:
            self.error.say(tr("The import was cancelled. Nothing was stored."))
            raise
        finally:
            self._set_busy(busy=False)
        self._forget_own_files()
        self.imported.emit(report)

    def _refused(self, error: KnownError) -> None:
        """Say what went wrong; a file that turned out to be broken is left out the next time."""
        self.error.refuse(error)
        name = error.explanation.values.get("name")
        broken = [file for file in self._ready_files if file.path.name == name]
        if len(self._files) > 1 and broken:
            for file in broken:
                file.preview, file.problem = None, error
            self.files.show_states()
            self._allow_import()

    def _cancel(self) -> None:
        if self._import is not None:
            self._import.cancel()

    def _leave(self) -> None:
        self._looking.cancel()
        self._forget_own_files()
        self._files = []
        self.error.clear()
        self.left.emit()

    def _set_busy(self, *, busy: bool) -> None:
        self.progress.run(running=busy)
        for part in (self.fields, self.preview, self.reading, self.files):
            part.setEnabled(not busy)
        if busy:
            self.progress.cancel_button.setFocus()

    def _forget_own_files(self) -> None:
        for path in self._own_files:
            path.unlink(missing_ok=True)
        self._own_files = []

    # ------------------------------------------------------------ building

    def _connect(self) -> None:
        self.reading.changed.connect(self._read_again)
        self.reading.sheets_apart_requested.connect(self._take_sheets_apart)
        self.reading.region.activated.connect(self._region_chosen)
        self.files.chosen.connect(self._choose_file)
        self.files.ticked.connect(self._allow_import)
        self.fields.import_requested.connect(self._start)
        self.fields.leave_requested.connect(self._leave)
        self.preview.mapping_changed.connect(self._mapping_changed)
        self.preview.reason_told.connect(self._tell_reason)
        self.progress.cancel_requested.connect(self._cancel)
        language_changed().changed.connect(self.retranslate)

    def _lay_out(self) -> None:
        self._middle.addWidget(self.preview)
        self._middle.addWidget(self.unreadable)
        self._middle.addWidget(self.opening)
        middle = QHBoxLayout()
        middle.setSpacing(Space.SMALL)
        middle.addWidget(self.files)
        middle.addWidget(self._middle, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.SMALL)
        column.addWidget(self.reading)
        column.addLayout(middle, 1)
        for part in (self.note, self.error, self.progress, self.fields):
            column.addWidget(part)
