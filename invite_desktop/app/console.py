"""What the command line prints: results to standard output, complaints to standard error."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from typing import TYPE_CHECKING

from invite_desktop.domain.messages import render

if TYPE_CHECKING:
    from collections.abc import Sequence

    from invite_desktop.domain.errors import KnownError
    from invite_desktop.domain.messages import Catalogue, Message


class Console:
    """Writes sentences in the user's language. ``quiet`` keeps them away from a JSON result."""

    def __init__(self, catalogue: Catalogue, *, quiet: bool = False) -> None:
        self._catalogue = catalogue
        self._quiet = quiet

    def words(self, item: Message) -> str:
        """Return a message in the user's language."""
        return render(item, self._catalogue, _written)

    def say(self, item: Message) -> None:
        """Print one sentence, unless only the result is wanted."""
        if not self._quiet:
            print(self.words(item), flush=True)

    def complain(self, error: KnownError) -> None:
        """Print what went wrong and what to do, as one line on standard error."""
        parts = [error.explanation, *([error.next_step] if error.next_step else [])]
        line = " ".join(self.words(part).replace("\n", " ") for part in parts)
        print(line, file=sys.stderr, flush=True)

    def result(self, value: object) -> None:
        """Print a result for scripts: one JSON document."""
        print(json.dumps(value, ensure_ascii=False, indent=2), flush=True)

    def table(self, rows: Sequence[tuple[str, str, int]]) -> None:
        """Print rows of two texts and a number, aligned, unless only the result is wanted."""
        if self._quiet:
            return
        first_width = max((len(first) for first, _, _ in rows), default=0)
        second_width = max((len(second) for _, second, _ in rows), default=0)
        for first, second, number in rows:
            print(f"  {first:<{first_width}}  {second:<{second_width}}  {number:>7}", flush=True)


def _written(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone().strftime("%Y-%m-%d %H:%M")
    if isinstance(value, float):
        return f"{value:g}"
    return value
