"""The saved audiences: the list and one audience's page, one at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from invite_desktop.ui.audiences.audience_list import AudienceList
from invite_desktop.ui.audiences.audience_page import AudiencePage
from invite_desktop.ui.theme import Space
from invite_desktop.ui.widgets.undo_bar import UndoBar

if TYPE_CHECKING:
    from invite_desktop.domain.errors import KnownError
    from invite_desktop.ui.context import ScreenContext


class AudiencesScreen(QWidget):
    """Leads from the list to an audience and back; what was done last can be undone from both.

    ``task_requested`` carries an audience's id, ``person_opened`` a person's.
    """

    task_requested = Signal(int)
    person_opened = Signal(int)
    import_requested = Signal()

    def __init__(self, context: ScreenContext) -> None:
        super().__init__()
        self.setObjectName("audiences_screen")
        self.undo_bar = UndoBar(context.work, self._refused)
        self.list = AudienceList(context, self.undo_bar)
        self.page = AudiencePage(context, self.undo_bar)
        self._pages = QStackedWidget()
        self._lay_out()
        self._connect()

    def open_audience(self, audience_id: int) -> None:
        """Show one audience's page."""
        self._pages.setCurrentWidget(self.page)
        self.page.open_audience(audience_id)
        self.page.search.setFocus()

    def show_list(self) -> None:
        """Show all audiences."""
        self._pages.setCurrentWidget(self.list)
        self.list.table.setFocus()

    def _refused(self, error: KnownError) -> None:
        shown = self.page if self._pages.currentWidget() is self.page else self.list
        shown.error.refuse(error)

    def _made(self, audience_id: int) -> None:
        self.list.choose(audience_id)
        self.show_list()

    def _connect(self) -> None:
        for actions in (self.list.actions_on_audiences, self.page.actions_on_audience):
            actions.opened.connect(self.open_audience)
            actions.task_requested.connect(self.task_requested)
        self.list.import_requested.connect(self.import_requested)
        self.page.back_requested.connect(self.show_list)
        self.page.actions_on_audience.made.connect(self._made)
        self.page.actions_on_people.person_opened.connect(self.person_opened)

    def _lay_out(self) -> None:
        self._pages.addWidget(self.list)
        self._pages.addWidget(self.page)
        bar = QVBoxLayout()
        bar.setContentsMargins(Space.LARGE, 0, Space.LARGE, Space.SMALL)
        bar.addWidget(self.undo_bar)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._pages, 1)
        column.addLayout(bar)
