"""The Telegram ports in memory, scriptable and interruptible at any point of a call.

telegram = FakeTelegram(clock)
anna = telegram.add_person("anna_owner", phone="+79000000001")
chat = telegram.add_chat("Football", [anna], username="football")
gateway = FakeGateway(telegram)
gateway.log_in(1, anna)
messenger = gateway.messengers[1]
messenger.script("invite", Outcome(OutcomeCode.FLOOD_WAIT, 30), None)   # None = as usual
held = messenger.hold("invite", after_effect=True)
...; await held.reached(); ...; held.release()
messenger.drop("invite", after_effect=True)    # the connection dies inside the next call
"""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar

from invite_desktop.domain.chats import AddressKind, ChatKind, Standing
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.domain.outcomes import Outcome, OutcomeCode
from invite_desktop.domain.people import KeyKind
from invite_desktop.engine.ports.chat_history import Invitation, Invitations
from invite_desktop.engine.ports.replies import IncomingMessage, News, UpdateState
from invite_desktop.engine.ports.telegram import (
    ChatMember,
    ChatPeer,
    ChatSight,
    FoundUser,
    Joiner,
    JoinersPage,
    Membership,
    OwnMessage,
    PeoplePage,
    Requirement,
    TelegramPerson,
    UploadedFile,
    UserPeer,
)
from tests.fakes.logins import FakeLogin, FakeLoginGateway
from tests.fakes.telegram_world import FakeChat, FakeLink, FakePerson, FakeTelegram, Form
from tests.fakes.vault import FakeVault

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from pathlib import Path

    from invite_desktop.domain.accounts import Profile
    from invite_desktop.domain.attachments import Attachment
    from invite_desktop.domain.chats import ChatAddress, ChatInfo
    from invite_desktop.domain.formatted_text import TextEntity
    from invite_desktop.domain.people import PersonKeys
    from invite_desktop.engine.ports.telegram import ChatLookUps

__all__ = [
    "FakeChat",
    "FakeGateway",
    "FakeLogin",
    "FakeLoginGateway",
    "FakeMessenger",
    "FakePerson",
    "FakeTelegram",
    "RecordedCall",
]

T = TypeVar("T")

CONTACTING_METHODS = frozenset({"invite", "send_message"})
NO_RIGHT = Outcome(OutcomeCode.NO_INVITE_RIGHT, detail="ChatAdminRequiredError")

INVITATIONS_KEPT_FOR = timedelta(hours=48)
"""The log of a chat's recent actions goes back so far."""

PEOPLE_PAGE = 3
"""Small, so that every list has several pages."""


@dataclass(frozen=True)
class RecordedCall:
    """One call that reached Telegram (calls made without a connection do not)."""

    account_id: int
    method: str
    arguments: tuple[object, ...]
    at: datetime


class HeldCall:
    """A point inside a future call at which it stops until it is released or cancelled."""

    def __init__(self) -> None:
        self._reached = asyncio.Event()
        self._released = asyncio.Event()

    async def reached(self) -> None:
        """Wait until the call has come to this point."""
        await self._reached.wait()

    def release(self) -> None:
        """Let the call go on."""
        self._released.set()

    async def stop_here(self) -> None:
        self._reached.set()
        await self._released.wait()


NEWS_AT_ONCE = 3
"""Messages in one answer, few enough that tests see several parts."""


