"""An account's own view of the little Telegram: the Messenger in memory."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

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
    Membership,
    OwnMessage,
    PeoplePage,
    Requirement,
    TelegramPerson,
    UploadedFile,
    UserPeer,
)
from tests.fakes.link_calls import NO_RIGHT, PEOPLE_PAGE, FakeLinkCalls
from tests.fakes.telegram_world import FakePerson, FakeTelegram, Form

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

INVITATIONS_KEPT_FOR = timedelta(hours=48)
"""The log of a chat's recent actions goes back so far."""

NEWS_AT_ONCE = 3
"""Messages in one answer, few enough that tests see several parts."""


class FakeMessenger(FakeLinkCalls):
    """Implements Messenger for one account of the little Telegram."""

    def __init__(self, telegram: FakeTelegram, account_id: int, me: FakePerson) -> None:
        super().__init__(telegram, account_id, me)
        self.uploads: dict[bytes, bytes] = {}
        self.ring: Callable[[int], None] = lambda _account_id: None
        self.look_ups: Callable[[], ChatLookUps | None] = lambda: None
        self.resolved: list[str] = []

    # ------------------------------------------------------------ for tests

    def receive(
        self, person: FakePerson, text: str, *, announced: bool = True, edits: bool = False
    ) -> None:
        """Let somebody write to this account, or change what she wrote last.

        ``announced``: Telegram pushes it at once.
        """
        inbox = self.telegram.inboxes[self.me.user_id]
        number = len(inbox) + 1
        if edits:
            number = max(m.message_id for m in inbox if m.user_id == person.user_id)
        inbox.append(IncomingMessage(number, person.user_id, self.telegram.now(), text))
        if announced:
            self.ring(self.account_id)

    # ------------------------------------------------------------ the port

    async def update_state(self) -> UpdateState | Outcome:
        def act() -> UpdateState:
            inbox = self.telegram.inboxes[self.me.user_id]
            return UpdateState(len(inbox) + 1, 0, self.telegram.now())

        return await self._call("update_state", (), act)

    async def news_since(self, state: UpdateState) -> News | Outcome:
        def act() -> News:
            fresh = self.telegram.inboxes[self.me.user_id][state.pts - 1 :]
            if len(fresh) > self.telegram.updates_kept:
                newest = UpdateState(state.pts + len(fresh), 0, state.date)
                return News((), newest, more=True, missed_since=state.date)
            part = fresh[:NEWS_AT_ONCE]
            after = UpdateState(state.pts + len(part), 0, self.telegram.now())
            return News(part, after if part else state, len(part) < len(fresh))

        return await self._call("news_since", (state,), act)

    async def messages_from(
        self, user: UserPeer, since: datetime
    ) -> Sequence[IncomingMessage] | Outcome:
        def act() -> list[IncomingMessage]:
            inbox = self.telegram.inboxes[self.me.user_id]
            return [m for m in inbox if m.user_id == user.user_id and m.at >= since]

        return await self._call("messages_from", (user, since), act)

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
            others = sorted(
                {i for pair in ends if me in pair for i in pair - {me}}
                | {message.user_id for message in self.telegram.inboxes[me]}
            )
            return self._page([self.telegram.people[i] for i in others], page)

        return await self._call("dialog_people", (page,), act)

    async def contacts(self) -> Sequence[TelegramPerson] | Outcome:
        known = self.telegram.contacts.get(self.me.user_id, [])
        return await self._call("contacts", (), lambda: [self._met(p) for p in known])

    # ------------------------------------------------------------ inside

    def _page(self, people: Sequence[FakePerson], page: str) -> PeoplePage:
        start = int(page or 0)
        end = start + PEOPLE_PAGE
        some = [self._met(person) for person in people[start:end]]
        return PeoplePage(some, str(end) if end < len(people) else None)

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
