"""The fields of the import form: what to call the audience, where it is from, and the basis."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QWidget

from invite_desktop.domain.audiences import Basis
from invite_desktop.ui.theme import Space
from invite_desktop.ui.translations import tr
from invite_desktop.ui.widgets.choices import Choice
from invite_desktop.ui.widgets.layouts import line
from invite_desktop.ui.widgets.pieces import FieldError, button, label
from invite_desktop.ui.wording import titled


class ImportFields(QWidget):
    """Name, source and basis of the audience, and the buttons."""

    import_requested = Signal()
    leave_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.name_label = label()
        self.name_field = QLineEdit(maxLength=120)
        self.source_label = label()
        self.source_field = QLineEdit(maxLength=200)
        self.basis_label = label()
        self.basis_field: Choice[Basis | None] = Choice(_basis_words, [None, *Basis])
        policy = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        self.basis_field.setSizeAdjustPolicy(policy)
        self.basis_field.setMinimumContentsLength(20)
        self.basis_error = FieldError()
        self.basis_hint = label("small", wrapped=True)
        self.leave_button = button()
        self.import_button = button("import", primary=True)
        self._lay_out()
        self._connect()

    @property
    def name(self) -> str:
        """Return the name of the audience; empty means: the file's."""
        return self.name_field.text().strip()

    @property
    def source(self) -> str:
        """Return where the people are from; empty means: from these files."""
        return self.source_field.text().strip()

    @property
    def basis(self) -> Basis | None:
        """Return the chosen basis, None before the user chose."""
        chosen: Basis | None = self.basis_field.chosen
        return chosen

    def complete(self) -> bool:
        """Return whether everything required is there; say what is not."""
        if self.basis is None:
            self.basis_error.say(tr("Choose why these people may be contacted."))
            self.basis_field.setFocus()
        return self.basis is not None

    def begin(self, name: str) -> None:
        """Begin with another list; the basis is not chosen for the user."""
        self.name_field.setText(name)
        self.source_field.clear()
        self.basis_field.setCurrentIndex(0)
        self.basis_error.clear()

    def show_files(self, files: str) -> None:
        """Say which files are the source while no other one is written."""
        self.source_field.setPlaceholderText(files)

    def allow_import(self, *, allowed: bool) -> None:
        """Offer the import, or not while nothing can be read."""
        self.import_button.setEnabled(allowed)

    def retranslate(self) -> None:
        """Write every text anew."""
        self.name_label.setText(tr("Na&me of the audience"))
        self.source_label.setText(tr("So&urce"))
        self.source_field.setToolTip(tr("Where these people are from; the file's name if empty"))
        self.basis_label.setText(tr("&Why may you contact them? *"))
        self.leave_button.setText(tr("Canc&el"))
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
        self.source_label.setBuddy(self.source_field)
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
        grid.addWidget(self.source_label, 0, 1)
        grid.addWidget(self.basis_label, 0, 2)
        grid.addWidget(self.name_field, 1, 0)
        grid.addWidget(self.source_field, 1, 1)
        grid.addWidget(self.basis_field, 1, 2)
        grid.addWidget(self.basis_error, 2, 2, 1, 2)
        grid.addWidget(self.basis_hint, 3, 2, 1, 2)
        grid.addLayout(line(self.leave_button, self.import_button), 1, 3)
        for column, share in enumerate((2, 2, 5)):
            grid.setColumnStretch(column, share)


def _basis_words(basis: Basis | None) -> str:
    return tr("Choose…") if basis is None else titled(basis)
