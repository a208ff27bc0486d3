"""The people of a world: those on lists, and the user's own accounts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from invite_desktop.rehearsal.mailbox import Mailbox

if TYPE_CHECKING:
    from invite_desktop.rehearsal.population import Conduct


class ListedPerson(NamedTuple):
    """One row of the user's list; ``phone`` in E.164."""

    username: str | None = None
    phone: str | None = None
    telegram_id: int | None = None
    first_name: str = ""
    last_name: str = ""


@dataclass(slots=True, eq=False)
class Person:
    """Somebody with a Telegram id. ``phone`` in E.164; ``conduct`` None: as the seed says."""

    id: int
    username: str | None
    phone: str | None
    first_name: str
    last_name: str
    conduct: Conduct | None = None

    @property
    def key(self) -> str:
        """Return the strongest key in canonical form: username, else phone, else id."""
        return canonical_key(self.username, self.phone, self.id)


TELEGRAM_ID = 777000
"""The id of Telegram's own account, which sends login codes."""


@dataclass(slots=True, eq=False)
class Contact:
    """How an account has saved somebody in its contacts."""

    first_name: str
    last_name: str


@dataclass(slots=True, eq=False)
class Account(Person):
    """One of the user's accounts: somebody who can log in here, in data centre ``dc``.

    ``pinned`` and ``archived`` are dialogues, chats with a minus; ``posts_read``: by chat, the last
    post that was read.
    """

    code: str = ""
    password: str | None = None
    hint: str = ""
    premium: bool = False
    dc: int = 2
    contacts: dict[int, Contact] = field(default_factory=dict)
    mailbox: Mailbox = field(default_factory=Mailbox)
    pinned: list[int] = field(default_factory=list)
    archived: list[int] = field(default_factory=list)
    posts_read: dict[int, int] = field(default_factory=dict)


def canonical_key(username: str | None, phone: str | None, user_id: int | None) -> str:
    """Return the key on which everything seeded about a person depends."""
    if username:
        return f"username:{username.lower()}"
    return f"phone:{phone}" if phone else f"id:{user_id}"
