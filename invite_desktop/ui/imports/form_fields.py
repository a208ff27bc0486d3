"""The fields of the import form: how to read, what to call it, and the basis."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QLineEdit, QWidget

from invite_desktop.domain.audiences import Basis
from invite_desktop.engine.ports.files import ReadOptions
from invite_desktop.ui.imports.regions import REGIONS, region_words
from invite_desktop.ui.theme import Space
from invite_desktop.ui.translations import tr, tr_n
from invite_desktop.ui.widgets.choices import Choice
from invite_desktop.ui.widgets.layouts import line
from invite_desktop.ui.widgets.pieces import FieldError, button, label
from invite_desktop.ui.wording import titled

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from invite_desktop.engine.ports.files import FilePreview

_LONGEST_NAME = 36
"""Letters of a file's name; longer ones are shown with a gap, and whole in the tool tip."""


class ReadingFields(QWidget):
    """Which file is shown, and how it is to be read."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.files = _narrow_box(30)
        self.one_file = label("heading")
        self.header = QCheckBox()
        self.sheets = _narrow_box(14)
        self.region: Choice[str] = Choice(region_words, REGIONS)
        self._region_label = label()
        self._region_label.setBuddy(self.region)
        parts = self.sheets, self.header, self._region_label, self.region
        self.setLayout(line(self.one_file, self.files, None, *parts))
        self.files.activated.connect(self._another_file)
        self.header.clicked.connect(self.changed)
        self.sheets.activated.connect(self.changed)
        self.header.hide()
        self.sheets.hide()

    def show_files(self, paths: Sequence[Path]) -> None:
        """Show the names of the files."""
        self.files.clear()
        self.files.addItems([path.name for path in paths])
        self.files.setVisible(len(paths) > 1)
        several = tr_n("{count} file", "{count} files", len(paths))
        name = paths[0].name if len(paths) == 1 else several
        room = self.one_file.fontMetrics().averageCharWidth() * _LONGEST_NAME
        shown = self.one_file.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, room)
        self.one_file.setText(shown)
        self.one_file.setToolTip(name)

    def show_preview(self, preview: FilePreview, *, several: bool) -> None:
        """Show how the file was read."""
        self.header.setChecked(preview.has_header)
        self.header.setVisible(not several and preview.format.lower() not in ("json", "txt"))
        current = self.sheets.currentText()
        self.sheets.clear()
        self.sheets.addItems(list(preview.sheets))
        self.sheets.setCurrentIndex(max(self.sheets.findText(current), 0))
        self.sheets.setVisible(not several and len(preview.sheets) > 1)

    def options(self) -> ReadOptions:
        """Return how to read; several files are each read as they are recognised."""
        region = self.region.chosen
        if self.files.count() > 1 or self.header.isHidden():
            return ReadOptions(region=region)
        sheet = None if self.sheets.isHidden() else self.sheets.currentText()
        return ReadOptions(region=region, has_header=self.header.isChecked(), sheet=sheet)

    def retranslate(self) -> None:
        """Write every text anew."""
        self.header.setText(tr("The first row is a &header"))
        self._region_label.setText(tr("Ph&ones are from"))
        self.region.setToolTip(tr("The country of phones that stand there without a country code"))
        self.region.setAccessibleName(tr("Country of phones without a country code"))
        self.region.retranslate()
        self.files.setAccessibleName(tr("File to look at"))
        self.sheets.setAccessibleName(tr("Sheet of the workbook"))

    def _another_file(self) -> None:
        self.header.hide()
        self.sheets.hide()
        self.changed.emit()


class ImportFields(QWidget):
    """Name and basis of the audience, and the buttons."""

    reading_changed = Signal()
    import_requested = Signal()
    leave_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.reading = ReadingFields()
        self.name_label = label()
        self.name_field = QLineEdit(maxLength=120)
        self.basis_label = label()
        self.basis_field: Choice[Basis | None] = Choice(_basis_words, [None, *Basis])
        self.basis_error = FieldError()
        self.basis_hint = label("small", wrapped=True)
        self.leave_button = button()
        self.import_button = button("import", primary=True)
        self._lay_out()
        self._connect()

    @property
    def file_position(self) -> int:
        """Return which of the files is shown, from 0."""
        return max(self.reading.files.currentIndex(), 0)

    @property
    def name(self) -> str:
        """Return the name of the audience; empty means: the file's."""
        return self.name_field.text().strip()

    @property
    def basis(self) -> Basis | None:
        """Return the chosen basis, None before the user chose."""
        chosen: Basis | None = self.basis_field.chosen
        return chosen

    def options(self) -> ReadOptions:
        """Return how to read the files."""
        return self.reading.options()

    def complete(self) -> bool:
        """Return whether everything required is there; say what is not."""
        if self.basis is None:
            self.basis_error.say(tr("Choose why these people may be contacted."))
            self.basis_field.setFocus()
        return self.basis is not None

    def show_files(self, paths: Sequence[Path], name: str) -> None:
        """Show what is to be imported; nothing is chosen for the user."""
        self.reading.show_files(paths)
        self.name_field.setText(name)
        self.basis_field.setCurrentIndex(0)
        self.basis_error.clear()

    def show_preview(self, preview: FilePreview, *, several: bool) -> None:
        """Show how the file was read."""
        self.reading.show_preview(preview, several=several)
        self.import_button.setEnabled(True)

    def show_unreadable(self) -> None:
        """Offer no import of a file that cannot be read."""
        self.import_button.setEnabled(False)

    def retranslate(self) -> None:
        """Write every text anew."""
        self.reading.retranslate()
        self.name_label.setText(tr("Na&me of the audience"))
        self.basis_label.setText(tr("&Why may you contact them? *"))
        self.leave_button.setText(tr("Ca&ncel"))
        self.import_button.setText(tr("&Import"))
        self.basis_field.retranslate()
        self._basis_chosen()

    def _basis_chosen(self) -> None:
        if self.basis is not None:
            self.basis_error.clear()
        closed = self.basis is not None and not self.basis.allows_sending
        hint = tr("Nothing can be sent to this audience; it can only be given a link.")
        self.basis_hint.setText(hint if closed else "")
        self.basis_hint.setVisible(closed)

    def _connect(self) -> None:
        self.name_label.setBuddy(self.name_field)
        self.basis_label.setBuddy(self.basis_field)
        self.reading.changed.connect(self.reading_changed)
        self.basis_field.currentIndexChanged.connect(self._basis_chosen)
        self.import_button.clicked.connect(self.import_requested)
        self.leave_button.clicked.connect(self.leave_requested)
        self.name_field.returnPressed.connect(self.import_requested)

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(Space.LARGE)
        grid.setVerticalSpacing(Space.HAIR)
        grid.addWidget(self.name_label, 0, 0)
        grid.addWidget(self.basis_label, 0, 1)
        grid.addWidget(self.name_field, 1, 0)
        grid.addWidget(self.basis_field, 1, 1)
        grid.addWidget(self.basis_error, 2, 1)
        grid.addWidget(self.basis_hint, 3, 1)
        grid.addLayout(line(self.leave_button, self.import_button), 1, 2)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)


def _narrow_box(letters: int) -> QComboBox:
    """Make a combo box as wide as so many letters, however long its entries are."""
    policy = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
    return QComboBox(sizeAdjustPolicy=policy, minimumContentsLength=letters)


def _basis_words(basis: Basis | None) -> str:
    return tr("Choose…") if basis is None else titled(basis)
