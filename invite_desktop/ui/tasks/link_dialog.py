"""Everything about one task's invite link, a tab for each matter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog, QTabWidget, QVBoxLayout

from invite_desktop.ui.tasks.link_tab import LinkTab
from invite_desktop.ui.tasks.request_tab import RequestTab
from invite_desktop.ui.theme import Space
from invite_desktop.ui.translations import tr
from invite_desktop.ui.widgets.layouts import line
from invite_desktop.ui.widgets.pieces import FieldError, button
from invite_desktop.ui.work import Refresher

if TYPE_CHECKING:
    from collections.abc import Collection

    from PySide6.QtWidgets import QWidget

    from invite_desktop.ui.context import ScreenContext


class LinkDialog(QDialog):
    """Follows the facts while it is open; it lives until it is closed."""

    def __init__(self, context: ScreenContext, parent: QWidget, task_id: int) -> None:
        super().__init__(parent)
        self._context = context
        self._task_id = task_id
        self.error = FieldError()
        self.link = LinkTab(context, task_id, self.error)
        self.requests = RequestTab(context, task_id, self.error)
        self.tabs = QTabWidget()
        self.tabs.addTab(self.link, tr("Lin&k"))
        self.tabs.addTab(self.requests, tr("Re&quests"))
        self.tabs.currentChanged.connect(self._tab_chosen)
        self.close_button = button()
        self.close_button.setText(tr("Close"))
        self.close_button.clicked.connect(self.accept)
        self._refresher = Refresher(context.work, self._load, "invite link", rest=0.3)
        self._lay_out()
        context.bridge.tasks_changed.connect(self._tasks_changed)
        self.finished.connect(self._leave)
        self._refresher.request()

    async def _load(self) -> None:
        task = (await self._context.engine.tasks.view(self._task_id)).task
        self.setWindowTitle(tr("Invite link of “{task}”", task=task.name))
        await self.link.load()
        self.requests.show_link(await self._context.engine.links.of_task(self._task_id))

    def _tab_chosen(self) -> None:
        self.error.clear()
        if self.tabs.currentWidget() is self.requests:
            self.requests.look_first()

    def _tasks_changed(self, task_ids: Collection[int]) -> None:
        if self._task_id in task_ids:
            self._refresher.request()

    def _leave(self) -> None:
        self._context.bridge.tasks_changed.disconnect(self._tasks_changed)
        self.deleteLater()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.LARGE, Space.LARGE, Space.LARGE, Space.LARGE)
        column.setSpacing(Space.MEDIUM)
        column.addWidget(self.tabs, 1)
        column.addWidget(self.error)
        column.addLayout(line(None, self.close_button))
        self.setWindowTitle(tr("Invite link"))
        self.resize(860, 520)
