"""What goes on after people were invited: who comes by the links, who asks, who stays."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from invite_desktop.domain.errors import KnownError
from invite_desktop.engine.bell import Bell
from invite_desktop.engine.events import Event, TaskChanged

if TYPE_CHECKING:
    from datetime import datetime

    from invite_desktop.engine.event_bus import EventBus
    from invite_desktop.engine.invite_links import InviteLinks
    from invite_desktop.engine.join_requests import JoinRequests
    from invite_desktop.engine.ports.links import TaskLink
    from invite_desktop.engine.retention import Retention
    from invite_desktop.engine.setup import Ports

_logger = logging.getLogger(__name__)

COUNT_EVERY = timedelta(hours=1)
"""So often Telegram is asked who came by a link."""

LET_IN_EVERY = timedelta(minutes=10)
"""So often people who ask are let in, where that goes by itself."""

LOOK_AGAIN = timedelta(hours=1)
"""After this time it is tried again to see who stayed."""

COUNT_OLD_EVERY = timedelta(days=1)
OLD_AFTER = timedelta(days=30)
"""Links of this age are used rarely, and counted once a day."""

_REST = timedelta(minutes=10)
"""The least time between two looks, however much happens."""


class AfterCare:
    """Looks what is due, does it, and sleeps until the next moment; what was missed is made up.

    Nobody is contacted by it: it asks Telegram, and lets people in who ask, if the user wishes.
    """

    def __init__(
        self,
        ports: Ports,
        links: InviteLinks,
        requests: JoinRequests,
        retention: Retention,
        bus: EventBus,
    ) -> None:
        self._ports = ports
        self._links = links
        self._requests = requests
        self._retention = retention
        self._bell = Bell(ports.clock)
        self._tried: dict[int, datetime] = {}
        bus.subscribe(self._hear)

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            try:
                moment = await self._look()
            except KnownError:
                # The store refuses for the moment; whoever acts on a task says so.
                _logger.warning("what is due after invitations could not be read")
                moment = self._ports.clock.now() + _REST
            await self._ports.clock.sleep_until(self._ports.clock.now() + _REST)
            await self._bell.sleep(moment)

    def _hear(self, event: Event) -> None:
        """Look again when a task changed: it may have a link since."""
        if isinstance(event, TaskChanged):
            self._bell.ring()

    async def _look(self) -> datetime | None:
        """Do what is due; return when there will be something next."""
        coming: list[datetime] = []
        for link in await self._ports.links.all():
            if self._next_count(link) <= self._ports.clock.now():
                self._tried[link.id] = self._ports.clock.now()
                await self._count(link)
            coming.append(self._next_count(link))
            if link.lets_listed_in:
                await self._let_in(link)
                coming.append(self._ports.clock.now() + LET_IN_EVERY)
        await self._retention.look_at_due()
        if (due := await self._ports.retention.next_due()) is not None:
            now = self._ports.clock.now()
            coming.append(due if due > now else now + LOOK_AGAIN)
        return min(coming, default=None)

    async def _count(self, link: TaskLink) -> None:
        try:
            await self._links.count_now(link.task_id)
        except KnownError as error:
            _logger.info(
                "who came by link %d could not be read: %s", link.id, error.explanation.text
            )

    async def _let_in(self, link: TaskLink) -> None:
        try:
            await self._requests.let_in_now(link)
        except KnownError as error:
            _logger.info("nobody could be let in by link %d: %s", link.id, error.explanation.text)

    def _next_count(self, link: TaskLink) -> datetime:
        last = max(self._tried.get(link.id, link.made_at), link.read_at or link.made_at)
        old = last - link.made_at > OLD_AFTER
        return last + (COUNT_OLD_EVERY if old else COUNT_EVERY)
