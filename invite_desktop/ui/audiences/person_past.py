"""What a person's card shows besides her fields: sources, tasks, every call, opt-outs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from invite_desktop.engine.ports.ledger import LedgerFilter
from invite_desktop.ui.statistics.log_model import PERSON_COLUMN, LogModel
from invite_desktop.ui.theme import Space, Tone
from invite_desktop.ui.tones import TARGET_TONES
from invite_desktop.ui.translations import language_changed, tr, tr_n, translator
from invite_desktop.ui.widgets.columns import Column
from invite_desktop.ui.widgets.layouts import line
from invite_desktop.ui.widgets.pieces import EmptyState, button
from invite_desktop.ui.widgets.rows_model import RowsModel
from invite_desktop.ui.widgets.tables import Table, TableOrEmpty
from invite_desktop.ui.wording import titled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from invite_desktop.domain.people import KeyKind
    from invite_desktop.engine.ports.audiences import (
        OptOut,
        PersonDetail,
        PersonInTask,
        PersonSource,
    )
    from invite_desktop.ui.context import ScreenContext

_NAMES = ("sources", "tasks", "history", "opt_outs")
"""Under which the columns of the tables are remembered."""


class PersonPast(QTabWidget):
    """Four tables; ``forbid_requested`` and ``listed_requested`` are the user's wishes.

    ``task_opened`` and ``audience_opened`` carry an id.
    """

    task_opened = Signal(int)
    audience_opened = Signal(int)
    forbid_requested = Signal()
    listed_requested = Signal()

    def __init__(self, context: ScreenContext) -> None:
        super().__init__()
        self.setDocumentMode(True)
        self.tabBar().setDrawBase(False)
        self._counts = (0, 0, 0)
        self.sources: RowsModel[PersonSource] = RowsModel(_SOURCES, key=lambda row: row)
        self.tasks: RowsModel[PersonInTask] = RowsModel(_TASKS, key=lambda row: row.target_id)
        self.history = LogModel(context.engine.statistics, context.work)
        self.opt_outs: RowsModel[OptOut] = RowsModel(_OPT_OUTS, key=lambda row: row.id)
        self.tables = [
            Table(model) for model in (self.sources, self.tasks, self.history, self.opt_outs)
        ]
        for table, name in zip(self.tables, _NAMES, strict=True):
            table.remember_columns(context.settings, f"person_{name}/columns")
        self.empties = [EmptyState(name) for name in ("import", "tasks", "statistics", "forbid")]
        self.forbid_button = button("forbid")
        self.listed_button = button("search")
        self.tables[2].setColumnHidden(PERSON_COLUMN, True)  # noqa: FBT003 - Qt's own signature
        self._lay_out()
        self._connect()
        language_changed().changed.connect(self.retranslate)
        self.retranslate()

    def show_detail(self, detail: PersonDetail) -> None:
        """Show where a person came from, her tasks and opt-outs."""
        self.sources.replace(detail.sources)
        self.tasks.replace(detail.tasks)
        self.opt_outs.replace(detail.opt_outs)
        self._counts = (len(detail.sources), len(detail.tasks), len(detail.opt_outs))
        forbidden = any(each.ended_at is None for each in detail.opt_outs)
        self.forbid_button.setVisible(not forbidden)
        self.listed_button.setEnabled(bool(detail.opt_outs))
        self.retranslate()

    async def show_history(self, person_id: int, *, anew: bool) -> None:
        """Fetch what was tried with her, the newest first."""
        if anew:
            self.history.show_only(LedgerFilter(person_id=person_id))
        await self.history.refresh()

    def retranslate(self) -> None:
        """Write every text anew."""
        sources, tasks, opt_outs = self._counts
        titles = (
            _counted(tr("Came from"), sources),
            _counted(tr("Tasks"), tasks),
            tr("History"),
            _counted(tr("Do not contact"), opt_outs),
        )
        for position, title in enumerate(titles):
            self.setTabText(position, title)
            self.tables[position].setAccessibleName(title)
        self.setAccessibleName(tr("What is known of the person"))
        self.tables[0].setToolTip(tr("Double-click opens the audience"))
        self.tables[1].setToolTip(tr("Double-click opens the task"))
        self.forbid_button.setText(tr("&Do not contact…"))
        self.listed_button.setText(tr("Sho&w in the list"))
        for empty, headline, words in zip(
            self.empties,
            (
                tr("No import names this person any more"),
                tr("In no task yet"),
                tr("Nothing was tried yet"),
                tr("May be contacted"),
            ),
            (
                tr("The imports with this person were undone."),
                tr("Tasks whose audience has this person are shown here, with the outcome."),
                tr("Every call to Telegram for this person is written here, with its outcome."),
                tr("Whoever opts out, or is excluded by hand, is shown here with the reason."),
            ),
            strict=True,
        ):
            empty.say(headline, words)
        for model in (self.sources, self.tasks, self.history, self.opt_outs):
            model.retranslate()

    def _connect(self) -> None:
        self.tables[0].row_opened.connect(lambda row: self.audience_opened.emit(row.audience_id))
        self.tables[1].row_opened.connect(lambda row: self.task_opened.emit(row.task_id))
        self.forbid_button.clicked.connect(self.forbid_requested)
        self.listed_button.clicked.connect(self.listed_requested)

    def _lay_out(self) -> None:
        for position, (table, empty) in enumerate(zip(self.tables, self.empties, strict=True)):
            page = QWidget()
            column = QVBoxLayout(page)
            column.setContentsMargins(0, Space.SMALL, 0, 0)
            column.setSpacing(Space.SMALL)
            column.addWidget(TableOrEmpty(table, empty), 1)
            if position == len(self.tables) - 1:
                column.addLayout(line(None, self.listed_button, self.forbid_button))
            self.addTab(page, "")


def key_words(kind: KeyKind, value: str) -> str:
    """Return a key as a list shows it."""
    return f"@{value}" if kind.value == "username" else value


def _counted(title: str, count: int) -> str:
    return f"{title} ({translator().number(count)})" if count else title


def _place(row: PersonSource) -> str:
    if not row.file:
        return ""
    words = tr("{file}, row {number}", file=row.file, number=row.number)
    if row.rows > 1:
        again = tr_n("and {count} row more", "and {count} rows more", row.rows - 1)
        words = f"{words}, {again}"
    return words


def _origin(row: PersonSource) -> str:
    # Of a file the place says it all.
    return _place(row) or f"{titled(row.origin)}: {row.source}"


def _lifted(row: OptOut) -> str:
    if row.ended_at is None:
        return tr("In force")
    return tr("Lifted {moment}", moment=row.ended_at)


_SOURCES: Sequence[Column[PersonSource]] = (
    Column(lambda: tr("When"), lambda row: translator().moment(row.at), 14),
    Column(lambda: tr("Audience"), lambda row: row.audience_name, 20),
    Column(lambda: tr("Taken from"), _origin, 0),
    Column(lambda: tr("Result"), lambda row: titled(row.kind), 10),
)

_TASKS: Sequence[Column[PersonInTask]] = (
    Column(lambda: tr("Task"), lambda row: row.task_name, 26),
    Column(
        lambda: tr("State"),
        lambda row: titled(row.state),
        20,
        tone=lambda row: TARGET_TONES[row.state],
    ),
    Column(lambda: tr("Outcome"), lambda row: titled(row.outcome) if row.outcome else "", 0),
    Column(
        lambda: tr("Changed"),
        lambda row: translator().moment(row.changed_at) if row.changed_at else "",
        14,
    ),
)

_OPT_OUTS: Sequence[Column[OptOut]] = (
    Column(lambda: tr("Since"), lambda row: translator().moment(row.at), 14),
    Column(lambda: tr("Reason"), lambda row: row.reason, 0),
    Column(
        lambda: tr("Keys"),
        lambda row: ", ".join(key_words(kind, value) for kind, value in row.keys),
        16,
        hint=lambda row: "\n".join(key_words(kind, value) for kind, value in row.keys),
    ),
    Column(
        lambda: tr("State"),
        _lifted,
        15,
        tone=lambda row: Tone.BAD if row.ended_at is None else Tone.QUIET,
        hint=lambda row: row.ended_reason or _lifted(row),
    ),
)
