"""The dry run of a task: what would become of its people, to be read or saved with the reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout

from invite_desktop.domain.fates import WORKED_ON
from invite_desktop.domain.tasks import TaskKind
from invite_desktop.ui.theme import Space
from invite_desktop.ui.translations import language_changed, tr, tr_n, translator
from invite_desktop.ui.widgets.dialog import Dialog
from invite_desktop.ui.widgets.layouts import line
from invite_desktop.ui.widgets.pieces import FieldError, button, label
from invite_desktop.ui.widgets.save_dialog import choose_place
from invite_desktop.ui.wording import titled
from invite_desktop.ui.work import Latest

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from invite_desktop.domain.errors import KnownError
    from invite_desktop.domain.tasks import InviteTask
    from invite_desktop.engine.task_dry_run import TaskDryRun
    from invite_desktop.ui.context import ScreenContext


class TaskDryRunDialog(Dialog):
    """Lives until it is closed, and drops a run under way then; call ``look``."""

    def __init__(self, context: ScreenContext, parent: QWidget, task: InviteTask) -> None:
        super().__init__(parent)
        self._context = context
        self._task = task
        self.run: TaskDryRun | None = None
        self._running = Latest(context.work, f"task {task.id}: dry run")
        self.summary = label("strong", wrapped=True)
        self.note = label("small", wrapped=True)
        self.told = label("good", wrapped=True)
        self.error = FieldError()
        self.again_button = button("retry")
        self.save_button = button("save")
        self.close_button = button()
        self._lines = QGridLayout()
        self._lay_out()
        self.again_button.clicked.connect(self._look_again)
        self.save_button.clicked.connect(self._ask_place)
        self.close_button.clicked.connect(self.reject)
        self.finished.connect(self._leave)
        language_changed().changed.connect(self.retranslate)
        self.retranslate()
        self.again_button.setText(tr("Once &again"))
        self.save_button.setText(tr("&Save with the reasons…"))
        self.close_button.setText(tr("Close"))

    def retranslate(self) -> None:
        """Write anew what labels and buttons do not say anew themselves."""
        self.setWindowTitle(tr("Dry run of “{task}”", task=self._task.name))
        if self.run is not None:
            self._show(self.run)

    def look(self) -> None:
        """Open, and go through the task's people."""
        self.open()
        self._look_again()

    def _look_again(self) -> None:
        self.run = None
        self.error.clear()
        self.told.clear()
        self.summary.setText(tr("Going through the people; nobody is contacted…"))
        self._show_lines()
        self._running.start(self._look(), self._refused)

    async def _look(self) -> None:
        self.run = await self._context.engine.task_dry_runs.of_task(self._task.id)
        self._show(self.run)

    def _refused(self, error: KnownError) -> None:
        self.summary.clear()
        self.error.refuse(error)

    def _show(self, run: TaskDryRun) -> None:
        useful = sum(count for fate, count in run.counts.items() if fate in WORKED_ON)
        if not run.people:
            self.summary.setText(tr("Nobody is left to be contacted."))
        else:
            self.summary.setText(
                tr(
                    "{useful} of {people} would be tried:",
                    useful=translator().number(useful),
                    people=tr_n("{count} person", "{count} people", run.people),
                )
            )
        asked = tr_n(
            "Telegram was asked about {count} person what it takes to write to them.",
            "Telegram was asked about {count} people what it takes to write to them.",
            run.asked,
        )
        self.note.setText(asked if self._task.kind is TaskKind.MESSAGE and run.asked else "")
        self.note.setVisible(bool(self.note.text()))
        self._show_lines()

    def _show_lines(self) -> None:
        while (item := self._lines.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()
        counts = self.run.counts if self.run is not None else {}
        for row, (fate, count) in enumerate(counts.items()):
            number, words = label("strong"), label("", wrapped=True)
            number.setText(translator().number(count))
            number.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
            words.setText(titled(fate))
            words.setAccessibleName(f"{number.text()}: {words.text()}")
            self._lines.addWidget(number, row, 0)
            self._lines.addWidget(words, row, 1)
        self.save_button.setEnabled(bool(counts))

    def _ask_place(self) -> None:
        name = tr("{task}: dry run", task=self._task.name)
        choose_place(self, tr("Save the dry run"), name, self._save)

    def _save(self, path: Path) -> None:
        if self.run is not None:
            self.error.clear()
            self._running.start(self._write(self.run, path), self.error.refuse)

    async def _write(self, run: TaskDryRun, path: Path) -> None:
        saved = await self._context.engine.task_dry_runs.save(run, path)
        self.told.setText(tr_n("{count} person saved", "{count} people saved", saved))

    def _leave(self) -> None:
        self._running.cancel()
        self.deleteLater()

    def _lay_out(self) -> None:
        self._lines.setColumnStretch(1, 1)
        self._lines.setHorizontalSpacing(Space.MEDIUM)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.LARGE, Space.LARGE, Space.LARGE, Space.LARGE)
        column.setSpacing(Space.MEDIUM)
        column.addWidget(self.summary)
        column.addLayout(self._lines)
        column.addWidget(self.note)
        column.addStretch(1)
        column.addWidget(self.told)
        column.addWidget(self.error)
        buttons = (self.again_button, self.save_button)
        column.addLayout(line(*buttons, None, self.close_button))
        letter = self.fontMetrics().averageCharWidth()
        self.resize(letter * 90, letter * 42)
