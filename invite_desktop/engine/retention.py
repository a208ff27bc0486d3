"""Looking some days after people joined who is still there."""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.outcomes import Outcome
from invite_desktop.domain.retention import GIVE_UP_AFTER, Stay, is_list_cheaper, stay_of
from invite_desktop.engine.events import TaskChanged
from invite_desktop.engine.invite_links import chat_of
from invite_desktop.engine.ports.retention import LookResult
from invite_desktop.engine.ports.telegram import Membership

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from invite_desktop.domain.retention import RetentionCount
    from invite_desktop.engine.chat_admins import ChatAdmin, ChatAdmins
    from invite_desktop.engine.event_bus import EventBus
    from invite_desktop.engine.ports.retention import DueLook
    from invite_desktop.engine.ports.telegram import ChatPeer, Messenger, PeoplePage, UserPeer
    from invite_desktop.engine.setup import Ports

_logger = logging.getLogger(__name__)

ASKED_AT_ONCE = 60
"""People that are asked for one by one in a round; the others wait for the next, an hour later."""


class Retention:
    """Nobody notices being looked at: the list of members is read, or one asks for a participant.

    The list is read where that takes fewer calls; who is missing in it is asked for by herself,
    because a list that is read while people come and go may pass somebody over.
    """

    def __init__(self, ports: Ports, admins: ChatAdmins, bus: EventBus) -> None:
        self._ports = ports
        self._store = ports.retention
        self._admins = admins
        self._bus = bus

    async def of_task(self, task_id: int) -> Sequence[RetentionCount]:
        """Return how many of those who joined stayed for 1, 7 and 30 days."""
        return await self._store.counts(task_id)

    async def look_at_due(self) -> None:
        """Look at everybody who is due; what cannot be done now stays due."""
        for task_id in await self._store.due_tasks(self._ports.clock.now()):
            try:
                await self._look(task_id)
            except KnownError as error:
                _logger.info("who stayed of task %d: %s", task_id, error.explanation.text)

    async def _look(self, task_id: int) -> None:
        due: dict[int, list[DueLook]] = {}
        for look in await self._store.due(task_id, self._ports.clock.now()):
            due.setdefault(look.target_id, []).append(look)
        people = len(due)
        try:
            await self._look_with_accounts(task_id, due)
        finally:
            given_up = await self._give_up(due)
            if given_up or len(due) < people:
                self._bus.publish(TaskChanged(task_id))

    async def _look_with_accounts(self, task_id: int, due: dict[int, list[DueLook]]) -> None:
        """Look with one administrator after the other, until nobody is left to look at."""
        chat = chat_of(await self._ports.tasks.task(task_id))
        admin = await self._admins.find(chat)
        members = await self._members(admin, len(due))
        await self._look_with(admin, due, members)
        able = {admin.account_id}
        for account_id in sorted({i for looks in due.values() for i in looks[0].peers}):
            other = await self._admins.find(chat, account_id)
            if other.account_id == account_id not in able:
                able.add(account_id)
                await self._look_with(other, due, members)
        if len(members) >= admin.members > 0:
            # The list was whole, and those who are missing in it cannot be asked for.
            missing = [
                each for each in due.values() if each[0].peers and not able & {*each[0].peers}
            ]
            await self._keep(missing, due, present=False)

    async def _members(self, admin: ChatAdmin, people: int) -> frozenset[int]:
        """Return the ids of the members if reading their list is cheaper, else nobody."""
        found: set[int] = set()
        page: str | None = "" if is_list_cheaper(people, admin.members) else None
        while page is not None:
            answer = await admin.ask(partial(_page, page))
            if isinstance(answer, Outcome):
                raise await self._admins.refused(admin, answer)
            found.update(person.peer.user_id for person in answer.people)
            page = answer.next_page
        return frozenset(found)

    async def _look_with(
        self, admin: ChatAdmin, due: dict[int, list[DueLook]], members: frozenset[int]
    ) -> None:
        """Look at whom this account can see, and take them out of what is due."""
        listed = [looks for looks in due.values() if _ids(looks) & members]
        await self._keep(listed, due, present=True)
        asked = 0
        for looks in list(due.values()):
            peer = looks[0].peers.get(admin.account_id)
            if peer is None or asked >= ASKED_AT_ONCE:
                continue
            asked += 1
            seen = await admin.ask(partial(_membership, peer))
            if isinstance(seen, Outcome):
                if seen.is_about_account:
                    raise await self._admins.refused(admin, seen)
                continue
            await self._keep([looks], due, present=seen is Membership.MEMBER)

    async def _keep(
        self, seen: Sequence[Sequence[DueLook]], due: dict[int, list[DueLook]], *, present: bool
    ) -> None:
        now = self._ports.clock.now()
        results = [_result(look, now, present=present) for looks in seen for look in looks]
        if results:
            await self._store.keep(results, now)
        for result in results:
            due.pop(result.target_id, None)

    async def _give_up(self, due: Mapping[int, Sequence[DueLook]]) -> int:
        """Call unknown what could not be looked at for too long; return how many looks."""
        now = self._ports.clock.now()
        results = [
            LookResult(look.target_id, look.days, Stay.UNKNOWN)
            for looks in due.values()
            for look in looks
            if now - look.due_at > GIVE_UP_AFTER
        ]
        if results:
            await self._store.keep(results, now)
        return len(results)


def _ids(looks: Sequence[DueLook]) -> set[int]:
    return {peer.user_id for peer in looks[0].peers.values()}


def _result(look: DueLook, now: datetime, *, present: bool) -> LookResult:
    stay = stay_of(look.days, now - look.due_at, present=present)
    return LookResult(look.target_id, look.days, stay)


async def _page(page: str, messenger: Messenger, chat: ChatPeer) -> PeoplePage | Outcome:
    return await messenger.member_page(chat, page)


async def _membership(peer: UserPeer, messenger: Messenger, chat: ChatPeer) -> Membership | Outcome:
    return await messenger.membership(chat, peer)
