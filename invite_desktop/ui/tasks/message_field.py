"""The text of a personal message, with variables and a preview on real people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.templates import (
    STOP_LINE,
    longest_text,
    personal_message,
    with_stop_line,
)
from invite_desktop.engine.self_tests import TrialMessage
from invite_desktop.ui.tasks.attachment_field import AttachmentField
from invite_desktop.ui.tasks.message_preview import MessagePreview
from invite_desktop.ui.tasks.message_text import MessageText
from invite_desktop.ui.tasks.self_test_button import SelfTestButton
from invite_desktop.ui.translations import show, tr
from invite_desktop.ui.widgets.layouts import field_column, line
from invite_desktop.ui.widgets.pieces import FieldError, label
from invite_desktop.ui.work import Latest

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent

    from invite_desktop.ui.context import ScreenContext

_SAMPLE = 200
"""So many people are looked at for the columns that a text can use."""

_PREVIEW_MS = 150


class MessageField(QWidget):
    """Text, the line on how to stop, and the message as everybody would get it."""

    changed = Signal()

    def __init__(self, context: ScreenContext) -> None:
        super().__init__()
        self._context = context
        self._own_stop_line = False
        self.text = MessageText()
        self.stop_line = QLineEdit(maxLength=300)
        self.stop_label = label("small")
        self.file = AttachmentField(context)
        self.preview = MessagePreview(context)
        self.self_test = SelfTestButton(context)
        self.error = FieldError()
        self._fetching = Latest(context.work, "columns for the message")
        self._timer = QTimer(self, singleShot=True, interval=_PREVIEW_MS)
        self._lay_out()
        self._connect()

    @property
    def message(self) -> str:
        """Return what the user wrote, without the line on how to stop."""
        return self.text.toPlainText()

    def complete(self) -> bool:
        """Return whether the text can be sent to everybody, as far as is known; say why not."""
        try:
            whole = self._whole()
            check, person = self.preview.check, self.preview.person
            if check is not None and check.refusal is not None:
                raise check.refusal
            if check is None and person is not None:
                personal_message(whole, person, longest_text(self.file.path))
        except KnownError as error:
            self.error.refuse(error)
            self.text.setFocus()
            return False
        return True

    @property
    def whole(self) -> str:
        """Return the text with its line on how to stop. Raises KnownError when it is not right."""
        return self._whole()

    @property
    def own_stop_line(self) -> str:
        """Return the line on how to stop if the user wrote it, empty for the usual one."""
        return self.stop_line.text() if self._own_stop_line else ""

    def write(self, text: str, stop_line: str) -> None:
        """Write a text for the user; an empty line on how to stop leaves the usual one."""
        self.text.setPlainText(text)
        if stop_line:
            self.stop_line.setText(stop_line)
            self._own_stop_line = stop_line != show(STOP_LINE)

    def show_people_of(self, audience_id: int | None) -> None:
        """Preview on the people of another audience."""
        self.preview.show_people_of(audience_id)
        self._fetching.cancel()
        if audience_id is None:
            self.text.offer_columns(())
        else:
            self._fetching.start(self._fetch_columns(audience_id))

    def clear(self) -> None:
        """Forget the text."""
        self.text.clear()
        self._own_stop_line = False
        self.stop_line.setText(show(STOP_LINE))
        self.file.clear()
        self.error.clear()

    def retranslate(self) -> None:
        """Write every text anew; a line that the user wrote stays hers."""
        self.text.retranslate()
        self.stop_label.setText(tr("Last line, on how to s&top (never empty)"))
        self.stop_line.setAccessibleName(tr("Last line, on how to stop"))
        if not self._own_stop_line:
            self.stop_line.setText(show(STOP_LINE))
        self.file.retranslate()
        self.self_test.retranslate()
        self.preview.retranslate()
        self._timer.start()

    def _whole(self) -> str:
        return with_stop_line(self.message, self.stop_line.text())

    async def _fetch_columns(self, audience_id: int) -> None:
        people = await self._context.engine.audiences.people(audience_id, 0, _SAMPLE)
        self.text.offer_columns({name for person in people for name in person.extra})

    def _preview_if_seen(self) -> None:
        if self.isVisible():
            self._preview()

    def _preview(self) -> None:
        whole = ""
        self.error.clear()
        if self.message.strip():
            try:
                whole = self._whole()
            except KnownError as error:
                self.error.refuse(error)
        self.preview.show_message(whole, self.file.attachment)

    def _send_test(self) -> None:
        person = self.preview.person
        if person is None:
            self.self_test.error.say(
                tr("Choose an audience first: the test takes its first person.")
            )
        elif self.complete():
            file = self.file
            trial = TrialMessage(self._whole(), person, file.link_preview, file.path)
            self.self_test.send(trial)

    def _stop_line_edited(self) -> None:
        self._own_stop_line = True

    def _connect(self) -> None:
        self.stop_label.setBuddy(self.stop_line)
        self.text.textChanged.connect(self._timer.start)
        self.text.textChanged.connect(self.changed)
        self.stop_line.textChanged.connect(self._timer.start)
        self.stop_line.textEdited.connect(self._stop_line_edited)
        self.self_test.requested.connect(self._send_test)
        self.text.textChanged.connect(self.self_test.clear)
        self.file.changed.connect(self._timer.start)
        self._timer.timeout.connect(self._preview_if_seen)

    def _lay_out(self) -> None:
        column = field_column(self)
        column.addWidget(self.text)
        column.addWidget(self.error)
        column.addLayout(
            line(self.stop_label, None, self.text.format_button, self.text.variable_button)
        )
        column.addWidget(self.stop_line)
        column.addWidget(self.file)
        column.addWidget(self.preview)
        column.addWidget(self.self_test)

    def showEvent(self, event: QShowEvent) -> None:
        """Preview what was written while nobody saw it."""
        super().showEvent(event)
        self._timer.start()
