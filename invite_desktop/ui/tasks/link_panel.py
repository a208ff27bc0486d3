"""Everything about one task's invite link, a tab for each matter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from invite_desktop.ui.tasks.link_tab import LinkTab
from invite_desktop.ui.tasks.reach_tab import ReachTab
from invite_desktop.ui.tasks.request_tab import RequestTab
from invite_desktop.ui.tasks.stay_tab import StayTab
from invite_desktop.ui.theme import Space
from invite_desktop.ui.translations import tr
from invite_desktop.ui.widgets.pieces import FieldError
from invite_desktop.ui.work import Refresher

if TYPE_CHECKING:
    from collections.abc import Collection

    from invite_desktop.ui.context import ScreenContext


class LinkPanel(QWidget):
    """Follows the facts of one task until ``leave``."""

    def __init__(self, context: ScreenContext, task_id: int) -> None:
        super().__init__()
        self._context = context
        self._task_id = task_id
        self.error = FieldError()
        self.link = LinkTab(context, task_id, self.error)
        self.requests = RequestTab(context, task_id, self.error)
        self.reach = ReachTab(context, task_id, self.error)
        self.stay = StayTab(context, task_id)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setDrawBase(False)
        self.tabs.addTab(self.link, tr("Lin&k"))
        self.tabs.addTab(self.requests, tr("Re&quests"))
        self.tabs.addTab(self.reach, tr("Only by l&ink"))
        self.tabs.addTab(self.stay, tr("&Who stayed"))
        self.tabs.currentChanged.connect(self._tab_chosen)
        self._refresher = Refresher(context.work, self._load, "invite link", rest=0.3)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.SMALL)
        column.addWidget(self.error)
        column.addWidget(self.tabs, 1)
        context.bridge.tasks_changed.connect(self._tasks_changed)
        self._refresher.request()

    def leave(self) -> None:
        """Follow nothing any more, and go."""
        self._context.bridge.tasks_changed.disconnect(self._tasks_changed)
        self.deleteLater()

    async def _load(self) -> None:
        await self.link.load()
        await self.reach.load()
        await self.stay.load()
        self.requests.show_link(await self._context.engine.links.of_task(self._task_id))

    def _tab_chosen(self) -> None:
        self.error.clear()
        if self.tabs.currentWidget() is self.requests:
            self.requests.look_first()

    def _tasks_changed(self, task_ids: Collection[int]) -> None:
        if self._task_id in task_ids:
            self._refresher.request()
