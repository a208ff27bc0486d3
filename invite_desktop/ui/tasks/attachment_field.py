"""What goes with a message: a picture or file, or else a preview of its links."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, Signal
from PySide6.QtWidgets import QCheckBox, QFileDialog, QVBoxLayout, QWidget

from invite_desktop.domain.attachments import AttachmentKind
from invite_desktop.ui.theme import Space
from invite_desktop.ui.translations import tr, translator
from invite_desktop.ui.widgets.layouts import line
from invite_desktop.ui.widgets.pieces import FieldError, button, label
from invite_desktop.ui.work import Latest

if TYPE_CHECKING:
    from invite_desktop.domain.attachments import Attachment
    from invite_desktop.ui.context import ScreenContext


class AttachmentField(QWidget):
    """Keeps the chosen file as it was looked at; a message with one has no preview of links."""

    changed = Signal()

    def __init__(self, context: ScreenContext) -> None:
        super().__init__()
        self._context = context
        self.attachment: Attachment | None = None
        self.choose_button = button("file")
        self.remove_button = button("cancel")
        self.facts = label("muted")
        self.previews = QCheckBox()
        self.error = FieldError()
        self._looking = Latest(context.work, "file of a message")
        self._lay_out()
        self._connect()
        self.clear()

    @property
    def path(self) -> str:
        """Return the path of the chosen file, empty without one."""
        return str(self.attachment.path) if self.attachment else ""

    @property
    def link_preview(self) -> bool:
        """Return whether the message shows a preview of its first link."""
        return self.previews.isChecked()

    def choose(self, path: Path) -> None:
        """Look at a file and take it."""
        self.error.clear()
        self._looking.start(self._inspect(path), self.error.refuse)

    def take_over(self, path: str, *, link_preview: bool) -> None:
        """Choose what another task had."""
        self.previews.setChecked(link_preview)
        if path:
            self.choose(Path(path))

    def clear(self) -> None:
        """Choose no file, and a preview of links."""
        self.previews.setChecked(True)
        self.error.clear()
        self._remove()

    def retranslate(self) -> None:
        """Write every text anew."""
        self.choose_button.setText(tr("Picture or f&ile…"))
        self.remove_button.setToolTip(tr("Send no file"))
        self.remove_button.setAccessibleName(tr("Send no file"))
        self.previews.setText(tr("Show a preview of the first li&nk"))
        self._show()

    async def _inspect(self, path: Path) -> None:
        self.attachment = await self._context.engine.drafts.inspect(path)
        self._show()
        self.changed.emit()

    def _remove(self) -> None:
        self._looking.cancel()
        self.attachment = None
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        chosen = self.attachment
        self.remove_button.setVisible(chosen is not None)
        self.previews.setVisible(chosen is None)
        self.facts.setText("" if chosen is None else _facts(chosen))
        self.facts.setVisible(chosen is not None)

    def _ask(self) -> None:
        dialog = QFileDialog(self, tr("Choose a picture or file for the message"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda name: self.choose(Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _connect(self) -> None:
        self.choose_button.clicked.connect(self._ask)
        self.remove_button.clicked.connect(self._remove)
        self.previews.toggled.connect(self.changed)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.HAIR)
        parts = (self.choose_button, self.facts, self.remove_button, self.previews, None)
        column.addLayout(line(*parts))
        column.addWidget(self.error)


def _facts(attachment: Attachment) -> str:
    usual = QLocale.DataSizeFormat.DataSizeTraditionalFormat
    size = translator().locale.formattedDataSize(attachment.size, 1, usual)
    name = attachment.path.name
    if attachment.kind is AttachmentKind.PICTURE:
        return tr("{name}, {size}, sent as a picture", name=name, size=size)
    return tr("{name}, {size}, sent as a file", name=name, size=size)
