"""An engine in memory with the real one's face, for tests of the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invite_desktop.engine.bulk import Bulk
from invite_desktop.engine.event_bus import EventBus
from invite_desktop.engine.proxy import ProxySetting
from tests.fakes.backups import FakeBackups, FakeRestored
from tests.fakes.diagnosis import FakeDiagnosis
from tests.fakes.do_not_contact import FakeDoNotContact
from tests.fakes.drafts import FakeDrafts, FakeDryRuns, FakeSelfTests
from tests.fakes.engine_accounts import FakeAccounts
from tests.fakes.engine_imports import FakeAudiences, FakeImports
from tests.fakes.engine_tasks import FakeChatChecks, FakeStatistics, FakeTasks
from tests.fakes.exports import FakeExports, FakeReports
from tests.fakes.links import FakeJoinRequests, FakeLinks, FakeOnlyByLink, FakeRetention
from tests.fakes.proxies import FakeProxies
from tests.fakes.replies import FakeReplies
from tests.fakes.sources import FakeSources
from tests.fakes.specimens import NOW, StillClock, a_person, a_task, an_account
from tests.fakes.task_bin import FakeBin, FakeCopies
from tests.fakes.trials import FakeTaskDryRuns, FakeTrials
from tests.fakes.vault import FakeVault

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["NOW", "FakeEngine", "a_person", "a_task", "an_account"]


class FakeEngine:
    """Start with nothing; tests put accounts, audiences and tasks."""

    def __init__(self, on_error: Callable[[BaseException], None]) -> None:
        self.bus = EventBus(on_error)
        self.clock = StillClock()
        self.statistics = FakeStatistics(self)
        self.accounts = FakeAccounts(self)
        self.audiences = FakeAudiences()
        self.imports = FakeImports(self)
        self.exports = FakeExports()
        self.reports = FakeReports()
        self.sources = FakeSources(self)
        self.do_not_contact = FakeDoNotContact(self)
        self.replies = FakeReplies()
        self.chat_checks = FakeChatChecks(self)
        self.tasks = FakeTasks(self)
        self.bulk = Bulk(self.tasks)
        self.bin = FakeBin(self)
        self.backups = FakeBackups(self.clock.now())
        self.restored = FakeRestored()
        self.copies = FakeCopies(self)
        self.diagnosis = FakeDiagnosis()
        self.drafts = FakeDrafts(self.audiences)
        self.dry_runs = FakeDryRuns(self.audiences)
        self.self_tests = FakeSelfTests()
        self.trials = FakeTrials(self)
        self.task_dry_runs = FakeTaskDryRuns()
        self.links = FakeLinks(self)
        self.join_requests = FakeJoinRequests(self)
        self.only_by_link = FakeOnlyByLink(self)
        self.retention = FakeRetention()
        self.proxies = FakeProxies(FakeVault())
        self.proxy = ProxySetting(self.proxies)
