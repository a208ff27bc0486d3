"""The one door for questions and messages in boxes; nothing here blocks the event loop."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QMessageBox

from invite_desktop.ui.translations import show, tr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from invite_desktop.domain.errors import KnownError
    from invite_desktop.engine.background import BackgroundScope

log = logging.getLogger(__name__)


def refusal_text(error: KnownError) -> str:
    """Return a KnownError in one line for a place beside the field it concerns."""
    explanation = show(error.explanation)
    return explanation if error.next_step is None else f"{explanation} {show(error.next_step)}"


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
        agreed = box.addButton(yes, QMessageBox.ButtonRole.AcceptRole)
        refused = box.addButton(no or tr("Cancel"), QMessageBox.ButtonRole.RejectRole)
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
        buttons = [box.addButton(way, role) for way in ways[:-1]]
        buttons.append(box.addButton(ways[-1], QMessageBox.ButtonRole.RejectRole))
        box.setDefaultButton(buttons[-1])
        box.setEscapeButton(buttons[-1])
        tick = QCheckBox(remember) if remember is not None else None
        if tick is not None:
            box.setCheckBox(tick)
        await _closed(box)
        clicked = box.clickedButton()
        place = next((n for n, each in enumerate(buttons) if each is clicked), len(ways) - 1)
        return place, tick is not None and tick.isChecked()

    async def tell(self, headline: str, detail: str = "") -> None:
        """Say something that needs no decision."""
        box = self._box(QMessageBox.Icon.Information, headline, detail)
        box.addButton(tr("Close"), QMessageBox.ButtonRole.AcceptRole)
        await _closed(box)

    async def tell_refusal(self, error: KnownError) -> None:
        """Say what the world refused, and the next step."""
        next_step = show(error.next_step) if error.next_step else ""
        box = self._box(QMessageBox.Icon.Warning, show(error.explanation), next_step)
        box.addButton(tr("Close"), QMessageBox.ButtonRole.AcceptRole)
        await _closed(box)

    def refused(self, error: KnownError) -> None:
        """Show a refusal without waiting for the answer."""
        self._background.start(self.tell_refusal(error), "refusal shown")

    def _box(self, icon: QMessageBox.Icon, headline: str, detail: str) -> QMessageBox:
        box = QMessageBox(self._window)
        box.setWindowModality(Qt.WindowModality.WindowModal)
        box.setWindowTitle(tr("Invite Desktop"))
        box.setIcon(icon)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(headline)
        box.setInformativeText(detail)
        box.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        log.info("a box was shown: %s", icon.name)
        return box


async def _closed(box: QMessageBox) -> None:
    """Open a box and return when it is closed."""
    answer: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def end() -> None:
        if not answer.done():
            answer.set_result(None)

    box.finished.connect(end)
    box.open()
    try:
        await answer
    finally:
        box.close()
        box.deleteLater()
