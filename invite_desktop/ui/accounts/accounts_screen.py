"""The Accounts tab: the list of accounts, and one account's own page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QStackedWidget

from invite_desktop.ui.accounts.account_list import AccountList
from invite_desktop.ui.accounts.add_account import AddAccountDialog
from invite_desktop.ui.accounts.proxy_dialog import ProxyDialog

if TYPE_CHECKING:
    from invite_desktop.ui.accounts.account_page import AccountPage
    from invite_desktop.ui.context import ScreenContext


class AccountsScreen(QStackedWidget):
    """The page is loaded and built when it is first needed."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__()
        self.setObjectName("accounts_screen")
        self._context = context
        self.list = AccountList(context)
        self._page: AccountPage | None = None
        self.addWidget(self.list)
        self.list.add_requested.connect(self.add_account)
        self.list.proxy_requested.connect(self.set_proxy)
        self.list.opened.connect(self.open_account)

    @property
    def page(self) -> AccountPage:
        """Return the page of one account."""
        if self._page is None:
            from invite_desktop.ui.accounts.account_page import AccountPage  # noqa: PLC0415 - see the class

            self._page = AccountPage(self._context)
            self._page.back_requested.connect(self.show_list)
            self.addWidget(self._page)
        return self._page

    def add_account(self) -> None:
        """Open the dialog for another account."""
        AddAccountDialog(self._context, self.window()).begin()

    def set_proxy(self) -> None:
        """Open the dialog for the proxy."""
        ProxyDialog(self._context, self.window()).begin()

    def show_list(self) -> None:
        """Show all accounts."""
        self.setCurrentWidget(self.list)
        self.list.table.setFocus()

    def open_account(self, account_id: int) -> None:
        """Show one account's page."""
        self.setCurrentWidget(self.page)
        self.page.open_account(account_id)
