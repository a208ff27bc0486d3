"""Who exists: people by id, by username and by phone, and those that are met for the first time."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from invite_desktop.rehearsal.people import Account, ListedPerson, Person, canonical_key
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
        self._by_username: dict[str, Person] = {}
        self._by_phone: dict[str, Person] = {}
        self._met: dict[int, None] = {}
        changes.keep({"met": self._apply_met}, self._dump)

    def __len__(self) -> int:
        return len(self._people)

    def someone(self, user_id: int) -> Person | None:
        """Return the person or account with this id."""
        return self._people.get(user_id)

    def conduct(self, person: Person) -> Conduct:
        """Return how somebody answers."""
        return person.conduct or self.population.conduct(person.key)

    def by_username(self, name: str) -> Person | None:
        """Return who has this username, inventing her when there are births."""
        person = self._by_username.get(name.lower())
        if person is None and self.births and USERNAME.fullmatch(name):
            person = self.add(ListedPerson(username=name))
        if person is None or self.conduct(person).behaviour is Behaviour.ABSENT:
            return None
        return self._meet(person)

    def by_phone(self, phone: str) -> Person | None:
        """Return whom a look-up by phone (E.164) finds; few let themselves be found."""
        person = self._by_phone.get(phone)
        if person is None and self.births and PHONE.fullmatch(phone):
            person = self.add(ListedPerson(phone=phone))
        if person is None:
            return None
        conduct = self.conduct(person)
        if conduct.behaviour is Behaviour.ABSENT or not conduct.found_by_phone:
            return None
        return self._meet(person)

    def account_of_phone(self, phone: str) -> Account | None:
        """Return the account that logs in with this phone."""
        person = self._by_phone.get(phone)
        return person if isinstance(person, Account) else None

    def known(self, listed: ListedPerson) -> Person | None:
        """Return who has the strongest key of a row, None when nobody has."""
        if listed.username:
            return self._by_username.get(listed.username.lower())
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

    def _meet(self, person: Person) -> Person:
        if person.id not in self._met and not isinstance(person, Account):
            self._changes.commit("met", *_row(person))
        return person

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
