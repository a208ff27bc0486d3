"""Lists of people for the stand-alone server: CSV with a header, or one JSON object a line."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.rehearsal.people import ListedPerson

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path


def read_people(path: Path) -> Iterator[ListedPerson]:
    """Yield the people of a UTF-8 file, by its ending ``.csv`` or ``.ndjson``.

    Both name the fields username, phone (E.164), telegram_id, first_name and last_name; none of
    them is required, rows without a key are left out. Raises KnownError for what cannot be read.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file) if path.suffix == ".csv" else map(json.loads, file)
            for row in rows:
                if (person := _person(row)) is not None:
                    yield person
    except (OSError, ValueError, TypeError, AttributeError, csv.Error) as trouble:
        raise KnownError(
            message("The list of people “{name}” cannot be read.", name=path.name),
            message("Give a CSV file with a header, or a file with one JSON object a line."),
        ) from trouble


def write_people(path: Path, people: Iterable[ListedPerson]) -> None:
    """Write people as a CSV file that ``read_people``, and the program's import, can read."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(ListedPerson._fields)
        writer.writerows(people)


def _person(row: Mapping[str, Any]) -> ListedPerson | None:
    username = str(row.get("username") or "").removeprefix("@") or None
    phone = str(row.get("phone") or "") or None
    telegram_id = int(row.get("telegram_id") or 0) or None
    if not (username or phone or telegram_id):
        return None
    names = str(row.get("first_name") or ""), str(row.get("last_name") or "")
    return ListedPerson(username, phone, telegram_id, *names)
