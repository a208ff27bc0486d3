"""A little Telegram in memory: people, chats and what was really done to them."""

from __future__ import annotations

import itertools
from base64 import b64decode
from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from invite_desktop.domain.accounts import Profile
from invite_desktop.domain.chats import AddressKind, ChatInfo, ChatKind
from invite_desktop.domain.outcomes import Outcome, OutcomeCode

if TYPE_CHECKING:
    from collections.abc import Iterable

    from invite_desktop.domain.chats import ChatAddress
    from invite_desktop.domain.formatted_text import TextEntity
    from invite_desktop.engine.ports.clock import Clock
    from invite_desktop.engine.ports.replies import IncomingMessage


PHOTO = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
"""The smallest picture: one pixel, as PNG."""


@dataclass
class FakePerson:
    """A user of the little Telegram.

    ``on_invite`` and ``on_message`` are how Telegram answers for ever when she is invited or
    written to; None = it works. ``joins`` False = Telegram accepts, but she never becomes a member.
    ``answers`` is what she replies to every message, empty for nothing.
    """

    user_id: int
    username: str | None = None
    phone: str | None = None
    first_name: str = ""
    on_invite: OutcomeCode | None = None
    on_message: OutcomeCode | None = None
    joins: bool = True
    findable_by_phone: bool = True
    is_bot: bool = False
    is_deleted: bool = False
    password: str | None = None
    account_trouble: OutcomeCode | None = None
    photo: bytes | None = PHOTO
    answers: str = ""

    @property
    def profile(self) -> Profile:
        return Profile(self.user_id, self.first_name, "", self.username, self.phone or "")


@dataclass
class FakeLink:
    """An invite link of a chat: who came by it and when, and who still waits to be let in."""

    chat_id: int
    title: str
    address: str
    by_request: bool = False
    revoked: bool = False
    joined: dict[int, datetime] = field(default_factory=dict)
    waiting: dict[int, datetime] = field(default_factory=dict)


@dataclass
class FakeChat:
    """A chat; ``admins`` maps user ids to their right to invite."""

    chat_id: int
    title: str
    kind: ChatKind = ChatKind.SUPERGROUP
    username: str | None = None
    invite_hash: str | None = None
    members: set[int] = field(default_factory=set)
    admins: dict[int, bool] = field(default_factory=dict)
    removed: set[int] = field(default_factory=set)
    migrated_from: int | None = None

    @property
    def info(self) -> ChatInfo:
        return ChatInfo(
            self.chat_id,
            self.title,
            self.kind,
            len(self.members),
            self.username,
            self.migrated_from,
        )


@dataclass(frozen=True)
class Invitation:
    """An invitation that took effect at Telegram (also one that she will never act on)."""

    account_id: int
    chat_id: int
    user_id: int
    at: datetime
    inviter_id: int = 0


@dataclass(frozen=True)
class Form:
    """What a message has beside its words; ``file`` is the content of what goes with it."""

    entities: tuple[TextEntity, ...] = ()
    link_preview: bool = True
    file: bytes | None = None


PLAIN = Form()


@dataclass(frozen=True)
class DeliveredMessage:
    """A message that took effect at Telegram."""

    account_id: int
    sender_id: int
    user_id: int
    text: str
    random_id: int
    at: datetime
    form: Form = PLAIN

    @property
    def entities(self) -> tuple[TextEntity, ...]:
        return self.form.entities


