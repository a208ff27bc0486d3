"""How the file that is shown is to be read: sheet, header, country of phones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QWidget

from invite_desktop.ui.imports.regions import REGIONS, region_words
from invite_desktop.ui.theme import Space
from invite_desktop.ui.translations import tr
from invite_desktop.ui.widgets.choices import Choice
from invite_desktop.ui.widgets.layouts import line
from invite_desktop.ui.widgets.pieces import label

if TYPE_CHECKING:
    from invite_desktop.engine.ports.files import FilePreview
    from invite_desktop.ui.imports.list_file import ListFile

_LONGEST_NAME = 36
"""Letters of a file's name; longer ones are shown with a gap, and whole in the tool tip."""

_HEADER_ROWS = 20
"""Rows that can be declared the header."""

_FORMATS_WITHOUT_HEADER = ("json", "ndjson", "txt")


class ReadingFields(QWidget):
    """Shows one file. ``changed`` says that it is to be read in another way."""

    changed = Signal()
    sheets_apart_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.one_file = label("heading")
        self.header: Choice[int | None] = Choice(_header_words, [None, 0, *range(1, _HEADER_ROWS)])
        self.header.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.sheets = narrow_box(14)
        self.region: Choice[str] = Choice(region_words, REGIONS)
        self._header_label = label()
        self._sheets_label = label()
        self._region_label = label()
        parts = (
            *(self._sheets_label, self.sheets),
            *(self._header_label, self.header),
            *(self._region_label, self.region),
        )
        self.setLayout(line(self.one_file, None, *parts))
        self._recognised: int | None = None
        for name, box in (
            (self._header_label, self.header),
            (self._sheets_label, self.sheets),
            (self._region_label, self.region),
        ):
            name.setBuddy(box)
            name.setContentsMargins(Space.SMALL, 0, 0, 0)  # nearer to its box than to the last
        self.header.activated.connect(self.changed)
        self.sheets.activated.connect(self._sheet_chosen)
        self._hide_choices()

    @property
    def header_row(self) -> int | None:
        """Return the row that the user declared the header: None for as recognised, 0 for none."""
        chosen: int | None = self.header.chosen
        return chosen

    @property
    def sheet(self) -> str | None:
        """Return the sheet that is chosen, None when there is no choice."""
        return None if self.sheets.isHidden() else self.sheets.currentText()

    def show_title(self, title: str) -> None:
        """Show which file this is about."""
        room = self.one_file.fontMetrics().averageCharWidth() * _LONGEST_NAME
        metrics = self.one_file.fontMetrics()
        self.one_file.setText(metrics.elidedText(title, Qt.TextElideMode.ElideMiddle, room))
        self.one_file.setToolTip(title)

    def show_file(self, file: ListFile) -> None:
        """Show how a file is read."""
        self.header.choose(file.header_row)
        preview = file.preview
        if preview is None:
            self.sheets.setVisible(self.sheets.isVisible() and file.sheet is not None)
            return
        with_header = preview.format.lower() not in _FORMATS_WITHOUT_HEADER
        self.header.setVisible(with_header)
        self._header_label.setVisible(with_header)
        recognised = preview.header_row if preview.has_header else 0
        self._recognised = recognised if file.header_row is None else None
        self.retranslate_header()
        self._show_sheets(file, preview)

    def retranslate(self) -> None:
        """Write every text anew."""
        self._header_label.setText(tr("He&ader"))
        self.header.setAccessibleName(tr("Row that names the columns"))
        self._sheets_label.setText(tr("&Sheet"))
        self.sheets.setAccessibleName(tr("Sheet of the workbook"))
        self._region_label.setText(tr("Ph&ones are from"))
        self.region.setToolTip(tr("The country of phones that stand there without a country code"))
        self.region.setAccessibleName(tr("Country of phones without a country code"))
        self.region.retranslate()
        self.retranslate_header()
        if self.sheets.count() > 1:
            self.sheets.setItemText(self.sheets.count() - 1, tr("All sheets"))

    def retranslate_header(self) -> None:
        """Write the choices of header rows anew, the first with what was recognised."""
        self.header.retranslate()
        if self._recognised is not None:
            words = _header_words(self._recognised)
            self.header.setItemText(0, tr("recognised: {words}", words=words))

    def _show_sheets(self, file: ListFile, preview: FilePreview) -> None:
        several = len(preview.sheets) > 1
        self.sheets.clear()
        self.sheets.addItems([*preview.sheets, tr("All sheets")])
        self.sheets.setCurrentIndex(max(self.sheets.findText(file.sheet or preview.sheet), 0))
        self.sheets.setVisible(several)
        self._sheets_label.setVisible(several)

    def _sheet_chosen(self, position: int) -> None:
        if position == self.sheets.count() - 1:
            self.sheets_apart_requested.emit()
        else:
            self.changed.emit()

    def _hide_choices(self) -> None:
        for part in (self.header, self._header_label, self.sheets, self._sheets_label):
            part.hide()


def narrow_box(letters: int) -> QComboBox:
    """Make a combo box as wide as so many letters, however long its entries are."""
    policy = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
    return QComboBox(sizeAdjustPolicy=policy, minimumContentsLength=letters)


def _header_words(row: int | None) -> str:
    if row is None:
        return tr("as recognised")
    return tr("row {number}", number=row) if row else tr("none")
