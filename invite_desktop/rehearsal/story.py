"""What happens in a world once it runs: joins, links, contacts, letters; each one is kept."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from invite_desktop.rehearsal.chats import InviteLink, Membership
from invite_desktop.rehearsal.people import Account, Contact

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from invite_desktop.rehearsal.changes import Change
    from invite_desktop.rehearsal.chats import Chat
    from invite_desktop.rehearsal.mailbox import Letter, ReadMark
    from invite_desktop.rehearsal.people import Person
    from invite_desktop.rehearsal.state import WorldState


class Story:
    """The changes of a world; every method applies one, writes it, and returns what came of it."""

    def __init__(self, world: WorldState) -> None:
        self._world = world
        self._commit = world.changes.commit
        self._letters: list[Change] = []
        world.changes.keep(
            {
                "join": self._apply_join,
                "leave": self._apply_leave,
                "link": self._apply_link,
                "contact": self._apply_contact,
                "no contact": self._apply_no_contact,
                "letter": self._apply_letter,
                "read": self._apply_read,
            },
            self._dump,
        )

    def join(self, chat: Chat, user_id: int, inviter_id: int = 0, link: str = "") -> None:
        """Make somebody a member: added by a member, or by herself through a link's hash."""
        self._commit("join", chat.id, user_id, inviter_id, self._world.now(), link)

    def leave(self, chat: Chat, user_id: int, removed_by: int = 0) -> None:
        """End a membership; with ``removed_by`` she was thrown out and may not be added again."""
        self._commit("leave", chat.id, user_id, removed_by)

    def make_link(
        self, chat: Chat, admin_id: int, title: str, expires_at: int, usage_limit: int
    ) -> InviteLink:
        """Make an invite link of an administrator's own."""
        link_hash = secrets.token_urlsafe(12)
        now = self._world.now()
        self._commit("link", chat.id, link_hash, admin_id, now, title, expires_at, usage_limit)
        return chat.links[link_hash]

    def save_contact(self, owner: Account, user_id: int, first_name: str, last_name: str) -> None:
        """Put somebody among an account's contacts."""
        self._commit("contact", owner.id, user_id, first_name, last_name)

    def drop_contact(self, owner: Account, user_id: int) -> None:
        """Take somebody out of an account's contacts."""
        self._commit("no contact", owner.id, user_id)

    def send(
        self, sender: Person, recipient: Person, text: str, random_id: int = 0
    ) -> tuple[Letter | None, Letter | None]:
        """Deliver a private message; return the copies of sender and recipient, if accounts."""
        now = self._world.now()
        copies: tuple[Letter | None, Letter | None] = self._commit(
            "letter", sender.id, recipient.id, text, now, random_id
        )
        return copies

    def mark_read(self, owner: Account, peer_id: int, up_to: int) -> ReadMark | None:
        """Remember how far an account has read a dialogue; None when it had read so far before."""
        mark: ReadMark | None = self._commit("read", owner.id, peer_id, up_to)
        return mark

    # ------------------------------------------------------------------ applying

    def _apply_join(
        self, chat_id: int, user_id: int, inviter_id: int, at: int, link: str = ""
    ) -> None:
        chat = self._world.chats[chat_id]
        chat.left.discard(user_id)
        chat.removed.pop(user_id, None)
        if account := self._world.accounts.get(user_id):
            account.mailbox.chats_joined[chat_id] = at
        if user_id not in chat.members:
            chat.members[user_id] = Membership(at, inviter_id, link=link)
            if link in chat.links:
                chat.links[link].usage += 1

    def _apply_leave(self, chat_id: int, user_id: int, removed_by: int) -> None:
        chat = self._world.chats[chat_id]
        chat.members.pop(user_id, None)
        if removed_by:
            chat.removed[user_id] = removed_by
        else:
            chat.left.add(user_id)

    def _apply_link(
        self,
        chat_id: int,
        link_hash: str,
        admin_id: int,
        at: int,
        title: str,
        *limits: int,
    ) -> None:
        expires_at, usage_limit = limits
        link = InviteLink(link_hash, admin_id, at, title, expires_at, usage_limit)
        self._world.keep_link(self._world.chats[chat_id], link)

    def _apply_contact(self, owner_id: int, user_id: int, first: str, last: str) -> None:
        self._world.accounts[owner_id].contacts[user_id] = Contact(first, last)

    def _apply_no_contact(self, owner_id: int, user_id: int) -> None:
        self._world.accounts[owner_id].contacts.pop(user_id, None)

    def _apply_letter(
        self, sender_id: int, recipient_id: int, text: str, at: int, random_id: int
    ) -> tuple[Letter | None, Letter | None]:
        accounts = self._world.accounts
        own = incoming = None
        if sender := accounts.get(sender_id):
            own = sender.mailbox.keep(recipient_id, text, at, out=True)
            if random_id:
                sender.mailbox.remember(random_id, own)
        if sender_id != recipient_id and (recipient := accounts.get(recipient_id)):
            incoming = recipient.mailbox.keep(sender_id, text, at, out=False)
        self._letters.append(("letter", sender_id, recipient_id, text, at, random_id))
        return own, incoming

    def _apply_read(self, owner_id: int, peer_id: int, up_to: int) -> ReadMark | None:
        mark = self._world.accounts[owner_id].mailbox.mark_read(peer_id, up_to)
        if mark is not None:
            self._letters.append(("read", owner_id, peer_id, up_to))
        return mark

    # ------------------------------------------------------------------ listing

    def _dump(self) -> Iterator[Change]:
        for chat in self._world.chats.values():
            yield from _dump_chat(chat)
        for account in self._world.accounts.values():
            for user_id, contact in account.contacts.items():
                yield "contact", account.id, user_id, contact.first_name, contact.last_name
        yield from self._letters


def _dump_chat(chat: Chat) -> Iterable[Change]:
    # Links come before members: joining by a link raises the count of its uses.
    for link in chat.links.values():
        if not link.permanent:
            limits = link.expires_at, link.usage_limit
            yield "link", chat.id, link.hash, link.admin_id, link.made_at, link.title, *limits
    for user_id, member in chat.members.items():
        yield "join", chat.id, user_id, member.inviter_id, member.joined_at, member.link
    for user_id in chat.left:
        yield "leave", chat.id, user_id, 0
    for user_id, removed_by in chat.removed.items():
        yield "leave", chat.id, user_id, removed_by
