"""Every file of people that a marketer has, as the engine's port of files."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from invite_desktop.engine.ports.files import FilePreview, ReadOptions, ReadRow


class FilesOfPeople:
    """Reads CSV, TSV, XLSX, XLS, ODS, JSON, NDJSON and TXT.

    The same guesses serve the preview and the reading. A "Telegram" or username column, like a
    line of TXT, may hold any key: people write phones and ids there. With ``ReadOptions.columns``
    nothing is guessed: columns it does not name are extra.
    """

    def preview(self, path: Path, options: ReadOptions, limit: int = 200) -> FilePreview:
        """Return the shape of a file and its first rows, long cells cut.

        A file without a column of keys has a preview, so that the user can name the column;
        everything else that cannot be read raises KnownError.
        """
        # The readers' libraries cost 0.07 s, which the program's start shall not pay.
        from invite_desktop.importing import opened_files  # noqa: PLC0415 - see above

        return opened_files.preview_of(path, options, limit)

    def read(self, path: Path, options: ReadOptions) -> Iterator[ReadRow]:
        """Yield every record that is not blank, in order, in bounded memory.

        The file is opened and understood at once; KnownError is raised here for one that cannot
        be read at all, and while drawing rows when it turns out to be broken further on.
        """
        from invite_desktop.importing import opened_files  # noqa: PLC0415 - as in preview

        return opened_files.rows_of(path, options)

    def phone(self, text: str, region: str) -> str | None:
        """Return a phone in E.164, None when the text is no phone in this country's writing."""
        from invite_desktop.importing.phones import PhoneReader  # noqa: PLC0415 - as in preview

        return PhoneReader(region).read(text.strip())
