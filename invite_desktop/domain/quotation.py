"""Quotation marks inside quotation marks, as both languages of the program write them."""

from __future__ import annotations

_PAIRS = (("“", "”", "‘", "’"), ("«", "»", "„", "“"))
"""The outer marks and the inner ones: English, then Russian (Milchin, § 4.10)."""


def nested(text: str) -> str:
    """Return a text in which marks inside other marks of the kind are inner ones.

    Marks without a partner, as names may have them, stay as they are.
    """
    for opening, closing, inner_opening, inner_closing in _PAIRS:
        if text.count(opening) > 1:
            inner = {opening: inner_opening, closing: inner_closing}
            text = _inside(text, opening, inner)
    return text


def _inside(text: str, opening: str, inner: dict[str, str]) -> str:
    depth = 0
    written: list[str] = []
    for letter in text:
        if letter not in inner:
            written.append(letter)
            continue
        deepest = max(depth, depth := depth + (1 if letter == opening else -1))
        if depth < 0:
            return text
        written.append(inner[letter] if deepest > 1 else letter)
    return text if depth else "".join(written)
