"""One number as both sides know it, with a plain mark when they agree."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QGridLayout, QSizePolicy

from invite_desktop.ui.theme import Space
from invite_desktop.ui.translations import tr, translator
from invite_desktop.ui.widgets.pieces import label


class Comparison(QFrame):
    """The program's number at the left, the server's at the right, the verdict below."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "tile")
        self._caption = label("strong")
        self._ledger, self._server = label("number"), label("number")
        self._ledger_words, self._server_words = label("small"), label("small")
        self._verdict = label("muted")
        grid = QGridLayout(self)
        grid.setContentsMargins(Space.MEDIUM, Space.SMALL, Space.MEDIUM, Space.SMALL)
        grid.setHorizontalSpacing(Space.WIDE)
        grid.setVerticalSpacing(0)
        self._caption.setContentsMargins(0, 0, 0, Space.HAIR)
        self._verdict.setContentsMargins(0, Space.HAIR, 0, 0)
        grid.addWidget(self._caption, 0, 0, 1, 2)
        for column, (number, words) in enumerate(
            ((self._ledger, self._ledger_words), (self._server, self._server_words))
        ):
            grid.addWidget(number, 1, column)
            grid.addWidget(words, 2, column)
        grid.addWidget(self._verdict, 3, 0, 1, 2)
        grid.setColumnStretch(1, 1)
        self.setSizePolicy(QSizePolicy.Policy.MinimumExpanding, QSizePolicy.Policy.Fixed)

    @property
    def verdict(self) -> str:
        """Return what is said of the two numbers."""
        return self._verdict.text()

    def say(self, caption: str, ledger: int, server: int, open_ends: int) -> None:
        """Show both numbers.

        ``open_ends``: so many the ledger may still find out about, by a check that is due or a
        call under way.
        """
        number = translator().number
        self._caption.setText(caption)
        self._ledger.setText(number(ledger))
        self._server.setText(number(server))
        self._ledger_words.setText(tr("by the ledger"))
        self._server_words.setText(tr("by the server"))
        if ledger == server:
            self._judge("good", tr("✓ Both agree"))
        elif 0 < server - ledger <= open_ends:
            self._judge("muted", tr("{count} not verified yet", count=server - ledger))
        else:
            self._judge("error", tr("≠ They differ by {count}", count=abs(server - ledger)))
        self.setAccessibleName(
            tr(
                "{caption}: {ledger} by the ledger, {server} by the server. {verdict}",
                caption=caption,
                ledger=ledger,
                server=server,
                verdict=self.verdict,
            )
        )

    def _judge(self, role: str, words: str) -> None:
        self._verdict.setText(words)
        if self._verdict.property("role") != role:
            self._verdict.setProperty("role", role)
            self._verdict.style().unpolish(self._verdict)
            self._verdict.style().polish(self._verdict)
