"""What the window remembers between two runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QByteArray

if TYPE_CHECKING:
    from PySide6.QtWidgets import QHeaderView, QWidget


class SettingsStore(Protocol):
    """The part of QSettings that the window needs; keys are slash-separated."""

    def value(self, key: str, default: object = None, /) -> object:
        """Return a remembered value."""
        ...

    def setValue(self, key: str, value: object, /) -> None:  # noqa: N802 - Qt's own name
        """Remember a value."""
        ...


def restore_geometry(settings: SettingsStore, key: str, window: QWidget) -> bool:
    """Give a window its remembered place and size; return whether there was one."""
    kept = settings.value(key)
    return isinstance(kept, QByteArray) and window.restoreGeometry(kept)


def restore_columns(settings: SettingsStore, key: str, header: QHeaderView) -> bool:
    """Give a table its remembered columns; return whether there were any."""
    kept = settings.value(key)
    return isinstance(kept, QByteArray) and header.restoreState(kept)
