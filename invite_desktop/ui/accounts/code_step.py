"""The page of the login code: where it went, how many digits, and when it may come again."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QLineEdit

from invite_desktop.ui.accounts.login_steps import LoginPage
from invite_desktop.ui.accounts.names import masked_phone
from invite_desktop.ui.translations import show, tr, tr_n
from invite_desktop.ui.widgets.pieces import button, label

if TYPE_CHECKING:
    from invite_desktop.engine.ports.login import CodeSent

_LONGEST = 64
"""Letters; room for what is pasted around a code."""


class CodePage(LoginPage):
    """``complete`` says that as many digits are there as Telegram sent."""

    complete = Signal()

    def __init__(self) -> None:
        self.code = QLineEdit(maxLength=_LONGEST)
        super().__init__([self.code])
        self.again_button = button("retry")
        self.countdown = label("small")
        self.put(self.again_button, self.countdown, None, above=self.hint)
        self._sent: CodeSent | None = None
        self._again_at = 0.0
        self._expired = False
        self._ticks = QTimer(self, interval=500)
        self._ticks.timeout.connect(self._tick)
        self.code.textEdited.connect(self._edited)

    def write(self) -> None:
        """Write every text."""
        self.say(self._where(), tr("&Code"))
        self._tick()

    def show_sent(self, sent: CodeSent) -> None:
        """Say where a code went, and count down to the next."""
        self._sent, self._expired = sent, False
        self._again_at = time.monotonic() + sent.resend_after
        self.words.setText(self._where())
        self.code.clear()
        self._ticks.start()
        self._tick()

    def _where(self) -> str:
        """Return where the code went, and how long it is."""
        sent = self._sent
        if sent is None:
            return ""
        where = tr(
            "Telegram sent a code {where}, for {phone}.",
            where=sent.where,
            phone=masked_phone(sent.phone),
        )
        length = tr_n("It has {count} digit.", "It has {count} digits.", sent.digits)
        return f"{where} {length}" if sent.digits else where

    def show_expired(self) -> None:
        """Offer a new code at once."""
        self._expired = True
        self._tick()

    def _tick(self) -> None:
        sent = self._sent
        if sent is None:
            return
        left = 0 if self._expired else math.ceil(self._again_at - time.monotonic())
        if self._expired:
            self.again_button.setText(tr("Send a new co&de"))
        elif sent.next_way is not None:
            self.again_button.setText(tr("Send it &again {way}", way=show(sent.next_way)))
        self.again_button.setVisible(self._expired or sent.next_way is not None)
        self.again_button.setEnabled(left <= 0)
        minutes, seconds = divmod(max(0, left), 60)
        counting = left > 0 and sent.next_way is not None
        clock = f"{minutes}:{seconds:02}"
        self.countdown.setText(tr("in {time}", time=clock) if counting else "")
        if left <= 0:
            self._ticks.stop()

    def _edited(self, text: str) -> None:
        sent = self._sent
        if sent is None or sent.is_word or not sent.digits:
            return
        if sum(letter.isdecimal() for letter in text) == sent.digits:
            self.complete.emit()
