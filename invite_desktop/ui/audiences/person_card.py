"""One person's card: who she is, to be edited, and everything that happened with her."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from invite_desktop.ui.audiences.person_fields import PersonFields
from invite_desktop.ui.audiences.person_past import PersonPast, key_words
from invite_desktop.ui.theme import Space
from invite_desktop.ui.translations import anew, language_changed, tr, tr_n
from invite_desktop.ui.widgets.dialog import Dialog
from invite_desktop.ui.widgets.layouts import line
from invite_desktop.ui.widgets.pieces import FieldError, button, frame, label
from invite_desktop.ui.widgets.small_form import SmallForm
from invite_desktop.ui.work import Refresher

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from invite_desktop.domain.people import Person
    from invite_desktop.engine.ports.audiences import PersonDetail
    from invite_desktop.ui.context import ScreenContext

_SIZE = (1000, 560)


class PersonCard(Dialog):
    """Stands beside the window and keeps nothing back: the window stays usable.

    ``task_opened`` and ``audience_opened`` carry an id, ``listed_requested`` a text that finds her
    in the do-not-contact list, and whether her entry was lifted.
    """

    task_opened = Signal(int)
    audience_opened = Signal(int)
    listed_requested = Signal(str, bool)

    def __init__(self, context: ScreenContext, parent: QWidget, person_id: int) -> None:
        super().__init__(parent)
        self.setObjectName("person_card")
        self._context = context
        self._person_id = person_id
        self._detail: PersonDetail | None = None
        self._met: Sequence[Person] = ()
        self._gone = False
        self._refresher = Refresher(context.work, self._load, "person's card", rest=0.3)
        self.heading = label("heading")
        self.other_keys = label("muted", wrapped=True)
        self.fields = PersonFields(context.engine.audiences.problem_with)
        self.past = PersonPast(context)
        self.error = FieldError()
        self.question = _Question()
        self.saved = label("good")
        self.save_button = button("done", primary=True)
        self.close_button = button()
        self._lay_out()
        self._connect()
        self.retranslate()
        self._refresher.request()

    def retranslate(self) -> None:
        """Write every text anew."""
        self.setWindowTitle(tr("Person"))
        self.save_button.setText(tr("&Save"))
        self.close_button.setText(tr("&Close"))
        self._write()

    def reject(self) -> None:
        """Close, unless something typed would be lost: that is asked about first."""
        if self.fields.dirty and not self.question.isVisible():
            self._ask_about_typed()
        else:
            super().reject()

    async def _load(self) -> None:
        first = self._detail is None
        detail = await self._context.engine.audiences.detail(self._person_id)
        if self._gone:
            return
        typed = self.fields.dirty
        self._detail = detail
        self._person_id = detail.person.id
        if not typed:
            self.fields.show_person(detail.person)
            self._edited()
        self.past.show_detail(detail)
        self._write()
        await self.past.show_history(self._person_id, anew=first)

    def _changed(self) -> None:
        if not self._gone:
            self._refresher.request()

    def _leave(self) -> None:
        self._gone = True

    def _write(self) -> None:
        if self._detail is None:
            return
        self.heading.setText(self._detail.person.label)
        self.heading.setToolTip(self._detail.person.label)
        keys = ", ".join(key_words(kind, value) for kind, value in self._detail.other_keys)
        self.other_keys.setText(tr("Also known as: {keys}", keys=keys) if keys else "")
        self.other_keys.setVisible(bool(keys))

    def _edited(self) -> None:
        dirty = self.fields.dirty
        self.save_button.setEnabled(dirty)
        if dirty:
            self.saved.clear()
        self.question.hide()

    # ------------------------------------------------------------ saving

    def _save(self) -> None:
        self.error.clear()
        self.question.hide()
        if self.fields.complete():
            self._context.work.start(self._store(), "person saved", self.error.refuse)

    async def _store(self) -> None:
        edit = self.fields.edit()
        audiences = self._context.engine.audiences
        met = await audiences.meets(self._person_id, edit)
        if self._gone:
            return
        if {person.id for person in met} - {person.id for person in self._met}:
            self._met = met
            self._ask_about_merge()
            return
        self._show_saved(await audiences.edit_person(self._person_id, edit))

    def _show_saved(self, person: Person) -> None:
        if self._gone:
            return
        self._met = ()
        self.fields.show_person(person)
        self._edited()
        self.saved.setText(tr("Saved"))
        self._refresher.request()

    def _ask_about_merge(self) -> None:
        names = ", ".join(person.label for person in self._met[:5])
        self.question.ask(
            tr_n(
                "These keys belong to another stored person: {names}. Saving makes both one "
                "person, with all audiences, tasks and history. It cannot be undone.",
                "These keys belong to {count} other stored people: {names}. Saving makes all of "
                "them one person, with all audiences, tasks and history. It cannot be undone.",
                len(self._met),
                names=names,
            ),
            (tr("&Make them one person"), self._save),
            (tr("&Keep apart"), self._keep_apart),
        )

    def _keep_apart(self) -> None:
        self._met = ()

    def _ask_about_typed(self) -> None:
        self.question.ask(
            tr("What you typed is not saved yet."),
            (tr("&Save"), self._save),
            (tr("Disc&ard"), super().reject),
        )

    # ------------------------------------------------------------ do not contact

    def _ask_reason(self) -> None:
        form = SmallForm(
            self._context.work,
            self,
            tr("Do not contact"),
            tr(
                "This person is never contacted again, in any task and any audience, "
                "until you take them off the list by hand."
            ),
        )
        reason = QLineEdit(maxLength=200)
        form.add_row(tr("&Reason"), reason)
        add = self._context.engine.do_not_contact.add_person
        form.ask(tr("Do not contact"), lambda: add(self._person_id, reason.text()))

    def _show_in_list(self) -> None:
        entries = self._detail.opt_outs if self._detail is not None else ()
        # An entry in force says more than those that were lifted.
        for entry in sorted(entries, key=lambda entry: entry.ended_at is not None)[:1]:
            self.listed_requested.emit(entry.keys[0][1], entry.ended_at is not None)

    # ------------------------------------------------------------ inside

    def _connect(self) -> None:
        self.save_button.clicked.connect(self._save)
        self.close_button.clicked.connect(self.reject)
        self.fields.edited.connect(self._edited)
        self.past.task_opened.connect(self.task_opened)
        self.past.audience_opened.connect(self.audience_opened)
        self.past.forbid_requested.connect(self._ask_reason)
        self.past.listed_requested.connect(self._show_in_list)
        # To methods of the card itself, so that Qt lets go of them when the card is deleted.
        self._context.bridge.audiences_changed.connect(self._changed)
        self._context.bridge.tasks_changed.connect(self._changed)
        self.finished.connect(self._leave)
        language_changed().changed.connect(self.retranslate)

    def _lay_out(self) -> None:
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(*_SIZE)
        left = QWidget()
        left.setFixedWidth(self.fontMetrics().averageCharWidth() * 50)
        fields = QVBoxLayout(left)
        fields.setContentsMargins(0, 0, 0, 0)
        fields.addWidget(self.fields, 1)
        middle = line(left, self.past, spacing=Space.LARGE)
        middle.setStretch(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.LARGE, Space.LARGE, Space.LARGE, Space.LARGE)
        column.setSpacing(Space.MEDIUM)
        column.addWidget(self.heading)
        column.addWidget(self.other_keys)
        column.addLayout(middle, 1)
        column.addWidget(self.error)
        column.addWidget(self.question)
        column.addLayout(line(self.saved, None, self.close_button, self.save_button))


class _Question(QWidget):
    """A question inside the card with two ways on."""

    def __init__(self) -> None:
        super().__init__()
        self.words = label("", wrapped=True)
        self.yes_button, self.no_button = button(), button()
        self._ways: tuple[Callable[[], None], Callable[[], None]] | None = None
        self._asked = ""
        language_changed().changed.connect(self._name)
        card = frame("notice")
        row = line(self.words, self.no_button, self.yes_button)
        row.setStretch(0, 1)
        row.setContentsMargins(Space.MEDIUM, Space.SMALL, Space.SMALL, Space.SMALL)
        card.setLayout(row)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(card)
        self.yes_button.clicked.connect(lambda: self._go(0))
        self.no_button.clicked.connect(lambda: self._go(1))
        self.hide()

    def ask(
        self,
        words: str,
        yes: tuple[str, Callable[[], None]],
        no: tuple[str, Callable[[], None]],
    ) -> None:
        """Ask; each way is its words and what it does."""
        self._asked = words
        self.words.setText(words)
        self._name()
        self.yes_button.setText(yes[0])
        self.no_button.setText(no[0])
        self._ways = (yes[1], no[1])
        self.show()
        self.no_button.setFocus()

    def _name(self) -> None:
        self.setAccessibleName(anew(self._asked))

    def _go(self, way: int) -> None:
        self.hide()
        if self._ways is not None:
            self._ways[way]()
