"""Numbers beside bars: the plain charts of the statistics."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame

from invite_desktop.ui.theme import Space, Tone
from invite_desktop.ui.translations import translator
from invite_desktop.ui.widgets.cells import PAD
from invite_desktop.ui.widgets.columns import Column
from invite_desktop.ui.widgets.layouts import table_card
from invite_desktop.ui.widgets.pieces import label
from invite_desktop.ui.widgets.rows_model import RowsModel
from invite_desktop.ui.widgets.tables import Table

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


@dataclass(frozen=True, slots=True)
class BarRow:
    """One bar. ``key`` tells the rows apart in every language; ``share`` is 0 to 1.

    ``shown`` stands for the bare count where that alone says too little.
    """

    key: str
    words: str
    count: int
    share: float
    tone: Tone = Tone.ACTIVE
    shown: str = ""


class BarCard(QFrame):
    """A titled card of bars; chosen rows stay chosen when the numbers change."""

    def __init__(self, words_title: Callable[[], str], count_title: Callable[[], str]) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.title = label("strong")
        self.empty = label("muted", wrapped=True)
        self.model: RowsModel[BarRow] = RowsModel(
            (
                Column(words_title, lambda row: row.words, 0),
                Column(
                    count_title,
                    lambda row: row.shown or translator().number(row.count),
                    0,
                    sort=lambda row: row.count,
                    share=lambda row: row.share,
                    tone=lambda row: row.tone,
                ),
            ),
            key=lambda row: row.key,
        )
        self.table = Table(self.model)
        self.table.setFrameShape(QFrame.Shape.NoFrame)
        self.table.horizontalHeader().hide()
        self.table.setProperty("plain", "true")
        row_height = self.fontMetrics().height() + Space.SMALL
        self.table.verticalHeader().setDefaultSectionSize(row_height)
        column = table_card(self)
        for words in (self.title, self.empty):
            words.setContentsMargins(PAD, 0, 0, 0)
        column.addWidget(self.title)
        column.addWidget(self.empty)
        column.addWidget(self.table, 1)
        column.addStretch(0)

    def say(self, title: str, empty: str) -> None:
        """Set the title, and the words for when there are no bars."""
        self.title.setText(title)
        self.empty.setText(empty)
        self.table.setAccessibleName(title)

    def show_rows(self, rows: Sequence[BarRow]) -> None:
        """Show other bars."""
        self.model.replace(rows)
        self.empty.setVisible(not rows)
        self.table.setVisible(bool(rows))


def bars(parts: Sequence[tuple[str, str, int, Tone]], whole: int | None = None) -> list[BarRow]:
    """Return bars against a whole, or against the longest of them."""
    most = max(whole or max((count for _, _, count, _ in parts), default=0), 1)
    return [BarRow(key, words, count, count / most, tone) for key, words, count, tone in parts]
