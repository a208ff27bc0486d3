"""The base of every dialog: it opens as large as the user left it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import QDialog, QStyle

if TYPE_CHECKING:
    from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
    from PySide6.QtWidgets import QWidget

    from invite_desktop.ui.settings import SettingsStore


class DialogSizes(QObject):
    """Stands below a window and remembers how large the user made the dialogs above it."""

    def __init__(self, settings: SettingsStore, window: QWidget) -> None:
        super().__init__(window)
        self._settings = settings

    def kept(self, name: str) -> QSize | None:
        """Return the size that a dialog was given, None if it never was."""
        size = self._settings.value(_key(name))
        return size if isinstance(size, QSize) and not size.isEmpty() else None

    def keep(self, name: str, size: QSize) -> None:
        """Remember the size of a dialog."""
        self._settings.setValue(_key(name), size)


class Dialog(QDialog):
    """A dialog that comes back as large as the user made it, where a window keeps ``DialogSizes``.

    It is never larger than the screen, nor smaller than what it holds.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._made_by_hand = False
        self._sized_by_user = False

    @property
    def size_name(self) -> str:
        """Return under which name the size is remembered: what else is shown so has its own."""
        return type(self).__name__

    def fit_height(self) -> None:
        """Be as high as the words need at this width; a size that the user gave only grows.

        Qt itself reckons with a width of its own choice, where words wrap in another way.
        """
        if (laid := self.layout()) is None:
            return
        laid.activate()
        now = self.width() if self.isVisible() else 0
        width = max(now, self.minimumWidth(), laid.totalMinimumSize().width())
        needed = laid.totalHeightForWidth(width)
        self.resize(width, max(needed, self.height()) if self._sized_by_user else needed)

    def event(self, event: QEvent) -> bool:
        """Grow with what comes to stand inside: Qt keeps no room for lines that wrap."""
        handled = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest and self.isVisible():
            size = self._fitting(self.size())
            if size.height() > self.height():
                self.resize(self.width(), size.height())
        return handled

    def showEvent(self, event: QShowEvent) -> None:
        """Take the remembered size before Qt finds a place for the dialog."""
        sizes = self._sizes()
        if not event.spontaneous() and sizes is not None:
            kept = sizes.kept(self.size_name)
            if kept is not None:
                self._sized_by_user = True
                self.resize(self._fitting(kept))
        super().showEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Notice a size that comes from outside: the program's own is not worth remembering."""
        self._made_by_hand |= event.spontaneous()
        self._sized_by_user |= event.spontaneous()
        super().resizeEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Remember the size if the user changed it."""
        sizes = self._sizes()
        if self._made_by_hand and not event.spontaneous() and sizes is not None:
            sizes.keep(self.size_name, self.size())
            self._made_by_hand = False
        super().hideEvent(event)

    def _fitting(self, kept: QSize) -> QSize:
        title = self.style().pixelMetric(QStyle.PixelMetric.PM_TitleBarHeight)
        room = self.screen().availableSize() - QSize(0, title)
        size = kept.boundedTo(room).expandedTo(self.minimumSizeHint())
        if (laid := self.layout()) is not None and laid.hasHeightForWidth():
            needed = laid.totalMinimumHeightForWidth(size.width())
            size.setHeight(max(size.height(), needed))
        return size.boundedTo(room)

    def _sizes(self) -> DialogSizes | None:
        above: QObject | None = self.parent()
        direct = Qt.FindChildOption.FindDirectChildrenOnly
        while above is not None:
            found: DialogSizes | None = above.findChild(DialogSizes, "", direct)
            if found is not None:
                return found
            above = above.parent()
        return None


def _key(name: str) -> str:
    return f"dialogs/{name}"
