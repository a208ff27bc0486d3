"""Which columns of a table are shown: as many as fit, or those that the user chose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QMenu

from invite_desktop.ui.translations import tr

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from PySide6.QtCore import QPoint

    from invite_desktop.ui.settings import SettingsStore
    from invite_desktop.ui.widgets.tables import Table

_NAME_LETTERS = 22
"""So many letters the first column has at least, before others are hidden."""


class FittingColumns(QObject):
    """Hides columns while a table is too narrow, in the order of ``rank``.

    A click with the right button on the header lets the user choose; her choice is remembered
    under ``key`` and then nothing is hidden by itself. The first column is always there.
    """

    def __init__(
        self, table: Table, rank: Sequence[int], settings: SettingsStore, key: str
    ) -> None:
        super().__init__(table)
        self._table = table
        self._rank = rank
        self._settings = settings
        self._key = key
        header = table.horizontalHeader()
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self._show_menu)
        table.viewport().installEventFilter(self)
        table.widths.measured.connect(self.fit)
        self.fit()

    @property
    def hidden(self) -> Collection[int]:
        """Return the positions of the columns that are not shown."""
        return [place for place in self._places if self._table.isColumnHidden(place)]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Fit the columns into another width."""
        if event.type() is QEvent.Type.Resize:
            self.fit()
        return super().eventFilter(watched, event)

    def fit(self) -> None:
        """Show what the user chose, or else as many columns as there is room for."""
        chosen = self._chosen()
        wanted = self._too_much() if chosen is None else chosen
        for place in self._places:
            if (place in wanted) != self._table.isColumnHidden(place):
                self._table.setColumnHidden(place, place in wanted)

    def choose(self, hidden: Collection[int] | None) -> None:
        """Hide these columns and no others from now on; None: as they fit."""
        kept = "" if hidden is None else ",".join(map(str, sorted(hidden))) or "-"
        self._settings.setValue(self._key, kept)
        self.fit()

    @property
    def _places(self) -> Sequence[int]:
        return range(1, self._table.model().columnCount())

    def _chosen(self) -> set[int] | None:
        kept = self._settings.value(self._key)
        if not isinstance(kept, str) or not kept:
            return None
        return {int(place) for place in kept.split(",") if place.isdigit()}

    def _too_much(self) -> set[int]:
        room = self._table.viewport().width() - self._name_width()
        hidden: set[int] = set()
        for place in self._rank:
            if sum(self._width(each) for each in self._places if each not in hidden) <= room:
                break
            hidden.add(place)
        return hidden

    def _name_width(self) -> int:
        return self._table.fontMetrics().horizontalAdvance("n") * _NAME_LETTERS

    def _width(self, place: int) -> int:
        return self._table.widths.least(place)

    def _show_menu(self, where: QPoint) -> None:
        menu = QMenu(self._table)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for place in self._places:
            title = str(self._table.model().headerData(place, Qt.Orientation.Horizontal))
            shown = menu.addAction(title)
            shown.setCheckable(True)
            shown.setChecked(not self._table.isColumnHidden(place))
            shown.toggled.connect(lambda on, place=place: self._toggle(place, on=on))
        menu.addSeparator()
        menu.addAction(tr("As many as &fit")).triggered.connect(lambda: self.choose(None))
        menu.popup(self._table.horizontalHeader().mapToGlobal(where))

    def _toggle(self, place: int, *, on: bool) -> None:
        self.choose(set(self.hidden) - {place} if on else {*self.hidden, place})
