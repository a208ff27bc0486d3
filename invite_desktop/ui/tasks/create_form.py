"""The form for a new task, on one page, in the order in which one thinks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from invite_desktop.domain.accounts import AccountState
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.schedule import ANY_TIME
from invite_desktop.domain.tasks import NewTask, Priority, TaskKind
from invite_desktop.domain.templates import longest_text
from invite_desktop.ui.tasks.audience_field import AudienceField
from invite_desktop.ui.tasks.chat_field import ChatField
from invite_desktop.ui.tasks.dry_run_field import DryRunField
from invite_desktop.ui.tasks.form_draft import DraftKeeper, FormDraft, draft_like, kept_draft
from invite_desktop.ui.tasks.form_rows import FormRows
from invite_desktop.ui.tasks.message_field import MessageField
from invite_desktop.ui.tasks.plan_words import pace_words, plan_words, shorter_words
from invite_desktop.ui.tasks.schedule_field import ScheduleField
from invite_desktop.ui.theme import Space
from invite_desktop.ui.translations import tr
from invite_desktop.ui.widgets.choices import Choice
from invite_desktop.ui.widgets.drop_area import dropped_paths
from invite_desktop.ui.widgets.pieces import FieldError, button, frame, label
from invite_desktop.ui.widgets.screen import Screen
from invite_desktop.ui.wording import titled
from invite_desktop.ui.work import Latest

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from PySide6.QtGui import QDragEnterEvent, QDropEvent, QHideEvent

    from invite_desktop.domain.accounts import Account
    from invite_desktop.domain.tasks import InviteTask
    from invite_desktop.engine.dry_run import DryRun
    from invite_desktop.engine.views import TaskPlan
    from invite_desktop.ui.context import ScreenContext


class CreateForm(Screen):
    """Keeps what was typed until the task is made or Reset is pressed, also over a restart."""

    left = Signal()
    created = Signal(int)

    def __init__(self, context: ScreenContext) -> None:
        super().__init__(context, "create_form")
        self._plan: TaskPlan | None = None
        self._planning = Latest(context.work, "plan of a task")
        self.title = label("heading")
        self.back_button = button("back")
        self.chat = ChatField(context)
        self.kind = Choice(titled, list(TaskKind))
        self.kind.setObjectName("kind")
        self.audience = AudienceField(context)
        self.message = MessageField(context)
        self.priority = Choice(titled, sorted(Priority, reverse=True))
        self.when = ScheduleField(context.engine.clock.now)
        self.plan = label("", wrapped=True)
        self.shorter = label("muted", wrapped=True)
        self.dry_run = DryRunField(context)
        self.pace = label("muted", wrapped=True)
        self.error = FieldError()
        self.reset_button = button()
        self.create_button = button("done")
        self.start_button = button("start", primary=True)
        self.rows = FormRows()
        for words in (self.pace, self.plan):
            words.setContentsMargins(0, Space.HAIR + 2, 0, 0)  # level with the names of the rows
        self.priority.choose(Priority.NORMAL)
        self._lay_out()
        self._connect()
        self.retranslate()
        self._kind_chosen()
        self._fill(kept_draft(context.settings))
        self._draft = DraftKeeper(self, context.settings, self._read_draft)
        self._watch_typing()

    @property
    def task_kind(self) -> TaskKind:
        """Return what the task is to do."""
        return self.kind.chosen

    def use_audience(self, audience_id: int) -> None:
        """Choose an audience for the user."""
        self.audience.choose(audience_id)

    def use_chat(self, link: str) -> None:
        """Invite to the chat behind a link, and begin to check it."""
        self.kind.choose(TaskKind.INVITE)
        self.chat.address.setText(link)

    def use_task(self, task: InviteTask) -> None:
        """Fill in everything as in another task, but the audience and the start time."""
        self.reset()
        self._fill(draft_like(task))

    async def load(self) -> None:
        """Fetch the audiences; what was typed stays."""
        self.audience.refresh()

    def reset(self) -> None:
        """Empty every field."""
        self.chat.clear()
        self.kind.setCurrentIndex(0)
        self.audience.clear()
        self.message.clear()
        self.priority.choose(Priority.NORMAL)
        self.when.clear()
        self.error.clear()
        self.chat.address.setFocus()

    def retranslate(self) -> None:
        """Write every text anew."""
        self.title.setText(tr("New task"))
        self.back_button.setText(tr("Tasks"))
        self.back_button.setAccessibleName(tr("Back to the list of tasks"))
        self.rows.name_all(
            tr("&Group or channel: ID or link *"),
            tr("&Kind"),
            tr("&Audience *"),
            tr("&Message *"),
            tr("P&riority"),
            tr("&When"),
            tr("Safe pace"),
            tr("Plan"),
        )
        for choice in (self.kind, self.priority):
            choice.retranslate()
        self.kind.setAccessibleName(tr("Kind of the task"))
        self.priority.setAccessibleName(tr("Priority of the task"))
        self.reset_button.setText(tr("R&eset"))
        self.create_button.setText(tr("&Create"))
        self.start_button.setText(tr("Create and &start"))
        for field in (self.chat, self.audience, self.message, self.when, self.dry_run):
            field.retranslate()
        self._show_plan()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accept files anywhere on the form."""
        if dropped_paths(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Make an audience of dropped files right here."""
        event.acceptProposedAction()
        self.audience.import_files(dropped_paths(event.mimeData()))

    def hideEvent(self, event: QHideEvent) -> None:
        """Keep what was typed: the window may be closing."""
        super().hideEvent(event)
        self._draft.flush()

    def _fill(self, draft: FormDraft) -> None:
        self.kind.choose(draft.kind)
        self.chat.address.setText(draft.address)
        if draft.audience_id:
            self.audience.choose(draft.audience_id)
        self.message.write(draft.text, draft.stop_line)
        self.message.file.take_over(draft.attachment, link_preview=draft.link_preview)
        self.priority.choose(draft.priority)
        if draft.schedule != ANY_TIME:
            self.when.show_schedule(draft.schedule)

    def _read_draft(self) -> FormDraft:
        return FormDraft(
            self.chat.address.text().strip(),
            self.task_kind,
            self.audience.audience_id,
            self.message.message,
            self.message.own_stop_line,
            self.message.file.path,
            self.message.file.link_preview,
            self.priority.chosen,
            self.when.typed(),
        )

    def _watch_typing(self) -> None:
        for typed in (
            self.chat.address.textChanged,
            self.kind.currentIndexChanged,
            self.audience.choice.currentIndexChanged,
            self.audience.changed,
            self.message.text.textChanged,
            self.message.stop_line.textChanged,
            self.message.file.changed,
            self.priority.currentIndexChanged,
            self.when.typing,
        ):
            typed.connect(self._draft.touch)

    def _kind_chosen(self) -> None:
        messages = self.task_kind is TaskKind.MESSAGE
        self.rows.show_row(self.message, visible=messages)
        self.rows.show_row(self.chat, visible=not messages)
        self._chat_checked()

    def _chat_checked(self) -> None:
        messages = self.task_kind is TaskKind.MESSAGE
        self.audience.set_chat(None if messages else self.chat.chat)
        self._make_plan()

    def _audience_changed(self) -> None:
        audience = self.audience.audience
        self.message.show_people_of(audience.id if audience else None)
        self._make_plan()

    def _make_plan(self) -> None:
        self.error.clear()
        self.dry_run.clear()
        self._planning.start(self._fetch_plan())

    async def _fetch_plan(self) -> None:
        use, accounts = self.audience.use, await self._accounts()
        self._plan = None
        if use is not None:
            tasks = self.context.engine.tasks
            schedule = self.when.schedule() if self.when.complete() else ANY_TIME
            by_phone = await self._by_phone(accounts)
            self._plan = await tasks.plan(use.usable, self.task_kind, accounts, schedule, by_phone)
        self._show_plan()

    async def _by_phone(self, accounts: Sequence[Account]) -> int:
        """Return how many people of the audience only a look-up by phone could find."""
        audience, ids = self.audience.audience, [account.id for account in accounts]
        if audience is None:
            return 0
        engine = self.context.engine
        return (await engine.audiences.reach_of(audience.id, self.audience.chat, ids)).by_phone

    async def _accounts(self) -> Sequence[Account]:
        """Return the accounts that the task could use: admins with the right, or all ready ones."""
        if self.task_kind is TaskKind.INVITE:
            return [row.account for row in self.chat.check.ready] if self.chat.check else []
        views = await self.context.engine.accounts.views()
        return [view.account for view in views if view.state is AccountState.READY]

    def _show_plan(self) -> None:
        needs_chat = self.task_kind is TaskKind.INVITE and self.chat.check is None
        now, plan = self.context.engine.clock.now(), self._plan
        self.plan.setText(plan_words(plan, now, needs_chat=needs_chat))
        self.pace.setText(pace_words(plan, self.task_kind))
        shorter = shorter_words(plan, self.task_kind, now) if plan is not None else ""
        self.shorter.setText(shorter)
        self.shorter.setVisible(bool(shorter))
        why_not = self._why_not_now()
        self.start_button.setEnabled(not why_not)
        self.start_button.setToolTip(why_not)

    def _why_not_now(self) -> str:
        """Return why the task cannot be started right away, empty when it can."""
        if self.when.starts_by_itself:
            return tr("It starts by itself at the time above: create it.")
        if self._plan is None or self._plan.accounts_ready:
            return ""
        return tr("No account is ready for this task. You can create it now and start it later.")

    def _run_dry(self) -> None:
        audience = self.audience.audience
        messages = self.task_kind is TaskKind.MESSAGE
        if not self.audience.complete() or audience is None:
            return
        try:
            text = self.message.whole if messages else ""
        except KnownError as error:
            self.dry_run.error.refuse(error)
            return
        self.dry_run.run(self._fetch_dry_run(audience.id, text))

    async def _fetch_dry_run(self, audience_id: int, text: str) -> DryRun:
        runs = self.context.engine.dry_runs
        accounts = [account.id for account in await self._accounts()]
        if self.task_kind is TaskKind.INVITE:
            return await runs.of_invitations(audience_id, self.chat.chat, accounts)
        limit = longest_text(self.message.file.path)
        return await runs.of_messages(audience_id, text, limit, accounts)

    def _create(self) -> None:
        self._submit(start=False)

    def _create_and_start(self) -> None:
        self._submit(start=True)

    def _submit(self, *, start: bool) -> None:
        if self._complete():
            self._set_enabled(enabled=False)
            self.context.work.start(self._make(start=start), "task created", self._refused)

    def _complete(self) -> bool:
        self.error.clear()
        messages = self.task_kind is TaskKind.MESSAGE
        fields = (self.message if messages else self.chat, self.audience, self.when)
        # Every field is asked, so that every error is shown at once.
        incomplete = [field for field in fields if not field.complete()]
        return not incomplete

    async def _make(self, *, start: bool) -> None:
        audience = self.audience.audience
        if audience is None:
            raise ValueError("a task needs an audience")
        messages = self.task_kind is TaskKind.MESSAGE
        new = NewTask(
            kind=self.task_kind,
            audience_id=audience.id,
            chat=None if messages else self.chat.chat,
            text=self.message.message if messages else "",
            priority=self.priority.chosen,
            schedule=self.when.schedule(),
            link_preview=self.message.file.link_preview,
            attachment=self.message.file.path if messages else "",
        )
        try:
            stop_line = self.message.stop_line.text() if messages else None
            task = await self.context.engine.tasks.create(new, stop_line)
        finally:
            self._set_enabled(enabled=True)
        self.reset()
        self.created.emit(task.id)
        if start:
            await self.context.engine.tasks.start(task.id)

    def _refused(self, error: KnownError) -> None:
        # A task that was made but could not be started is in the list: the form is gone by then.
        if self.isVisible():
            self.error.refuse(error)
        else:
            self.context.notices.refused(error)

    def _set_enabled(self, *, enabled: bool) -> None:
        self.create_button.setEnabled(enabled)
        self.start_button.setEnabled(enabled and not self._why_not_now())

    def _accounts_changed(self, _ids: Collection[int]) -> None:
        if self.isVisible():
            self._make_plan()

    def _connect(self) -> None:
        self.back_button.clicked.connect(self.left)
        self.kind.currentIndexChanged.connect(self._kind_chosen)
        self.chat.check_changed.connect(self._chat_checked)
        self.audience.changed.connect(self._audience_changed)
        self.when.changed.connect(self._make_plan)
        self.message.changed.connect(self.dry_run.clear)
        self.dry_run.requested.connect(self._run_dry)
        self.reset_button.clicked.connect(self.reset)
        self.create_button.clicked.connect(self._create)
        self.start_button.clicked.connect(self._create_and_start)
        self.context.bridge.accounts_changed.connect(self._accounts_changed)

    def _lay_out(self) -> None:
        self.setAcceptDrops(True)
        self.rows.add_rows(
            self.chat,
            self.kind,
            self.audience,
            self.message,
            self.priority,
            self.when,
            self.pace,
            self.plan,
        )
        self.rows.add_wide(self.shorter)
        self.rows.add_wide(self.dry_run)
        page = QScrollArea(widgetResizable=True)
        page.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        page.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        page.setWidget(self.rows)
        for field in self.rows.findChildren(QLineEdit):
            field.setAcceptDrops(False)  # it would take a dropped file for text
        column = QVBoxLayout(self)
        column.setContentsMargins(0, Space.MEDIUM, 0, 0)
        column.setSpacing(Space.SMALL)
        head = QHBoxLayout()
        head.setContentsMargins(Space.LARGE, 0, Space.LARGE, 0)
        head.addWidget(self.back_button)
        head.addWidget(self.title, 1)
        column.addLayout(head)
        column.addWidget(page, 1)
        column.addWidget(self._bar())

    def _bar(self) -> QWidget:
        bar: QFrame = frame("bar")
        row = QHBoxLayout(bar)
        row.setContentsMargins(Space.LARGE, Space.SMALL, Space.LARGE, Space.SMALL)
        row.addWidget(self.reset_button)
        row.addWidget(self.error, 1)
        row.addStretch(0)
        row.addWidget(self.create_button)
        row.addWidget(self.start_button)
        return bar
