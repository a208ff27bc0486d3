"""Imports from Telegram that were cut off, each to be gone on with or dropped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from invite_desktop.ui.theme import Space
from invite_desktop.ui.translations import tr, tr_n, translator
from invite_desktop.ui.widgets.layouts import line
from invite_desktop.ui.widgets.pieces import button, frame, label

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from PySide6.QtWidgets import QFrame

    from invite_desktop.engine.ports.fetched_people import UnfinishedFetch

MOST_SHOWN = 2
"""The latest ones; the others come when these are gone."""


class UnfinishedFetches(QWidget):
    """Not there as long as nothing was cut off."""

    go_on_requested = Signal(int)
    drop_requested = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(Space.SMALL)
        self._rows: list[QFrame] = []
        self.hide()

    def show_fetches(self, fetches: Sequence[UnfinishedFetch], now: datetime) -> None:
        """Show the latest of them."""
        for row in self._rows:
            self._column.removeWidget(row)
            row.deleteLater()
        self._rows = [self._row(fetch, now) for fetch in fetches[:MOST_SHOWN]]
        for row in self._rows:
            self._column.addWidget(row)
        self.setVisible(bool(self._rows))

    def _row(self, fetch: UnfinishedFetch, now: datetime) -> QFrame:
        row: QFrame = frame("notice")
        words = label("", wrapped=True)
        words.setText(_words(fetch, now))
        go_on, drop = button("start", primary=True), button("delete")
        go_on.setText(tr("&Go on"))
        drop.setText(tr("&Drop"))
        go_on.setAccessibleName(tr("Go on with “{name}”", name=fetch.name))
        drop.setAccessibleName(tr("Drop “{name}”", name=fetch.name))
        go_on.clicked.connect(lambda: self.go_on_requested.emit(fetch.id))
        drop.clicked.connect(lambda: self.drop_requested.emit(fetch.id))
        parts = line(words, go_on, drop)
        parts.setStretch(0, 1)
        parts.setContentsMargins(Space.MEDIUM, Space.SMALL, Space.SMALL, Space.SMALL)
        row.setLayout(parts)
        return row


def _words(fetch: UnfinishedFetch, now: datetime) -> str:
    people = tr_n("{count} person was read", "{count} people were read", fetch.people)
    return tr(
        "“{name}” was cut off: {people} by {moment}. They are no audience yet.",
        name=fetch.name,
        people=people,
        moment=translator().moment(fetch.at, now),
    )
