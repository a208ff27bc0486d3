"""Keeps the Russian catalogue in step with the texts in the code.

``python -m tests.architecture.catalogue`` collects the texts anew, merges them into the .po file
and compiles it; with ``--check`` it only says what is missing, and fails if anything is.
"""

from __future__ import annotations

import io
import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from babel.messages.catalog import Message

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "invite_desktop"
PO = ROOT / "resources" / "translations" / "ru" / "LC_MESSAGES" / "invite_desktop.po"
MO = PO.with_suffix(".mo")

KEYWORDS = {"message": None, "counted": (1, 2), "tr": None, "tr_n": (1, 2)}
_PLACE = re.compile(r"\{(\w*)[^{}]*\}")
_FORMS = 3
_DAY = datetime(2026, 11, 23, tzinfo=UTC)
"""The same for ever: a date that moves with every update would be noise in the history."""
_SOURCE_OF_THE_WORDS = "domain/messages.py"
"""Defines ``message`` and ``counted`` itself and has no text of its own."""


def extracted() -> Catalog:
    """Return a catalogue of every text in the package, with the files where they stand."""
    catalogue = Catalog()
    found = extract_from_dir(PACKAGE, [("**.py", "python")], keywords=KEYWORDS)
    for filename, _line, text, _comments, context in found:
        if filename != _SOURCE_OF_THE_WORDS:
            catalogue.add(text, locations=[(f"invite_desktop/{filename}", 0)], context=context)
    return catalogue


def translated() -> Catalog:
    """Return the Russian catalogue as it is kept."""
    if not PO.exists():
        return Catalog(
            locale="ru",
            domain="invite_desktop",
            header_comment="# Russian texts of Invite Desktop.",
            project="Invite Desktop",
            version="1",
            msgid_bugs_address="none",
            last_translator="none",
            language_team="none",
            creation_date=_DAY,
            revision_date=_DAY,
            fuzzy=False,
        )
    with PO.open("rb") as file:
        return read_po(file, locale="ru", domain="invite_desktop")


def entries(catalogue: Catalog) -> Iterator[Message]:
    """Yield the texts of a catalogue, without its header."""
    return (entry for entry in catalogue if entry.id)


def complaints() -> list[str]:
    """Say everything that keeps the Russian catalogue from being complete."""
    kept, wanted = translated(), extracted()
    known = {entry.id for entry in entries(kept)}
    needed = {entry.id for entry in entries(wanted)}
    return [
        *(f"not in the catalogue: {text!r}" for text in sorted(needed - known, key=str)),
        *(f"not in the code any more: {text!r}" for text in sorted(known - needed, key=str)),
        *(f"kept though obsolete: {text!r}" for text in kept.obsolete),
        *(trouble for entry in entries(kept) for trouble in _troubles(entry)),
        *([] if compiled(kept) == _bytes_of(MO) else [f"{MO.name} is older than {PO.name}"]),
    ]


def compiled(catalogue: Catalog) -> bytes:
    """Return the catalogue as gettext reads it."""
    target = io.BytesIO()
    write_mo(target, catalogue)
    return target.getvalue()


def update(additions: Iterable[Path]) -> None:
    """Bring the .po and .mo files in step with the code, with translations from other files.

    A text already translated keeps its translation; an addition fills what is empty.
    """
    catalogue = translated()
    catalogue.update(extracted(), no_fuzzy_matching=True, update_creation_date=False)
    catalogue.obsolete.clear()
    for path in additions:
        _fill_from(catalogue, path)
    PO.parent.mkdir(parents=True, exist_ok=True)
    with PO.open("wb") as file:
        write_po(file, catalogue, width=100, sort_output=True, include_lineno=False)
    MO.write_bytes(compiled(translated()))


def _fill_from(catalogue: Catalog, path: Path) -> None:
    with path.open("rb") as file:
        for addition in entries(read_po(file, locale="ru", ignore_obsolete=True)):
            entry = catalogue.get(addition.id)
            if entry is not None and (entry.fuzzy or not _complete(entry)):
                entry.string = addition.string
                entry.flags.discard("fuzzy")


def _troubles(entry: Message) -> Iterator[str]:
    if not _complete(entry):
        yield f"not translated: {entry.id!r}"
        return
    if entry.fuzzy:
        yield f"only guessed: {entry.id!r}"
    if _places([entry.id] if isinstance(entry.id, str) else entry.id) != _places(_strings(entry)):
        yield f"other places than in English: {entry.id!r}"


def _complete(entry: Message) -> bool:
    forms = 1 if isinstance(entry.id, str) else _FORMS
    strings = _strings(entry)
    return len(strings) == forms and all(strings)


def _strings(entry: Message) -> list[str]:
    return [entry.string] if isinstance(entry.string, str) else list(entry.string or ())


def _places(texts: Iterable[str]) -> set[frozenset[str]]:
    """Return the named places of all texts; a count may be left out where a form says it."""
    return {frozenset(_PLACE.findall(text)) - {"count"} for text in texts}


def _bytes_of(path: Path) -> bytes:
    return path.read_bytes() if path.exists() else b""


def main(given: list[str]) -> int:
    """Update the catalogue from the .po files named, or with ``--check`` only look."""
    if given != ["--check"]:
        update(Path(name) for name in given)
    found = complaints()
    print("\n".join(found) or f"{len(list(entries(translated())))} texts, all in Russian too")  # noqa: T201 - a command
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
