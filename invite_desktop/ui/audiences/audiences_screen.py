"""The saved audiences: the list and one audience's page, one at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget

from invite_desktop.ui.audiences.audience_list import AudienceList

if TYPE_CHECKING:
    from invite_desktop.ui.context import ScreenContext


class AudiencesScreen(QStackedWidget):
    """Leads from the list to an audience and back."""

    task_requested = Signal(int)
    import_requested = Signal()

    def __init__(self, context: ScreenContext) -> None:
        super().__init__()
        self.setObjectName("audiences_screen")
        self.list = AudienceList(context)
        self.addWidget(self.list)
        self.list.import_requested.connect(self.import_requested)
