"""The fields of a person, each with its error under it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFormLayout,
    QHeaderView,
    QLineEdit,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from invite_desktop.domain.people import KeyKind
from invite_desktop.engine.views import PersonEdit
from invite_desktop.ui.theme import Space
from invite_desktop.ui.translations import language_changed, tr
from invite_desktop.ui.widgets.pieces import FieldError, label

if TYPE_CHECKING:
    from collections.abc import Callable

    from invite_desktop.domain.errors import KnownError
    from invite_desktop.domain.people import Person

LONGEST_TEXT = 500


class PersonFields(QWidget):
    """Edits one person; ``problem`` says what is wrong with the text of a key."""

    edited = Signal()

    def __init__(self, problem: Callable[[KeyKind, str], KnownError | None]) -> None:
        super().__init__()
        self._problem = problem
        self._person: Person | None = None
        self.full_name, self.first_name, self.last_name = (_line() for _ in range(3))
        self.keys = {kind: _line() for kind in KeyKind}
        self.errors = {kind: FieldError() for kind in KeyKind}
        self.extra = QTableWidget(0, 2)
        self._labels = [label() for _ in range(6)]
        self._extra_label = label()
        self._lay_out()
        self._connect()
        language_changed().changed.connect(self.retranslate)
        self.retranslate()

    @property
    def dirty(self) -> bool:
        """Return whether something was typed that is not saved."""
        return self._person is not None and self.edit() != _edit_of(self._person)

    def show_person(self, person: Person) -> None:
        """Show a person as she is stored."""
        self._person = person
        edit = _edit_of(person)
        for field, text in (
            (self.full_name, edit.full_name),
            (self.first_name, edit.first_name),
            (self.last_name, edit.last_name),
            (self.keys[KeyKind.USERNAME], edit.username),
            (self.keys[KeyKind.PHONE], edit.phone),
            (self.keys[KeyKind.TELEGRAM_ID], edit.telegram_id),
        ):
            field.setText(text)
            field.setCursorPosition(0)
        for error in self.errors.values():
            error.clear()
        self._show_extra(person)

    def edit(self) -> PersonEdit:
        """Return what is in the fields."""
        return PersonEdit(
            self.keys[KeyKind.USERNAME].text(),
            self.keys[KeyKind.PHONE].text(),
            self.keys[KeyKind.TELEGRAM_ID].text(),
            self.full_name.text(),
            self.first_name.text(),
            self.last_name.text(),
            self._typed_extra(),
        )

    def complete(self) -> bool:
        """Return whether every key can be stored; say under each why not."""
        wrong = [kind for kind in KeyKind if not self._check(kind)]
        if wrong:
            self.keys[wrong[0]].setFocus()
        return not wrong

    def retranslate(self) -> None:
        """Write every text anew."""
        names = (
            tr("&Full name"),
            tr("F&irst name"),
            tr("&Last name"),
            tr("&Username"),
            tr("&Phone"),
            tr("&Telegram ID"),
        )
        for place, name in zip(self._labels, names, strict=True):
            place.setText(name)
            if (field := place.buddy()) is not None:
                field.setAccessibleName(name.replace("&", ""))
        self._extra_label.setText(tr("&Other columns"))
        self.extra.setAccessibleName(tr("Other columns"))
        self.extra.setHorizontalHeaderLabels([tr("Column"), tr("Value")])

    def _check(self, kind: KeyKind) -> bool:
        problem = self._problem(kind, self.keys[kind].text())
        if problem is None:
            self.errors[kind].clear()
        else:
            self.errors[kind].refuse(problem)
        return problem is None

    def _typed(self, kind: KeyKind) -> None:
        self.errors[kind].clear()
        self.edited.emit()

    def _show_extra(self, person: Person) -> None:
        self.extra.blockSignals(True)  # noqa: FBT003 - Qt's own signature
        self.extra.setRowCount(0)
        for name, value in [*person.extra.items(), ("", "")]:
            self._add_extra(name, value)
        self.extra.blockSignals(False)  # noqa: FBT003 - Qt's own signature

    def _add_extra(self, name: str, value: str) -> None:
        row = self.extra.rowCount()
        self.extra.insertRow(row)
        self.extra.setItem(row, 0, QTableWidgetItem(name))
        self.extra.setItem(row, 1, QTableWidgetItem(value))

    def _typed_extra(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for row in range(self.extra.rowCount()):
            name, value = (self._cell(row, column) for column in (0, 1))
            if name and value:
                found[name] = value
        return found

    def _cell(self, row: int, column: int) -> str:
        item = self.extra.item(row, column)
        return item.text().strip() if item else ""

    def _extra_typed(self) -> None:
        last = self.extra.rowCount() - 1
        if self._cell(last, 0) or self._cell(last, 1):
            self.extra.blockSignals(True)  # noqa: FBT003 - Qt's own signature
            self._add_extra("", "")
            self.extra.blockSignals(False)  # noqa: FBT003 - Qt's own signature
        self.edited.emit()

    def _connect(self) -> None:
        for field in (self.full_name, self.first_name, self.last_name):
            field.textEdited.connect(self.edited)
        for kind, field in self.keys.items():
            field.textEdited.connect(lambda _text, kind=kind: self._typed(kind))
            field.editingFinished.connect(lambda kind=kind: self._check(kind))
        self.extra.itemChanged.connect(self._extra_typed)

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setSpacing(Space.SMALL)
        fields = [self.full_name, self.first_name, self.last_name, *self.keys.values()]
        for place, field in zip(self._labels, fields, strict=True):
            place.setBuddy(field)
            place.setMinimumHeight(field.sizeHint().height())
            form.addRow(place, field)
            for kind, key in self.keys.items():
                if key is field:
                    form.addRow(self.errors[kind])
        header = self.extra.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.extra.verticalHeader().hide()
        self.extra.setTabKeyNavigation(False)
        self.extra.setMinimumHeight(self.fontMetrics().height() * 6)
        self._extra_label.setBuddy(self.extra)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.SMALL)
        column.addLayout(form)
        column.addWidget(self._extra_label)
        column.addWidget(self.extra, 1)


def _line() -> QLineEdit:
    return QLineEdit(maxLength=LONGEST_TEXT)


def _edit_of(person: Person) -> PersonEdit:
    keys = person.keys
    return PersonEdit(
        keys.username or "",
        keys.phone or "",
        str(keys.telegram_id or ""),
        person.full_name,
        person.first_name,
        person.last_name,
        dict(person.extra),
    )
