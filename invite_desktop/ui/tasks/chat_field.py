"""The first field of the form: a link, and live below it what it leads to and who may invite."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from invite_desktop.ui.tasks.chat_findings import ChatFindings
from invite_desktop.ui.tasks.chat_picker import ChatPicker
from invite_desktop.ui.translations import tr
from invite_desktop.ui.widgets.layouts import field_column, line
from invite_desktop.ui.widgets.pieces import FieldError, button, label
from invite_desktop.ui.work import Latest

if TYPE_CHECKING:
    from invite_desktop.domain.errors import KnownError
    from invite_desktop.domain.tasks import ChatRef
    from invite_desktop.engine.views import ChatCheck
    from invite_desktop.ui.context import ScreenContext

DEBOUNCE_MS = 400
"""Milliseconds without a key until a link is checked."""


class ChatField(QWidget):
    """Checks what is typed, drops late answers, and keeps the newest check."""

    check_changed = Signal()

    def __init__(self, context: ScreenContext) -> None:
        super().__init__()
        self._context = context
        self.check: ChatCheck | None = None
        self.address = QLineEdit()
        self.address.setObjectName("chat_address")
        self.pick_button = button("search")
        self.pick_button.setObjectName("pick_chat")
        self.picker = ChatPicker(context)
        self.error = FieldError()
        self.state = label("muted")
        self.findings = ChatFindings(context.engine.clock.now)
        self._checking = Latest(context.work, "check of a chat")
        self._timer = QTimer(self, singleShot=True, interval=DEBOUNCE_MS)
        self._timer.timeout.connect(self._check_now)
        self.address.textChanged.connect(self._typed)
        self.address.returnPressed.connect(self._check_now)
        self.pick_button.clicked.connect(self.picker.toggle)
        self.picker.picked.connect(self._picked)
        column = field_column(self)
        column.addLayout(line(self.address, self.pick_button))
        for part in (self.picker, self.state, self.error, self.findings):
            column.addWidget(part)
        self.state.hide()

    @property
    def chat(self) -> ChatRef | None:
        """Return the chat that was found, None before."""
        return self.check.chat_ref() if self.check else None

    def complete(self) -> bool:
        """Return whether a chat was found; say why not."""
        if self.chat is not None:
            return True
        if not self.error.text() and self.check is None:
            waiting = bool(self.address.text().strip())
            self.error.say(
                tr("Wait a moment: the link is still being checked.")
                if waiting
                else tr("Type the link of your group or channel.")
            )
        self.address.setFocus()
        return False

    def clear(self) -> None:
        """Forget everything."""
        self.address.clear()

    def retranslate(self) -> None:
        """Write every text anew."""
        self.address.setPlaceholderText("@name, t.me/name, t.me/+…, -100…")
        self.address.setAccessibleName(tr("Group or channel: id or link"))
        self.pick_button.setText(tr("My chats"))
        self.pick_button.setToolTip(tr("Choose among the chats that your accounts administer"))
        self.picker.retranslate()
        self.state.setText(tr("Checking…"))
        self.findings.show_check(self.check)

    def _picked(self, address: str) -> None:
        self.address.setText(address)
        self.address.setFocus()
        self._check_now()

    def _typed(self) -> None:
        self._checking.cancel()
        self._show(None)
        self.error.clear()
        waiting = bool(self.address.text().strip())
        self.state.setVisible(waiting)
        if waiting:
            self._timer.start()
        else:
            self._timer.stop()

    def _check_now(self) -> None:
        self._timer.stop()
        text = self.address.text().strip()
        if text:
            self.state.show()
            self._checking.start(self._check(text), self._refused)

    async def _check(self, text: str) -> None:
        found = await self._context.engine.chat_checks.check(text)
        self.state.hide()
        self.error.clear()
        self._show(found)

    def _refused(self, error: KnownError) -> None:
        self.state.hide()
        self._show(None)
        self.error.refuse(error)

    def _show(self, check: ChatCheck | None) -> None:
        if check != self.check:
            self.check = check
            self.findings.show_check(check)
            self.check_changed.emit()
