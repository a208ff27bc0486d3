"""One account's own page: how it is, what it may still do today, and what happened to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QTabWidget, QVBoxLayout

from invite_desktop.domain.attempts import Action
from invite_desktop.domain.errors import KnownError
from invite_desktop.engine.ports.ledger import LedgerFilter
from invite_desktop.ui.accounts.account_actions import AccountActions
from invite_desktop.ui.accounts.account_columns import health_columns
from invite_desktop.ui.accounts.account_header import AccountHeader
from invite_desktop.ui.accounts.account_list import MINUTES_PASS_MS
from invite_desktop.ui.accounts.budget_card import BudgetCard
from invite_desktop.ui.statistics.log_model import ACCOUNT_COLUMN, LogModel
from invite_desktop.ui.theme import Space
from invite_desktop.ui.translations import tr
from invite_desktop.ui.widgets.layouts import line
from invite_desktop.ui.widgets.pieces import EmptyState
from invite_desktop.ui.widgets.rows_model import RowsModel
from invite_desktop.ui.widgets.screen import Screen
from invite_desktop.ui.widgets.tables import Table, TableOrEmpty

if TYPE_CHECKING:
    from collections.abc import Collection

    from invite_desktop.domain.accounts import HealthEvent
    from invite_desktop.engine.views import AccountView
    from invite_desktop.ui.context import ScreenContext

_HISTORY = 500
"""So many entries of the health history are shown, the newest ones."""


class AccountPage(Screen):
    """Shows one account at a time; ``open_account`` says which."""

    back_requested = Signal()

    def __init__(self, context: ScreenContext) -> None:
        super().__init__(context, "account_page", rest=0.2)
        self._account_id = 0
        self.view: AccountView | None = None
        self.actions_on_account = AccountActions(context, self)
        self.header = AccountHeader(self.actions_on_account)
        self.budgets = [BudgetCard(action) for action in Action]
        self.health: RowsModel[HealthEvent] = RowsModel(
            health_columns(context.engine.clock.now), key=lambda event: event.id
        )
        self.health_table = Table(self.health)
        self.health_table.setObjectName("account_health")
        self.health_table.remember_columns(context.settings, "account_health/columns")
        self.log = LogModel(context.engine.statistics, context.work)
        self.log_table = Table(self.log)
        self.log_table.setObjectName("account_actions")
        self.log_table.remember_columns(context.settings, "account_actions/columns")
        self.log_table.hideColumn(ACCOUNT_COLUMN)
        self.no_events, self.no_actions = EmptyState("clock"), EmptyState("tasks")
        self.lists = QTabWidget()
        self.lists.setDocumentMode(True)
        self.lists.tabBar().setDrawBase(False)
        for table, empty in (
            (self.health_table, self.no_events),
            (self.log_table, self.no_actions),
        ):
            place = TableOrEmpty(table, empty)
            place.setContentsMargins(0, Space.SMALL, 0, 0)
            self.lists.addTab(place, "")
        self._minutes = QTimer(self, interval=MINUTES_PASS_MS)
        self._lay_out()
        self._connect()
        self.retranslate()
        self._minutes.start()

    def open_account(self, account_id: int) -> None:
        """Show another account."""
        if account_id != self._account_id:
            self._account_id, self.view = account_id, None
            self.health.start_over(())
            self.log.show_only(LedgerFilter(account_id=account_id))
        self.header.back_button.setFocus()
        self.refresh()

    def retranslate(self) -> None:
        """Write every text anew."""
        self.header.retranslate()
        self.lists.setTabText(0, tr("Health history"))
        self.lists.setTabText(1, tr("Last actions"))
        self.health_table.setAccessibleName(tr("Health history"))
        self.log_table.setAccessibleName(tr("Last actions"))
        self.no_events.say(
            tr("Nothing happened yet"),
            tr("Rests, limits and troubles of the account are written here."),
        )
        self.no_actions.say(
            tr("No actions yet"), tr("Here stands what the account did for your tasks.")
        )
        self.health.retranslate()
        self.log.retranslate()
        if self.view is not None:
            self._show_view(self.view)

    async def load(self) -> None:
        """Fetch the account with its history."""
        account_id = self._account_id
        try:
            view = await self.context.engine.accounts.view(account_id)
        except KnownError:
            # It has just been logged out, here or by Telegram's answer elsewhere.
            self.back_requested.emit()
            return
        events = await self.context.engine.accounts.health(account_id, 0, _HISTORY)
        await self.log.refresh()
        if account_id == self._account_id:
            self.health.replace(events)
            self._show_view(view)

    def _show_view(self, view: AccountView) -> None:
        self.view = view
        now = self.context.engine.clock.now()
        self.actions_on_account.set_chosen([view])
        self.header.say(view, now)
        for card in self.budgets:
            card.say(view, now)

    def _time_has_passed(self) -> None:
        if self.view is not None and self.isVisible():
            self._show_view(self.view)

    def _changed(self, account_ids: Collection[int]) -> None:
        if self._account_id in account_ids:
            self.refresh()

    def _connect(self) -> None:
        self.header.back_requested.connect(self.back_requested)
        self._minutes.timeout.connect(self._time_has_passed)
        self.actions_on_account.done.connect(self.refresh)
        self.context.bridge.accounts_changed.connect(self._changed)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.LARGE, Space.MEDIUM, Space.LARGE, Space.LARGE)
        column.setSpacing(Space.SMALL)
        column.addWidget(self.header)
        column.addLayout(line(*self.budgets))
        column.addWidget(self.lists, 1)
