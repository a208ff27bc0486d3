"""What happens in a world once it runs: people, their chats and letters; each change is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invite_desktop.rehearsal.founding import Founding
from invite_desktop.rehearsal.news import NameNews
from invite_desktop.rehearsal.people import Account, Contact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from invite_desktop.rehearsal.changes import Change
    from invite_desktop.rehearsal.people import Person
    from invite_desktop.rehearsal.state import WorldState


class Story(Founding):
    """The changes of a world; every method applies one, writes it, and returns what came of it.

    Nothing here asks whether a change is allowed: see the methods of the API, and ``Acts``.
    """

    def __init__(self, world: WorldState) -> None:
        world.changes.keep(
            {
                "contact": self._apply_contact,
                "no contact": self._apply_no_contact,
                "acquainted": self._apply_acquainted,
                "block": self._apply_block,
                "no block": self._apply_no_block,
                "name": self._apply_name,
                "gone": self._apply_gone,
                "pins": self._apply_pins,
                "archive": self._apply_archive,
            },
            self._dump_people,
        )
        super().__init__(world)

    # ------------------------------------------------------------------ people

    def save_contact(self, owner: Account, user_id: int, first_name: str, last_name: str) -> None:
        """Put somebody among an account's contacts."""
        self._commit("contact", owner.id, user_id, first_name, last_name)

    def drop_contact(self, owner: Account, user_id: int) -> None:
        """Take somebody out of an account's contacts."""
        self._commit("no contact", owner.id, user_id)

    def acquaint(self, person: Person, account: Account) -> None:
        """Let somebody have an account among her contacts."""
        if isinstance(person, Account):
            self.save_contact(person, account.id, account.first_name, account.last_name)
        else:
            self._world.people.meet(person)
            self._commit("acquainted", person.id, account.id)

    def block(self, blocker: Person, user_id: int) -> None:
        """Let somebody block somebody."""
        self._world.people.meet(blocker)
        self._commit("block", blocker.id, user_id, self._world.now())

    def unblock(self, blocker: Person, user_id: int) -> None:
        """Let somebody block somebody no more."""
        self._commit("no block", blocker.id, user_id)

    def rename(self, person: Person, username: str | None) -> None:
        """Give somebody another username, or none; how she behaves stays."""
        self._world.people.meet(person)
        self._commit("name", person.id, username, person.key)
        self._world.publish(NameNews(person.id))

    def delete_account(self, person: Person) -> None:
        """Delete somebody's account; her places in chats stay, without a name."""
        self._world.people.meet(person)
        self._commit("gone", person.id)

    # ------------------------------------------------------------------ an account's own view

    def pin(self, owner: Account, peers: list[int]) -> None:
        """Set the dialogues that stand at the top; chats with a minus."""
        self._commit("pins", owner.id, peers)

    def archive(self, owner: Account, peers: list[int]) -> None:
        """Set the dialogues that are in the archive; chats with a minus."""
        self._commit("archive", owner.id, peers)

    # ------------------------------------------------------------------ applying

    def _apply_contact(self, owner_id: int, user_id: int, first: str, last: str) -> None:
        self._world.accounts[owner_id].contacts[user_id] = Contact(first, last)

    def _apply_no_contact(self, owner_id: int, user_id: int) -> None:
        self._world.accounts[owner_id].contacts.pop(user_id, None)

    def _apply_acquainted(self, person_id: int, account_id: int) -> None:
        self._world.people.acquaintances.setdefault(person_id, set()).add(account_id)

    def _apply_block(self, blocker_id: int, user_id: int, at: int) -> None:
        self._world.people.blocks.setdefault(blocker_id, {})[user_id] = at

    def _apply_no_block(self, blocker_id: int, user_id: int) -> None:
        self._world.people.blocks.get(blocker_id, {}).pop(user_id, None)

    def _apply_name(self, user_id: int, username: str | None, key: str) -> None:
        if person := self._world.people.someone(user_id):
            self._world.people.rename(person, username, key)

    def _apply_gone(self, user_id: int) -> None:
        if person := self._world.people.someone(user_id):
            self._world.people.delete(person)

    def _apply_pins(self, owner_id: int, peers: list[int]) -> None:
        self._world.accounts[owner_id].pinned = list(peers)

    def _apply_archive(self, owner_id: int, peers: list[int]) -> None:
        self._world.accounts[owner_id].archived = list(peers)

    # ------------------------------------------------------------------ listing

    def _dump_people(self) -> Iterator[Change]:
        for account in self._world.accounts.values():
            yield from _dump_account(account)
        people = self._world.people
        for person_id, account_ids in people.acquaintances.items():
            yield from (("acquainted", person_id, account_id) for account_id in account_ids)
        for blocker_id, blocked in people.blocks.items():
            yield from (("block", blocker_id, user_id, at) for user_id, at in blocked.items())
        for user_id, names, key in people.renamed():
            yield from (("name", user_id, name, key) for name in names)
        yield from (("gone", user_id) for user_id in people.deleted)


def _dump_account(account: Account) -> Iterator[Change]:
    for user_id, contact in account.contacts.items():
        yield "contact", account.id, user_id, contact.first_name, contact.last_name
    if account.pinned:
        yield "pins", account.id, account.pinned
    if account.archived:
        yield "archive", account.id, account.archived
