"""What a cell becomes in a file that a spreadsheet opens: never a formula, always readable."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from invite_desktop.engine.ports.tables import Cell

_FORMULA_STARTS = frozenset("=+-@\t\r\n＝＋－＠")
"""Letters with which a spreadsheet may take a text for a formula (OWASP, CSV Injection)."""

LONGEST_TEXT = 32_767
"""Letters that a spreadsheet's cell holds at most (Excel specifications and limits)."""


def starts_a_formula(text: str) -> bool:
    """Return whether a spreadsheet could take this text for a formula."""
    return text[:1] in _FORMULA_STARTS


def plain(text: str) -> str:
    """Return a text that any file can hold: no NUL, no half of a character, not too long."""
    if not text.isascii():
        text = text.encode("utf-8", "replace").decode("utf-8")
    text = text.replace("\0", "")
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"


def harmless(text: str) -> str:
    """Return a text behind an apostrophe if it could be a formula; reading a list drops it."""
    text = plain(text)
    return f"'{text}" if starts_a_formula(text) else text


def local(moment: datetime) -> datetime:
    """Return a moment as this computer's clock on the wall showed it, to the second."""
    shown = moment.astimezone() if moment.tzinfo else moment
    return shown.replace(tzinfo=None, microsecond=0)


def csv_text(cell: Cell) -> str:
    """Return what stands in a CSV file for a cell."""
    if isinstance(cell, str):
        return harmless(cell)
    if isinstance(cell, datetime):
        return local(cell).isoformat(" ")
    return "" if cell is None else str(cell)
