"""The whole product without a window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invite_desktop.domain.pace import DAY
from invite_desktop.domain.tasks import TaskReason
from invite_desktop.engine.account_pace import Pace
from invite_desktop.engine.account_states import AccountStates
from invite_desktop.engine.account_turns import AccountTurns
from invite_desktop.engine.accounts import Accounts
from invite_desktop.engine.after_care import AfterCare
from invite_desktop.engine.audience_sources import AudienceSources
from invite_desktop.engine.audiences import Audiences
from invite_desktop.engine.audit import Audit
from invite_desktop.engine.background import BackgroundScope
from invite_desktop.engine.backups import Backups
from invite_desktop.engine.bulk import Bulk
from invite_desktop.engine.chat_admins import ChatAdmins
from invite_desktop.engine.chat_check import ChatChecks
from invite_desktop.engine.chat_look_ups import RationedLookUps
from invite_desktop.engine.clock_watch import ClockWatch
from invite_desktop.engine.completion import Completion
from invite_desktop.engine.diagnosis import Diagnosis
from invite_desktop.engine.do_not_contact import DoNotContactList
from invite_desktop.engine.dry_run import DryRuns
from invite_desktop.engine.event_bus import EventBus
from invite_desktop.engine.events import AttentionNeeded
from invite_desktop.engine.exports import Exports
from invite_desktop.engine.imports import Imports
from invite_desktop.engine.invite_links import InviteLinks
from invite_desktop.engine.join_requests import JoinRequests
from invite_desktop.engine.message_drafts import MessageDrafts
from invite_desktop.engine.network_watch import NetworkWatch
from invite_desktop.engine.only_by_link import OnlyByLink
from invite_desktop.engine.preflight import Preflight
from invite_desktop.engine.proxy import ProxySetting
from invite_desktop.engine.replies import Replies
from invite_desktop.engine.reports import Reports
from invite_desktop.engine.restored import SENDING_IS_OFF, RestoredGuard
from invite_desktop.engine.retention import Retention
from invite_desktop.engine.scheduled_starts import ScheduledStarts
from invite_desktop.engine.self_tests import SelfTests
from invite_desktop.engine.setup import EngineSettings, Ports
from invite_desktop.engine.statistics import Statistics
from invite_desktop.engine.supervisor import Supervisor
from invite_desktop.engine.task_bin import TaskBin
from invite_desktop.engine.task_board import TaskBoard
from invite_desktop.engine.task_control import TaskControl
from invite_desktop.engine.task_copies import TaskCopies
from invite_desktop.engine.task_drafting import TaskDrafting
from invite_desktop.engine.task_dry_run import TaskDryRuns
from invite_desktop.engine.task_states import TaskStates
from invite_desktop.engine.task_views import TaskViews
from invite_desktop.engine.tasks import Tasks
from invite_desktop.engine.trials import Trials
from invite_desktop.engine.workshop import Workshop

if TYPE_CHECKING:
    from collections.abc import Callable

    from invite_desktop.domain.messages import Message

__all__ = ["Engine", "EngineSettings", "Ports"]


class Engine:
    """Everything the program can do. All methods are for the event loop's thread.

    ``on_error`` gets every bug that has nobody else to go to; ``namer`` turns a message into text
    in the user's language where a text is stored (names of tasks, the line on how to stop).
    """

    def __init__(  # noqa: PLR0915 - every part is introduced to the others here, and nowhere else
        self,
        ports: Ports,
        settings: EngineSettings,
        on_error: Callable[[BaseException], None],
        namer: Callable[[Message], str] = str,
    ) -> None:
        self.bus = EventBus(on_error)
        self.clock = ports.clock
        self._ports = ports
        self._settings = settings
        self._states = AccountStates(ports.accounts, ports.ledger, self.bus, ports.clock)
        self._network = NetworkWatch(ports.gateway, self._states, ports.clock, on_error)
        self._pace = pace = Pace(
            ports.ledger, ports.clock, settings, ClockWatch(ports.clock, ports.steady)
        )
        self._states.watch(pace.forget)
        ports.gateway.ration(RationedLookUps(ports.ledger, pace, ports.clock))
        task_states = TaskStates(ports.tasks, self.bus, ports.clock)
        completion = Completion(ports, self._states, self.bus)
        board = TaskBoard(ports, task_states, self._states, completion, self.bus)
        self.replies = Replies(ports, board, self.bus)
        turns = AccountTurns(self.bus)
        shop = Workshop(ports, board, self._states, pace, self.replies, turns, self.bus, on_error)
        self._supervisor = Supervisor(shop, task_states)
        completion.is_calling = self._supervisor.is_calling

        self.accounts = Accounts(ports, self._states, pace, self._supervisor, turns)
        self.proxy = ProxySetting(ports.proxies)
        self.imports = Imports(ports, self.bus, settings)
        self.audiences = Audiences(ports, self.bus, settings)
        self.do_not_contact = DoNotContactList(ports, self.bus, settings)
        self.exports = Exports(
            ports.tables, self.audiences, self.imports, self.do_not_contact, ports.ledger
        )
        self.sources = AudienceSources(ports, self.imports, self._states, turns, self.bus, namer)
        self.chat_checks = ChatChecks(ports, self._states, pace)
        preflight = Preflight(self.chat_checks, self._states, ports)
        control = TaskControl(ports, board, task_states, preflight)
        self._starts = ScheduledStarts(ports, task_states, control, self.bus)
        self._scope = BackgroundScope(on_error)
        shown = TaskViews(ports, board, self._states, pace)
        drafting = TaskDrafting(ports.audiences, namer)
        self.tasks = Tasks(ports, self.bus, drafting, control, shown)
        admins = ChatAdmins(ports, self._states, turns)
        self.links = InviteLinks(ports, admins, self.bus)
        self.join_requests = JoinRequests(ports, admins, self.bus)
        self.retention = Retention(ports, admins, self.bus)
        self._after_care = AfterCare(
            ports, self.links, self.join_requests, self.retention, self.bus
        )
        self.bin = TaskBin(ports, control, self.bus)
        self.bulk = Bulk(ports.tasks)
        self.only_by_link = OnlyByLink(ports, self.tasks, self.exports, self.bus, namer)
        self.copies = TaskCopies(self.tasks, self.audiences, namer)
        self.drafts = MessageDrafts(ports, namer)
        self.backups = Backups(ports.backups, self.bus)
        self.dry_runs = DryRuns(ports.audiences)
        self.self_tests = SelfTests(ports, self._states, turns)
        self.task_dry_runs = TaskDryRuns(ports, self._states, turns, self.chat_checks, self.exports)
        self.trials = Trials(
            ports,
            self.tasks,
            self.audiences,
            board,
            preflight,
            self.bus,
            namer,
            settings.region,
        )
        self.restored = RestoredGuard(ports, self._states, self.bus, self._go)
        self.diagnosis = Diagnosis(ports, self._states, pace, self.chat_checks, self.accounts)
        self.statistics = Statistics(ports, self._states, pace, shown)
        self.reports = Reports(ports, self.statistics, self.tasks, self._states, settings)
        self.audit = Audit(ports.gateway, ports.accounts, ports.tasks, ports.ledger)

    async def load(self) -> None:
        """Read the accounts, so that they can be seen and logged in before the start."""
        await self._states.load()

    async def start(self) -> None:
        """Put right what the last run left behind, and take its tasks up again.

        Returns when the store is in order. Contacts of which only the beginning is known are
        settled in the background, before the account concerned sends anything new. A restored
        backup waits for ``restored.confirm``.
        """
        await self.load()
        self._scope.start(self.bin.run(), "bin of the tasks")
        self._scope.start(self.backups.run(), "backups")
        if await self.restored.unconfirmed() is not None:
            await self._supervisor.hold(TaskReason.RESTORED)
            self.bus.publish(AttentionNeeded(SENDING_IS_OFF))
            return
        await self._go()

    async def _go(self) -> None:
        """Let the accounts work, from now on."""
        if (restore := await self._ports.restores.last()) is not None:
            # What was done after the backup is in no ledger, and counts against the ceilings.
            self._pace.not_before(restore.restored_at + DAY)
        await self._supervisor.start(continue_tasks=self._settings.continue_after_restart)
        self._scope.start(self._starts.run(), "scheduled starts")
        self._scope.start(self._after_care.run(), "after-care")

    async def stop(self) -> None:
        """Stop before the next action, let calls under way end and be written, and disconnect."""
        await self._network.close()
        await self._scope.close()
        await self._supervisor.stop()
        await self.accounts.leave_logins()
        await self._ports.gateway.close()
