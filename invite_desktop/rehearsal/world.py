"""The state of a rehearsed Telegram: people, accounts, chats, letters. No network, no TL.

Build the scenery with ``account``, ``person``, ``register``, ``supergroup`` and the like; what
happens afterwards goes through ``story``. A world is a pure function of its scenery, its seed and
the changes committed to it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from invite_desktop.domain.chats import ChatKind
from invite_desktop.rehearsal.acts import Acts
from invite_desktop.rehearsal.chats import EVERY_RIGHT, VIEW, Chat, InviteLink, Membership
from invite_desktop.rehearsal.intentions import Intentions
from invite_desktop.rehearsal.letters import Action, ActionKind, Content
from invite_desktop.rehearsal.people import Account, ListedPerson, Person
from invite_desktop.rehearsal.population import Behaviour, Conduct, Mix, Reception
from invite_desktop.rehearsal.standings import Standings
from invite_desktop.rehearsal.state import FIRST_CHAT_ID, WorldState
from invite_desktop.rehearsal.story import Story

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_FIRST_ACCOUNT_ID = 1_000_001
_TEST_PHONE = re.compile(r"\+99966(\d)\d{4,5}")
_MONTH = 30 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Member:
    """One member of a chat, for comparing lists. ``inviter_id`` 0: nobody added her."""

    user_id: int
    username: str | None
    phone: str | None
    name: str
    joined_at: datetime
    inviter_id: int


class World(WorldState):
    """People, accounts and chats.

    ``births``: see Directory. ``clock`` is the owner's; without one the world has its own.
    ``speed``: see WorldState.
    """

    def __init__(
        self,
        seed: int = 1,
        *,
        mix: Mix | None = None,
        births: bool = False,
        clock: Callable[[], datetime] | None = None,
        speed: Callable[[], float] | None = None,
    ) -> None:
        super().__init__(seed, mix=mix, births=births, clock=clock, speed=speed)
        # One moment for the whole scenery, and the same after a restart: else the order of the
        # chats would depend on when a second ends.
        self._founded_at = self.now() - _MONTH
        self.changes.keep({"founded": self._apply_founded}, lambda: [("founded", self._founded_at)])
        self.story = Story(self)
        self.standings = Standings(self.changes, self.now, self.publish)
        self.acts = Acts(self, self.story)
        self.intentions = Intentions(self, self.acts)

    # ------------------------------------------------------------------ scenery

    def account(
        self,
        phone: str,
        first_name: str,
        *,
        last_name: str = "",
        username: str | None = None,
        password: str | None = None,
        premium: bool = False,
    ) -> Account:
        """Add one of the user's accounts; test numbers have the code that Telegram gives them.

        ``phone`` in E.164. Numbers +99966XYYYY log in with XXXXX, all others with 12345
        (core.telegram.org/api/auth#test-accounts). ``password`` is the two-step password.
        """
        test = _TEST_PHONE.fullmatch(phone)
        account = Account(
            _FIRST_ACCOUNT_ID + len(self.accounts),
            username,
            phone,
            first_name,
            last_name,
            conduct=Conduct(),
            code=test.group(1) * 5 if test else "12345",
            password=password,
            premium=premium,
        )
        self.accounts[account.id] = account
        self.people.index(account)
        return account

    def person(
        self,
        username: str | None = None,
        *,
        phone: str | None = None,
        telegram_id: int | None = None,
        first_name: str = "",
        behaviour: Conduct | Behaviour | Reception | None = None,
    ) -> Person:
        """Add somebody, or change how somebody known behaves; None: as the seed says.

        A behaviour alone leaves messages free, a reception alone leaves invitations accepted.
        """
        listed = ListedPerson(username, phone, telegram_id, first_name)
        person = self.people.known(listed) or self.people.add(listed)
        if isinstance(behaviour, Behaviour):
            person.conduct = Conduct(behaviour=behaviour)
        elif isinstance(behaviour, Reception):
            stars = 10 if behaviour is Reception.PAID else 0
            person.conduct = Conduct(reception=behaviour, stars=stars)
        else:
            person.conduct = behaviour
        self.people.note_regular(person)
        return person

    def register(self, people: Iterable[ListedPerson]) -> int:
        """Make the people of a list exist, as their keys and the seed say; return how many.

        Who is known already stays as she is.
        """
        before = len(self.people)
        for listed in people:
            if self.people.known(listed) is None:
                self.people.add(listed)
        return len(self.people) - before

    def supergroup(
        self, title: str, creator: Account, *, username: str | None = None, link: str | None = None
    ) -> Chat:
        """Add a supergroup; ``link`` is the hash of its permanent invite link."""
        return self._add_chat(ChatKind.SUPERGROUP, title, creator, username, link)

    def channel(
        self, title: str, creator: Account, *, username: str | None = None, link: str | None = None
    ) -> Chat:
        """Add a broadcast channel; ``link`` is the hash of its permanent invite link."""
        return self._add_chat(ChatKind.CHANNEL, title, creator, username, link)

    def basic_group(self, title: str, creator: Account, *, link: str | None = None) -> Chat:
        """Add a basic group."""
        return self._add_chat(ChatKind.BASIC_GROUP, title, creator, None, link)

    def seat(self, chat: Chat, person: Person, rights: frozenset[str] | None = None) -> None:
        """Make somebody a member of a chat before the story begins; with rights, an admin."""
        chat.members[person.id] = Membership(chat.made_at, rights=rights)

    def _add_chat(
        self, kind: ChatKind, title: str, creator: Account, username: str | None, link: str | None
    ) -> Chat:
        made_at = self._founded_at
        # A share of a long list would fill basic groups and channels up to their limits.
        regulars = kind is ChatKind.SUPERGROUP
        chat = Chat(FIRST_CHAT_ID + len(self.chats), kind, title, username, made_at, regulars)
        chat.members[creator.id] = Membership(made_at, rights=EVERY_RIGHT, creator=True)
        if chat.is_channel:
            made = Action(ActionKind.MADE, creator.id, title)
            chat.history.add(creator.id, Content(), made_at, made)
        self.chats[chat.id] = chat
        if username:
            self._chats_by_username[username.lower()] = chat
        if link:
            self.keep_link(chat, InviteLink(link, creator.id, made_at, permanent=True))
        return chat

    def _apply_founded(self, at: int) -> None:
        before, self._founded_at = self._founded_at, at
        for chat in self.chats.values():
            if chat.made_at == before:
                chat.made_at = at
                for member in chat.members.values():
                    member.joined_at = at

    # ------------------------------------------------------------------ questions

    def chats_of(self, user_id: int) -> list[Chat]:
        """Return the chats that an account is in; not groups that have become others."""
        return [
            chat for chat in self.chats.values() if user_id in chat.members and not chat.migrated_to
        ]

    def is_taken(self, username: str) -> bool:
        """Return whether a person or a chat has a username."""
        return self.chat_by_username(username) is not None or self.people.is_held(username)

    def membership(self, chat: Chat, user_id: int) -> Membership | None:
        """Return how somebody is in a chat, None when she is not."""
        member = chat.members.get(user_id)
        if member is None and self._is_regular(chat, user_id):
            return Membership(chat.made_at)
        return member

    def is_removed(self, chat: Chat, person: Person) -> bool:
        """Return whether somebody was thrown out of a chat and may not be added."""
        if chat.is_thrown_out(person.id, self.now()):
            return True
        seeded = chat.has_regulars and person.id not in chat.pardoned
        return seeded and self.people.conduct(person).behaviour is Behaviour.KICKED

    def member_ids(self, chat: Chat) -> list[int]:
        """Return the ids of all members: administrators first, then by the time of joining."""
        regulars = [
            user_id
            for user_id in self.people.regulars
            if user_id not in chat.members and self._is_regular(chat, user_id)
        ]
        admins = [i for i, member in chat.members.items() if member.rights is not None]
        others = [i for i, member in chat.members.items() if member.rights is None]
        return admins + regulars + others

    def member_count(self, chat: Chat) -> int:
        """Return how many members a chat has."""
        if not chat.has_regulars:
            return len(chat.members)
        regulars = self.people.regulars.keys()
        absent = (chat.left | chat.pardoned | self._thrown_out(chat)) & regulars
        # Whoever left and came back stands among the members too, and counts once.
        doubled = (chat.members.keys() & regulars) - absent
        return len(chat.members) + len(regulars) - len(absent) - len(doubled)

    def members(self, chat: Chat | str) -> list[Member]:
        """Return the membership of a chat, given itself or its username, for tests and reports."""
        if isinstance(chat, str):
            chat = self._chats_by_username[chat.lower()]
        return [self._member(chat, user_id) for user_id in self.member_ids(chat)]

    def _is_regular(self, chat: Chat, user_id: int) -> bool:
        return (
            chat.has_regulars
            and user_id in self.people.regulars
            and user_id not in chat.left
            and user_id not in chat.pardoned
            and ((ban := chat.bans.get(user_id)) is None or VIEW not in ban.rights)
        )

    def _thrown_out(self, chat: Chat) -> set[int]:
        return {user_id for user_id, ban in chat.bans.items() if VIEW in ban.rights}

    def _member(self, chat: Chat, user_id: int) -> Member:
        person = self.people.someone(user_id)
        membership = self.membership(chat, user_id)
        if person is None or membership is None:
            raise KeyError(user_id)
        return Member(
            user_id,
            person.username,
            person.phone,
            f"{person.first_name} {person.last_name}".strip(),
            datetime.fromtimestamp(membership.joined_at, UTC),
            membership.inviter_id,
        )
