"""Short ways for tests to read a file and to say what came out."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from invite_desktop.domain.audiences import InvalidRow
from invite_desktop.engine.ports.files import PersonRow, ReadOptions
from invite_desktop.importing.people_files import FilesOfPeople

if TYPE_CHECKING:
    from collections.abc import Sequence

    from invite_desktop.engine.ports.files import FilePreview, ReadRow

SAMPLES = Path(__file__).parents[1] / "data" / "samples"
RUSSIA = ReadOptions(region="RU")


def read(path: Path, options: ReadOptions = RUSSIA) -> list[ReadRow]:
    return list(FilesOfPeople().read(path, options))


def read_text(folder: Path, name: str, text: str | bytes) -> list[ReadRow]:
    return read(written(folder, name, text))


def written(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def preview(path: Path, options: ReadOptions = RUSSIA) -> FilePreview:
    return FilesOfPeople().preview(path, options)


def people(rows: Sequence[ReadRow]) -> list[PersonRow]:
    return [row for row in rows if isinstance(row, PersonRow)]


def keys(rows: Sequence[ReadRow]) -> list[tuple[str | None, str | None, int | None]]:
    return [(k.username, k.phone, k.telegram_id) for k in (row.keys for row in people(rows))]


def problems(rows: Sequence[ReadRow]) -> dict[str, int]:
    return dict(Counter(row.problem.value for row in rows if isinstance(row, InvalidRow)))


def strongest(rows: Sequence[ReadRow]) -> dict[str, int]:
    return dict(Counter(str(row.keys.strongest) for row in people(rows)))
