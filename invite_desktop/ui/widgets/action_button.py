"""Push buttons that stand for actions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenu

from invite_desktop.ui.icons import put_icon
from invite_desktop.ui.widgets.pieces import Button

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QAction


class ActionButton(Button):
    """Shows an action's text, icon and tool tip, and is enabled when the action is.

    ``only_when_allowed`` takes the button away while the action is not allowed.
    """

    def __init__(self, action: QAction, *, only_when_allowed: bool = False) -> None:
        super().__init__()
        self._only_when_allowed = only_when_allowed
        self.setAutoDefault(False)
        self._action = action
        action.changed.connect(self._follow)
        self.clicked.connect(action.trigger)
        self._follow()

    def _follow(self) -> None:
        self.setText(self._action.text())
        self.setIcon(self._action.icon())
        self.setToolTip(self._action.toolTip())
        self.setEnabled(self._action.isEnabled())
        if self._only_when_allowed:
            self._come_or_go()

    def _come_or_go(self) -> None:
        # A button that belongs to nobody yet must not be shown: it would be a window.
        if not self._action.isEnabled():
            self.hide()
        elif self.parent() is not None:
            self.show()


class MenuButton(Button):
    """Opens a menu of the actions that are needed less often."""

    def __init__(self, icon_name: str, actions: Sequence[QAction]) -> None:
        super().__init__()
        self.setAutoDefault(False)
        put_icon(self, icon_name)
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        menu.addActions(list(actions))
        self.setMenu(menu)
