"""The one door for questions and messages in boxes; nothing here blocks the event loop."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QDialogButtonBox, QLabel, QMessageBox

from invite_desktop.ui.icons import picture
from invite_desktop.ui.theme import Space, Tone, theme_changed, tone_colours
from invite_desktop.ui.translations import anew, joined, language_changed, show, tr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPixmap, QShowEvent
    from PySide6.QtWidgets import QAbstractButton, QPushButton, QWidget

    from invite_desktop.domain.errors import KnownError
    from invite_desktop.engine.background import BackgroundScope

log = logging.getLogger(__name__)

_SIGNS = {
    QMessageBox.Icon.Question: ("question", Tone.ACTIVE),
    QMessageBox.Icon.Information: ("info", Tone.ACTIVE),
    QMessageBox.Icon.Warning: ("warning", Tone.CARE),
}
_SIGN_SIZE = 32
"""Pixels."""


def refusal_text(error: KnownError) -> str:
    """Return a KnownError in one line for a place beside the field it concerns."""
    explanation = show(error.explanation)
    return explanation if error.next_step is None else joined(explanation, show(error.next_step))


class Notices:
    """Boxes over one window. Each is opened, not executed, and answered through a future."""

    def __init__(self, window: QWidget, background: BackgroundScope) -> None:
        self._window = window
        self._background = background

    async def ask(self, question: str, detail: str, yes: str, no: str = "") -> bool:
        """Ask before something that cannot be taken back; ``yes`` names what will be done.

        Escape and closing the box mean no.
        """
        box = self._box(QMessageBox.Icon.Question, question, detail)
        agreed = box.offer(yes, QMessageBox.ButtonRole.AcceptRole)
        refused = box.offer(no or tr("Cancel"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(refused)
        box.setEscapeButton(refused)
        await _closed(box)
        return box.clickedButton() is agreed

    async def choose(self, question: str, detail: str, ways: Sequence[str]) -> int:
        """Ask which way to go and return its place; Escape and closing the box mean the last."""
        place, _ = await self._choose(question, detail, ways, None)
        return place

    async def choose_and_remember(
        self, question: str, detail: str, ways: Sequence[str], remember: str
    ) -> tuple[int, bool]:
        """Ask like ``choose``, and whether to do the same from now on."""
        return await self._choose(question, detail, ways, remember)

    async def _choose(
        self, question: str, detail: str, ways: Sequence[str], remember: str | None
    ) -> tuple[int, bool]:
        box = self._box(QMessageBox.Icon.Question, question, detail)
        role = QMessageBox.ButtonRole.ActionRole
        buttons = [box.offer(way, role) for way in ways[:-1]]
        buttons.append(box.offer(ways[-1], QMessageBox.ButtonRole.RejectRole))
        box.setDefaultButton(buttons[-1])
        box.setEscapeButton(buttons[-1])
        tick = box.offer_tick(remember) if remember is not None else None
        await _closed(box)
        clicked = box.clickedButton()
        place = next((n for n, each in enumerate(buttons) if each is clicked), len(ways) - 1)
        return place, tick is not None and tick.isChecked()

    async def tell(self, headline: str, detail: str = "") -> None:
        """Say something that needs no decision."""
        box = self._box(QMessageBox.Icon.Information, headline, detail)
        box.offer(tr("Close"), QMessageBox.ButtonRole.AcceptRole)
        await _closed(box)

    async def tell_refusal(self, error: KnownError) -> None:
        """Say what the world refused, and the next step."""
        next_step = show(error.next_step) if error.next_step else ""
        box = self._box(QMessageBox.Icon.Warning, show(error.explanation), next_step)
        box.offer(tr("Close"), QMessageBox.ButtonRole.AcceptRole)
        await _closed(box)

    def refused(self, error: KnownError) -> None:
        """Show a refusal without waiting for the answer."""
        self._background.start(self.tell_refusal(error), "refusal shown")

    def _box(self, icon: QMessageBox.Icon, headline: str, detail: str) -> Box:
        box = Box(self._window, icon, headline, detail)
        box.setWindowModality(Qt.WindowModality.WindowModal)
        box.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        log.info("a box was shown: %s", icon.name)
        return box


class Box(QMessageBox):
    """A box of plain text that follows the language and the theme."""

    def __init__(self, parent: QWidget, icon: QMessageBox.Icon, headline: str, detail: str) -> None:
        super().__init__(parent)
        self._sign = _SIGNS[icon]
        self._headline, self._detail = headline, detail
        self._words: dict[QAbstractButton, str] = {}
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.retranslate()
        self.setIconPixmap(self._drawn())
        language_changed().changed.connect(self.retranslate)
        theme_changed().changed.connect(self._draw_anew)

    def offer(self, words: str, role: QMessageBox.ButtonRole) -> QPushButton:
        """Add a button."""
        made = self.addButton(words, role)
        self._words[made] = words
        return made

    def offer_tick(self, words: str) -> QCheckBox:
        """Add a box to tick."""
        made = QCheckBox(words)
        self.setCheckBox(made)
        self._words[made] = words
        return made

    def retranslate(self) -> None:
        """Write every text anew."""
        self.setWindowTitle(tr("Invite Desktop"))
        self.setText(anew(self._headline))
        self.setInformativeText(anew(self._detail))
        for each, words in self._words.items():
            each.setText(anew(words))

    def showEvent(self, event: QShowEvent) -> None:
        """Stand as far from the edge as in every dialog."""
        if (column := self.layout()) is not None:
            column.setContentsMargins(Space.LARGE, Space.LARGE, Space.LARGE, Space.LARGE)
        super().showEvent(event)

    def _drawn(self) -> QPixmap:
        name, tone = self._sign
        colour, _ = tone_colours(tone)
        return picture(name, _SIGN_SIZE, self.devicePixelRatioF(), colour.name())

    def _draw_anew(self) -> None:
        # Not by setIconPixmap: it lays the whole box out anew, with Qt's own margins.
        if (shown := self.findChild(QLabel, "qt_msgboxex_icon_label")) is not None:
            shown.setPixmap(self._drawn())
        self._restore_keys()

    def _restore_keys(self) -> None:
        # With another style Qt lays the buttons out anew: the keyboard then jumps to the box to
        # tick, and Tab reaches one button only, the proxy of their row.
        for buttons in self.findChildren(QDialogButtonBox):
            buttons.setFocusProxy(None)  # type: ignore[arg-type] # Qt takes none for "no proxy"
        if (safe := self.defaultButton()) is not None:
            safe.setFocus()


async def _closed(box: QMessageBox) -> None:
    """Open a box and return when it is closed."""
    answer: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def end() -> None:
        if not answer.done():
            answer.set_result(None)

    box.finished.connect(end)
    box.open()
    if (safe := box.defaultButton()) is not None:
        safe.setFocus()  # not the box to tick, which Qt prefers
    try:
        await answer
    finally:
        box.close()
        box.deleteLater()
