"""Files full of people who must not be contacted: reason, progress, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QProgressBar, QVBoxLayout, QWidget

from invite_desktop.engine.ports.files import ReadOptions
from invite_desktop.ui.imports.regions import REGIONS, region_words
from invite_desktop.ui.theme import Space
from invite_desktop.ui.translations import language_changed, tr, tr_n, translator
from invite_desktop.ui.widgets.choices import Choice
from invite_desktop.ui.widgets.dialog import Dialog
from invite_desktop.ui.widgets.drop_area import files_of
from invite_desktop.ui.widgets.layouts import line
from invite_desktop.ui.widgets.pieces import FieldError, Tile, button, label

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Sequence
    from pathlib import Path

    from invite_desktop.domain.errors import KnownError
    from invite_desktop.engine.views import ListImport, ListProgress
    from invite_desktop.ui.context import ScreenContext

_REGION_KEY = "import/region"
_NAMES_SHOWN = 3


class ListDialog(Dialog):
    """Open it with ``offer``; closing it while it works stops the work first."""

    def __init__(self, context: ScreenContext, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self._paths: Sequence[Path] = ()
        self._import: asyncio.Task[None] | None = None
        self._came: ListImport | None = None
        self.names = label("strong", wrapped=True)
        self.words = label("muted", wrapped=True)
        self.reason = QLineEdit(maxLength=300)
        self.region: Choice[str] = Choice(region_words, REGIONS)
        self.region.choose(str(context.settings.value(_REGION_KEY, "")))
        self.bar = QProgressBar(minimum=0, maximum=0, textVisible=False)
        self.progress = label()
        self.tiles = [Tile() for _ in range(4)]
        self._result = QWidget()
        self._fields = QWidget()
        self._moving = QWidget()
        self.error = FieldError()
        self.close_button = button()
        self.import_button = button("import", primary=True)
        self._lay_out()
        self._set_busy(busy=False)
        self.retranslate()
        language_changed().changed.connect(self.retranslate)
        self.import_button.clicked.connect(self._start)
        self.close_button.clicked.connect(self.reject)
        self.reason.returnPressed.connect(self.import_button.click)
        self.finished.connect(self.deleteLater)

    @property
    def busy(self) -> bool:
        """Return whether an import is under way."""
        return self._import is not None and not self._import.done()

    def offer(self, paths: Sequence[Path]) -> None:
        """Open with files and folders."""
        self._paths = paths
        shown = ", ".join(path.name for path in paths[:_NAMES_SHOWN])
        self.names.setText(shown if len(paths) <= _NAMES_SHOWN else f"{shown} …")
        self.fit_height()
        self.open()
        self.reason.setFocus()

    def reject(self) -> None:
        """Stop an import under way; close when there is none."""
        if self._import is not None and self.busy:
            self._import.cancel()
        else:
            super().reject()

    def _start(self) -> None:
        if not self.busy:
            self.error.clear()
            self._set_busy(busy=True)
            self._import = self._context.work.start(self._run(), "list import", self._refused)
            self._import.add_done_callback(self._ended)

    async def _run(self) -> None:
        paths = await files_of(self._paths)
        options = ReadOptions(region=self.region.chosen)
        listed = self._context.engine.do_not_contact
        came = await listed.import_files(paths, self.reason.text(), options, self._advanced)
        self._came = came

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._set_busy(busy=False)
        if task.cancelled():
            self.error.say(tr("Stopped. Nobody was put on the list."))
        elif self._came is not None:
            self._show(self._came)

    def _refused(self, error: KnownError) -> None:
        self.error.refuse(error)

    def _advanced(self, news: ListProgress) -> None:
        number = translator().number
        if news.put:
            self.bar.setRange(0, news.read)
            self.bar.setValue(news.put)
            self.progress.setText(
                tr("{put} of {read} put on the list", put=number(news.put), read=number(news.read))
            )
        else:
            self.progress.setText(tr_n("{count} row read", "{count} rows read", news.read))

    def _say_result(self, came: ListImport) -> None:
        numbers = (
            (came.read, tr("Rows read")),
            (came.added, tr("Joined the list")),
            (came.known, tr("On it already")),
            (came.invalid, tr("Name nobody")),
        )
        for tile, (number, caption) in zip(self.tiles, numbers, strict=True):
            tile.say(translator().number(number), caption)

    def _show(self, came: ListImport) -> None:
        self._say_result(came)
        self._result.show()
        self._fields.hide()
        self.words.hide()
        self.import_button.hide()
        self.close_button.setText(tr("Close"))
        self.close_button.setFocus()
        self.fit_height()

    def _set_busy(self, *, busy: bool) -> None:
        self.bar.setRange(0, 0)
        self.progress.setText(tr("Reading…"))
        self._moving.setVisible(busy)
        self._fields.setEnabled(not busy)
        self.import_button.setEnabled(not busy)
        self.close_button.setText(tr("S&top") if busy else tr("Canc&el"))

    def retranslate(self) -> None:
        """Write every text anew."""
        self.setWindowTitle(tr("A list of people who must not be contacted"))
        self.words.setText(
            tr(
                "Everybody whom this list names is left out of every task from now on. "
                "Usernames, phones and Telegram ids are recognised by themselves."
            )
        )
        self._reason_label.setText(tr("&Reason"))
        self._region_label.setText(tr("Ph&ones are from"))
        self.reason.setAccessibleName(tr("Reason"))
        self.reason.setPlaceholderText(tr("For example: asked for it by phone"))
        self.region.setAccessibleName(tr("Country of phones without a country code"))
        self.bar.setAccessibleName(tr("Import under way"))
        self.import_button.setText(tr("Put on the list"))
        if self._came is not None:
            self._say_result(self._came)

    def _lay_out(self) -> None:
        self._reason_label, self._region_label = label(), label()
        self._reason_label.setBuddy(self.reason)
        self._region_label.setBuddy(self.region)
        fields = QVBoxLayout(self._fields)
        fields.setContentsMargins(0, 0, 0, 0)
        fields.setSpacing(Space.HAIR)
        fields.addWidget(self._reason_label)
        fields.addWidget(self.reason)
        fields.addSpacing(Space.SMALL)
        fields.addWidget(self._region_label)
        fields.addLayout(line(self.region, None))
        moving = line(self.progress, self.bar)
        moving.setStretch(1, 1)
        self._moving.setLayout(moving)
        self._result.setLayout(line(*self.tiles))
        self._result.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.LARGE, Space.LARGE, Space.LARGE, Space.LARGE)
        column.setSpacing(Space.MEDIUM)
        for part in (self.names, self.words, self._fields, self._result, self._moving, self.error):
            column.addWidget(part)
        column.addStretch(1)
        column.addLayout(line(None, self.close_button, self.import_button))
        self.names.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self.setMinimumWidth(self.fontMetrics().averageCharWidth() * 92)
