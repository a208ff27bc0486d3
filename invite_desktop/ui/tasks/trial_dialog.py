"""A task tried on one person, who is really invited or written to, or on oneself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFormLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from invite_desktop.domain.outcomes import OPEN_STATES, TargetState
from invite_desktop.domain.tasks import TaskKind
from invite_desktop.engine.ports.stores import TargetFilter
from invite_desktop.engine.self_tests import TrialMessage
from invite_desktop.ui.tasks.self_test_button import SelfTestButton
from invite_desktop.ui.theme import Space
from invite_desktop.ui.translations import joined, language_changed, tr
from invite_desktop.ui.widgets.dialog import Dialog
from invite_desktop.ui.widgets.layouts import line
from invite_desktop.ui.widgets.pieces import FieldError, button, label
from invite_desktop.ui.wording import titled
from invite_desktop.ui.work import Latest

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from typing import Any

    from invite_desktop.domain.errors import KnownError
    from invite_desktop.domain.tasks import InviteTask
    from invite_desktop.engine.ports.ledger import Target
    from invite_desktop.ui.context import ScreenContext

_SHOWN = 50
"""People of the task in the list; the search finds the others."""

_PENDING = frozenset({TargetState.PENDING})


class TrialDialog(Dialog):
    """Lives until it is closed; a trial that is on its way goes on without it. Call ``ask``."""

    def __init__(self, context: ScreenContext, parent: QWidget, task: InviteTask) -> None:
        super().__init__(parent)
        self._context = context
        self._task = task
        self._messages = task.kind is TaskKind.MESSAGE
        self._first: Target | None = None
        self._open = True
        self._searching = Latest(context.work, f"task {task.id}: people for a trial")
        self.oneself = SelfTestButton(context)
        self.words = label("", wrapped=True)
        self.from_task, self.by_name = QRadioButton(), QRadioButton()
        self.search = QLineEdit(clearButtonEnabled=True)
        self.people = QListWidget()
        self.key = QLineEdit()
        self.name_field = QLineEdit()
        self.told = label("good", wrapped=True)
        self.error = FieldError()
        self.try_button = button(primary=True)
        self.close_button = button()
        self._names = QFormLayout(rowWrapPolicy=QFormLayout.RowWrapPolicy.WrapAllRows)
        self._names.setSpacing(Space.HAIR)
        self._lay_out()
        self.told.hide()
        self._connect()
        self.retranslate()
        self._choice_changed()

    def ask(self) -> None:
        """Open, and fetch the people who are still to be contacted."""
        self.open()
        self._search()

    # ------------------------------------------------------------ who

    def _search(self) -> None:
        self._searching.start(self._find(self.search.text().strip()), self.error.refuse)

    async def _find(self, text: str) -> None:
        wanted = TargetFilter(_PENDING, text=text)
        found = await self._context.engine.tasks.targets(self._task.id, wanted, 0, _SHOWN)
        if not text:
            self._first = found[0] if found else None
            self.oneself.setEnabled(self._first is not None)
        self.people.clear()
        for target in found:
            item = QListWidgetItem(target.person.label, self.people)
            item.setData(Qt.ItemDataRole.UserRole, target.id)
        if found:
            self.people.setCurrentRow(0)
        self._choice_changed()

    def _choice_changed(self) -> None:
        from_task = self.from_task.isChecked()
        for field in (self.search, self.people):
            field.setEnabled(from_task)
        for field in (self.key, self.name_field):
            field.setEnabled(not from_task)
        chosen = self.people.currentItem() is not None
        self.try_button.setEnabled(chosen if from_task else bool(self.key.text().strip()))

    def _send_to_oneself(self) -> None:
        if self._first is not None:
            task = self._task
            self.oneself.send(
                TrialMessage(task.text, self._first.person, task.link_preview, task.attachment)
            )

    # ------------------------------------------------------------ the trial

    def _try(self) -> None:
        trials = self._context.engine.trials
        item = self.people.currentItem()
        if self.from_task.isChecked() and item is not None:
            begun = trials.of_target(self._task.id, item.data(Qt.ItemDataRole.UserRole))
        elif self.by_name.isChecked():
            begun = trials.of_key(self._task.id, self.key.text(), self.name_field.text())
        else:
            return
        self.error.clear()
        self._tell(tr("Checking accounts and rights…"))
        self.try_button.setEnabled(False)
        # Not dropped with the dialog: what has begun is brought to its end.
        self._context.work.start(self._run(begun), "trial", self._refused)

    async def _run(self, begun: Coroutine[Any, Any, InviteTask]) -> None:
        trial = await begun
        self._tell(
            tr(
                "On its way, at the safe pace. You may close this window: the task “{task}” in "
                "the list shows how it goes.",
                task=trial.name,
            )
        )
        target = await self._context.engine.trials.result(trial.id)
        words = titled(target.state if target.outcome is None else target.outcome)
        if target.state in OPEN_STATES:
            words = tr("not done yet; the task “{task}” says why", task=trial.name)
        self._tell(joined(target.person.label, words, by=": "))
        if self._open:
            self._search()

    def _tell(self, words: str) -> None:
        if self._open:
            self.told.setText(words)
            self.told.setAccessibleName(words)
            self.told.setVisible(bool(words))

    def _refused(self, error: KnownError) -> None:
        if not self._open:
            self._context.notices.refused(error)
            return
        self._tell("")
        self.error.refuse(error)
        self._choice_changed()

    # ------------------------------------------------------------ the dialog

    def _leave(self) -> None:
        self._open = False
        self._searching.cancel()
        self.deleteLater()

    def retranslate(self) -> None:
        """Write every text anew."""
        self.setWindowTitle(tr("Test of “{task}”", task=self._task.name))
        self.oneself.retranslate()
        if self._messages:
            self.words.setText(
                tr(
                    "Or write to one person for real. It counts against the limits and stands in "
                    "the log, and the task does not write to them again."
                )
            )
            self.try_button.setText(tr("&Write to this person"))
        else:
            self.words.setText(
                tr(
                    "One person is invited for real. It counts against the limits and stands in "
                    "the log, and nobody invites them to this chat again."
                )
            )
            self.try_button.setText(tr("&Invite this person"))
        self.from_task.setText(tr("&Somebody of this task"))
        self.by_name.setText(tr("Somebody &else, who agreed to it"))
        self.search.setPlaceholderText(tr("Search"))
        self.search.setAccessibleName(tr("Search"))
        self.people.setAccessibleName(tr("People still to be contacted"))
        self.key.setPlaceholderText(tr("@name, t.me/name or phone number"))
        self.close_button.setText(tr("Close"))

    def _name_fields(self) -> None:
        """Put the fields under their names, which say themselves anew."""
        names = [(tr("&Username or phone"), self.key)]
        if self._messages:
            names.append((tr("&Name in the message"), self.name_field))
        for words, field in names:
            name = label()
            name.setText(words)
            name.setBuddy(field)
            self._names.addRow(name, field)

    def _connect(self) -> None:
        language_changed().changed.connect(self.retranslate)
        self.oneself.requested.connect(self._send_to_oneself)
        self.search.textChanged.connect(self._search)
        self.key.textChanged.connect(self._choice_changed)
        self.from_task.toggled.connect(self._choice_changed)
        self.people.currentRowChanged.connect(self._choice_changed)
        self.try_button.clicked.connect(self._try)
        self.close_button.clicked.connect(self.reject)
        self.finished.connect(self._leave)

    def _lay_out(self) -> None:
        self.from_task.setChecked(True)
        self.oneself.setVisible(self._messages)
        self._name_fields()
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.LARGE, Space.LARGE, Space.LARGE, Space.LARGE)
        column.setSpacing(Space.SMALL)
        column.addWidget(self.oneself)
        column.addWidget(self.words)
        column.addWidget(self.from_task)
        column.addWidget(self.search)
        column.addWidget(self.people, 1)
        column.addWidget(self.by_name)
        column.addLayout(self._names)
        column.addWidget(self.told)
        column.addWidget(self.error)
        column.addLayout(line(None, self.try_button, self.close_button))
        letter = self.fontMetrics().averageCharWidth()
        self.resize(letter * 80, letter * 74)
