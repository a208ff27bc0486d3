"""The diagnosis of a task: what was found, the worst first, each with its repair."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from invite_desktop.domain.diagnosis import Gravity, RepairKind
from invite_desktop.ui.theme import Space, Tone
from invite_desktop.ui.translations import language_changed, show, tr, tr_n
from invite_desktop.ui.widgets.dialog import Dialog
from invite_desktop.ui.widgets.layouts import line
from invite_desktop.ui.widgets.pieces import FieldError, Sign, button, frame, label
from invite_desktop.ui.wording import titled

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Sequence
    from typing import Any

    from invite_desktop.domain.diagnosis import Finding, Repair
    from invite_desktop.domain.tasks import InviteTask
    from invite_desktop.ui.context import ScreenContext

_TONES = {Gravity.FINE: Tone.GOOD, Gravity.CARE: Tone.CARE, Gravity.BLOCKING: Tone.BAD}
_ICONS = {Gravity.FINE: "done", Gravity.CARE: "warning", Gravity.BLOCKING: "forbid"}


class DiagnosisDialog(Dialog):
    """Lives until it is closed; call ``look``.

    What the engine can mend by itself is mended here, and everything is looked at anew. For the
    rest ``repair_requested`` carries the Repair, and the dialog closes.
    """

    repair_requested = Signal(object)

    def __init__(self, context: ScreenContext, parent: QWidget, task: InviteTask) -> None:
        super().__init__(parent)
        self._context = context
        self._task = task
        self.findings: Sequence[Finding] = ()
        self.summary = label("strong", wrapped=True)
        self.error = FieldError()
        self.again_button = button("retry")
        self.close_button = button()
        self._list = QVBoxLayout()
        self._lay_out()
        self.again_button.clicked.connect(self._look_again)
        self.close_button.clicked.connect(self.reject)
        self.finished.connect(self.deleteLater)
        language_changed().changed.connect(self.retranslate)
        self.retranslate()
        self.again_button.setText(tr("Look &again"))
        self.close_button.setText(tr("Close"))

    def retranslate(self) -> None:
        """Write anew what labels and buttons do not say anew themselves."""
        self.setWindowTitle(tr("Diagnosis of “{task}”", task=self._task.name))
        if self.findings:
            self._show()

    def look(self) -> None:
        """Open, and look at everything."""
        self.open()
        self._look_again()

    def _look_again(self) -> None:
        self._run(self._look())

    async def _look(self) -> None:
        self.summary.setText(tr("Looking at the task, its people, accounts and chat…"))
        self.again_button.setEnabled(False)
        try:
            found = await self._context.engine.diagnosis.of_task(self._task.id)
        finally:
            self.again_button.setEnabled(True)
            self.summary.clear()
        self.findings = sorted(found, key=lambda finding: -finding.gravity)
        self._show()

    def _show(self) -> None:
        while (item := self._list.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()
        for finding in self.findings:
            self._list.addWidget(self._row(finding))
        self._list.addStretch(1)
        self.summary.setText(_summary(self.findings))

    def _row(self, finding: Finding) -> QFrame:
        card = frame("card")
        sign = Sign(_ICONS[finding.gravity], _TONES[finding.gravity], 20)
        sign.setAlignment(Qt.AlignmentFlag.AlignTop)
        area, words = label("small"), label("", wrapped=True)
        area.setText(titled(finding.area))
        words.setText(show(finding.words))
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addStretch(1)
        texts.addWidget(area)
        texts.addWidget(words)
        texts.addStretch(1)
        row = line(sign, spacing=Space.MEDIUM)
        row.addLayout(texts, 1)
        if finding.repair is not None:
            row.addWidget(self._repair_button(finding.repair, words.text()))
        row.setContentsMargins(Space.MEDIUM, Space.SMALL, Space.SMALL, Space.SMALL)
        card.setLayout(row)
        card.setAccessibleName(f"{area.text()}: {words.text()}")
        return card

    def _repair_button(self, repair: Repair, concerns: str) -> QWidget:
        made = button()
        made.setText(repair_words(repair.kind))
        made.setAccessibleDescription(concerns)
        made.clicked.connect(lambda: self._repair(repair))
        return made

    def _repair(self, repair: Repair) -> None:
        act = self._acts.get(repair.kind)
        if act is None:
            self.accept()
            self.repair_requested.emit(repair)
        else:
            self._run(self._mend(act, repair.subject_id))

    async def _mend(self, act: Callable[[int], Awaitable[object]], subject_id: int) -> None:
        await act(subject_id)
        await self._look()

    @property
    def _acts(self) -> dict[RepairKind, Callable[[int], Awaitable[object]]]:
        """Return what the engine does by itself."""
        engine = self._context.engine
        return {
            RepairKind.START: engine.tasks.start,
            RepairKind.RESUME: engine.tasks.resume,
            RepairKind.RETRY: engine.tasks.retry,
            RepairKind.RESTORE: engine.bin.restore,
            RepairKind.CHECK_ACCOUNT: engine.accounts.check,
            RepairKind.SWITCH_ON_ACCOUNT: engine.accounts.switch_on,
            RepairKind.RELEASE_ACCOUNT: engine.accounts.release,
        }

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        self.error.clear()
        self._context.work.start(work, "diagnosis", self.error.refuse)

    def _lay_out(self) -> None:
        inside = QWidget()
        inside.setLayout(self._list)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(Space.SMALL)
        page = QScrollArea(widgetResizable=True)
        page.setFrameShape(QFrame.Shape.NoFrame)
        page.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        page.setWidget(inside)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.LARGE, Space.LARGE, Space.LARGE, Space.LARGE)
        column.setSpacing(Space.MEDIUM)
        column.addWidget(self.summary)
        column.addWidget(page, 1)
        column.addWidget(self.error)
        column.addLayout(line(self.again_button, None, self.close_button))
        letter = self.fontMetrics().averageCharWidth()
        self.resize(letter * 110, letter * 76)


def repair_words(kind: RepairKind) -> str:
    """Return what the button of a repair says."""
    return {
        RepairKind.START: tr("Start"),
        RepairKind.RESUME: tr("Resume"),
        RepairKind.RETRY: tr("Try again"),
        RepairKind.RESTORE: tr("Bring back"),
        RepairKind.CHANGE_SCHEDULE: tr("Schedule…"),
        RepairKind.CHANGE_BASIS: tr("Basis…"),
        RepairKind.OPEN_AUDIENCE: tr("See the audience"),
        RepairKind.COPY_TASK: tr("New task like it…"),
        RepairKind.SHOW_PEOPLE: tr("See these people"),
        RepairKind.SHOW_LINK: tr("Invite link"),
        RepairKind.ADD_ACCOUNT: tr("Add account…"),
        RepairKind.OPEN_ACCOUNT: tr("See the account"),
        RepairKind.CHECK_ACCOUNT: tr("Check the account"),
        RepairKind.SWITCH_ON_ACCOUNT: tr("Switch on"),
        RepairKind.RELEASE_ACCOUNT: tr("End the rest"),
        RepairKind.SET_PROXY: tr("Proxy…"),
    }[kind]


def _summary(findings: Sequence[Finding]) -> str:
    blocking = sum(finding.gravity is Gravity.BLOCKING for finding in findings)
    careful = sum(finding.gravity is Gravity.CARE for finding in findings)
    if blocking:
        return tr_n(
            "{count} thing keeps the task from going on.",
            "{count} things keep the task from going on.",
            blocking,
        )
    if careful:
        return tr_n(
            "Nothing is in the way; {count} thing is worth a look.",
            "Nothing is in the way; {count} things are worth a look.",
            careful,
        )
    return tr("Everything is in order.")
