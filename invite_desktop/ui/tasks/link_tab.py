"""A task's link itself: QR code, ready texts, and how many came by it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from invite_desktop.domain.invitation_texts import InvitationText, invitation
from invite_desktop.ui.theme import LONGEST_LINE, Space
from invite_desktop.ui.translations import LANGUAGES, load_translator, tr, tr_n, translator
from invite_desktop.ui.widgets.choices import Choice
from invite_desktop.ui.widgets.layouts import line
from invite_desktop.ui.widgets.pieces import button, label
from invite_desktop.ui.widgets.qr_code import QrPicture
from invite_desktop.ui.widgets.qr_files import qr_image, save_qr
from invite_desktop.ui.widgets.save_dialog import choose_place
from invite_desktop.ui.widgets.small_form import SmallForm
from invite_desktop.ui.wording import titled

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from pathlib import Path
    from typing import Any

    from invite_desktop.domain.tasks import InviteTask
    from invite_desktop.engine.ports.links import LinkCounts, TaskLink
    from invite_desktop.ui.context import ScreenContext
    from invite_desktop.ui.widgets.pieces import FieldError


class LinkTab(QWidget):
    """Offers to make the link, and afterwards all that can be done with it."""

    def __init__(self, context: ScreenContext, task_id: int, error: FieldError) -> None:
        super().__init__()
        self._context = context
        self._task_id = task_id
        self._error = error
        self._link: TaskLink | None = None
        self._task: InviteTask | None = None
        self.why = label("muted", wrapped=True)
        self.by_request = QCheckBox()
        self.make_button = button("link", primary=True)
        self.address = QLineEdit(readOnly=True)
        self.copy_button = button("copy")
        self.picture = QrPicture(190)
        self.save_button = button("save")
        self.copy_picture_button = button("copy")
        self.count = label("strong", wrapped=True)
        self.count_button = button("retry")
        self.language: Choice[str] = Choice(LANGUAGES.__getitem__, list(LANGUAGES))
        self.kind: Choice[InvitationText] = Choice(titled, list(InvitationText))
        self.text = QPlainTextEdit(readOnly=True)
        self.copy_text_button = button("copy")
        self.note = label("muted", wrapped=True)
        self.revoke_button = button("forbid")
        self._stack = QStackedWidget()
        self._lay_out()
        self._write()
        self._connect()

    async def load(self) -> None:
        """Show the link as it is kept, and who came by it so far."""
        engine = self._context.engine
        self._task = (await engine.tasks.view(self._task_id)).task
        self._link = await engine.links.of_task(self._task_id)
        self._stack.setCurrentIndex(0 if self._link is None else 1)
        if self._link is not None:
            self._show(self._link, await engine.links.counts(self._task_id))

    def _show(self, link: TaskLink, counts: LinkCounts) -> None:
        if self.address.text() != link.address:
            self.address.setText(link.address)
            self.address.setCursorPosition(0)
            self.picture.show_text(link.address)
        came = tr_n("{count} person came by it", "{count} people came by it", counts.came)
        listed = tr_n("{count} of your list", "{count} of your list", counts.listed)
        asked = tr("Telegram was not asked yet")
        if link.read_at is not None:
            now = self._context.engine.clock.now()
            asked = tr("asked {moment}", moment=translator().moment(link.read_at, now))
        self.count.setText(f"{came}, {listed}  ·  {asked}")
        self.note.setText(
            tr("Who uses it has to be let in.")
            if link.by_request
            else tr("Who uses it is in at once. It is counted every hour.")
        )
        self._show_text()

    def _show_text(self) -> None:
        if self._link is None or self._task is None or self._task.chat is None:
            return
        words = invitation(self.kind.chosen, self._task.chat.title, self._link.address)
        self.text.setPlainText(load_translator(self.language.chosen).text(words))

    # ------------------------------------------------------------ what buttons do

    async def _make(self) -> None:
        links = self._context.engine.links
        await links.make(self._task_id, by_request=self.by_request.isChecked())
        await self.load()

    async def _count(self) -> None:
        await self._context.engine.links.count_now(self._task_id)
        await self.load()

    def _ask_revocation(self) -> None:
        words = tr(
            "Nobody can join by it any more, wherever it was sent. You can make another one."
        )
        SmallForm(self._context.work, self, tr("Revoke this link?"), words).ask(
            tr("Revoke"), self._revoke
        )

    async def _revoke(self) -> None:
        await self._context.engine.links.revoke(self._task_id)
        await self.load()

    def _ask_place(self) -> None:
        kinds = {tr("Picture (*.png)"): "png", tr("Drawing for print (*.svg)"): "svg"}
        name = self._task.chat.title if self._task and self._task.chat else ""
        choose_place(self, tr("Save the QR code"), name, self._save, kinds)

    def _save(self, path: Path) -> None:
        self._start(partial(save_qr, self.address.text(), path))

    def _copy_picture(self) -> None:
        QGuiApplication.clipboard().setImage(qr_image(self.address.text()))
        self.copy_picture_button.setText(tr("Copied"))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.address.text())
        self.copy_button.setText(tr("Copied"))

    def _copy_text(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())
        self.copy_text_button.setText(tr("Copied"))

    def _start(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        self._error.clear()
        self.setEnabled(False)
        begun = self._context.work.start(work(), "invite link", self._error.refuse)
        begun.add_done_callback(lambda _: self.setEnabled(True))

    def _text_chosen(self) -> None:
        self.copy_text_button.setText(tr("Copy the te&xt"))
        self._show_text()

    # ------------------------------------------------------------ texts and places

    def _connect(self) -> None:
        self.make_button.clicked.connect(lambda: self._start(self._make))
        self.count_button.clicked.connect(lambda: self._start(self._count))
        self.revoke_button.clicked.connect(self._ask_revocation)
        self.copy_button.clicked.connect(self._copy)
        self.save_button.clicked.connect(self._ask_place)
        self.copy_picture_button.clicked.connect(self._copy_picture)
        self.copy_text_button.clicked.connect(self._copy_text)
        self.language.currentIndexChanged.connect(self._text_chosen)
        self.kind.currentIndexChanged.connect(self._text_chosen)

    def _write(self) -> None:
        self.why.setText(
            tr(
                "The task's own link is for people whom Telegram does not let you add, and for "
                "anybody to whom you want to give it yourself. Telegram counts who joins by it. "
                "One of your administrator accounts makes it."
            )
        )
        self.by_request.setText(tr("People ask to &join, and you decide whom to let in"))
        self.make_button.setText(tr("Make the &link"))
        self.address.setAccessibleName(tr("Invite link of the task"))
        self.copy_button.setText(tr("Cop&y"))
        self.copy_button.setAccessibleName(tr("Copy the invite link"))
        self.picture.setAccessibleName(tr("QR code of the invite link"))
        self.save_button.setText(tr("Save QR code…"))
        self.copy_picture_button.setText(tr("Copy QR co&de"))
        self.count_button.setText(tr("Cou&nt now"))
        self.count_button.setToolTip(tr("Ask Telegram who came by this link"))
        self.language.choose(translator().language)
        self.language.setAccessibleName(tr("Language of the text"))
        self.kind.setAccessibleName(tr("Which text"))
        self.text.setAccessibleName(tr("Text to send with the link"))
        self.copy_text_button.setText(tr("Copy the te&xt"))
        self.revoke_button.setText(tr("Revoke…"))

    def _lay_out(self) -> None:
        left, right = QVBoxLayout(), QVBoxLayout()
        for side in (left, right):
            side.setSpacing(Space.SMALL)
        for part in (self.picture, self.save_button, self.copy_picture_button):
            left.addWidget(part)
        left.addStretch(1)
        right.addLayout(line(self.address, self.copy_button))
        right.addWidget(self.note)
        counted = line(self.count, self.count_button)
        counted.setStretch(0, 1)
        right.addLayout(counted)
        right.addSpacing(Space.SMALL)
        right.addLayout(line(self.language, self.kind, None, self.copy_text_button))
        right.addWidget(self.text, 1)
        right.addLayout(line(None, self.revoke_button))
        made = QWidget()
        both = QHBoxLayout(made)
        both.setContentsMargins(0, Space.SMALL, 0, 0)
        both.setSpacing(Space.LARGE)
        both.addLayout(left)
        both.addLayout(right, 1)
        self._stack.addWidget(self._before_there_is_one())
        self._stack.addWidget(made)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._stack)

    def _before_there_is_one(self) -> QWidget:
        none = QWidget()
        column = QVBoxLayout(none)
        column.setSpacing(Space.MEDIUM)
        column.setContentsMargins(0, Space.SMALL, 0, 0)
        self.why.setMaximumWidth(LONGEST_LINE)
        why = line(self.why, None)
        why.setStretch(0, 1_000)  # the room beside the words is what they cannot use
        column.addLayout(why)
        column.addWidget(self.by_request)
        column.addLayout(line(self.make_button, None))
        column.addStretch(1)
        return none
