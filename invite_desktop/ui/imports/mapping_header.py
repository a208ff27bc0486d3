"""The header of the preview: what a column is called, and what it means to us."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QComboBox, QHeaderView, QTableView

from invite_desktop.ui.theme import Space
from invite_desktop.ui.translations import tr

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from PySide6.QtGui import QShowEvent


def field_names() -> Mapping[str, str]:
    """Return every meaning a column can have, with its words; see ReadOptions.columns."""
    return {
        "username": tr("Username"),
        "phone": tr("Phone"),
        "telegram_id": tr("Telegram ID"),
        "full_name": tr("Full name"),
        "first_name": tr("First name"),
        "last_name": tr("Last name"),
        "email": tr("E-mail"),
        "tags": tr("Tags"),
        "note": tr("Note"),
        "consent_date": tr("Date of consent"),
        "extra": tr("Keep as it is"),
        "": tr("Leave out"),
    }


class MappingHeader(QHeaderView):
    """Holds a choice of meanings above every column of the preview."""

    mapping_changed = Signal()

    def __init__(self, table: QTableView) -> None:
        super().__init__(Qt.Orientation.Horizontal, table)
        self.boxes: list[QComboBox] = []
        self.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.sectionResized.connect(self._place)
        self.geometriesChanged.connect(self._place)
        table.horizontalScrollBar().valueChanged.connect(self._place)

    def sizeHint(self) -> QSize:
        """Return the room for the title and the choice below it."""
        plain = super().sizeHint()
        return QSize(plain.width(), plain.height() + self._box_height() + Space.HAIR)

    def set_fields(self, titles: Sequence[str], fields: Sequence[str]) -> None:
        """Show what each column is taken for."""
        for box in self.boxes:
            box.deleteLater()
        self.boxes = [self._box(title, field) for title, field in zip(titles, fields, strict=True)]
        self._place()
        self.updateGeometry()

    def retranslate(self, titles: Sequence[str]) -> None:
        """Write the meanings anew and leave the choices as they are."""
        for title, box in zip(titles, self.boxes, strict=True):
            box.setAccessibleName(tr("Meaning of the column “{title}”", title=title))
            for position, words in enumerate(field_names().values()):
                box.setItemText(position, words)

    def fields(self) -> list[str]:
        """Return what each column is taken for now."""
        return [str(box.currentData()) for box in self.boxes]

    def showEvent(self, event: QShowEvent) -> None:
        """Put the choices where the columns are."""
        super().showEvent(event)
        self._place()

    def _box(self, title: str, field: str) -> QComboBox:
        box = QComboBox(self.viewport())
        box.setProperty("compact", "true")
        box.setAccessibleName(tr("Meaning of the column “{title}”", title=title))
        for name, words in field_names().items():
            box.addItem(words, name)
        box.setCurrentIndex(max(box.findData(field), 0))
        box.currentIndexChanged.connect(self.mapping_changed)
        box.show()
        return box

    def _box_height(self) -> int:
        return self.boxes[0].sizeHint().height() if self.boxes else 0

    def _place(self) -> None:
        height = self._box_height()
        for position, box in enumerate(self.boxes[: self.count()]):
            box.setGeometry(
                self.sectionViewportPosition(position) + 2,
                self.height() - height - 3,
                self.sectionSize(position) - Space.SMALL,
                height,
            )
