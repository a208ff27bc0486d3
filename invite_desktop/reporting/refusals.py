"""Why a file could not be saved, in words."""

from __future__ import annotations

import errno
from contextlib import contextmanager
from typing import TYPE_CHECKING

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


@contextmanager
def writing_errors(path: Path) -> Iterator[None]:
    """Turn the operating system's refusals into KnownErrors while a file is written."""
    try:
        yield
    except OSError as error:
        raise _of_system(path, error) from error


def unknown_format(path: Path, suffixes: Sequence[str]) -> KnownError:
    """Return the refusal of a file name with another ending."""
    return KnownError(
        message("“{name}” has an ending that this program cannot write.", name=path.name),
        message("Choose a name that ends with one of: {endings}.", endings=", ".join(suffixes)),
    )


def folder_in_the_way(path: Path) -> KnownError:
    """Return the refusal of a place where a folder stands."""
    return KnownError(
        message("“{name}” is the name of a folder.", name=path.name),
        message("Choose another name."),
    )


def _of_system(path: Path, error: OSError) -> KnownError:
    if error.errno in _FULL:
        return KnownError(
            message("There is no room left on the disk for “{name}”.", name=path.name),
            message("Free some space, or save the file on another disk."),
        )
    if isinstance(error, PermissionError) or error.errno == errno.EROFS:
        return KnownError(
            message("“{name}” may not be written here.", name=path.name),
            message("Close it in other programs, or choose another folder."),
        )
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return KnownError(
            message("The folder for “{name}” is not there.", name=path.name),
            message("Choose another folder."),
        )
    return KnownError(
        message("“{name}” could not be written to the disk.", name=path.name),
        message("Save the file on another disk."),
    )
