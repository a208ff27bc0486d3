"""JSON: an array, an object with a list inside at any level, or one object a line (NDJSON)."""

from __future__ import annotations

import json
from contextlib import contextmanager
from decimal import Decimal
from itertools import islice
from math import isfinite, isnan
from typing import TYPE_CHECKING

from invite_desktop.importing import limits, refusals
from invite_desktop.importing.json_events import JsonEvents, find_list
from invite_desktop.importing.tables import column_letters
from invite_desktop.importing.text_blocks import text_blocks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from invite_desktop.importing.detection import Detected


_EXACT = 10**15
"""Beyond this a floating-point number has lost digits."""


class JsonTable:
    """Objects as rows: a key is a column, ``a.b`` for an object in an object.

    A record's number is its place in the list. ``names`` has the keys of the first records when a
    table is opened, and grows when a later record brings a new one.
    """

    sheet = ""
    sheets = ()
    separator = ""

    def __init__(
        self, path: Path, detected: Detected, items: Callable[[], Iterator[object]]
    ) -> None:
        self._path = path
        self._items = items
        self._positions: dict[str, int] = {}
        self.format = detected.format
        self.encoding = detected.encoding.title
        first = list(islice(items(), limits.SAMPLE_RECORDS))
        for item in first:
            self._cells(item)
        objects = sum(isinstance(item, dict) for item in first)
        self._named = objects > 0
        self.one_column = not self._named and not any(isinstance(item, list) for item in first)

    @property
    def names(self) -> Sequence[str] | None:
        """Return the keys met so far, None when the list holds no objects."""
        return list(self._positions) if self._named else None

    def records(self) -> Iterator[tuple[int, list[str]]]:
        """Yield every item of the list, its cells in the order of ``names``."""
        for number, item in enumerate(self._items(), 1):
            yield number, self._cells(item)

    def _cells(self, item: object) -> list[str]:
        positions = self._positions
        cells = [""] * len(positions)
        for name, value in _flat(item):
            position = positions.get(name)
            if position is None:
                if len(positions) >= limits.MAX_COLUMNS:
                    raise refusals.too_many_columns(self._path)
                position = positions[name] = len(positions)
            if position >= len(cells):
                cells += [""] * (position + 1 - len(cells))
            cells[position] = value
        return cells


def open_json(path: Path, detected: Detected) -> JsonTable:
    """Open the list inside a JSON document that looks most like people.

    Raises KnownError when there is none, and for JSON that is broken, cut off or too deep.
    """
    place = find_list(path, detected.encoding)

    def items() -> Iterator[object]:
        return JsonEvents(path, detected.encoding).items(place)

    return JsonTable(path, detected, items)


def open_ndjson(path: Path, detected: Detected) -> JsonTable:
    """Open a file with one JSON value a line. Raises KnownError for a line that is none."""

    def items() -> Iterator[object]:
        number = 0
        for block in text_blocks(path, detected.encoding):
            for line in block.split("\n"):
                number += 1
                if line.strip():
                    with _line_errors(path, number):
                        item = json.loads(line)
                    yield item
            number -= block.endswith("\n")

    return JsonTable(path, detected, items)


@contextmanager
def _line_errors(path: Path, number: int) -> Iterator[None]:
    try:
        yield
    except RecursionError as error:
        raise refusals.deep_json(path) from error
    except ValueError as error:
        raise refusals.broken_json_line(path, number) from error


def _flat(item: object, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Yield the names and texts of an item; what is no object is one nameless column or several."""
    if isinstance(item, dict):
        for key, value in item.items():
            name = f"{prefix}.{key}" if prefix else str(key)
            if isinstance(value, dict):
                yield from _flat(value, name)
            else:
                yield name, value_text(value)
    elif isinstance(item, list):
        for position, value in enumerate(item):
            yield column_letters(position), value_text(value)
    else:
        yield column_letters(0), value_text(item)


def value_text(value: object) -> str:
    """Return a JSON value as the text of a cell: null is blank, a list is joined by commas."""
    if isinstance(value, str):
        # A lone half of a surrogate pair can be written in JSON, but stored nowhere.
        return value if value.isascii() else value.encode("utf-8", "replace").decode("utf-8")
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(value_text(one) for one in value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, default=str)
    if isinstance(value, (float, Decimal)):
        return _number_text(value)
    return str(value)


def _number_text(number: float | Decimal) -> str:
    if isfinite(number) and abs(float(number)) < _EXACT and number == int(number):
        return str(int(number))
    return "" if isnan(number) else str(number)
