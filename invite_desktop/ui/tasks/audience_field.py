"""To whom: a saved audience or a file dropped right here, and how much of it can be used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from invite_desktop.domain.errors import KnownError
from invite_desktop.ui.imports.import_dialog import ImportDialog
from invite_desktop.ui.imports.sources import choose_files, paste_list
from invite_desktop.ui.translations import tr, tr_n
from invite_desktop.ui.widgets.choices import Choice
from invite_desktop.ui.widgets.drop_area import DropArea
from invite_desktop.ui.widgets.layouts import field_column
from invite_desktop.ui.widgets.pieces import FieldError, label
from invite_desktop.ui.wording import named
from invite_desktop.ui.work import Latest, Refresher

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from invite_desktop.domain.audiences import Audience, ImportCounts, ImportReport
    from invite_desktop.domain.tasks import ChatRef
    from invite_desktop.engine.ports.stores import AudienceUse
    from invite_desktop.ui.context import ScreenContext


class AudienceField(QWidget):
    """Keeps the chosen audience and how many of its people this task could use."""

    changed = Signal()

    def __init__(self, context: ScreenContext) -> None:
        super().__init__()
        self._context = context
        self._chat: ChatRef | None = None
        self._wanted: int | None = None
        self._imports: dict[int, ImportCounts] = {}
        self.use: AudienceUse | None = None
        self.choice: Choice[Audience | None] = Choice(_words, [None])
        self.choice.setObjectName("audience")
        self.drop_area = DropArea(compact=True)
        self.counts = label("muted", wrapped=True)
        self.error = FieldError()
        self._listing = Refresher(context.work, self._list, "audiences")
        self._counting = Latest(context.work, "use of an audience")
        self._lay_out()
        self._connect()

    @property
    def audience(self) -> Audience | None:
        """Return the chosen audience, None before the user chose."""
        return self.choice.chosen

    @property
    def audience_id(self) -> int:
        """Return the id of what is chosen or will be once the list is here, 0 for none."""
        return self._wanted or (self.audience.id if self.audience else 0)

    def choose(self, audience_id: int) -> None:
        """Choose an audience, also one that is not in the list yet."""
        self._wanted = audience_id
        self._listing.request()

    def refresh(self) -> None:
        """Fetch the list of audiences."""
        self._listing.request()

    def import_files(self, paths: Sequence[Path], *, ours: bool = False) -> None:
        """Make an audience of files over the form, which keeps what was typed, and choose it."""
        dialog = ImportDialog(self._context, self.window())
        dialog.imported.connect(self._imported)
        dialog.import_files(paths, ours=ours)

    @property
    def chat(self) -> ChatRef | None:
        """Return the chat for which people are counted, None for messages."""
        return self._chat

    def set_chat(self, chat: ChatRef | None) -> None:
        """Count for another chat; None counts for messages."""
        if chat != self._chat:
            self._chat = chat
            self._count()

    def complete(self) -> bool:
        """Return whether the task has people; say why not."""
        if self.audience is None:
            self.error.say(tr("Choose an audience, or drop a list here."))
            self.choice.setFocus()
        elif self.audience.basis.allows_sending and self.use is not None and not self.use.usable:
            self.error.say(tr("Nobody in this audience can be used for this task."))
        return self.audience is not None and not self.error.text()

    def clear(self) -> None:
        """Choose nothing."""
        self._wanted = None
        self.choice.setCurrentIndex(0)
        self.error.clear()

    def retranslate(self) -> None:
        """Write every text anew."""
        self.choice.setAccessibleName(tr("Audience"))
        self.drop_area.say(
            tr("… or drop a list here"), "", tr("Choose fi&les…"), tr("&Paste a list")
        )
        self.choice.retranslate()
        self._show_use()

    async def _list(self) -> None:
        audiences = await self._context.engine.audiences.all()
        self._imports = _latest_counts(await self._context.engine.imports.history())
        wanted = self._wanted or (self.audience.id if self.audience else None)
        self._wanted = None
        chosen = next((audience for audience in audiences if audience.id == wanted), None)
        self.choice.set_values([None, *audiences], chosen)
        self._count()

    def _count(self) -> None:
        self.error.clear()
        self.use = None
        self._counting.cancel()
        if self.audience is None:
            self._show_use()
            self.changed.emit()
        elif not self.audience.basis.allows_sending:
            self._show_use()
            self.error.say(tr("This audience has no basis for sending. Import it again with one."))
            self.changed.emit()
        else:
            self._counting.start(self._fetch_use(self.audience.id), self.error.refuse)

    async def _fetch_use(self, audience_id: int) -> None:
        self.use = await self._context.engine.audiences.use_of(audience_id, self._chat)
        self._show_use()
        self.changed.emit()

    def _show_use(self) -> None:
        words = ""
        if self.use is not None and self.audience is not None:
            counts = self._imports.get(self.audience.id)
            words = _use_words(self.use, counts, inviting=self._chat is not None)
        self.counts.setText(words)
        self.counts.setAccessibleName(words)
        self.counts.setVisible(bool(words))

    def _imported(self, report: ImportReport) -> None:
        self.choose(report.audience.id)

    def _choose_files(self) -> None:
        choose_files(self, self.import_files)

    def _paste(self) -> None:
        try:
            paths, ours = paste_list(self._context.temporary)
        except KnownError as error:
            self.error.refuse(error)
        else:
            self.import_files(paths, ours=ours)

    def _connect(self) -> None:
        self.choice.currentIndexChanged.connect(self._count)
        self.drop_area.paths_dropped.connect(self.import_files)
        self.drop_area.choose_requested.connect(self._choose_files)
        self.drop_area.paste_requested.connect(self._paste)
        self._context.bridge.audiences_changed.connect(self.refresh)

    def _lay_out(self) -> None:
        column = field_column(self)
        for part in (self.choice, self.drop_area, self.counts, self.error):
            column.addWidget(part)


def _words(audience: Audience | None) -> str:
    if audience is None:
        return tr("Choose an audience…")
    people = tr_n("{count} person", "{count} people", audience.people)
    return tr(
        "{name}: {people}, {basis}",
        name=audience.name,
        people=people,
        basis=named(audience.basis),
    )


def _latest_counts(history: Sequence[ImportReport]) -> dict[int, ImportCounts]:
    """Return how the rows of each audience's latest import ended; the history is newest first."""
    standing = [report for report in history if report.undone_at is None]
    return {report.audience.id: report.counts for report in reversed(standing)}


def _use_words(use: AudienceUse, counts: ImportCounts | None, *, inviting: bool) -> str:
    """Return how many can be used, and what became of all the others.

    Who had opted out before the import is not in the audience; who did so later is.
    """
    contacted = use.already_contacted
    opted_out = use.opted_out + (counts.opted_out if counts else 0)
    parts = [
        tr_n("{count} person can be used", "{count} people can be used", use.usable),
        tr("already invited: {count}", count=contacted)
        if inviting
        else tr("already contacted: {count}", count=contacted),
        tr("opted out: {count}", count=opted_out),
    ]
    if use.refused_before:
        parts.append(tr("refused before: {count}", count=use.refused_before))
    if counts is not None:
        parts.append(tr("duplicate rows: {count}", count=counts.duplicate))
        parts.append(tr("invalid rows: {count}", count=counts.invalid))
    return "  ·  ".join(parts)
