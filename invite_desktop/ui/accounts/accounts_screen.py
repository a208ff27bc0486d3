"""The Accounts tab: every account with its state and budgets, and what can be done with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QVBoxLayout

from invite_desktop.domain.accounts import AccountState
from invite_desktop.ui.accounts.account_columns import account_columns
from invite_desktop.ui.accounts.add_account import AddAccountDialog
from invite_desktop.ui.accounts.names import account_label
from invite_desktop.ui.icons import put_icon
from invite_desktop.ui.theme import Space
from invite_desktop.ui.translations import tr
from invite_desktop.ui.widgets.action_button import ActionButton
from invite_desktop.ui.widgets.layouts import line
from invite_desktop.ui.widgets.pieces import EmptyState, button
from invite_desktop.ui.widgets.rows_model import RowsModel
from invite_desktop.ui.widgets.screen import Screen
from invite_desktop.ui.widgets.tables import Table, TableOrEmpty

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from PySide6.QtCore import QPoint

    from invite_desktop.engine.views import AccountView
    from invite_desktop.ui.context import ScreenContext


class AccountsScreen(Screen):
    """Changes only the rows of the accounts to which something happened."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__(context, "accounts_screen")
        self.model: RowsModel[AccountView] = RowsModel(
            account_columns(context.engine.clock.now), key=lambda view: view.account.id
        )
        self.table = Table(self.model)
        self.table.setObjectName("accounts")
        self.table.remember_columns(context.settings, "accounts/columns")
        self.add_button = button("add", primary=True)
        self.add_button.setObjectName("add_account")
        self.empty = EmptyState("accounts", "add")
        self.check = self._action("retry", self._check)
        self.switch = self._action("power", self._switch)
        self.log_out = self._action("leave", self._log_out)
        self._lay_out()
        self._connect()
        self.retranslate()

    def retranslate(self) -> None:
        """Write every text anew."""
        self.add_button.setText(tr("&Add account"))
        self.check.setText(tr("&Check now"))
        self.check.setToolTip(tr("Ask Telegram how the account is"))
        self.log_out.setText(tr("&Log out…"))
        self.log_out.setToolTip(tr("End the session at Telegram and forget the account here"))
        self.table.setAccessibleName(tr("Accounts"))
        self.empty.say(
            tr("No accounts yet"),
            tr(
                "Add the Telegram account that administers your group or channel. "
                "Its login stays in the keyring of your system, nowhere else."
            ),
            tr("Add an account"),
        )
        self.model.retranslate()
        self._selection_changed()

    async def load(self) -> None:
        """Fetch the accounts."""
        self.model.replace(await self.context.engine.accounts.views())
        self._selection_changed()

    def add_account(self) -> None:
        """Open the dialog for another account."""
        AddAccountDialog(self.context, self.window()).begin()

    def _chosen(self) -> AccountView | None:
        rows = self.table.chosen()
        return rows[0] if rows else None

    def _selection_changed(self) -> None:
        chosen = self._chosen()
        off = chosen is not None and chosen.state is AccountState.SWITCHED_OFF
        for action in (self.check, self.switch, self.log_out):
            action.setEnabled(chosen is not None)
        self.switch.setText(tr("&Switch on") if off else tr("&Switch off"))
        self.switch.setToolTip(
            tr("Let tasks use the account again")
            if off
            else tr("Keep the account out of all tasks")
        )

    def _check(self) -> None:
        if chosen := self._chosen():
            work = self._check_now(chosen.account.id)
            self.context.work.start(work, f"account {chosen.account.id}: check")

    async def _check_now(self, account_id: int) -> None:
        self.model.update_row(await self.context.engine.accounts.check(account_id))
        self._selection_changed()

    def _switch(self) -> None:
        if chosen := self._chosen():
            work = self._switch_now(chosen)
            self.context.work.start(work, f"account {chosen.account.id}: switch")

    async def _switch_now(self, view: AccountView) -> None:
        accounts = self.context.engine.accounts
        if view.state is AccountState.SWITCHED_OFF:
            await accounts.switch_on(view.account.id)
        else:
            await accounts.switch_off(view.account.id)
        self.refresh()

    def _log_out(self) -> None:
        if chosen := self._chosen():
            work = self._ask_and_log_out(chosen)
            self.context.work.start(work, f"account {chosen.account.id}: log out")

    async def _ask_and_log_out(self, view: AccountView) -> None:
        agreed = await self.context.notices.ask(
            tr("Log out {account}?", account=account_label(view.account)),
            tr(
                "Its session at Telegram ends and it leaves this list. "
                "Its tasks go on with the other accounts, or wait."
            ),
            tr("Log out"),
        )
        if agreed:
            await self.context.engine.accounts.log_out(view.account.id)
            self.refresh()

    def _changed(self, _ids: Collection[int]) -> None:
        self.refresh()

    def _show_menu(self, place: QPoint) -> None:
        if self._chosen() is None:
            return
        menu = QMenu(self.table)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addActions([self.check, self.switch, self.log_out])
        menu.popup(self.table.viewport().mapToGlobal(place))

    def _action(self, icon_name: str, chosen: Callable[[], None]) -> QAction:
        action = QAction(self.table)
        put_icon(action, icon_name)
        action.triggered.connect(chosen)
        self.table.addAction(action)
        return action

    def _connect(self) -> None:
        self.add_button.clicked.connect(self.add_account)
        self.empty.acted.connect(self.add_account)
        self.table.selection_changed.connect(self._selection_changed)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.customContextMenuRequested.connect(self._show_menu)
        self.context.bridge.accounts_changed.connect(self._changed)

    def _lay_out(self) -> None:
        self.table.setSelectionMode(Table.SelectionMode.SingleSelection)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.LARGE, Space.MEDIUM, Space.LARGE, Space.LARGE)
        column.setSpacing(Space.MEDIUM)
        buttons = [ActionButton(action) for action in (self.check, self.switch, self.log_out)]
        column.addLayout(line(self.add_button, None, *buttons))
        column.addWidget(TableOrEmpty(self.table, self.empty), 1)
