"""The head of a task's page: way back, name, situation and actions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from invite_desktop.domain.tasks import TaskStatus
from invite_desktop.ui.translations import tr
from invite_desktop.ui.widgets.action_button import ActionButton, MenuButton
from invite_desktop.ui.widgets.layouts import line
from invite_desktop.ui.widgets.pieces import button, dress, label

if TYPE_CHECKING:
    from invite_desktop.engine.views import TaskView
    from invite_desktop.ui.tasks.task_actions import TaskActions


class TaskHeader(QWidget):
    """Says which task this is and how it stands."""

    back_requested = Signal()

    def __init__(self, actions: TaskActions) -> None:
        super().__init__()
        self.back_button = button("back")
        self.back_button.setObjectName("back")
        self.back_button.setShortcut(QKeySequence("Alt+Left"))
        self.back_button.clicked.connect(self.back_requested)
        self.name = _yielding(label("heading"))
        self.trouble = label("care", wrapped=True)
        self.situation = label("muted", wrapped=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        buttons = [ActionButton(action, only_when_allowed=True) for action in actions.on_page]
        self.more_button = MenuButton("more", actions.rarer_on_page)
        head = line(self.back_button, self.name, *buttons, self.more_button)
        head.setStretch(1, 1)
        column.addLayout(head)
        column.addWidget(self.trouble)
        column.addWidget(self.situation)

    def say(self, view: TaskView, trouble: str, situation: str) -> None:
        """Show a task's name and situation, with what stopped it in a colour of its own."""
        role = "error" if view.task.status is TaskStatus.FAILED else "care"
        self.trouble.setProperty("role", role)
        dress(self.trouble)
        self.trouble.setText(trouble)
        self.trouble.setVisible(bool(trouble))
        self.name.setText(view.task.name)
        self.name.setToolTip(view.task.name)
        self.situation.setText(situation)

    def retranslate(self) -> None:
        """Write the button's text anew."""
        self.more_button.setText(tr("&More"))
        self.back_button.setText(tr("Tasks"))
        self.back_button.setAccessibleName(tr("Back to the list of tasks"))
        self.back_button.setShortcut(QKeySequence("Alt+Left"))


def _yielding(name: QLabel) -> QLabel:
    """Let a long name give way to the buttons beside it."""
    name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    return name
