"""Reports as files: of one task with everybody in it, and over all tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.domain.tasks import ACTIVE_STATUSES
from invite_desktop.engine.overall_report import TASK_WIDTHS, overall_parts, tasks_table
from invite_desktop.engine.ports.reports import Report
from invite_desktop.engine.report_words import Wording
from invite_desktop.engine.task_report import PEOPLE_WIDTHS, TaskFacts, people_table, task_parts

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence
    from pathlib import Path

    from invite_desktop.domain.audiences import Audience
    from invite_desktop.domain.messages import Message
    from invite_desktop.domain.tasks import InviteTask
    from invite_desktop.engine.account_states import AccountStates
    from invite_desktop.engine.ports.ledger import Target
    from invite_desktop.engine.setup import EngineSettings, Ports
    from invite_desktop.engine.statistics import Statistics
    from invite_desktop.engine.tasks import Tasks

_PAGE = 500
"""People read at once; what is made of them holds the window up for some milliseconds."""


class Reports:
    """Writes reports; the format is that of the path's suffix, one of REPORT_SUFFIXES.

    Both methods return the number of rows of the report's table, leave nothing when cancelled, and
    raise KnownError when the file cannot be written.
    """

    def __init__(
        self,
        ports: Ports,
        statistics: Statistics,
        tasks: Tasks,
        accounts: AccountStates,
        settings: EngineSettings,
    ) -> None:
        self._ports = ports
        self._statistics = statistics
        self._tasks = tasks
        self._accounts = accounts
        self._settings = settings
        self._say = Wording()

    def speak(self, show: Callable[[Message], str], separator: str, language: str) -> None:
        """Write in the user's language, CSV with her spreadsheet's separator."""
        self._say = Wording(show, language, separator)

    async def task(self, task_id: int, path: Path) -> int:
        """Save the report of one task with every person in it, deleted tasks too."""
        facts = await self._facts(task_id)
        say = self._say
        report = Report(
            name=say.show(message("Report")),
            title=facts.task.name,
            remarks=self._remarks(facts.task),
            parts=task_parts(say, facts),
            table=people_table(say, facts, self._people(task_id)),
            rows=facts.statistics.counters.total,
            find=say.show(message("Find a person…")),
            widths=PEOPLE_WIDTHS,
            language=say.language,
            written=say.written,
        )
        return await self._ports.reports.write(path, report, say.separator)

    async def overall(self, path: Path) -> int:
        """Save the report over all tasks; the table has those that are not deleted."""
        say, views = self._say, await self._tasks.views()
        report = Report(
            name=say.show(message("Report")),
            title=say.show(message("All tasks")),
            remarks=self._remarks(None),
            parts=overall_parts(say, await self._statistics.overview()),
            table=tasks_table(say, views),
            rows=len(views),
            find=say.show(message("Find a task…")),
            widths=TASK_WIDTHS,
            language=say.language,
            written=say.written,
        )
        return await self._ports.reports.write(path, report, say.separator)

    async def _facts(self, task_id: int) -> TaskFacts:
        try:
            statistics = await self._statistics.of_task(task_id)
        except KeyError:
            raise KnownError(
                message("There is no task with the number {number}.", number=task_id)
            ) from None
        links = self._ports.links
        accounts = self._accounts.all()
        return TaskFacts(
            statistics,
            await self._audience(statistics.task.audience_id),
            await links.of_task(task_id),
            await links.counts(task_id),
            await self._ports.replies.counts(task_id),
            {account.id: account.profile.label for account in accounts},
        )

    async def _audience(self, audience_id: int) -> Audience | None:
        try:
            return await self._ports.audiences.audience(audience_id)
        except KeyError:
            return None

    async def _people(self, task_id: int) -> AsyncIterator[Target]:
        position = -1
        while page := await self._ports.tasks.targets_after(task_id, position, _PAGE):
            for target in page:
                yield target
            position = page[-1].position

    def _remarks(self, task: InviteTask | None) -> Sequence[str]:
        now = self._ports.clock.now()
        remarks = [message("Report of {moment}, by Invite Desktop", moment=now)]
        if self._settings.rehearsal:
            remarks.append(message("This was a rehearsal: nobody was contacted."))
        if task is not None and task.status in ACTIVE_STATUSES:
            remarks.append(
                message(
                    "The task was at work when this was written: "
                    "the list of people is a moment younger than the numbers."
                )
            )
        return [self._say.show(remark) for remark in remarks]
