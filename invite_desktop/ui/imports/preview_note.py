"""How a file was understood, in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invite_desktop.ui.imports.preview_table import MOST_COLUMNS
from invite_desktop.ui.translations import tr, tr_n

if TYPE_CHECKING:
    from collections.abc import Iterator

    from invite_desktop.engine.ports.files import FilePreview


def note_of(preview: FilePreview) -> str:
    """Return format, encoding, what is not shown, and how many of the rows shown are marked."""
    return "  ·  ".join(_parts(preview))


def _parts(preview: FilePreview) -> Iterator[str]:
    words = [preview.format.upper(), preview.encoding] if preview.encoding else [preview.format]
    yield ", ".join(words)
    hidden = len(preview.fields) - MOST_COLUMNS
    if hidden > 0:
        yield tr_n(
            "{count} more column is read as it was recognised",
            "{count} more columns are read as they were recognised",
            hidden,
        )
    shown = len(preview.rows)
    if not preview.judged:
        yield tr("choose above which column holds a username, phone or id")
        return
    yield tr_n("the first {count} row", "the first {count} rows", shown)
    nobody = sum(1 for row in preview.judged if row.problem is not None)
    remarked = sum(1 for row in preview.judged if row.remarks)
    if nobody:
        yield tr_n("{count} names nobody (red)", "{count} name nobody (red)", nobody)
    if remarked:
        yield tr_n(
            "{count} has a cell that cannot be used (yellow)",
            "{count} have cells that cannot be used (yellow)",
            remarked,
        )
    if not nobody and not remarked:
        yield tr("nothing to complain about")
