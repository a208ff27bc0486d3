"""Why a file cannot be imported, in words; every function returns a KnownError to raise."""

from __future__ import annotations

import errno
from contextlib import contextmanager
from typing import TYPE_CHECKING

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import Message, message
from invite_desktop.importing import limits

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_SAVE_AGAIN = message("Open it in the program that made it and save it again as CSV or XLSX.")
_EXPORT_AGAIN = message("Export or download the file once more.")
_SPLIT = message("Split it into several files and import them together.")
_LIST_FORMATS = message("Choose a list as CSV, XLSX, XLS, ODS, JSON or TXT.")


def _readable(path: Path) -> str:
    """Return a file's name as far as it is text: on Linux it can be any bytes."""
    return path.name.encode("utf-8", "replace").decode()


@contextmanager
def file_errors(path: Path) -> Iterator[None]:
    """Turn the operating system's refusals into KnownErrors while a file is read."""
    try:
        yield
    except OSError as error:
        raise _of_system(path, error) from error


def _of_system(path: Path, error: OSError) -> KnownError:
    if isinstance(error, FileNotFoundError):
        return not_found(path)
    if isinstance(error, IsADirectoryError):
        return is_directory(path)
    if isinstance(error, PermissionError) or error.errno in {errno.EACCES, errno.EPERM}:
        return KnownError(
            message("“{name}” may not be read by this program.", name=_readable(path)),
            message("Close it in other programs, or copy it into your own folder and try again."),
        )
    return KnownError(
        message("“{name}” could not be read from the disk.", name=_readable(path)),
        message("Copy the file to this computer and try again."),
    )


def not_found(path: Path) -> KnownError:
    """Return the refusal of a file that is not there."""
    return KnownError(
        message("“{name}” was not found.", name=_readable(path)),
        message("Check that the file was not moved or renamed."),
    )


def is_directory(path: Path) -> KnownError:
    """Return the refusal of a folder."""
    return KnownError(
        message("“{name}” is a folder, not a file.", name=_readable(path)),
        message("Choose the files inside it."),
    )


def not_a_file(path: Path) -> KnownError:
    """Return the refusal of a device, a pipe or a socket."""
    return KnownError(
        message("“{name}” is not an ordinary file.", name=_readable(path)), _LIST_FORMATS
    )


def empty(path: Path) -> KnownError:
    """Return the refusal of a file without content."""
    return KnownError(message("“{name}” is empty.", name=_readable(path)), _EXPORT_AGAIN)


def no_rows(path: Path) -> KnownError:
    """Return the refusal of a table that consists of its header."""
    return KnownError(
        message("“{name}” has a header but no rows.", name=_readable(path)), _EXPORT_AGAIN
    )


def foreign(path: Path, kind: Message) -> KnownError:
    """Return the refusal of a file that is known to be something else; ``kind`` says what."""
    return KnownError(
        message("“{name}” is {kind}, not a list of people.", name=_readable(path), kind=kind),
        _LIST_FORMATS,
    )


def not_text(path: Path) -> KnownError:
    """Return the refusal of bytes that are neither a text nor a workbook."""
    return KnownError(
        message("“{name}” is neither a text nor a table.", name=_readable(path)), _LIST_FORMATS
    )


def damaged_workbook(path: Path) -> KnownError:
    """Return the refusal of a workbook that cannot be opened."""
    return KnownError(
        message("“{name}” is damaged or is not really a workbook.", name=_readable(path)),
        _SAVE_AGAIN,
    )


def encrypted(path: Path) -> KnownError:
    """Return the refusal of a workbook or archive that asks for a password."""
    return KnownError(
        message("“{name}” is protected with a password.", name=_readable(path)),
        message("Save a copy without a password and import the copy."),
    )


def bomb(path: Path) -> KnownError:
    """Return the refusal of an archive that unpacks to much more than it says or should."""
    return KnownError(
        message(
            "“{name}” would unpack to an enormous size and was not opened.", name=_readable(path)
        ),
        _SAVE_AGAIN,
    )


