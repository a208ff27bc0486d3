"""The server's side of a rehearsal, for people to look at: who was touched, and how."""

from __future__ import annotations

from bisect import insort
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from invite_desktop.engine.ports.server_view import (
    Deed,
    DeedKind,
    ServerAccount,
    ServerChat,
    ServerPerson,
    ServerTotals,
)
from invite_desktop.rehearsal.chats import VIEW
from invite_desktop.rehearsal.people import TELEGRAM_ID
from invite_desktop.rehearsal.refusals import reason_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from invite_desktop.rehearsal.chats import Chat
    from invite_desktop.rehearsal.people import Account, Person
    from invite_desktop.rehearsal.world import World


class _Entry(NamedTuple):
    """One deed as it is kept; ``words`` is a message's text or a refusal's name."""

    kind: DeedKind
    at: int = 0
    by_id: int = 0
    chat_id: int = 0
    words: str = ""


_LOOKED_UP = _Entry(DeedKind.LOOKED_UP)


class ServerBook:
    """Writes down what the changes of a world mean to its people; a ServerView.

    Make it before the server starts: what is read from disk is written down as well.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._entries: dict[int, list[_Entry]] = {}
        self._order: list[int] = []
        self._joined: dict[int, set[int]] = {}
        self._last: Counter[DeedKind] = Counter()
        self._left: dict[int, set[int]] = {}
        self._messages = 0
        self._answers = 0
        self.version = 0
        world.changes.watch(self._seen)

    def totals(self) -> ServerTotals:
        """Return the sums."""
        return ServerTotals(
            people=len(self._world.people) - len(self._world.accounts),
            touched=len(self._order),
            joined=sum(map(len, self._joined.values())),
            messages=self._messages,
            refused=self._last[DeedKind.REFUSED],
            left=sum(map(len, self._left.values())),
            answers=self._answers,
        )

    def people(self, offset: int, limit: int) -> Sequence[ServerPerson]:
        """Return a page of the touched people, in the order in which they were first touched."""
        found = (self._world.people.someone(i) for i in self._order[offset : offset + limit])
        return [self._shown(person) for person in found if person is not None]

    def chats(self) -> Sequence[ServerChat]:
        """Return every chat."""
        return [
            ServerChat(
                chat.id,
                chat.title,
                chat.kind,
                _address(chat),
                self._world.member_count(chat),
                len(self._joined.get(chat.id, ())),
            )
            for chat in self._world.chats.values()
        ]

    def accounts(self) -> Sequence[ServerAccount]:
        """Return who can log in."""
        return [_shown_account(account) for account in self._world.accounts.values()]

    def _seen(self, name: str, values: Sequence[Any]) -> None:
        match name, values:
            case "met", (user_id, *_):
                self._write(user_id, _LOOKED_UP)
            case "join", (chat_id, user_id, inviter_id, at, *_) if inviter_id:
                self._write(user_id, _Entry(DeedKind.JOINED, at, inviter_id, chat_id))
                self._joined.setdefault(chat_id, set()).add(user_id)
                self._left.get(chat_id, set()).discard(user_id)
            case "leave", (chat_id, user_id, *more):
                self._note_end(chat_id, user_id, sum(more[1:]))  # earlier versions kept no time
            case "chat ban", (chat_id, user_id, _, at, _, rights) if VIEW in rights:
                self._note_end(chat_id, user_id, at)
            case "letter", (sender_id, recipient_id, words, at, *_):
                self._note_letter(sender_id, recipient_id, _text(words), at)
            case "refused", (chat_id, user_id, account_id, at, reason):
                self._write(user_id, _Entry(DeedKind.REFUSED, at, account_id, chat_id, reason))

    def _note_letter(self, sender_id: int, recipient_id: int, text: str, at: int) -> None:
        if sender_id in self._world.accounts:
            self._messages += recipient_id not in self._world.accounts
            self._write(recipient_id, _Entry(DeedKind.WRITTEN_TO, at, sender_id, words=text))
        elif sender_id != TELEGRAM_ID:
            self._answers += 1
            self._write(sender_id, _Entry(DeedKind.ANSWERED, at, recipient_id, words=text))

    def _note_end(self, chat_id: int, user_id: int, at: int) -> None:
        if user_id in self._joined.get(chat_id, ()):
            self._joined[chat_id].remove(user_id)
            self._left.setdefault(chat_id, set()).add(user_id)
            self._write(user_id, _Entry(DeedKind.LEFT, at, chat_id=chat_id))

    def _write(self, user_id: int, entry: _Entry) -> None:
        if user_id in self._world.accounts:
            return
        self.version += 1
        entries = self._entries.get(user_id)
        if entries is None:
            self._order.append(user_id)
            entries = self._entries[user_id] = []
        elif entry is _LOOKED_UP:
            return
        else:
            self._last[entries[-1].kind] -= 1
        # What is read from disk comes sorted by its kind, not by its time.
        insort(entries, entry, key=lambda each: each.at)
        self._last[entries[-1].kind] += 1

    def _shown(self, person: Person) -> ServerPerson:
        name = f"{person.first_name} {person.last_name}".strip()
        deeds = [self._deed(entry) for entry in self._entries[person.id]]
        return ServerPerson(person.id, name, person.username, person.phone, tuple(deeds))

    def _deed(self, entry: _Entry) -> Deed:
        account = self._world.accounts.get(entry.by_id)
        chat = self._world.chats.get(entry.chat_id)
        refused = entry.kind is DeedKind.REFUSED
        return Deed(
            entry.kind,
            datetime.fromtimestamp(entry.at, UTC) if entry.at else None,
            by=_label(account) if account else "",
            chat=chat.title if chat else "",
            text="" if refused else entry.words,
            reason=reason_words(entry.words) if refused else None,
        )


def _text(words: Any) -> str:  # noqa: ANN401 - a content as JSON gives it back
    return str(words if isinstance(words, str) else words[0])


def _label(account: Account) -> str:
    return f"@{account.username}" if account.username else str(account.phone)


def _address(chat: Chat) -> str:
    if chat.username:
        return f"@{chat.username}"
    return next((link.address for link in chat.links.values() if link.permanent), "")


def _shown_account(account: Account) -> ServerAccount:
    return ServerAccount(
        account.phone or "",
        account.code,
        f"{account.first_name} {account.last_name}".strip(),
        account.username or "",
        account.password or "",
    )
