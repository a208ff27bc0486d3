"""The message of a task as each of its people gets it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.templates import personal_message
from invite_desktop.ui.tasks.message_bubble import MessageBubble
from invite_desktop.ui.theme import Space
from invite_desktop.ui.translations import tr, translator
from invite_desktop.ui.widgets.layouts import line
from invite_desktop.ui.widgets.pieces import FieldError, button, label
from invite_desktop.ui.work import Latest

if TYPE_CHECKING:
    from invite_desktop.engine.ports.ledger import Target
    from invite_desktop.engine.views import TaskView
    from invite_desktop.ui.context import ScreenContext


class MessageSection(QWidget):
    """Leafs through the task's people, one at a time."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__()
        self._context = context
        self._view: TaskView | None = None
        self._target: Target | None = None
        self._position = 0
        self._fetching = Latest(context.work, "person for the preview")
        self.person = label("muted")
        self.earlier_button = button("back")
        self.later_button = button()
        self.bubble = MessageBubble()
        self.error = FieldError()
        self.earlier_button.clicked.connect(lambda: self._leaf(-1))
        self.later_button.clicked.connect(lambda: self._leaf(1))
        self._lay_out()

    def show_view(self, view: TaskView) -> None:
        """Show the message of a task; the person stays as long as it is the same task."""
        other = self._view is None or self._view.task.id != view.task.id
        self._view = view
        if other:
            self._position = 0
            self._leaf(0)

    def retranslate(self) -> None:
        """Write every text anew."""
        self.earlier_button.setAccessibleName(tr("Preview the person before"))
        self.earlier_button.setToolTip(tr("Preview the person before"))
        self.later_button.setText(tr("Next person"))
        self._show()

    def _leaf(self, step: int) -> None:
        if self._view is not None and (total := self._view.counters.total):
            self._position = (self._position + step) % total
            self._fetching.start(self._fetch(self._view.task.id, self._position))

    async def _fetch(self, task_id: int, position: int) -> None:
        found = await self._context.engine.tasks.targets(task_id, offset=position, limit=1)
        self._target = found[0] if found else None
        self._show()

    def _show(self) -> None:
        self.error.clear()
        self.bubble.say(None)
        if self._view is None or self._target is None:
            self.person.clear()
            return
        self.person.setText(
            tr(
                "What {person} gets ({place} of {total})",
                person=self._target.person.label,
                place=translator().number(self._position + 1),
                total=translator().number(self._view.counters.total),
            )
        )
        try:
            self.bubble.say(personal_message(self._view.task.text, self._target.person))
        except KnownError as error:
            self.error.refuse(error)

    def _lay_out(self) -> None:
        inside = QWidget()
        inner = QVBoxLayout(inside)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(Space.SMALL)
        inner.addWidget(self.bubble)
        inner.addWidget(self.error)
        inner.addStretch(1)
        page = QScrollArea(widgetResizable=True)
        page.setWidget(inside)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, Space.SMALL, 0, 0)
        column.setSpacing(Space.SMALL)
        column.addLayout(line(self.person, None, self.earlier_button, self.later_button))
        column.addWidget(page, 1)
