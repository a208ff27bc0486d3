"""What the readers of all formats have in common: a table of text cells, read as often as asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class Table(Protocol):
    """One opened file. ``names`` are the columns' own names, None when a row may hold them.

    ``names`` may grow while the records are drawn: JSON brings new keys at any time.
    """

    @property
    def format(self) -> str:
        """Return the format's name, as a preview shows it."""
        ...

    @property
    def encoding(self) -> str:
        """Return the encoding's name, empty for workbooks."""
        ...

    @property
    def sheet(self) -> str:
        """Return the name of the sheet that is read, empty for other formats."""
        ...

    @property
    def sheets(self) -> Sequence[str]:
        """Return the sheets' names, none for other formats."""
        ...

    @property
    def names(self) -> Sequence[str] | None:
        """Return the names of the columns known so far, None when the format has none."""
        ...

    @property
    def separator(self) -> str:
        """Return the character between the cells, empty for formats without one."""
        ...

    @property
    def one_column(self) -> bool:
        """Return whether every record is one text, whatever it holds."""
        ...

    def records(self) -> Iterator[tuple[int, list[str]]]:
        """Yield number and cells of every record from the first; blank ones may be left out.

        Raises KnownError when the file turns out to be broken.
        """
        ...


def column_letters(position: int) -> str:
    """Return the name that spreadsheets give a column without one; 0 is A, 26 is AA."""
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
