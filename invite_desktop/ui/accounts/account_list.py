"""All accounts with their states and budgets, and what can be done with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QMenu, QVBoxLayout

from invite_desktop.ui.accounts.account_actions import AccountActions
from invite_desktop.ui.accounts.account_columns import account_columns
from invite_desktop.ui.accounts.account_words import trouble_words
from invite_desktop.ui.accounts.state_filter import StateFilter
from invite_desktop.ui.theme import Space
from invite_desktop.ui.translations import tr
from invite_desktop.ui.widgets.action_button import ActionButton
from invite_desktop.ui.widgets.layouts import line
from invite_desktop.ui.widgets.pieces import EmptyState, button, emphasise, label
from invite_desktop.ui.widgets.rows_model import RowsModel
from invite_desktop.ui.widgets.screen import Screen
from invite_desktop.ui.widgets.tables import Table, TableOrEmpty

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from PySide6.QtCore import QPoint

    from invite_desktop.engine.views import AccountView
    from invite_desktop.ui.context import ScreenContext

MINUTES_PASS_MS = 15_000
"""Milliseconds after which moments on screen are written anew."""


class AccountList(Screen):
    """Changes only the rows of the accounts to which something happened."""

    add_requested = Signal()
    proxy_requested = Signal()
    opened = Signal(int)

    def __init__(self, context: ScreenContext) -> None:
        super().__init__(context, "account_list", rest=0.2)
        self._views: Sequence[AccountView] = ()
        self.model: RowsModel[AccountView] = RowsModel(
            account_columns(context.engine.clock.now), key=lambda view: view.account.id
        )
        self.table = Table(self.model, sortable=True)
        self.table.setObjectName("accounts")
        self.table.sort_first_by(0, Qt.SortOrder.AscendingOrder)
        self.table.remember_columns(context.settings, "accounts/list_columns")
        self.actions_on_accounts = AccountActions(context, self.table)
        self.filter = StateFilter()
        self.add_button = button("add", primary=True)
        self.add_button.setObjectName("add_account")
        self.proxy_button = button("server")
        self.trouble = label("muted", wrapped=True)
        self.trouble.setObjectName("trouble")
        self.empty = EmptyState("accounts", "add")
        self._minutes = QTimer(self, interval=MINUTES_PASS_MS)
        self._lay_out()
        self._connect()
        self.retranslate()
        self._minutes.start()

    def retranslate(self) -> None:
        """Write every text anew."""
        self.add_button.setText(tr("&Add account"))
        self.proxy_button.setAccessibleName(tr("Proxy"))
        self.proxy_button.setToolTip(tr("Proxy: the way by which Telegram is reached"))
        self.table.setAccessibleName(tr("Accounts"))
        self.filter.retranslate()
        self._say_empty()
        self.model.retranslate()
        self._show_trouble(self.table.chosen())

    async def load(self) -> None:
        """Fetch the accounts."""
        self._views = await self.context.engine.accounts.views()
        self._show()

    def _show(self) -> None:
        self.filter.count(view.condition for view in self._views)
        self.filter.setVisible(bool(self._views))
        emphasise(self.add_button, primary=bool(self._views))
        wanted = self.filter.chosen
        self.model.replace([v for v in self._views if wanted in (None, v.condition)])
        self._say_empty()
        self._selection_changed()

    def _say_empty(self) -> None:
        if self._views:
            self.empty.say(
                tr("No account is in this state"),
                tr("Choose another state above, or all accounts."),
                tr("Show all accounts"),
            )
            return
        self.empty.say(
            tr("No accounts yet"),
            tr(
                "Add the Telegram account that administers your group or channel. "
                "Its log-in stays in the keyring of your system, nowhere else."
            ),
            tr("Add an account"),
        )

    def _empty_acted(self) -> None:
        if self._views:
            self.filter.choose(None)
        else:
            self.add_requested.emit()

    def _selection_changed(self) -> None:
        chosen = self.table.chosen()
        self.actions_on_accounts.set_chosen(chosen)
        self._show_trouble(chosen)

    def _show_trouble(self, chosen: Sequence[AccountView]) -> None:
        """Say below the table, in full, what the chosen account's row has no room for."""
        now = self.context.engine.clock.now()
        words = trouble_words(chosen[0], now) if len(chosen) == 1 else ""
        self.trouble.setText(words)
        self.trouble.setAccessibleName(words)
        self.trouble.setVisible(bool(words))

    def _changed(self, _ids: Collection[int]) -> None:
        self.refresh()

    def _time_has_passed(self) -> None:
        """Paint the moments anew that have come meanwhile; nothing is fetched."""
        if self.isVisible():
            self.model.announce(0, self.model.rowCount() - 1)

    def _show_menu(self, place: QPoint) -> None:
        if not self.table.chosen():
            return
        menu = QMenu(self.table)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.actions_on_accounts.fill(menu)
        menu.popup(self.table.viewport().mapToGlobal(place))

    def _connect(self) -> None:
        self.add_button.clicked.connect(self.add_requested)
        self.proxy_button.clicked.connect(self.proxy_requested)
        self.empty.acted.connect(self._empty_acted)
        self.filter.chosen_changed.connect(self._show)
        self.table.selection_changed.connect(self._selection_changed)
        self.table.row_opened.connect(lambda view: self.opened.emit(view.account.id))
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.customContextMenuRequested.connect(self._show_menu)
        self._minutes.timeout.connect(self._time_has_passed)
        self.actions_on_accounts.done.connect(self.refresh)
        self.context.bridge.accounts_changed.connect(self._changed)

    def _lay_out(self) -> None:
        acts = self.actions_on_accounts
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.LARGE, Space.MEDIUM, Space.LARGE, Space.LARGE)
        column.setSpacing(Space.SMALL)
        column.addLayout(
            line(
                self.add_button,
                self.proxy_button,
                None,
                ActionButton(acts.check),
                acts.rest_button(),
                ActionButton(acts.switch),
                ActionButton(acts.spam_bot),
                ActionButton(acts.log_out),
                spacing=Space.HAIR,
            )
        )
        column.addWidget(self.filter)
        column.addWidget(TableOrEmpty(self.table, self.empty), 1)
        column.addWidget(self.trouble)
