"""The message as each person of the audience would get it, and for whom it cannot be made."""

from __future__ import annotations

import asyncio
from array import array
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QLineEdit, QListWidget, QWidget

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.templates import longest_text, personal_message
from invite_desktop.engine.ports.audiences import PeopleQuery
from invite_desktop.ui.notices import refusal_text
from invite_desktop.ui.tasks.enclosure import Enclosure
from invite_desktop.ui.tasks.message_bubble import MessageBubble
from invite_desktop.ui.translations import show, tr, tr_n, translator
from invite_desktop.ui.widgets.layouts import field_column, line
from invite_desktop.ui.widgets.pieces import button, label
from invite_desktop.ui.work import Latest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from invite_desktop.domain.attachments import Attachment
    from invite_desktop.domain.people import Person
    from invite_desktop.engine.message_check import MessageCheck
    from invite_desktop.ui.context import ScreenContext

_TYPING_MS = 250
_CHECK_AFTER = 0.4
"""Seconds without a change after which a message is tried on everybody."""

_LISTED = 200
"""So many of the people are listed for whom a message cannot be made; all are counted."""


class MessagePreview(QWidget):
    """Leafs through everybody, finds somebody by name, and lists who cannot get the message."""

    checked = Signal()

    def __init__(self, context: ScreenContext) -> None:
        super().__init__()
        self._context = context
        self._audience_id: int | None = None
        self._text, self._limit = "", 0
        self._attachment: Attachment | None = None
        self._ids: Sequence[int] = ()
        self._position = 0
        self._person: Person | None = None
        self.check: MessageCheck | None = None
        self.search = QLineEdit(clearButtonEnabled=True)
        self.place = label("muted")
        self.who = label("muted", wrapped=True)
        self.earlier_button = button("back")
        self.later_button = button()
        self.enclosure = Enclosure(context.work)
        self.bubble = MessageBubble()
        self.trouble = label("error", wrapped=True)
        self.summary = label("small", wrapped=True)
        self.failures = QListWidget()
        self._typing = QTimer(self, singleShot=True, interval=_TYPING_MS)
        self._finding = Latest(context.work, "people for the preview")
        self._turning = Latest(context.work, "person for the preview")
        self._checking = Latest(context.work, "message for everybody")
        self._lay_out()
        self._connect()

    @property
    def person(self) -> Person | None:
        """Return whose message is shown."""
        return self._person

    def show_people_of(self, audience_id: int | None) -> None:
        """Preview on the people of another audience."""
        self._audience_id = audience_id
        self._person, self.check = None, None
        self._ids, self._position = (), 0
        self.search.clear()
        self._find()
        self._try_on_everybody()

    def show_message(self, text: str, attachment: Attachment | None = None) -> None:
        """Preview another text, the line on how to stop included; empty: there is nothing yet."""
        self._attachment = attachment
        limit = longest_text("" if attachment is None else str(attachment.path))
        if (text, limit) != (self._text, self._limit):
            self._text, self._limit = text, limit
            self.check = None
            self._try_on_everybody()
        self._show()

    def retranslate(self) -> None:
        """Write every text anew."""
        self.search.setPlaceholderText(tr("Find somebody"))
        self.search.setAccessibleName(tr("Find somebody for the preview"))
        self.earlier_button.setAccessibleName(tr("Preview the person before"))
        self.later_button.setText(tr("Next person"))
        self.failures.setAccessibleName(tr("People for whom the message cannot be made"))
        self._show()
        self._show_check()

    # ------------------------------------------------------------ whose message

    def _typed(self) -> None:
        if self.isVisible():
            self._find()

    def _find(self) -> None:
        self._turning.cancel()
        if self._audience_id is None:
            self._finding.cancel()
            self._show()
        else:
            self._finding.start(self._fetch_ids(self._audience_id))

    async def _fetch_ids(self, audience_id: int) -> None:
        query = PeopleQuery(self.search.text().strip())
        self._ids = await self._context.engine.audiences.person_ids(audience_id, query)
        self._position, self._person = 0, None
        await self._fetch_person()

    async def _fetch_person(self) -> None:
        if self._ids:
            wanted = [self._ids[self._position]]
            people = await self._context.engine.audiences.people_by_id(wanted)
            self._person = people[0] if people else None
        self._show()

    def _leaf(self, step: int) -> None:
        if self._ids:
            self._position = (self._position + step) % len(self._ids)
            self._turning.start(self._fetch_person())

    def _open_failure(self) -> None:
        row = self.failures.currentRow()
        if self.check is not None and 0 <= row < len(self.check.failures):
            wanted = self.check.failures[row].person
            self._ids = array("q", [wanted.id]) if wanted.id not in self._ids else self._ids
            self._position = list(self._ids).index(wanted.id)
            self._turning.start(self._fetch_person())

    # ------------------------------------------------------------ what is shown

    def _show(self) -> None:
        several = len(self._ids) > 1
        searching = bool(self.search.text().strip())
        wanted = bool(self._text)
        self.search.setVisible(wanted and (several or searching))
        for part in (self.earlier_button, self.later_button, self.place):
            part.setVisible(wanted and several)
        numbers = translator()
        self.place.setText(
            tr(
                "{position} of {count}",
                position=numbers.number(self._position + 1),
                count=numbers.number(len(self._ids)),
            )
        )
        self._show_letter(searching=searching)

    def _show_letter(self, *, searching: bool) -> None:
        self.trouble.hide()
        self.bubble.say(None)
        self.enclosure.say(None)
        person = self._person
        self.who.setVisible(bool(self._text and self._audience_id is not None))
        if not self._text or self._audience_id is None:
            return
        if person is None:
            self.who.setText(tr("Nobody was found.") if searching else "")
            return
        self.who.setText(tr("Preview: what {person} gets", person=person.label))
        try:
            self.bubble.say(personal_message(self._text, person, self._limit))
            self.enclosure.say(self._attachment)
        except KnownError as error:
            self.trouble.setText(show(error.explanation))
            self.trouble.setVisible(True)

    # ------------------------------------------------------------ everybody

    def _try_on_everybody(self) -> None:
        self._show_check()
        self._checking.cancel()
        if self._audience_id is not None and self._text:
            self._checking.start(
                self._try(self._audience_id, self._text, self._limit), self._refused
            )

    async def _try(self, audience_id: int, text: str, limit: int) -> None:
        await asyncio.sleep(_CHECK_AFTER)
        self.check = await self._context.engine.drafts.try_text(audience_id, text, limit)
        self._show_check()
        self.checked.emit()

    def _refused(self, error: KnownError) -> None:
        self.trouble.setText(refusal_text(error))
        self.trouble.show()

    def _show_check(self) -> None:
        check = self.check
        failures = [] if check is None or check.unknown else check.failures[:_LISTED]
        self.failures.clear()
        for failure in failures:
            self.failures.addItem(f"{failure.person.label}: {show(failure.trouble.explanation)}")
        self.failures.setVisible(bool(failures))
        rows = min(len(failures), 4)
        self.failures.setFixedHeight(rows * (self.fontMetrics().lineSpacing() + 6) + 6)
        self.summary.setText("" if check is None else _summary(check, self._limit))
        self.summary.setVisible(bool(self.summary.text()))

    def _connect(self) -> None:
        self.search.textChanged.connect(self._typing.start)
        self._typing.timeout.connect(self._typed)
        self.earlier_button.clicked.connect(lambda: self._leaf(-1))
        self.later_button.clicked.connect(lambda: self._leaf(1))
        self.failures.currentRowChanged.connect(self._open_failure)
        self._context.bridge.audiences_changed.connect(self._audiences_changed)

    def _audiences_changed(self) -> None:
        if self._audience_id is not None:
            self._find()
            self._try_on_everybody()

    def _lay_out(self) -> None:
        self.search.setMaximumWidth(self.fontMetrics().averageCharWidth() * 24)
        column = field_column(self)
        leafing = line(self.search, self.earlier_button, self.place, self.later_button)
        row = line(self.who)
        row.setStretch(0, 1)
        row.addLayout(leafing)
        column.addWidget(self.summary)
        column.addWidget(self.failures)
        column.addLayout(row)
        column.addWidget(self.trouble)
        column.addWidget(self.enclosure)
        column.addWidget(self.bubble)


def _summary(check: MessageCheck, limit: int) -> str:
    if check.unknown and check.refusal is not None:
        return refusal_text(check.refusal)
    if not check.people:
        return ""
    longest = tr(
        "The longest has {units} of {limit} characters.",
        units=translator().number(check.longest),
        limit=translator().number(limit),
    )
    if not check.failing:
        whole = tr_n(
            "The message can be made for {count} person.",
            "The message can be made for all {count} people.",
            check.people,
        )
        return f"{whole} {longest}"
    return tr_n(
        "The message cannot be made for {count} person:",
        "The message cannot be made for {count} people:",
        check.failing,
    )