class FakeMessenger:
    """Implements Messenger for one account of the little Telegram."""

    def __init__(self, telegram: FakeTelegram, account_id: int, me: FakePerson) -> None:
        self.telegram = telegram
        self.account_id = account_id
        self.me = me
        self.connected = True
        self.calls: list[RecordedCall] = []
        self.uploads: dict[bytes, bytes] = {}
        self.ring: Callable[[int], None] = lambda _account_id: None
        self.look_ups: Callable[[], ChatLookUps | None] = lambda: None
        self.resolved: list[str] = []
        self._scripts: dict[str, deque[Outcome | None]] = defaultdict(deque)
        self._holds: dict[tuple[str, bool], deque[HeldCall]] = defaultdict(deque)
        self._drops: dict[str, deque[bool]] = defaultdict(deque)

    # ------------------------------------------------------------ for tests

    def script(self, method: str, *outcomes: Outcome | None) -> None:
        """Decide how the next calls of a method end, without effect; None = as usual."""
        self._scripts[method].extend(outcomes)

    def hold(self, method: str, *, after_effect: bool = False) -> HeldCall:
        """Stop the next call of a method before (or after) Telegram has acted on it."""
        held = HeldCall()
        self._holds[method, after_effect].append(held)
        return held

    def drop(self, method: str, *, after_effect: bool = False) -> None:
        """Lose the connection inside the next call, before or after Telegram acts on it."""
        self._drops[method].append(after_effect)

    def receive(self, person: FakePerson, text: str, *, announced: bool = True) -> None:
        """Let somebody write to this account; ``announced``: Telegram pushes it at once."""
        inbox = self.telegram.inboxes[self.me.user_id]
        number = len(inbox) + 1
        inbox.append(IncomingMessage(number, person.user_id, self.telegram.now(), text))
        if announced:
            self.ring(self.account_id)

    def calls_of(self, method: str) -> list[RecordedCall]:
        """Return the recorded calls of one method, oldest first."""
        return [call for call in self.calls if call.method == method]

    def user_peer(self, person: FakePerson) -> UserPeer:
        """Return a person as this account addresses her."""
        return UserPeer(person.user_id, self._hash(person.user_id))

    def chat_peer(self, chat: FakeChat) -> ChatPeer:
        """Return a chat as this account addresses it."""
        basic = chat.kind is ChatKind.BASIC_GROUP
        return ChatPeer(chat.chat_id, 0 if basic else self._hash(chat.chat_id), chat.kind)

    # ------------------------------------------------------------ the port

    async def update_state(self) -> UpdateState | Outcome:
        def act() -> UpdateState:
            inbox = self.telegram.inboxes[self.me.user_id]
            return UpdateState(len(inbox) + 1, 0, self.telegram.now())

        return await self._call("update_state", (), act)

    async def news_since(self, state: UpdateState) -> News | Outcome:
        def act() -> News:
            fresh = self.telegram.inboxes[self.me.user_id][state.pts - 1 :]
            part = fresh[:NEWS_AT_ONCE]
            after = UpdateState(state.pts + len(part), 0, self.telegram.now())
            return News(part, after if part else state, len(part) < len(fresh))

        return await self._call("news_since", (state,), act)

    async def who_am_i(self) -> Profile | Outcome:
        return await self._call("who_am_i", (), lambda: self.me.profile)

    async def own_peer(self) -> UserPeer | Outcome:
        return await self._call("own_peer", (), lambda: self.user_peer(self.me))

    async def own_photo(self) -> bytes | Outcome | None:
        return await self._call("own_photo", (), lambda: self.me.photo)

    async def see_chat(self, address: ChatAddress) -> ChatSight | Outcome:
        if address.kind is AddressKind.USERNAME:
            trouble = await self._know(address)
            if trouble is not None:
                return trouble
        return await self._call("see_chat", (address,), lambda: self._see(address))

    async def _know(self, address: ChatAddress) -> Outcome | None:
        """Look a name up unless that was done before; return what stands in the way."""
        chat, look_ups = self.telegram.chat_at(address), self.look_ups()
        if look_ups is None or not (self.connected and self.telegram.online):
            return None
        known = await look_ups.known(self.account_id, address.value)
        if known is not None and chat is not None and known == self.chat_peer(chat):
            return None
        if known is not None:
            await look_ups.keep(self.account_id, address.value, None)
        call_id = await look_ups.begin(self.account_id)
        if isinstance(call_id, Outcome):
            return call_id
        self.resolved.append(address.value)
        await look_ups.end(call_id, Outcome(OutcomeCode.FOUND if chat else OutcomeCode.NOT_FOUND))
        if chat is not None:
            await look_ups.keep(self.account_id, address.value, self.chat_peer(chat))
        return None

    async def administered_chats(self) -> Sequence[ChatInfo] | Outcome:
        me = self.me.user_id
        return await self._call(
            "administered_chats",
            (),
            lambda: [c.info for c in self.telegram.chats.values() if c.admins.get(me)],
        )

    async def look_up(self, keys: PersonKeys) -> FoundUser | Outcome:
        if keys.strongest in (None, KeyKind.TELEGRAM_ID):
            return Outcome(OutcomeCode.NOT_ADDRESSABLE, detail="NoUsernameNoPhone")
        return await self._call("look_up", (keys,), lambda: self._find(keys))

    async def invite(self, chat: ChatPeer, user: UserPeer) -> Outcome:
        def act() -> Outcome:
            place, person = self._chat(chat), self._person(user)
            if place is None:
                return Outcome(OutcomeCode.CHAT_UNREACHABLE, detail="ChannelInvalidError")
            if person is None:
                return Outcome(OutcomeCode.NOT_ADDRESSABLE, detail="UserIdInvalidError")
            return self.telegram.invite(self.account_id, self.me.user_id, place, person)

        return await self._call("invite", (chat, user), act)

    async def membership(self, chat: ChatPeer, user: UserPeer) -> Membership | Outcome:
        def act() -> Membership | Outcome:
            place, person = self._chat(chat), self._person(user)
            if place is None:
                return Outcome(OutcomeCode.CHAT_UNREACHABLE, detail="ChannelInvalidError")
            if person is None:
                return Outcome(OutcomeCode.NOT_ADDRESSABLE, detail="UserIdInvalidError")
            if person.user_id in place.removed:
                return Membership.REMOVED
            inside = person.user_id in place.members
            return Membership.MEMBER if inside else Membership.NOT_A_MEMBER

        return await self._call("membership", (chat, user), act)

    async def send_message(
        self,
        user: UserPeer,
        text: str,
        random_id: int,
        *,
        entities: Sequence[TextEntity] = (),
        link_preview: bool = True,
        file: UploadedFile | None = None,
    ) -> Outcome:
        def act() -> Outcome:
            if (person := self._person(user)) is None:
                return Outcome(OutcomeCode.NOT_ADDRESSABLE, detail="PeerIdInvalidError")
            if file is not None and file.reference not in self.uploads:
                return Outcome(OutcomeCode.INTERRUPTED, detail="FileReferenceExpiredError")
            content = None if file is None else self.uploads[file.reference]
            form = Form(tuple(entities), link_preview, content)
            me, before = self.me.user_id, self.telegram.times_written_to(person)
            outcome = self.telegram.deliver(self.account_id, me, person, text, random_id, form)
            if person.answers and self.telegram.times_written_to(person) > before:
                self.receive(person, person.answers)
            return outcome

        return await self._call("send_message", (user, text, random_id), act)

    async def requirements(self, users: Sequence[UserPeer]) -> Sequence[Requirement] | Outcome:
        def act() -> list[Requirement] | Outcome:
            people = [self._person(user) for user in users]
            if None in people:
                return Outcome(OutcomeCode.NOT_ADDRESSABLE, detail="UserIdInvalidError")
            needed = {
                OutcomeCode.PREMIUM_NEEDED: Requirement.PREMIUM,
                OutcomeCode.PAID_MESSAGES: Requirement.PAYMENT,
            }
            wishes = [person.on_message or OutcomeCode.SENT for person in people if person]
            return [needed.get(wish, Requirement.NONE) for wish in wishes]

        return await self._call("requirements", (tuple(users),), act)

    async def upload(self, attachment: Attachment) -> UploadedFile | Outcome:
        content = _content(attachment.path)

        def act() -> UploadedFile:
            reference = f"upload-{len(self.calls)}".encode()
            self.uploads[reference] = content
            return UploadedFile(attachment.kind, len(self.calls), self.me.user_id, reference)

        return await self._call("upload", (attachment,), act)

    async def own_messages(self, user: UserPeer, limit: int) -> Sequence[OwnMessage] | Outcome:
        def act() -> list[OwnMessage]:
            mine = [
                OwnMessage(m.text, m.at)
                for m in self.telegram.messages
                if m.sender_id == self.me.user_id and m.user_id == user.user_id
            ]
            return mine[::-1][:limit]

        return await self._call("own_messages", (user, limit), act)

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

    async def invitations_since(self, chat: ChatPeer, since: datetime) -> Invitations | Outcome:
        def act() -> Invitations | Outcome:
            if (place := self._chat(chat)) is None:
                return Outcome(OutcomeCode.CHAT_UNREACHABLE, detail="ChannelInvalidError")
            if self.me.user_id not in place.admins:
                return NO_RIGHT
            basic = place.kind is ChatKind.BASIC_GROUP
            kept = None if basic else INVITATIONS_KEPT_FOR
            oldest = since if kept is None else max(since, self.telegram.now() - kept)
            told = [
                Invitation(each.user_id, each.inviter_id, each.at)
                for each in self.telegram.invitations
                if each.chat_id == place.chat_id and each.at >= oldest
                if self.telegram.people[each.user_id].joins
            ]
            return Invitations(told, kept)

        return await self._call("invitations_since", (chat, since), act)

    async def members(self, chat: ChatPeer) -> Sequence[ChatMember] | Outcome:
        def act() -> list[ChatMember] | Outcome:
            if (place := self._chat(chat)) is None:
                return Outcome(OutcomeCode.CHAT_UNREACHABLE, detail="ChannelInvalidError")
            inside = [self.telegram.people[i] for i in sorted(place.members)]
            return [ChatMember(p.user_id, p.username, p.phone) for p in inside]

        return await self._call("members", (chat,), act)

    async def member_page(self, chat: ChatPeer, page: str = "") -> PeoplePage | Outcome:
        def act() -> PeoplePage | Outcome:
            if (place := self._chat(chat)) is None:
                return Outcome(OutcomeCode.CHAT_UNREACHABLE, detail="ChannelInvalidError")
            inside = [self.telegram.people[i] for i in sorted(place.members)]
            return self._page(inside, page)

        return await self._call("member_page", (chat, page), act)

    async def dialog_people(self, page: str = "") -> PeoplePage | Outcome:
        def act() -> PeoplePage:
            me = self.me.user_id
            ends = [{m.sender_id, m.user_id} for m in self.telegram.messages]
            others = sorted({i for pair in ends if me in pair for i in pair - {me}})
            return self._page([self.telegram.people[i] for i in others], page)

        return await self._call("dialog_people", (page,), act)

    async def contacts(self) -> Sequence[TelegramPerson] | Outcome:
        known = self.telegram.contacts.get(self.me.user_id, [])
        return await self._call("contacts", (), lambda: [self._met(p) for p in known])

    # ------------------------------------------------------------ inside

    async def _call(
        self, method: str, arguments: tuple[object, ...], act: Callable[[], T]
    ) -> T | Outcome:
        if not (self.connected and self.telegram.online):
            return Outcome(OutcomeCode.NOT_CONNECTED, detail="ConnectionError")
        moment = self.telegram.now()
        self.calls.append(RecordedCall(self.account_id, method, arguments, moment))
        await self._pass_hold(method, after_effect=False)
        dropped_after = self._drops[method].popleft() if self._drops[method] else None
        if dropped_after is False:
            return _cut_off(method)
        answer = self._answer(method, act)
        await self._pass_hold(method, after_effect=True)
        return _cut_off(method) if dropped_after else answer

    def _answer(self, method: str, act: Callable[[], T]) -> T | Outcome:
        if self.me.account_trouble is not None:
            return Outcome(self.me.account_trouble, detail=f"Fake{self.me.account_trouble}")
        scripted = self._scripts[method].popleft() if self._scripts[method] else None
        return act() if scripted is None else scripted

    async def _pass_hold(self, method: str, *, after_effect: bool) -> None:
        if waiting := self._holds[method, after_effect]:
            await waiting.popleft().stop_here()
        else:
            await asyncio.sleep(0)

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

    def _hash(self, item_id: int) -> int:
        """Return an access hash that is of no use to any other account."""
        return item_id * 7_919 + self.me.user_id

    def _person(self, user: UserPeer) -> FakePerson | None:
        known = user.access_hash == self._hash(user.user_id)
        return self.telegram.people.get(user.user_id) if known else None

    def _chat(self, chat: ChatPeer) -> FakeChat | None:
        found = self.telegram.chats.get(chat.chat_id)
        return found if found and self.chat_peer(found) == chat else None

    def _page(self, people: Sequence[FakePerson], page: str) -> PeoplePage:
        start = int(page or 0)
        end = start + PEOPLE_PAGE
        some = [self._met(person) for person in people[start:end]]
        return PeoplePage(some, str(end) if end < len(people) else None)

    def _met(self, person: FakePerson) -> TelegramPerson:
        return TelegramPerson(
            self.user_peer(person),
            person.username,
            person.phone,
            person.first_name,
            is_bot=person.is_bot,
            is_deleted=person.is_deleted,
            is_self=person is self.me,
        )

    def _find(self, keys: PersonKeys) -> FoundUser | Outcome:
        if keys.username:
            person = self.telegram.person_named(keys.username)
            missing = Outcome(OutcomeCode.NOT_FOUND, detail="UsernameNotOccupiedError")
        else:
            person = self.telegram.person_with_phone(keys.phone or "")
            missing = Outcome(OutcomeCode.UNKNOWN_BY_PHONE, detail="NobodyImported")
            person = person if person and person.findable_by_phone else None
        if person is None:
            return missing
        return FoundUser(
            self.user_peer(person), person.is_bot, person.is_deleted, person is self.me
        )

    def _see(self, address: ChatAddress) -> ChatSight | Outcome:
        chat = self.telegram.chat_at(address)
        inside = chat is not None and self.me.user_id in chat.members
        if address.kind in (AddressKind.CHANNEL_ID, AddressKind.BASIC_GROUP_ID) and not inside:
            return ChatSight(Standing.NOT_A_MEMBER)
        if chat is None:
            return Outcome(OutcomeCode.NOT_FOUND, detail="UsernameNotOccupiedError")
        if not inside:
            return ChatSight(Standing.NOT_A_MEMBER, chat.info)
        right = chat.admins.get(self.me.user_id)
        standing = {
            True: Standing.READY_ADMIN,
            False: Standing.ADMIN_WITHOUT_INVITE_RIGHT,
            None: Standing.MEMBER,
        }[right]
        return ChatSight(standing, chat.info, self.chat_peer(chat))


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise KnownError(message("{name} cannot be read.", name=path.name)) from error


