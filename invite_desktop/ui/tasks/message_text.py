"""Where a message is written: the text, its formatting, and the person's fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence, QTextCursor
from PySide6.QtWidgets import QMenu, QPlainTextEdit, QPushButton

from invite_desktop.domain.templates import FIELDS
from invite_desktop.ui.translations import tr
from invite_desktop.ui.widgets.pieces import button

if TYPE_CHECKING:
    from collections.abc import Iterable

_BOLD, _ITALIC, _STRIKE, _SPOILER, _CODE = "**", "__", "~~", "||", "`"
_ADDRESS = "https://"
_KEYS = {_BOLD: "Ctrl+B", _ITALIC: "Ctrl+I", _STRIKE: "Ctrl+Shift+X", _SPOILER: "Ctrl+Shift+P",
         _CODE: "Ctrl+Shift+M", _ADDRESS: "Ctrl+K"}  # fmt: skip
"""The keys of Telegram Desktop."""


class MessageText(QPlainTextEdit):
    """A text editor that puts Telegram's marks around what is chosen."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("message_text")
        self.setTabChangesFocus(True)
        self.setMinimumHeight(self.fontMetrics().lineSpacing() * 4)
        self.setMaximumHeight(self.fontMetrics().lineSpacing() * 7)
        self.format_button = button("edit")
        self.variable_button = button("add")
        self._columns: tuple[str, ...] = ()
        self._formats = {mark: self._format_action(mark) for mark in _KEYS}
        self._menu = QMenu(self)
        self._menu.addActions(list(self._formats.values()))
        self.format_button.clicked.connect(lambda: _open(self._menu, self.format_button))
        self.variable_button.clicked.connect(self._offer_variables)

    def offer_columns(self, columns: Iterable[str]) -> None:
        """Offer these extra columns as variables, after the fields that everybody has."""
        self._columns = tuple(sorted(columns))

    def retranslate(self) -> None:
        """Write every text anew."""
        self.setAccessibleName(tr("Text of the message"))
        self.setPlaceholderText(tr("Hello! …"))
        self.format_button.setText(tr("F&ormat"))
        self.format_button.setToolTip(tr("Make the chosen words bold, a link …"))
        self.variable_button.setText(tr("Varia&ble"))
        self.variable_button.setToolTip(tr("Put a field of the person into the text"))
        for mark, words in (
            (_BOLD, tr("Bold")),
            (_ITALIC, tr("Italic")),
            (_STRIKE, tr("Struck out")),
            (_SPOILER, tr("Hidden until tapped")),
            (_CODE, tr("Code")),
            (_ADDRESS, tr("Link")),
        ):
            self._formats[mark].setText(words)

    def enclose(self, mark: str) -> None:
        """Put a mark at both ends of what is chosen; of nothing chosen, around the cursor."""
        cursor = self.textCursor()
        chosen = cursor.selectedText().replace("\u2029", "\n")
        inside = chosen.strip()
        before = chosen[: len(chosen) - len(chosen.lstrip())]
        after = chosen[len(chosen.rstrip()) :] if inside else ""
        begin, end = ("[", f"]({_ADDRESS})") if mark == _ADDRESS else (mark, mark)
        cursor.insertText(f"{before}{begin}{inside}{end}{after}")
        # What is missing is typed next: the address of a link, else the words themselves.
        back = len(after) + (1 if mark == _ADDRESS and inside else 0 if inside else len(end))
        cursor.movePosition(QTextCursor.MoveOperation.Left, n=back)
        self.setTextCursor(cursor)
        self.setFocus()

    def _format_action(self, mark: str) -> QAction:
        action = QAction(self)
        action.setShortcut(QKeySequence(_KEYS[mark]))
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(lambda: self.enclose(mark))
        self.addAction(action)
        return action

    def _offer_variables(self) -> None:
        menu = QMenu(self)
        for name in (*FIELDS, *self._columns):
            menu.addAction(name).triggered.connect(lambda _=False, name=name: self._insert(name))
        menu.aboutToHide.connect(menu.deleteLater)
        _open(menu, self.variable_button)

    def _insert(self, name: str) -> None:
        self.insertPlainText("{{ " + name + " }}")
        self.setFocus()


def _open(menu: QMenu, under: QPushButton) -> None:
    menu.popup(under.mapToGlobal(under.rect().bottomLeft()))
