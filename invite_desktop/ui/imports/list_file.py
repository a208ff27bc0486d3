"""One file, or one sheet of it, on its way to an import."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from invite_desktop.domain.errors import KnownError
from invite_desktop.engine.ports.files import ImportFile, ReadOptions
from invite_desktop.ui.imports.column_memory import shape_of
from invite_desktop.ui.translations import show, tr

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from invite_desktop.engine.imports import Imports
    from invite_desktop.engine.ports.files import FilePreview
    from invite_desktop.ui.imports.column_memory import ColumnMemory

KEY_FIELDS = frozenset({"username", "phone", "telegram_id"})


@dataclass(slots=True, eq=False)
class ListFile:
    """What is known of a file, and how the user wants it to be read.

    ``sheet`` None: the first one that is not blank. ``header_row`` None: as recognised, 0: none.
    ``known``: what is said here of its contents is no longer waited for.
    """

    path: Path
    sheet: str | None = None
    header_row: int | None = None
    wanted: bool = True
    preview: FilePreview | None = None
    problem: KnownError | None = None
    columns: Sequence[str] | None = None
    shape: str = ""
    known: bool = False

    @property
    def label(self) -> str:
        """Return the file's name, with its sheet when one was chosen."""
        return self.path.name if self.sheet is None else f"{self.path.name} · {self.sheet}"

    @property
    def usable(self) -> bool:
        """Return whether an import can begin with this file."""
        return self.preview is not None and not KEY_FIELDS.isdisjoint(self.preview.fields)

    def options(self, region: str) -> ReadOptions:
        """Return how to read the file."""
        return ReadOptions(
            region=region,
            has_header=False if self.header_row == 0 else None,
            header_row=self.header_row or None,
            sheet=self.sheet,
            columns=None if self.columns is None else dict(enumerate(self.columns)),
        )

    def to_import(self, region: str) -> ImportFile:
        """Return the file for the engine."""
        return ImportFile(self.path, self.options(region))

    def forget(self) -> None:
        """Forget what the file looks like: it is to be read in another way."""
        self.preview = self.problem = self.columns = None
        self.known = False

    def take_columns(self, fields: Sequence[str]) -> None:
        """Take what the user said of the columns; what becomes of the rows is not known yet."""
        self.columns, self.known = fields, False
        if self.preview is not None:
            self.preview = replace(self.preview, fields=fields)

    async def look(self, imports: Imports, memory: ColumnMemory, region: str) -> None:
        """Find out what the file looks like; what the user has said of such columns holds."""
        as_guessed = replace(self.options(region), columns=None)
        try:
            preview = await imports.preview(self.path, as_guessed)
            self.shape = shape_of(preview)
            columns = memory.recall(self.shape)
            if columns is not None:
                as_told = replace(as_guessed, columns=dict(enumerate(columns)))
                preview = await imports.preview(self.path, as_told)
        except KnownError as error:
            self.forget()
            self.problem = error
        else:
            self.columns, self.preview, self.problem = columns, preview, None
        self.known = True

    def sheets_apart(self) -> list[ListFile]:
        """Return every sheet of a workbook as a file of its own."""
        sheets = self.preview.sheets if self.preview else ()
        return [ListFile(self.path, sheet, self.header_row) for sheet in sheets]


def status_of(file: ListFile) -> str:
    """Return in a few words where a file stands."""
    if file.problem is not None:
        return show(file.problem.explanation)
    if file.preview is None:
        return tr("Reading…")
    if not file.usable:
        return tr("no column names people")
    wrong = sum(1 for row in file.preview.judged if row.problem is not None)
    if wrong:
        return tr("{wrong} of {shown} rows are no use", wrong=wrong, shown=len(file.preview.rows))
    return tr("Ready")
