"""What the user can do with accounts: one set of actions for the list, its menu and the page."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QAction, QDesktopServices
from PySide6.QtWidgets import QMenu, QPushButton, QWidget
from shiboken6 import isValid

from invite_desktop.domain.accounts import (
    LOST_STATES,
    RETURNING_STATES,
    AccountState,
    Condition,
)
from invite_desktop.domain.errors import KnownError
from invite_desktop.ui.accounts.names import account_label
from invite_desktop.ui.accounts.rest_dialog import RestDialog, tomorrow_morning
from invite_desktop.ui.icons import put_icon
from invite_desktop.ui.translations import joined, language_changed, tr, tr_n

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from datetime import datetime

    from invite_desktop.engine.views import AccountView
    from invite_desktop.ui.context import ScreenContext

SPAM_BOT = "https://t.me/SpamBot"
"""Telegram's own bot that tells an account whether and until when it is limited."""


class AccountActions(QObject):
    """Check, rest, release, switch, @SpamBot and log-out of the chosen accounts.

    ``done`` follows every action that has ended; ``open_url`` leads out of the program.
    """

    done = Signal()

    def __init__(self, context: ScreenContext, owner: QWidget) -> None:
        super().__init__(owner)
        self._context = context
        self._owner = owner
        self._chosen: Sequence[AccountView] = ()
        self.open_url: Callable[[QUrl], object] = QDesktopServices.openUrl
        self.check = self._action("retry", self._check)
        self.rest_hour = self._action("pause", self._rest_an_hour)
        self.rest_morning = self._action("pause", self._rest_until_morning)
        self.rest_date = self._action("pause", self._rest_until_a_date)
        self.release = self._action("resume", self._release)
        self.switch = self._action("power", self._switch)
        self.spam_bot = self._action("link", self._spam_bot)
        self.log_out = self._action("leave", self._log_out)
        self.rest_menu = QMenu(owner)
        self.rest_menu.addActions([self.rest_hour, self.rest_morning, self.rest_date])
        self.rest_menu.addSeparator()
        self.rest_menu.addAction(self.release)
        put_icon(self.rest_menu.menuAction(), "pause")
        language_changed().changed.connect(self.retranslate)
        self.retranslate()
        self.set_chosen(())

    @property
    def chosen(self) -> Sequence[AccountView]:
        """Return the accounts that the actions concern."""
        return self._chosen

    def set_chosen(self, views: Sequence[AccountView]) -> None:
        """Say which accounts the actions concern."""
        self._chosen = tuple(views)
        able = any(view.state not in LOST_STATES for view in views)
        for action in (self.check, self.spam_bot, self.log_out):
            action.setEnabled(bool(views))
        for action in (self.rest_hour, self.rest_morning, self.rest_date):
            action.setEnabled(able)
        self.rest_menu.menuAction().setEnabled(able)
        self.release.setEnabled(bool(self._resting()))
        self.switch.setEnabled(able)
        self._write_switch()

    def rest_button(self) -> QPushButton:
        """Return a button that opens the choices of a rest."""
        made = QPushButton(autoDefault=False)
        made.setMenu(self.rest_menu)
        action = self.rest_menu.menuAction()

        def follow() -> None:
            # The end of a menu changes its action, which Qt has let go of already.
            if not isValid(action):
                return
            made.setText(action.text())
            made.setIcon(action.icon())
            made.setToolTip(action.toolTip())
            made.setEnabled(action.isEnabled())

        action.changed.connect(follow)
        follow()
        return made

    def fill(self, menu: QMenu) -> None:
        """Put all actions into a menu."""
        menu.addAction(self.check)
        menu.addMenu(self.rest_menu)
        menu.addActions([self.switch, self.spam_bot])
        menu.addSeparator()
        menu.addAction(self.log_out)

    def retranslate(self) -> None:
        """Write the texts in the language in force."""
        for action, text, hint in (
            (self.check, tr("&Check now"), tr("Ask Telegram how the account is")),
            (self.rest_hour, tr("For one &hour"), ""),
            (self.rest_morning, tr("Until &tomorrow morning"), ""),
            (self.rest_date, tr("Until a &date…"), ""),
            (self.release, tr("R&elease"), tr("End a rest that you ordered")),
            (self.spam_bot, tr("@&SpamBot…"), tr("Ask Telegram's own bot about limits")),
            (
                self.log_out,
                tr("&Log out…"),
                tr("End the session at Telegram and forget the account here"),
            ),
        ):
            action.setText(text)
            action.setToolTip(hint or text.replace("&", ""))
        self.rest_menu.setTitle(tr("&Rest"))
        self.rest_menu.menuAction().setToolTip(tr("Let the account do nothing for a while"))
        self._write_switch()

    def _write_switch(self) -> None:
        on = bool(self._chosen) and all(v.state is AccountState.SWITCHED_OFF for v in self._chosen)
        self.switch.setText(tr("S&witch on") if on else tr("S&witch off"))
        self.switch.setToolTip(
            tr("Let tasks use the account again") if on else tr("Keep the account out of all tasks")
        )

    def _action(self, icon_name: str, chosen: Callable[[], None]) -> QAction:
        action = QAction(self._owner)
        put_icon(action, icon_name)
        action.triggered.connect(chosen)
        self._owner.addAction(action)
        return action

    # ------------------------------------------------------------ what they do

    def _check(self) -> None:
        self._for_each(self._chosen, self._context.engine.accounts.check, "check")

    def _rest_an_hour(self) -> None:
        self._rest(self._context.engine.clock.now() + timedelta(hours=1))

    def _rest_until_morning(self) -> None:
        self._rest(tomorrow_morning(self._context.engine.clock.now()))

    def _rest_until_a_date(self) -> None:
        dialog = RestDialog(self._context.engine.clock.now(), self._owner.window())
        dialog.moment_chosen.connect(self._rest)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _rest(self, until: datetime) -> None:
        able = [view for view in self._chosen if view.state not in LOST_STATES]
        rest = partial(self._rest_one, until=until)
        self._for_each(able, rest, "rest")

    async def _rest_one(self, account_id: int, until: datetime) -> None:
        await self._context.engine.accounts.rest(account_id, until)

    def _release(self) -> None:
        self._for_each(self._resting(), self._context.engine.accounts.release, "release")

    def _resting(self) -> list[AccountView]:
        """Return the chosen ones whose rest can be ended, else all that rest, to be told why."""
        resting = [view for view in self._chosen if view.state in RETURNING_STATES]
        return [view for view in resting if view.account.rests_by_user] or resting

    def _switch(self) -> None:
        accounts = self._context.engine.accounts
        off = [view for view in self._chosen if view.state is AccountState.SWITCHED_OFF]
        if len(off) == len(self._chosen):
            self._for_each(off, accounts.switch_on, "switched on")
            return
        able = [v for v in self._chosen if v not in off and v.state not in LOST_STATES]
        self._for_each(able, accounts.switch_off, "switched off")

    def _spam_bot(self) -> None:
        self._context.work.start(self._ask_and_open(), "@SpamBot")

    async def _ask_and_open(self) -> None:
        limited = any(view.condition is Condition.LIMITED for view in self._chosen)
        detail = tr(
            "@SpamBot is Telegram's own bot. Open it in the Telegram app in which this account is "
            "logged in, and press Start: it says whether the account is limited, until when, and "
            "how to object. This program sends nothing there."
        )
        if limited:
            detail = joined(detail, tr("Until then let the account rest."))
        if await self._context.notices.ask(tr("Open @SpamBot?"), detail, tr("Open")):
            self.open_url(QUrl(SPAM_BOT))

    def _log_out(self) -> None:
        self._context.work.start(self._ask_and_log_out(self._chosen), "accounts: log out")

    async def _ask_and_log_out(self, views: Sequence[AccountView]) -> None:
        names = ", ".join(account_label(view.account) for view in views)
        agreed = await self._context.notices.ask(
            tr("Log out {account}?", account=names),
            tr_n(
                "Its session at Telegram ends and it leaves this list. "
                "Its tasks go on with the other accounts, or wait.",
                "The sessions of {count} accounts at Telegram end and they leave this list. "
                "Their tasks go on with the other accounts, or wait.",
                len(views),
            ),
            tr("Log out"),
        )
        if agreed:
            self._for_each(views, self._context.engine.accounts.log_out, "log out")

    def _for_each(
        self,
        views: Sequence[AccountView],
        act: Callable[[int], Awaitable[object]],
        name: str,
    ) -> None:
        ids = [view.account.id for view in views]
        self._context.work.start(self._act_on_all(ids, act), f"accounts: {name}")

    async def _act_on_all(
        self, ids: Sequence[int], act: Callable[[int], Awaitable[object]]
    ) -> None:
        """Do it to all at the same time; a refusal that several share is told once."""
        try:
            ends = await asyncio.gather(*map(act, ids), return_exceptions=True)
        finally:
            self.done.emit()
        refusals = {str(end.explanation): end for end in ends if isinstance(end, KnownError)}
        for error in refusals.values():
            await self._context.notices.tell_refusal(error)
        for end in ends:
            if isinstance(end, BaseException) and not isinstance(end, KnownError):
                raise end
