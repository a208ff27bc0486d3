"""What is dropped on the window or pasted into it, anywhere: lists, and links of chats."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QDragEnterEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit

from invite_desktop.domain.chats import AddressKind, parse_chat_address
from invite_desktop.domain.errors import KnownError
from invite_desktop.ui.widgets.drop_area import dropped_paths

if TYPE_CHECKING:
    from PySide6.QtCore import QMimeData
    from PySide6.QtWidgets import QWidget

    from invite_desktop.ui.context import ScreenContext

_LONGEST_LINK = 200


def chat_link(text: str) -> str:
    """Return a text that is a link or id of a chat and nothing else, empty for any other.

    A bare name is none: it may just as well be a list of one person.
    """
    text = text.strip()
    if len(text) > _LONGEST_LINK or len(text.split()) != 1:
        return ""
    try:
        address = parse_chat_address(text)
    except KnownError:
        return ""
    bare = address.kind is AddressKind.USERNAME and not ("/" in text or ":" in text)
    return "" if bare else text


class Taking(QObject):
    """Watches one window. ``list_taken``: paths, and whether they are ours to delete after use."""

    list_taken = Signal(list, bool)
    chat_taken = Signal(str)

    def __init__(self, context: ScreenContext, window: QWidget) -> None:
        super().__init__(window)
        self._context = context
        self._window = window
        self._watched: QObject | None = None
        keys = QShortcut(QKeySequence(QKeySequence.StandardKey.Paste), window)
        keys.activated.connect(self.paste)

    def watch_drags(self) -> None:
        """Look at drags before the fields do; the window has to be shown first."""
        handle = cast("QObject | None", self._window.windowHandle())  # none before it is shown
        if handle is not None and handle is not self._watched:
            self._watched = handle
            handle.installEventFilter(self)

    def can_take(self, mime: QMimeData) -> bool:
        """Return whether something can be made of what is dragged."""
        return bool(dropped_paths(mime) or mime.text().strip())

    def paste(self) -> None:
        """Take what is on the clipboard; a field that has the keyboard takes its text itself."""
        from invite_desktop.ui.imports.sources import clipboard_contents  # noqa: PLC0415 - seldom needed

        self.take(clipboard_contents())

    def take(self, mime: QMimeData) -> None:
        """Begin what the contents are good for; say so when there is nothing in them."""
        from invite_desktop.ui.imports.sources import list_of  # noqa: PLC0415 - seldom needed

        if not dropped_paths(mime) and (link := chat_link(mime.text())):
            self.chat_taken.emit(link)
            return
        try:
            paths, ours = list_of(mime, self._context.temporary)
        except KnownError as error:
            self._context.notices.refused(error)
        else:
            self.list_taken.emit(paths, ours)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the fields from taking a dragged file for text; dragged text is theirs."""
        if event.type() == QEvent.Type.DragEnter and isinstance(event, QDragEnterEvent):
            files = bool(dropped_paths(event.mimeData()))
            for kind in (QLineEdit, QPlainTextEdit):
                for field in self._window.findChildren(kind):
                    field.setAcceptDrops(not files)
        return super().eventFilter(watched, event)
