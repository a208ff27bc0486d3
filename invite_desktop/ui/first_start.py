"""The very first start in three steps: what this is, an account or a rehearsal, the first list."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QStackedWidget, QVBoxLayout, QWidget

from invite_desktop.ui.resources import resource_path
from invite_desktop.ui.theme import LONGEST_LINE, Space
from invite_desktop.ui.translations import language_changed, tr
from invite_desktop.ui.widgets.drop_area import DropArea
from invite_desktop.ui.widgets.layouts import line
from invite_desktop.ui.widgets.pieces import button, frame, label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QLabel

    from invite_desktop.ui.context import ScreenContext

FIRST_START_KEY = "window/first_start"
"""The step at which the first start goes on, or ``FIRST_START_OVER``."""
FIRST_START_OVER = "seen"


class Step(StrEnum):
    """The steps in their order."""

    WELCOME = "welcome"
    ACCOUNT = "account"
    AUDIENCE = "audience"


_STEPS = tuple(Step)


class FirstStart(QWidget):
    """Stands in front of the tabs until its last step, the menu or "skip" is used.

    A rehearsal has its accounts already, and lends a list to those who have none at hand.
    ``paths_dropped`` carries a list of paths.
    """

    rehearsal_requested = Signal()
    paths_dropped = Signal(list)
    choose_requested = Signal()
    paste_requested = Signal()
    skipped = Signal()

    def __init__(self, context: ScreenContext, step: Step) -> None:
        super().__init__()
        self.setObjectName("first_start")
        self._context = context
        self.place = label("small")
        self.welcome, self.account, self.audience = _Page(), _Page(), _Page()
        self.next_button = button("start", primary=True)
        self.connect_button = button("accounts", primary=True)
        self.rehearse_button = button("server")
        self.drop_area = DropArea()
        self.example_button = button("tasks")
        self.back_button = button("back")
        self.skip_button = button()
        self._connect_words, self._rehearse_words = (label("small", wrapped=True) for _ in range(2))
        self._pages = QStackedWidget()
        self._lay_out()
        self._connect()
        self.retranslate()
        self.show_step(step)

    @property
    def _rehearses(self) -> bool:
        return self._context.rehearsal is not None

    @property
    def step(self) -> Step:
        """Return the step that is shown."""
        return _STEPS[self._pages.currentIndex()]

    @property
    def labels(self) -> Sequence[QLabel]:
        """Return everything that is said in the step that is shown, from top to bottom."""
        own = (self._connect_words, self._rehearse_words) if self.step is Step.ACCOUNT else ()
        return self.place, *self._page.labels, *own

    @property
    def text(self) -> str:
        """Return what is said in the step that is shown."""
        return "\n".join(part.text() for part in self.labels)

    def show_step(self, step: Step) -> None:
        """Show a step, ready for the Enter key."""
        self._pages.setCurrentIndex(_STEPS.index(step))
        self._say_place()
        self.back_button.setVisible(not self._rehearses and step is not Step.WELCOME)
        self._main_button.setFocus()

    def go_to(self, step: Step) -> None:
        """Show a step, at which the next start goes on if the program is closed before the end."""
        self.show_step(step)
        self._context.settings.setValue(FIRST_START_KEY, step.value)

    def end(self) -> None:
        """Go away for good."""
        self._context.settings.setValue(FIRST_START_KEY, FIRST_START_OVER)
        self.hide()
        self.deleteLater()

    def retranslate(self) -> None:
        """Write every text anew."""
        self._say_place()
        self.welcome.say(
            tr("Welcome to Invite Desktop"),
            tr(
                "Invites people from your lists to your Telegram group or channel, or writes to "
                "them, no faster than Telegram tolerates."
            ),
            tr(
                "Takes nobody from other people's chats, gets round no limits, and leaves alone "
                "whoever said no."
            ),
            tr(
                "Uses the Telegram API, but is not made by Telegram. Lists and logins stay on "
                "this computer."
            ),
        )
        self.next_button.setText(tr("&Next"))
        self.account.say(tr("Your account, or a rehearsal?"))
        self.connect_button.setText(tr("&Connect my account"))
        self._connect_words.setText(tr("With its phone, and an api_id from my.telegram.org."))
        self.rehearse_button.setText(tr("&Rehearse first: nobody is contacted"))
        self._rehearse_words.setText(tr("A full run on a server inside this program."))
        self._say_audience()
        self.back_button.setText(tr("&Back"))
        self.skip_button.setText(tr("&Skip"))

    def _say_audience(self) -> None:
        self.audience.say(
            tr("Your first list"),
            tr("Take people who know you: customers, subscribers, members."),
        )
        self.drop_area.say(
            tr("Drop a list of people here"),
            tr("Usernames, phones or ids: CSV, XLSX, ODS, JSON, TXT"),
            tr("Choose fi&les…"),
            tr("&Paste a list"),
        )
        self.example_button.setText(tr("Take an &example"))
        self.example_button.setToolTip(tr("A hundred invented people of the rehearsal"))

    def _say_place(self) -> None:
        number = _STEPS.index(self.step) + 1
        self.place.setText(tr("Step {number} of {all}", number=number, all=len(_STEPS)))

    @property
    def _page(self) -> _Page:
        return {
            Step.WELCOME: self.welcome,
            Step.ACCOUNT: self.account,
            Step.AUDIENCE: self.audience,
        }[self.step]

    @property
    def _main_button(self) -> QPushButton:
        return {
            Step.WELCOME: self.next_button,
            Step.ACCOUNT: self.connect_button,
            Step.AUDIENCE: self.drop_area.choose_button,
        }[self.step]

    def _add_account(self) -> None:
        """Add the first account over this page, and go on to the list when it is there."""
        from invite_desktop.ui.accounts.add_account import AddAccountDialog  # noqa: PLC0415 - see Tabs

        dialog = AddAccountDialog(self._context, self.window())
        dialog.finished.connect(self._log_in_ended)
        dialog.begin()

    def _log_in_ended(self) -> None:
        self._context.work.start(self._go_on_with_account(), "first account added")

    async def _go_on_with_account(self) -> None:
        # However the dialog was closed: what counts is whether an account is there.
        if await self._context.engine.accounts.views():
            self.go_to(Step.AUDIENCE)

    def _lend_example(self) -> None:
        self.paths_dropped.emit([resource_path("rehearsal", "example_list.csv")])

    def _go_back(self) -> None:
        self.go_to(_STEPS[max(0, _STEPS.index(self.step) - 1)])

    def _connect(self) -> None:
        self.next_button.clicked.connect(lambda: self.go_to(Step.ACCOUNT))
        self.back_button.clicked.connect(self._go_back)
        self.skip_button.clicked.connect(self.skipped)
        self.rehearse_button.clicked.connect(self.rehearsal_requested)
        self.connect_button.clicked.connect(self._add_account)
        self.drop_area.paths_dropped.connect(self.paths_dropped)
        self.drop_area.choose_requested.connect(self.choose_requested)
        self.drop_area.paste_requested.connect(self.paste_requested)
        self.example_button.clicked.connect(self._lend_example)
        language_changed().changed.connect(self.retranslate)

    def _lay_out(self) -> None:
        self._fill_pages()
        card = frame("card")
        card.setFixedWidth(LONGEST_LINE)
        inside = QVBoxLayout(card)
        inside.setContentsMargins(Space.WIDE, Space.LARGE, Space.WIDE, Space.LARGE)
        inside.setSpacing(Space.MEDIUM)
        inside.addWidget(self.place)
        inside.addWidget(self._pages, 1)
        inside.addLayout(line(self.back_button, None, self.skip_button))
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.LARGE, Space.LARGE, Space.LARGE, Space.LARGE)
        column.addStretch(1)
        column.addLayout(line(None, card, None))
        column.addStretch(2)
        for each in card.findChildren(QPushButton):
            each.setAutoDefault(True)  # Enter presses what has the focus, as in a dialog

    def _fill_pages(self) -> None:
        self.welcome.column.addLayout(line(self.next_button, None))
        for choice, words in (
            (self.connect_button, self._connect_words),
            (self.rehearse_button, self._rehearse_words),
        ):
            self.account.column.addLayout(line(choice, None))
            self.account.column.addWidget(words)
            self.account.column.addSpacing(Space.SMALL)
        self.audience.column.addWidget(self.drop_area, 1)
        self.drop_area.add_button(self.example_button)
        self.example_button.setVisible(self._rehearses)
        for page in (self.welcome, self.account, self.audience):
            page.column.addStretch(1 if page is not self.audience else 0)
            self._pages.addWidget(page)


class _Page(QWidget):
    """A title and some paragraphs, with room below."""

    def __init__(self) -> None:
        super().__init__()
        self.labels = [label("title", wrapped=True), *(label("", wrapped=True) for _ in range(3))]
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(Space.MEDIUM)
        for part in self.labels:
            self.column.addWidget(part)

    def say(self, *texts: str) -> None:
        """Write the title and the paragraphs; those without a text take no room."""
        for part, text in zip(self.labels, (*texts, "", "", ""), strict=False):
            part.setText(text)
            part.setVisible(bool(text))
