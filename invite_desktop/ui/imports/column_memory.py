"""What the user has said of columns, remembered for the next list of the same shape."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from invite_desktop.engine.ports.files import FilePreview
    from invite_desktop.ui.settings import SettingsStore

_KEY = "import/columns"
_MOST_SHAPES = 100


def shape_of(guessed: FilePreview) -> str:
    """Return what lists made the same way have in common, as a digest without anybody's data.

    That are the names of the columns; without a header, how the columns were recognised.
    """
    told = guessed.header if guessed.has_header else guessed.fields
    parts = json.dumps([guessed.has_header, *told], ensure_ascii=False)
    return hashlib.sha256(parts.encode()).hexdigest()[:24]


class ColumnMemory:
    """The meanings of columns by shape, the ones used last kept longest."""

    def __init__(self, settings: SettingsStore) -> None:
        self._settings = settings
        self._fields = _kept(settings.value(_KEY, ""))

    def recall(self, shape: str) -> Sequence[str] | None:
        """Return what the columns of such a list mean, None when nothing was said of them."""
        return self._fields.get(shape)

    def remember(self, shape: str, fields: Sequence[str]) -> None:
        """Remember what the columns of such a list mean."""
        self._fields.pop(shape, None)
        self._fields[shape] = list(fields)
        for old in list(self._fields)[:-_MOST_SHAPES]:
            del self._fields[old]
        self._settings.setValue(_KEY, json.dumps(self._fields))


def _kept(text: object) -> dict[str, list[str]]:
    """Return what was remembered; a setting that somebody broke is nothing."""
    try:
        found = json.loads(str(text)) if text else {}
    except ValueError:
        return {}
    if not isinstance(found, dict):
        return {}
    return {
        str(shape): [str(field) for field in fields]
        for shape, fields in found.items()
        if isinstance(fields, list)
    }