def too_large(path: Path, limit: int) -> KnownError:
    """Return the refusal of a file beyond the cap of bytes."""
    return KnownError(
        message(
            "“{name}” is larger than {limit} MB.", name=_readable(path), limit=limit // 1024**2
        ),
        _SPLIT,
    )


def too_many_rows(path: Path) -> KnownError:
    """Return the refusal of a file beyond the cap of rows."""
    return KnownError(
        message(
            "“{name}” has more than {limit} rows.", name=_readable(path), limit=limits.MAX_ROWS
        ),
        _SPLIT,
    )


def too_many_columns(path: Path) -> KnownError:
    """Return the refusal of a table beyond the cap of columns."""
    return KnownError(
        message(
            "“{name}” has more than {limit} columns.",
            name=_readable(path),
            limit=limits.MAX_COLUMNS,
        ),
        message("Keep the columns with usernames, phones and names, and save the file again."),
    )


def too_many_cells(path: Path) -> KnownError:
    """Return the refusal of a sheet whose used area is too large to be held."""
    return KnownError(
        message("A sheet of “{name}” is spread over too many cells.", name=_readable(path)),
        message("Copy the list itself into a new workbook and save that."),
    )


def endless_record(path: Path, number: int) -> KnownError:
    """Return the refusal of a record that does not end; ``number`` is where it begins."""
    return KnownError(
        message("Row {row} of “{name}” does not end.", row=number, name=_readable(path)),
        message("A quotation mark is missing there, or the file is damaged: export it once more."),
    )


def long_record(path: Path, number: int) -> KnownError:
    """Return the refusal of a record beyond the cap of letters; ``number`` is where it begins."""
    return KnownError(
        message(
            "Row {row} of “{name}” has more than {limit} characters.",
            row=number,
            name=_readable(path),
            limit=limits.MAX_RECORD_CHARACTERS,
        ),
        message("Shorten the cell there, or add the quotation mark that it lacks at its end."),
    )


def deep_json(path: Path) -> KnownError:
    """Return the refusal of JSON beyond the cap of depth."""
    return KnownError(
        message("“{name}” is nested too deeply to be a list of people.", name=_readable(path)),
        _EXPORT_AGAIN,
    )


def cut_off(path: Path) -> KnownError:
    """Return the refusal of JSON whose end is missing."""
    return KnownError(
        message("“{name}” is cut off: its end is missing.", name=_readable(path)), _EXPORT_AGAIN
    )


def broken_json(path: Path) -> KnownError:
    """Return the refusal of a text that begins as JSON and is none."""
    return KnownError(message("“{name}” is not correct JSON.", name=_readable(path)), _EXPORT_AGAIN)


def broken_json_line(path: Path, number: int) -> KnownError:
    """Return the refusal of NDJSON; ``number`` is the line that is not correct."""
    return KnownError(
        message("Line {line} of “{name}” is not correct JSON.", line=number, name=_readable(path)),
        _EXPORT_AGAIN,
    )


def no_list(path: Path) -> KnownError:
    """Return the refusal of JSON in which nothing is a list."""
    return KnownError(
        message("“{name}” has no list of people inside.", name=_readable(path)), _EXPORT_AGAIN
    )


def no_key_column(path: Path) -> KnownError:
    """Return the refusal of a table in which nobody could be found on Telegram."""
    return KnownError(
        message(
            "No column with usernames, phones or Telegram ids was found in “{name}”.",
            name=_readable(path),
        ),
        message("Choose the column yourself, or export the list with one of these columns."),
    )


def no_sheet(path: Path, sheet: str) -> KnownError:
    """Return the refusal of a sheet that the workbook does not have."""
    return KnownError(
        message("“{name}” has no sheet “{sheet}”.", name=_readable(path), sheet=sheet[:80]),
        message("Choose one of its sheets."),
    )


def changed(path: Path) -> KnownError:
    """Return the refusal of a file that somebody wrote to meanwhile."""
    return KnownError(
        message("“{name}” was changed while it was being read.", name=_readable(path)),
        message("Wait until it is saved or downloaded completely, and import it again."),
    )
