"""The message sent to oneself, to see it in Telegram before anybody gets it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

from invite_desktop.domain.accounts import AccountState
from invite_desktop.ui.accounts.names import account_label
from invite_desktop.ui.translations import tr
from invite_desktop.ui.widgets.layouts import button_and_words, field_column
from invite_desktop.ui.widgets.pieces import FieldError, button, label
from invite_desktop.ui.work import Latest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from invite_desktop.domain.accounts import Account
    from invite_desktop.engine.self_tests import TrialMessage
    from invite_desktop.ui.context import ScreenContext


class SelfTestButton(QWidget):
    """Asks which account writes to itself when there are several; then tells how it went."""

    requested = Signal()

    def __init__(self, context: ScreenContext) -> None:
        super().__init__()
        self._context = context
        self.button = button("check")
        self.told = label("good", wrapped=True)
        self.error = FieldError()
        self._sending = Latest(context.work, "message to oneself")
        self.button.clicked.connect(self.requested)
        column = field_column(self)
        column.addLayout(button_and_words(self.button, self.told))
        column.addWidget(self.error)

    def send(self, trial: TrialMessage) -> None:
        """Send a message to oneself, unless one is on its way."""
        if self._sending.busy:
            return
        self.clear()
        self._sending.start(self._begin(trial), self.error.refuse)

    def clear(self) -> None:
        """Forget how the last one went."""
        self.told.clear()
        self.error.clear()

    def retranslate(self) -> None:
        """Write every text anew."""
        self.button.setText(tr("Send me a test"))
        self.button.setToolTip(
            tr("Send what the preview shows to your own “Saved Messages”; nobody else gets it")
        )

    async def _begin(self, trial: TrialMessage) -> None:
        views = await self._context.engine.accounts.views()
        ready = [view.account for view in views if view.state is AccountState.READY]
        if not ready:
            self.error.say(tr("No account is ready to send a test."))
        elif len(ready) == 1:
            await self._send(ready[0], trial)
        else:
            self._ask(ready, trial)

    def _ask(self, ready: Sequence[Account], trial: TrialMessage) -> None:
        menu = QMenu(self)
        for account in ready:
            action = menu.addAction(account_label(account).replace("&", "&&"))
            action.triggered.connect(
                lambda _=False, account=account: self._sending.start(
                    self._send(account, trial), self.error.refuse
                )
            )
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.button.mapToGlobal(self.button.rect().bottomLeft()))

    async def _send(self, account: Account, trial: TrialMessage) -> None:
        await self._context.engine.self_tests.send(account.id, trial)
        self.told.setText(
            tr("Sent: look into “Saved Messages” of {account}.", account=account_label(account))
        )
        self.told.setAccessibleName(self.told.text())
