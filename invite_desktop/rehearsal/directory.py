"""Who exists: people by id, by username and by phone, and those that are met for the first time."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from invite_desktop.rehearsal.people import (
    TELEGRAM_ID,
    Account,
    ListedPerson,
    Person,
    canonical_key,
)
from invite_desktop.rehearsal.population import Behaviour, Conduct, Population, invented_id

if TYPE_CHECKING:
    from collections.abc import Iterable

    from invite_desktop.rehearsal.changes import Change, Changes

USERNAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{3,31}")
"""Telegram's rule; names of four letters are sold at auction."""

PHONE = re.compile(r"\+[1-9]\d{6,14}")
"""E.164."""


class Directory:
    """All people of a world, accounts included.

    ``births``: a well-formed name or phone that nobody knows belongs to somebody, who is invented
    at the first look-up. People that a look-up found come back after a restart even if no list
    names them again.
    """

    def __init__(self, population: Population, changes: Changes, *, births: bool) -> None:
        self.population = population
        self.births = births
        self.regulars: dict[int, Person] = {}
        self._changes = changes
        self._people: dict[int, Person] = {}
        nobody_adds = Conduct(behaviour=Behaviour.PRIVACY)
        self.telegram = Person(TELEGRAM_ID, None, None, "Telegram", "", conduct=nobody_adds)
        self._by_username: dict[str, Person] = {}
        self._by_phone: dict[str, Person] = {}
        self.acquaintances: dict[int, set[int]] = {}
        self.blocks: dict[int, dict[int, int]] = {}
        self.deleted: dict[int, None] = {}
        self._met: dict[int, None] = {}
        self._names: dict[int, tuple[str, list[str | None]]] = {}
        self._given_up: dict[str, Person] = {}
        changes.keep({"met": self._apply_met}, self._dump)

    def __len__(self) -> int:
        return len(self._people)

    def someone(self, user_id: int) -> Person | None:
        """Return the person or account with this id, Telegram's own account too."""
        person = self._people.get(user_id)
        return self.telegram if person is None and user_id == TELEGRAM_ID else person

    def conduct(self, person: Person) -> Conduct:
        """Return how somebody answers."""
        return person.conduct or self.population.conduct(person.key)

    def by_username(self, name: str) -> Person | None:
        """Return who has this username, inventing her when there are births."""
        person = self._by_username.get(name.lower())
        free = person is None and name.lower() not in self._given_up
        if free and self.births and USERNAME.fullmatch(name):
            person = self.add(ListedPerson(username=name))
        if person is None or self.conduct(person).behaviour is Behaviour.ABSENT:
            return None
        self.meet(person)
        return person

    def is_held(self, username: str) -> bool:
        """Return whether somebody has this username; nobody is invented to have it."""
        return username.lower() in self._by_username

    def by_phone(self, phone: str, viewer_id: int = 0) -> Person | None:
        """Return whom a look-up by phone (E.164) finds; few let strangers find them."""
        person = self._by_phone.get(phone)
        if person is None and self.births and PHONE.fullmatch(phone):
            person = self.add(ListedPerson(phone=phone))
        if person is None:
            return None
        conduct = self.conduct(person)
        hidden = not conduct.found_by_phone and not self.has_saved(person, viewer_id)
        if conduct.behaviour in {Behaviour.ABSENT, Behaviour.DELETED} or hidden:
            return None
        self.meet(person)
        return person

    def account_of_phone(self, phone: str) -> Account | None:
        """Return the account that logs in with this phone."""
        person = self._by_phone.get(phone)
        return person if isinstance(person, Account) else None

    def known(self, listed: ListedPerson) -> Person | None:
        """Return who has the strongest key of a row, None when nobody has."""
        if listed.username:
            name = listed.username.lower()
            return self._by_username.get(name) or self._given_up.get(name)
        if listed.phone:
            return self._by_phone.get(listed.phone)
        return self._people.get(listed.telegram_id or 0)

    def add(self, listed: ListedPerson) -> Person:
        """Make somebody exist; an id that is taken is replaced by an invented one."""
        key = canonical_key(listed.username, listed.phone, listed.telegram_id)
        user_id = listed.telegram_id
        if user_id is None or user_id in self._people:
            user_id = invented_id(key)
        first_name = listed.first_name or self.population.first_name(key)
        person = Person(user_id, listed.username, listed.phone, first_name, listed.last_name)
        self.index(person)
        self.note_regular(person)
        return person

    def index(self, person: Person) -> None:
        """Let somebody be found by her keys; a phone stays with whom it was given to first."""
        self._people[person.id] = person
        if person.username:
            self._by_username[person.username.lower()] = person
        if person.phone:
            self._by_phone.setdefault(person.phone, person)

    def note_regular(self, person: Person) -> None:
        """Remember whether somebody has been in the chats since before the story began."""
        conduct = person.conduct
        behaviour = conduct.behaviour if conduct else self.population.behaviour(person.key)
        if behaviour is Behaviour.ALREADY_MEMBER:
            self.regulars[person.id] = person
        else:
            self.regulars.pop(person.id, None)

    def has_saved(self, person: Person, user_id: int) -> bool:
        """Return whether somebody has another among her contacts."""
        if isinstance(person, Account):
            return user_id in person.contacts
        return user_id in self.acquaintances.get(person.id, ())

    def has_blocked(self, person: Person, user_id: int) -> bool:
        """Return whether somebody has blocked another."""
        return user_id in self.blocks.get(person.id, ())

    def rename(self, person: Person, username: str | None, key: str) -> None:
        """Change a username; ``key`` is the one on which her behaviour depends and that stays."""
        person.conduct = person.conduct or self.population.conduct(key)
        self._drop_name(person)
        first = key.removeprefix("username:")
        if first != key and first not in self._by_username:
            self._given_up[first] = person
        person.username = username
        if username:
            self._by_username[username.lower()] = person
            self._given_up.pop(username.lower(), None)
        kept_key, names = self._names.setdefault(person.id, (key, []))
        self._names[person.id] = kept_key, [*names, username]
        self.note_regular(person)

    def renamed(self) -> Iterable[tuple[int, list[str | None], str]]:
        """Return who has changed her username: id, all names since, and the key of behaviour."""
        return ((user_id, names, key) for user_id, (key, names) in self._names.items())

    def delete(self, person: Person) -> None:
        """Let somebody's account be deleted: nobody finds her by name or phone any more."""
        person.conduct = replace(self.conduct(person), behaviour=Behaviour.DELETED)
        self.deleted[person.id] = None
        self._drop_name(person)
        person.username = None

    def _drop_name(self, person: Person) -> None:
        name = (person.username or "").lower()
        if name and self._by_username.get(name) is person:
            del self._by_username[name]
            self._given_up[name] = person

    def meet(self, person: Person) -> None:
        """Remember somebody who has appeared in the story, whatever lists say at the next start."""
        if person.id not in self._met and not isinstance(person, Account):
            self._changes.commit("met", *_row(person))

    def _apply_met(
        self, user_id: int, username: str | None, phone: str | None, first: str, last: str
    ) -> None:
        if user_id not in self._people:
            person = Person(user_id, username, phone, first, last)
            self.index(person)
            self.note_regular(person)
        self._met[user_id] = None

    def _dump(self) -> Iterable[Change]:
        return (("met", *_row(self._people[user_id])) for user_id in self._met)


def _row(person: Person) -> tuple[int, str | None, str | None, str, str]:
    return person.id, person.username, person.phone, person.first_name, person.last_name