class FakeTelegram:
    """The server's side, shared by all accounts: ask it what really happened.

    ``online`` False cuts everybody off: calls end as NOT_CONNECTED with no effect.
    ``updates_kept``: of more new messages than these only the dialogues tell.
    """

    updates_kept = 100_000

    def __init__(self, clock: Clock | None = None) -> None:
        self.online = True
        self.people: dict[int, FakePerson] = {}
        self.chats: dict[int, FakeChat] = {}
        self.invitations: list[Invitation] = []
        self.messages: list[DeliveredMessage] = []
        self.inboxes: defaultdict[int, list[IncomingMessage]] = defaultdict(list)
        self.links: list[FakeLink] = []
        self.contacts: dict[int, list[FakePerson]] = {}
        self._clock = clock
        self._ids = itertools.count(1_000_001)
        self._chat_ids = itertools.count(2_000_000_001)

    def now(self) -> datetime:
        return self._clock.now() if self._clock else datetime.now(UTC)

    def add_person(self, username: str | None = None, **fields: object) -> FakePerson:
        """Add a user; ``phone``, ``first_name``, ``on_invite`` … as in FakePerson."""
        user_id = int(fields.pop("user_id", None) or next(self._ids))  # type: ignore[call-overload]
        fields.setdefault("first_name", username or f"User {user_id}")
        person = FakePerson(user_id, username, **fields)  # type: ignore[arg-type]
        self.people[user_id] = person
        return person

    def add_people(self, *usernames: str) -> list[FakePerson]:
        """Add users who accept everything."""
        return [self.add_person(name) for name in usernames]

    def add_chat(
        self,
        title: str,
        admins: Iterable[FakePerson] = (),
        *,
        members: Iterable[FakePerson] = (),
        **fields: object,
    ) -> FakeChat:
        """Add a chat whose ``admins`` may invite; admins are members too."""
        chat = FakeChat(next(self._chat_ids), title, **fields)  # type: ignore[arg-type]
        for admin in admins:
            chat.admins[admin.user_id] = True
            chat.members.add(admin.user_id)
        chat.members.update(member.user_id for member in members)
        self.chats[chat.chat_id] = chat
        return chat

    def migrate(self, group: FakeChat) -> FakeChat:
        """Turn a basic group into a supergroup, to which its id still leads."""
        became = replace(
            group,
            chat_id=next(self._chat_ids),
            kind=ChatKind.SUPERGROUP,
            migrated_from=group.chat_id,
        )
        del self.chats[group.chat_id]
        self.chats[became.chat_id] = became
        return became

    def person_named(self, username: str) -> FakePerson | None:
        wanted = username.lower()
        everybody = self.people.values()
        return next((p for p in everybody if (p.username or "").lower() == wanted), None)

    def person_with_phone(self, phone: str) -> FakePerson | None:
        return next((p for p in self.people.values() if p.phone == phone), None)

    def chat_at(self, address: ChatAddress) -> FakeChat | None:
        return next((c for c in self.chats.values() if _answers_to(c, address)), None)

    def times_invited(self, person: FakePerson, chat: FakeChat | None = None) -> int:
        """Return how often somebody was really invited."""
        return sum(
            i.user_id == person.user_id and chat in (None, self.chats[i.chat_id])
            for i in self.invitations
        )

    def times_written_to(self, person: FakePerson) -> int:
        """Return how many messages somebody really got."""
        return sum(m.user_id == person.user_id for m in self.messages)

    def use_link(self, person: FakePerson, address: str) -> bool:
        """Let somebody use a link; False: she waits to be let in."""
        link = next(each for each in self.links if each.address == address and not each.revoked)
        if link.by_request:
            link.waiting[person.user_id] = self.now()
            return False
        link.joined[person.user_id] = self.now()
        self.chats[link.chat_id].members.add(person.user_id)
        return True

    def answer_request(self, chat: FakeChat, person: FakePerson, *, let_in: bool) -> bool:
        """Let somebody in who waits, or turn her away; False when she does not wait."""
        for link in self.links:
            at = link.waiting.pop(person.user_id, None) if link.chat_id == chat.chat_id else None
            if at is None or person.user_id in chat.members:
                continue
            if let_in:
                link.joined[person.user_id] = self.now()
                chat.members.add(person.user_id)
            return True
        return False

    # ------------------------------------------------------------ effects

    def invite(self, account_id: int, inviter: int, chat: FakeChat, person: FakePerson) -> Outcome:
        """Do what Telegram does on an invitation; only INVITED has an effect."""
        code = self._refusal_of_invite(inviter, chat, person)
        if code is None:
            code = OutcomeCode.INVITED
        if code is OutcomeCode.INVITED and person.user_id not in chat.members:
            self.invitations.append(
                Invitation(account_id, chat.chat_id, person.user_id, self.now(), inviter)
            )
            if person.joins:
                chat.members.add(person.user_id)
        return Outcome(code, detail="" if code is OutcomeCode.INVITED else f"Fake{code}")

    def deliver(
        self,
        account_id: int,
        sender: int,
        person: FakePerson,
        text: str,
        random_id: int,
        form: Form = PLAIN,
    ) -> Outcome:
        """Deliver a message unless this sender's random_id was seen before."""
        if any(m.sender_id == sender and m.random_id == random_id for m in self.messages):
            return Outcome(OutcomeCode.SENT, detail="RandomIdDuplicateError")
        if person.is_deleted:
            return Outcome(OutcomeCode.DELETED_ACCOUNT, detail="FakeDeleted")
        if person.on_message is not None:
            return Outcome(person.on_message, detail=f"Fake{person.on_message}")
        self.messages.append(
            DeliveredMessage(
                account_id,
                sender,
                person.user_id,
                text,
                random_id,
                self.now(),
                form,
            )
        )
        return Outcome(OutcomeCode.SENT)

    def _refusal_of_invite(
        self, inviter: int, chat: FakeChat, person: FakePerson
    ) -> OutcomeCode | None:
        rules = (
            (not chat.admins.get(inviter, False), OutcomeCode.NO_INVITE_RIGHT),
            (person.user_id in chat.members, _answer_about_members(chat)),
            (chat.info.link_only, OutcomeCode.LINK_ONLY),
            (person.user_id in chat.removed, OutcomeCode.REMOVED_FROM_CHAT),
            (person.is_bot, OutcomeCode.BOT),
            (person.is_deleted, OutcomeCode.DELETED_ACCOUNT),
        )
        return next((code for applies, code in rules if applies), person.on_invite)


def _answer_about_members(chat: FakeChat) -> OutcomeCode:
    """Only basic groups say that somebody is a member; elsewhere it is a success of no effect."""
    basic = chat.kind is ChatKind.BASIC_GROUP
    return OutcomeCode.ALREADY_MEMBER if basic else OutcomeCode.INVITED


def _answers_to(chat: FakeChat, address: ChatAddress) -> bool:
    match address.kind:
        case AddressKind.USERNAME:
            return (chat.username or "").lower() == address.value.lower()
        case AddressKind.INVITE_HASH:
            return chat.invite_hash == address.value
        case AddressKind.CHANNEL_ID:
            return chat.kind is not ChatKind.BASIC_GROUP and str(chat.chat_id) == address.value
        case AddressKind.BASIC_GROUP_ID:
            own = chat.chat_id if chat.kind is ChatKind.BASIC_GROUP else chat.migrated_from
            return str(own) == address.value