def _cut_off(method: str) -> Outcome:
    """Return what a lost answer means: a contacting call may have had effect."""
    contacting = method in CONTACTING_METHODS
    code = OutcomeCode.UNCERTAIN if contacting else OutcomeCode.NOT_CONNECTED
    return Outcome(code, detail="ConnectionError")


class FakeGateway:
    """Implements TelegramGateway: one FakeMessenger an account, sessions in a FakeVault."""

    def __init__(self, telegram: FakeTelegram, vault: FakeVault | None = None) -> None:
        self.telegram = telegram
        self.vault = vault or FakeVault()
        self.messengers: dict[int, FakeMessenger] = {}
        self.opened: list[int] = []
        self.ended_sessions: set[str] = set()
        self.closed = False
        self._heard: Callable[[int], None] = lambda _account_id: None
        self._look_ups: ChatLookUps | None = None

    def log_in(self, account_id: int, person: FakePerson) -> FakeMessenger:
        """Give an account a session, as a finished log-in does; return its messenger."""
        self.vault.sessions[account_id] = f"session-of-{person.user_id}"
        return self.messenger(account_id, person)

    def messenger(self, account_id: int, person: FakePerson) -> FakeMessenger:
        """Return the one messenger of an account."""
        known = self.messengers.get(account_id)
        if known is None or known.me is not person:
            messenger = self.messengers[account_id] = FakeMessenger(
                self.telegram, account_id, person
            )
            messenger.ring = self._ring
            messenger.look_ups = lambda: self._look_ups
        return self.messengers[account_id]

    def end_session(self, account_id: int) -> None:
        """End a session from Telegram's side, as "log out everywhere" does."""
        self.ended_sessions.add(self.vault.sessions[account_id])
        self.messengers[account_id].me.account_trouble = OutcomeCode.LOGGED_OUT

    def listen(self, heard: Callable[[int], None]) -> None:
        self._heard = heard

    def ration(self, look_ups: ChatLookUps) -> None:
        self._look_ups = look_ups

    def _ring(self, account_id: int) -> None:
        self._heard(account_id)

    async def open(self, account_id: int) -> FakeMessenger | Outcome:
        self.opened.append(account_id)
        session = await self.vault.session(account_id)
        if session is None:
            return Outcome(OutcomeCode.LOGGED_OUT, detail="NoSession")
        if not self.telegram.online:
            return Outcome(OutcomeCode.NOT_CONNECTED, detail="ConnectionError")
        if session in self.ended_sessions:
            return Outcome(OutcomeCode.LOGGED_OUT, detail="AuthKeyUnregisteredError")
        messenger = self.messenger(account_id, self._owner(session))
        messenger.connected = True
        return messenger

    async def log_out(self, account_id: int) -> None:
        if (session := await self.vault.session(account_id)) is not None:
            self.ended_sessions.add(session)
        await self.vault.forget_session(account_id)
        if account_id in self.messengers:
            self.messengers[account_id].connected = False

    async def close(self) -> None:
        self.closed = True
        for messenger in self.messengers.values():
            messenger.connected = False

    def _owner(self, session: str) -> FakePerson:
        return self.telegram.people[int(session.removeprefix("session-of-"))]
