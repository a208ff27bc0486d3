"""The small forms of the do-not-contact list: adding by hand, and contacting again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLineEdit, QPlainTextEdit

from invite_desktop.ui.do_not_contact.opt_out_columns import reason_words, who_words
from invite_desktop.ui.translations import joined, tr, tr_n, translator
from invite_desktop.ui.widgets.small_form import SmallForm

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from invite_desktop.engine.ports.audiences import OptOut
    from invite_desktop.ui.context import ScreenContext

_FEWEST_LINES = 4


class AddPeopleForm(SmallForm):
    """Takes one key a line; ``told`` gets in words what came of it."""

    def __init__(
        self, context: ScreenContext, parent: QWidget, told: Callable[[str], None]
    ) -> None:
        words = tr("They are left out of every task from now on, also if they come in a new list.")
        super().__init__(context.work, parent, tr("Do not contact these people"), words)
        self._list = context.engine.do_not_contact
        self._told = told
        self.people = QPlainTextEdit(tabChangesFocus=True)
        self.people.setPlaceholderText("@username\nhttps://t.me/username\n+7 900 123-45-67")
        self.people.setMinimumHeight(self.fontMetrics().lineSpacing() * (_FEWEST_LINES + 1))
        self.reason = QLineEdit(maxLength=300)
        self.add_row(tr("&People, one a line: username, link, phone or Telegram ID"), self.people)
        self.add_row(tr("&Reason"), self.reason)
        self.retranslate()
        self.people.setFocus()
        self.ask(tr("Put on the list"), self._add)

    def retranslate(self) -> None:
        """Write every text anew."""
        super().retranslate()
        self.reason.setPlaceholderText(tr("For example: asked for it by phone"))

    async def _add(self) -> None:
        text = self.people.toPlainText()
        named = sum(bool(line.strip()) for line in text.splitlines())
        added = await self._list.add(text, self.reason.text())
        self._told(added_words(added, named - added))


class OptOutWordsForm(SmallForm):
    """Keeps the user's own words for "no more messages", one a line."""

    def __init__(self, context: ScreenContext, parent: QWidget) -> None:
        words = tr(
            "“Стоп”, “отписка”, “не пишите мне”, “stop”, “unsubscribe” and the like are known. "
            "Add words of your own, one answer a line; with * at the end an answer may go on "
            "after them."
        )
        super().__init__(context.work, parent, tr("Words for “no more messages”"), words)
        self._replies = context.engine.replies
        self.patterns = QPlainTextEdit(tabChangesFocus=True)
        self.patterns.setMinimumHeight(self.fontMetrics().lineSpacing() * (_FEWEST_LINES + 1))
        self.add_row(tr("&Your own words"), self.patterns)
        context.work.start(self._show(), "own words for no")
        self.ask(tr("Keep the words"), self._keep)

    async def _show(self) -> None:
        self.patterns.setPlainText("\n".join(await self._replies.patterns()))

    async def _keep(self) -> None:
        lines = self.patterns.toPlainText().splitlines()
        await self._replies.set_patterns([each for each in lines if each.strip()])


class ContactAgainForm(SmallForm):
    """Lifts one entry, which ``lifted`` gets; the reason is required and stays in the history."""

    def __init__(
        self,
        context: ScreenContext,
        parent: QWidget,
        entry: OptOut,
        lifted: Callable[[OptOut], None],
    ) -> None:
        super().__init__(context.work, parent, tr("Contact again"), _listed_words(entry))
        self._list = context.engine.do_not_contact
        self._entry = entry
        self._lifted = lifted
        self.reason = QLineEdit(maxLength=300)
        self.add_row(tr("&Why may this person be contacted again? *"), self.reason)
        self.retranslate()
        self.reason.setFocus()
        self.ask(tr("Contact again"), self._lift)

    def retranslate(self) -> None:
        """Write every text anew."""
        super().retranslate()
        self.words.setText(_listed_words(self._entry))
        self.reason.setPlaceholderText(tr("For example: asked for it by phone on 3 May"))

    async def _lift(self) -> None:
        await self._list.contact_again(self._entry.id, self.reason.text())
        self._lifted(self._entry)


def _listed_words(entry: OptOut) -> str:
    return tr(
        "{who}\nOn the list since {since}: {reason}.\n\nLift this only if the person "
        "has agreed to be contacted again.",
        who=who_words(entry),
        since=translator().moment(entry.at),
        reason=reason_words(entry),
    )


def added_words(added: int, known: int) -> str:
    """Return what came of putting people on the list."""
    parts = [tr_n("{count} person joined the list", "{count} people joined the list", added)]
    if known:
        parts.append(tr_n("{count} was on it already", "{count} were on it already", known))
    return joined(joined(*parts, by=", "), "", by=".")
