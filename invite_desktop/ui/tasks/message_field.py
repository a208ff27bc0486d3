"""The text of a personal message, with variables and a preview on real people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QLineEdit, QMenu, QPlainTextEdit, QVBoxLayout, QWidget

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.templates import FIELDS, STOP_LINE, message_text, with_stop_line
from invite_desktop.ui.theme import Space
from invite_desktop.ui.translations import show, tr
from invite_desktop.ui.widgets.layouts import line
from invite_desktop.ui.widgets.pieces import FieldError, button, label
from invite_desktop.ui.work import Latest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from invite_desktop.domain.people import Person
    from invite_desktop.ui.context import ScreenContext

_PREVIEWED = 50
"""How many people the preview can leaf through."""

_PREVIEW_MS = 150


class MessageField(QWidget):
    """Text, the line on how to stop, and the message as one person would get it."""

    changed = Signal()

    def __init__(self, context: ScreenContext) -> None:
        super().__init__()
        self._context = context
        self._people: Sequence[Person] = ()
        self._position = 0
        self._own_stop_line = False
        self.text = QPlainTextEdit()
        self.text.setObjectName("message_text")
        self.stop_line = QLineEdit(maxLength=300)
        self.stop_label = label("small")
        self.variable_button = button("add")
        self.person = label("muted")
        self.earlier_button = button("back")
        self.later_button = button()
        self.bubble = label("bubble", wrapped=True)
        self.error = FieldError()
        self._fetching = Latest(context.work, "people for the preview")
        self._timer = QTimer(self, singleShot=True, interval=_PREVIEW_MS)
        self._lay_out()
        self._connect()

    @property
    def message(self) -> str:
        """Return what the user wrote, without the line on how to stop."""
        return self.text.toPlainText()

    def complete(self) -> bool:
        """Return whether the text can be sent to somebody; say why not."""
        try:
            whole = self._whole()
            if self._people:
                message_text(whole, self._people[self._position])
        except KnownError as error:
            self.error.refuse(error)
            self.text.setFocus()
            return False
        return True

    @property
    def has_people(self) -> bool:
        """Return whether there are people to preview the text with."""
        return bool(self._people)

    def show_people_of(self, audience_id: int | None) -> None:
        """Preview on the people of another audience."""
        self._people, self._position = (), 0
        self._fetching.cancel()
        if audience_id is None:
            self._preview()
        else:
            self._fetching.start(self._fetch(audience_id))

    def clear(self) -> None:
        """Forget the text."""
        self.text.clear()
        self._own_stop_line = False
        self.stop_line.setText(show(STOP_LINE))
        self.error.clear()

    def retranslate(self) -> None:
        """Write every text anew; a line that the user wrote stays hers."""
        self.text.setAccessibleName(tr("Text of the message"))
        self.text.setPlaceholderText(tr("Hello! …"))
        self.stop_label.setText(tr("Last line, on how to s&top (never empty)"))
        self.stop_line.setAccessibleName(tr("Last line, on how to stop"))
        self.variable_button.setText(tr("&Variable"))
        self.variable_button.setToolTip(tr("Put a field of the person into the text"))
        self.earlier_button.setAccessibleName(tr("Preview the person before"))
        self.later_button.setText(tr("Next person"))
        if not self._own_stop_line:
            self.stop_line.setText(show(STOP_LINE))
        self._preview()

    def _whole(self) -> str:
        return with_stop_line(self.message, self.stop_line.text())

    async def _fetch(self, audience_id: int) -> None:
        self._people = await self._context.engine.audiences.people(audience_id, 0, _PREVIEWED)
        self._preview()

    def _preview(self) -> None:
        several = len(self._people) > 1
        self.earlier_button.setVisible(several)
        self.later_button.setVisible(several)
        if not self.text.toPlainText().strip():
            self._show("", "")
            return
        try:
            whole = self._whole()
            if self._people:
                person = self._people[self._position]
                to = tr("Preview: what {person} gets", person=person.label)
                self._show(message_text(whole, person), to)
            else:
                self._show(whole, tr("Preview"))
            self.error.clear()
        except KnownError as error:
            self._show("", self._people[self._position].label if self._people else "")
            self.error.refuse(error)

    def _show(self, text: str, to: str) -> None:
        self.bubble.setText(text)
        self.bubble.setVisible(bool(text))
        self.person.setText(to)

    def _leaf(self, step: int) -> None:
        self._position = (self._position + step) % max(len(self._people), 1)
        self._preview()

    def _offer_variables(self) -> None:
        menu = QMenu(self)
        columns = sorted({name for person in self._people for name in person.extra})
        for name in (*FIELDS, *columns):
            menu.addAction(name).triggered.connect(lambda _=False, name=name: self._insert(name))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.variable_button.mapToGlobal(self.variable_button.rect().bottomLeft()))

    def _insert(self, name: str) -> None:
        self.text.insertPlainText("{{ " + name + " }}")
        self.text.setFocus()

    def _stop_line_edited(self) -> None:
        self._own_stop_line = True

    def _connect(self) -> None:
        self.stop_label.setBuddy(self.stop_line)
        self.text.textChanged.connect(self._timer.start)
        self.text.textChanged.connect(self.changed)
        self.stop_line.textChanged.connect(self._timer.start)
        self.stop_line.textEdited.connect(self._stop_line_edited)
        self._timer.timeout.connect(self._preview)
        self.variable_button.clicked.connect(self._offer_variables)
        self.earlier_button.clicked.connect(lambda: self._leaf(-1))
        self.later_button.clicked.connect(lambda: self._leaf(1))

    def _lay_out(self) -> None:
        self.text.setTabChangesFocus(True)
        self.text.setMinimumHeight(self.fontMetrics().lineSpacing() * 4)
        self.text.setMaximumHeight(self.fontMetrics().lineSpacing() * 6)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.HAIR)
        column.addWidget(self.text)
        column.addLayout(line(self.stop_label, None, self.variable_button))
        column.addWidget(self.stop_line)
        column.addLayout(line(self.person, None, self.earlier_button, self.later_button))
        column.addWidget(self.bubble)
        column.addWidget(self.error)
