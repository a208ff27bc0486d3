"""The sections of the Import tab: a new list, the saved audiences, whom not to contact."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QTabBar, QVBoxLayout, QWidget

from invite_desktop.ui.imports.import_screen import ImportScreen
from invite_desktop.ui.theme import Space
from invite_desktop.ui.translations import language_changed, tr
from invite_desktop.ui.widgets.layouts import line

if TYPE_CHECKING:
    from invite_desktop.ui.audiences.audiences_screen import AudiencesScreen
    from invite_desktop.ui.context import ScreenContext
    from invite_desktop.ui.do_not_contact.do_not_contact_screen import DoNotContactScreen


class Section(IntEnum):
    """The sections in their order."""

    NEW_LIST = 0
    AUDIENCES = 1
    DO_NOT_CONTACT = 2


class ImportSections(QWidget):
    """One section at a time; all but the first are loaded and built when they are looked at."""

    task_requested = Signal(int)
    person_opened = Signal(int)

    def __init__(self, context: ScreenContext) -> None:
        super().__init__()
        self._context = context
        self._audiences: AudiencesScreen | None = None
        self._do_not_contact: DoNotContactScreen | None = None
        self.bar = QTabBar(drawBase=False)
        self.bar.setObjectName("import_sections")
        self._stack = QStackedWidget()
        self._places = {section: self._add_place() for section in Section}
        self.new_list = ImportScreen(context)
        self.new_list.task_requested.connect(self.task_requested)
        self.new_list.telegram_requested.connect(self.import_from_telegram)
        self._places[Section.NEW_LIST].addWidget(self.new_list)
        self._lay_out()
        self.bar.currentChanged.connect(self._show_current)
        language_changed().changed.connect(self.retranslate)
        self.retranslate()

    @property
    def audiences(self) -> AudiencesScreen:
        """Return the section with the saved audiences."""
        if self._audiences is None:
            from invite_desktop.ui.audiences.audiences_screen import AudiencesScreen  # noqa: PLC0415 - see the class

            self._audiences = AudiencesScreen(self._context)
            self._audiences.task_requested.connect(self.task_requested)
            self._audiences.person_opened.connect(self.person_opened)
            self._audiences.import_requested.connect(self.show_new_list)
            self._places[Section.AUDIENCES].addWidget(self._audiences)
        return self._audiences

    @property
    def do_not_contact(self) -> DoNotContactScreen:
        """Return the section with the people who are never contacted."""
        if self._do_not_contact is None:
            from invite_desktop.ui.do_not_contact.do_not_contact_screen import DoNotContactScreen  # noqa: PLC0415 - see the class

            self._do_not_contact = DoNotContactScreen(self._context)
            self._do_not_contact.person_opened.connect(self.person_opened)
            self._places[Section.DO_NOT_CONTACT].addWidget(self._do_not_contact)
        return self._do_not_contact

    def import_from_telegram(self) -> None:
        """Let the user choose people whom the accounts know."""
        from invite_desktop.ui.telegram_sources.telegram_dialog import TelegramDialog  # noqa: PLC0415 - see the class

        dialog = TelegramDialog(self._context, self.window())
        dialog.imported.connect(self.new_list.show_report)
        dialog.begin()

    def show_new_list(self) -> None:
        """Show the section that takes a new list in."""
        self.go_to(Section.NEW_LIST)

    def open_audience(self, audience_id: int) -> None:
        """Show the people of an audience."""
        self.go_to(Section.AUDIENCES)
        self.audiences.open_audience(audience_id)

    def find_do_not_contact(self, text: str, *, lifted: bool) -> None:
        """Show the entries of the do-not-contact list, or the lifted ones, with a text."""
        self.go_to(Section.DO_NOT_CONTACT)
        self.do_not_contact.pages.setCurrentIndex(1 if lifted else 0)
        self.do_not_contact.search.setText(text)

    def go_to(self, section: Section) -> None:
        """Show a section."""
        self.bar.setCurrentIndex(section)

    def retranslate(self) -> None:
        """Write the names of the sections anew."""
        names = (tr("New list"), tr("Audiences"), tr("Do not contact"))
        for section, name in zip(Section, names, strict=True):
            self.bar.setTabText(section, name)
        self.bar.setAccessibleName(tr("Parts of the import"))

    def _show_current(self) -> None:
        section = Section(self.bar.currentIndex())
        if section is Section.AUDIENCES:
            _ = self.audiences
        elif section is Section.DO_NOT_CONTACT:
            _ = self.do_not_contact
        self._stack.setCurrentIndex(section)

    def _add_place(self) -> QVBoxLayout:
        self.bar.addTab("")
        place = QWidget()
        layout = QVBoxLayout(place)
        layout.setContentsMargins(0, 0, 0, 0)
        self._stack.addWidget(place)
        return layout

    def _lay_out(self) -> None:
        head = line(self.bar, None)
        head.setContentsMargins(Space.LARGE, Space.HAIR, Space.LARGE, 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self._stack, 1)
