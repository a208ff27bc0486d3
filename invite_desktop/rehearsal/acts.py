"""What people do of themselves: join, ask, leave, answer, block, change names, go.

For scenarios and tests. The rules of Telegram hold: who breaks one gets ImpossibleActError.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from invite_desktop.rehearsal.population import Behaviour

if TYPE_CHECKING:
    from invite_desktop.rehearsal.chats import Chat, InviteLink, Membership
    from invite_desktop.rehearsal.directory import Directory
    from invite_desktop.rehearsal.letters import Letter
    from invite_desktop.rehearsal.people import Account, Person
    from invite_desktop.rehearsal.story import Story


class ImpossibleActError(ValueError):
    """Telegram would not let a person do this."""


class Scene(Protocol):
    """What acting needs to know of a world."""

    people: Directory

    def now(self) -> int:
        """Return the world's time, unix seconds."""
        ...

    def chat_by_link(self, link_hash: str) -> tuple[Chat, InviteLink] | None:
        """Return the chat that a link leads to, with the link."""
        ...

    def membership(self, chat: Chat, user_id: int) -> Membership | None:
        """Return how somebody is in a chat, None when she is not."""
        ...

    def is_removed(self, chat: Chat, person: Person) -> bool:
        """Return whether somebody was thrown out of a chat and may not be added."""
        ...

    def is_taken(self, username: str) -> bool:
        """Return whether a person or a chat has a username."""
        ...


class Acts:
    """People's own doing; connected accounts see it at once, and it is kept."""

    def __init__(self, world: Scene, story: Story) -> None:
        self._world = world
        self._story = story

    def join_by_link(self, person: Person, link: str) -> bool:
        """Join by a link, its address or hash; False: she waits for an administrator now."""
        link_hash = link.rpartition("+")[2]
        found = self._world.chat_by_link(link_hash)
        if found is None or not found[1].leads_in(self._world.now()):
            raise ImpossibleActError("the link leads nowhere")
        chat, invite = found
        self._check_outside(chat, person)
        if invite.by_request:
            self._story.ask(chat, person.id, link_hash)
            return False
        self._story.join(chat, person.id, link=link_hash)
        return True

    def join(self, person: Person, chat: Chat) -> bool:
        """Join a public chat by its name; False: she waits for an administrator now."""
        if not chat.username:
            raise ImpossibleActError("the chat is not public")
        self._check_outside(chat, person)
        if chat.join_by_request:
            self._story.ask(chat, person.id)
            return False
        self._story.join(chat, person.id)
        return True

    def leave(self, person: Person, chat: Chat) -> None:
        """Leave a chat; after that only a mutual contact can add her again."""
        if self._world.membership(chat, person.id) is None:
            raise ImpossibleActError("she is not in the chat")
        self._story.leave(chat, person.id)

    def write(self, person: Person, account: Account, text: str) -> Letter:
        """Write to one of the accounts, such as an answer to its message."""
        self._check_alive(person)
        if self._world.people.has_blocked(account, person.id):
            raise ImpossibleActError("the account has blocked her")
        self._world.people.meet(person)
        _, letter = self._story.send(person, account, text)
        if letter is None:
            raise ImpossibleActError("nobody has this account")
        return letter

    def read(self, person: Person, account: Account) -> None:
        """Read what an account has written to her."""
        own = [i.id for i in account.mailbox.dialogue(person.id) if i.out]
        if own:
            self._story.mark_read_by_peer(account, person.id, own[-1])

    def post(self, person: Person, chat: Chat, text: str) -> None:
        """Write into a group that she is in."""
        if self._world.membership(chat, person.id) is None:
            raise ImpossibleActError("she is not in the chat")
        self._world.people.meet(person)
        self._story.write_into(chat, person.id, text)

    def block(self, person: Person, account: Account) -> None:
        """Block an account: it can neither write to her nor add her."""
        self._story.block(person, account.id)

    def unblock(self, person: Person, account: Account) -> None:
        """Block an account no more."""
        self._story.unblock(person, account.id)

    def save_contact(self, person: Person, account: Account) -> None:
        """Put an account among her contacts: settings for contacts only let it in from now on."""
        self._story.acquaint(person, account)

    def change_username(self, person: Person, username: str | None) -> None:
        """Take another username, or none."""
        self._check_alive(person)
        if username and self._world.is_taken(username):
            raise ImpossibleActError("somebody has this name")
        self._story.rename(person, username)

    def delete_account(self, person: Person) -> None:
        """Delete her account."""
        self._check_alive(person)
        self._story.delete_account(person)

    def _check_outside(self, chat: Chat, person: Person) -> None:
        self._check_alive(person)
        if self._world.membership(chat, person.id) is not None:
            raise ImpossibleActError("she is in the chat already")
        if self._world.is_removed(chat, person):
            raise ImpossibleActError("she was thrown out of the chat")
        self._world.people.meet(person)

    def _check_alive(self, person: Person) -> None:
        if self._world.people.conduct(person).behaviour is Behaviour.DELETED:
            raise ImpossibleActError("her account is deleted")
