"""The proxy for reaching Telegram: one setting, with a button that tries it out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLineEdit, QVBoxLayout

from invite_desktop.domain.errors import KnownError
from invite_desktop.ui.accounts.proxy_form import ProxyForm
from invite_desktop.ui.theme import Space
from invite_desktop.ui.translations import language_changed, tr
from invite_desktop.ui.widgets.dialog import Dialog
from invite_desktop.ui.widgets.layouts import line
from invite_desktop.ui.widgets.pieces import FieldError, button, label

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Coroutine
    from typing import Any

    from PySide6.QtWidgets import QWidget

    from invite_desktop.ui.context import ScreenContext

_SMALLEST_WIDTH = 520


class ProxyDialog(Dialog):
    """Nothing is kept before "Save"; trying out touches neither the setting nor an account."""

    def __init__(self, context: ScreenContext, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self._step: asyncio.Task[None] | None = None
        self._gone = False
        self.title = label("heading", wrapped=True)
        self.words = label("", wrapped=True)
        self.form = ProxyForm()
        self.good = label("good", wrapped=True)
        self.error = FieldError()
        self.test_button = button("retry")
        self._focused: QWidget = self.form.kind
        self.cancel_button = button()
        self.save_button = button(primary=True)
        self._lay_out()
        self.retranslate()
        self.fit_height()
        self._connect()

    def begin(self) -> None:
        """Open with the setting in force."""
        self.open()
        self._run(self._read_setting())

    async def _read_setting(self) -> None:
        self.form.fill(await self._context.engine.proxy.current())

    async def _try_out(self) -> None:
        self.good.setText(tr("Connecting to Telegram…"))
        self.good.show()
        try:
            proxy = self.form.read()
            seconds = await self._context.engine.proxy.try_out(proxy)
        except KnownError:
            self.good.hide()
            raise
        took = tr("{seconds} s", seconds=seconds)
        self.good.setText(
            tr("✓ Telegram answered through this proxy in {time}.", time=took)
            if proxy is not None
            else tr("✓ Telegram answered without a proxy in {time}.", time=took)
        )

    async def _save(self) -> None:
        await self._context.engine.proxy.use(self.form.read())
        self.accept()

    def _run(self, step: Coroutine[Any, Any, None]) -> None:
        # What is switched off while the step runs loses the keyboard.
        focused = self.focusWidget()
        self._focused = self.form.kind if focused in {None, self.cancel_button} else focused
        self._changed()
        self._step = self._context.work.start(step, "step of the proxy setting", self._refused)
        self._set_busy(busy=True)
        self._step.add_done_callback(lambda _: self._set_busy(busy=False))

    def _refused(self, error: KnownError) -> None:
        if not self._gone:
            self.error.refuse(error)

    def _set_busy(self, *, busy: bool) -> None:
        if self._gone:
            return
        for part in (self.form, self.test_button, self.save_button):
            part.setEnabled(not busy)
        if not busy:
            self._focused.setFocus()

    def _changed(self) -> None:
        """What was found out concerned other values."""
        self.error.clear()
        self.good.hide()

    def _address_edited(self, text: str) -> None:
        try:
            self.form.read_link(text)
        except KnownError as error:
            self._refused(error)

    def _leave(self) -> None:
        self._gone = True
        if self._step is not None:
            self._step.cancel()
        self.deleteLater()

    def retranslate(self) -> None:
        """Write every text anew."""
        self.setWindowTitle(tr("Proxy"))
        self.title.setText(tr("Proxy for reaching Telegram"))
        self.words.setText(
            tr(
                "All accounts and log-ins go through it from their next connection on, and never "
                "past it. The setting is kept in your system's keyring."
            )
        )
        self.form.write()
        self.test_button.setText(tr("&Test"))
        self.cancel_button.setText(tr("Canc&el"))
        self.save_button.setText(tr("&Save"))

    def _connect(self) -> None:
        language_changed().changed.connect(self.retranslate)
        self.test_button.clicked.connect(lambda: self._run(self._try_out()))
        self.save_button.clicked.connect(lambda: self._run(self._save()))
        self.cancel_button.clicked.connect(self.reject)
        self.finished.connect(self._leave)
        self.form.kind.currentIndexChanged.connect(self._changed)
        for field in self.form.findChildren(QLineEdit):
            field.textEdited.connect(self._changed)
            field.returnPressed.connect(self.save_button.click)
        self.form.host.textEdited.connect(self._address_edited)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.WIDE, Space.LARGE, Space.WIDE, Space.LARGE)
        column.setSpacing(Space.MEDIUM)
        for part in (self.title, self.words, self.form, self.good, self.error):
            column.addWidget(part)
        column.addStretch(1)
        column.addLayout(line(self.test_button, None, self.cancel_button, self.save_button))
        self.good.hide()
        self.setMinimumWidth(_SMALLEST_WIDTH)
