"""Invite links of the little Telegram: made, revoked, joined by, asked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invite_desktop.domain.outcomes import Outcome, OutcomeCode
from invite_desktop.engine.ports.telegram import ChatPeer, Joiner, JoinersPage, UserPeer
from tests.fakes.calls import FakeCalls
from tests.fakes.telegram_world import FakeChat, FakeLink

if TYPE_CHECKING:
    from datetime import datetime


NO_RIGHT = Outcome(OutcomeCode.NO_INVITE_RIGHT, detail="ChatAdminRequiredError")

PEOPLE_PAGE = 3
"""Small, so that every list has several pages."""


class FakeLinkCalls(FakeCalls):
    """What a Messenger does with invite links, and with those who come by them."""

    async def create_invite_link(
        self, chat: ChatPeer, title: str, *, by_request: bool = False
    ) -> str | Outcome:
        def act() -> str | Outcome:
            if (place := self._inviting(chat)) is None:
                return NO_RIGHT
            link = f"https://t.me/+fake{len(self.telegram.links):012d}"
            self.telegram.links.append(FakeLink(place.chat_id, title[:32], link, by_request))
            return link

        return await self._call("create_invite_link", (chat, title), act)

    async def revoke_invite_link(self, chat: ChatPeer, link: str) -> bool | Outcome:
        def act() -> bool | Outcome:
            if self._inviting(chat) is None:
                return NO_RIGHT
            if (found := self._link(link)) is None:
                return False
            was_revoked, found.revoked = found.revoked, True
            return not was_revoked

        return await self._call("revoke_invite_link", (chat, link), act)

    async def is_link_open(self, chat: ChatPeer, link: str) -> bool | Outcome:
        def act() -> bool | Outcome:
            if self._inviting(chat) is None:
                return NO_RIGHT
            found = self._link(link)
            return found is not None and not found.revoked

        return await self._call("is_link_open", (chat, link), act)

    async def link_joiners(
        self, chat: ChatPeer, link: str, page: str = ""
    ) -> JoinersPage | Outcome:
        def act() -> JoinersPage | Outcome:
            if (place := self._inviting(chat)) is None:
                return NO_RIGHT
            if (found := self._link(link)) is None:
                return Outcome(OutcomeCode.NOT_FOUND, detail="InviteHashExpiredError")
            inside = {i: at for i, at in found.joined.items() if i in place.members}
            return self._joiners(inside, page)

        return await self._call("link_joiners", (chat, link, page), act)

    async def join_requests(self, chat: ChatPeer, page: str = "") -> JoinersPage | Outcome:
        def act() -> JoinersPage | Outcome:
            if (place := self._inviting(chat)) is None:
                return NO_RIGHT
            links = [each for each in self.telegram.links if each.chat_id == place.chat_id]
            return self._joiners({i: at for ln in links for i, at in ln.waiting.items()}, page)

        return await self._call("join_requests", (chat, page), act)

    async def answer_join_request(
        self, chat: ChatPeer, user: UserPeer, *, let_in: bool
    ) -> bool | Outcome:
        def act() -> bool | Outcome:
            if (place := self._inviting(chat)) is None:
                return NO_RIGHT
            if (person := self._person(user)) is None:
                return Outcome(OutcomeCode.NOT_ADDRESSABLE, detail="UserIdInvalidError")
            return self.telegram.answer_request(place, person, let_in=let_in)

        return await self._call("answer_join_request", (chat, user, let_in), act)

    def _inviting(self, chat: ChatPeer) -> FakeChat | None:
        """Return a chat in which this account may invite."""
        place = self._chat(chat)
        return place if place and place.admins.get(self.me.user_id) else None

    def _link(self, address: str) -> FakeLink | None:
        return next((each for each in self.telegram.links if each.address == address), None)

    def _joiners(self, listed: dict[int, datetime], page: str) -> JoinersPage:
        """Return a page of people with a date, the latest first; a page is named by its last."""
        order = sorted(listed.items(), key=lambda pair: (pair[1], pair[0]), reverse=True)
        start = [i for i, _ in order].index(int(page)) + 1 if page else 0
        some = order[start : start + PEOPLE_PAGE]
        joiners = [Joiner(self._met(self.telegram.people[i]), at) for i, at in some]
        over = start + PEOPLE_PAGE >= len(order)
        return JoinersPage(joiners, None if over else str(some[-1][0]))
