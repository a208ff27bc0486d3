"""What is written in a world: letters and posts, their edits and ends, and how far they are read.

Letters and what happens to them are kept in their order, because every account numbers them so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from invite_desktop.rehearsal.letters import Action, Content, Letter, Post, mark
from invite_desktop.rehearsal.news import MailNews, PostChange, PostNews, ReadNews

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from invite_desktop.rehearsal.changes import Change
    from invite_desktop.rehearsal.chats import Chat
    from invite_desktop.rehearsal.mailbox import Event
    from invite_desktop.rehearsal.people import Account, Person
    from invite_desktop.rehearsal.state import WorldState

_Copies = list[tuple[int, int]]
"""Where one letter is kept: ids of accounts, each with the letter's id there."""

_Words: TypeAlias = "str | Sequence[Any]"
"""A content as JSON gives it back; in files of earlier versions the text alone."""

_Action: TypeAlias = "Sequence[Any] | None"
"""An action as JSON gives it back."""


class MailStory:
    """Everything written; every method applies a change, writes it, and tells of it."""

    def __init__(self, world: WorldState) -> None:
        self._world = world
        self._commit = world.changes.commit
        self._mail: list[Change] = []
        self._post_ids: list[tuple[int, int]] = []
        self._copies: list[_Copies] = []
        world.changes.keep(
            {
                "letter": self._apply_letter,
                "group letter": self._apply_group_letter,
                "edit": self._apply_edit,
                "delete": self._apply_delete,
                "read": self._apply_read,
                "read by peer": self._apply_read_by_peer,
                "post": self._apply_post,
                "post edit": self._apply_post_edit,
                "post delete": self._apply_post_delete,
                "post read": self._apply_post_read,
                "kept post": self._apply_kept_post,
                "kept deletion": self._apply_kept_deletion,
                "kept random id": self._apply_kept_random_id,
            },
            self._dump,
        )

    # ------------------------------------------------------------------ letters

    def send(
        self, sender: Person, recipient: Person, content: Content | str, random_id: int = 0
    ) -> tuple[Letter | None, Letter | None]:
        """Deliver a private message; return the copies of sender and recipient, if accounts."""
        content = Content(content) if isinstance(content, str) else content
        now = self._world.now()
        with self._world.changes:
            copies = self._commit("letter", sender.id, recipient.id, content, now, random_id)
            self._tell(copies)
        kept = {owner_id: self._kept(owner_id, event) for owner_id, event in copies}
        own = kept.pop(sender.id, None)
        return own, kept.get(recipient.id)

    def send_to_group(
        self,
        chat: Chat,
        author_id: int,
        content: Content,
        random_id: int = 0,
        action: Action | None = None,
        also: Iterable[int] = (),
    ) -> Letter | None:
        """Deliver a message to the accounts in a basic group; return the author's copy.

        ``also``: ids of accounts that have just left.
        """
        present = {*chat.members, *also}
        readers = [user_id for user_id in self._world.accounts if user_id in present]
        now = self._world.now()
        copies = self._commit(
            "group letter", chat.id, author_id, content, now, random_id, readers, action
        )
        self._tell(copies)
        return next((self._kept(i, event) for i, event in copies if i == author_id), None)

    def edit(self, owner: Account, letter: Letter, content: Content) -> None:
        """Change what a letter says, in all its copies."""
        self._tell(self._commit("edit", owner.id, letter.id, content, self._world.now()))

    def delete(self, owner: Account, letters: Sequence[Letter], *, for_all: bool) -> None:
        """Take letters away from their owner, or from everybody who got them."""
        if letters:
            ids = [letter.id for letter in letters]
            self._tell(self._commit("delete", owner.id, ids, for_all))

    def mark_read(self, owner: Account, peer_id: int, up_to: int) -> None:
        """Remember how far an account has read a dialogue; the other side sees it."""
        if up_to > owner.mailbox.read_up_to(peer_id):
            self._tell(self._commit("read", owner.id, peer_id, up_to))

    def mark_read_by_peer(self, owner: Account, peer_id: int, up_to: int) -> None:
        """Remember how far somebody has read an account's letters to her."""
        if up_to > owner.mailbox.read_by_peer_up_to(peer_id):
            self._tell(self._commit("read by peer", owner.id, peer_id, up_to))

    def _tell(self, copies: Sequence[tuple[int, Event]]) -> None:
        for owner_id, event in copies:
            self._world.publish(MailNews(owner_id, event))

    def _kept(self, owner_id: int, event: Event) -> Letter | None:
        return self._world.accounts[owner_id].mailbox.letter(event.ids[0])

    # ------------------------------------------------------------------ posts

    def post(
        self,
        chat: Chat,
        author_id: int,
        content: Content,
        random_id: int = 0,
        action: Action | None = None,
    ) -> Post:
        """Write into a supergroup or channel."""
        now = self._world.now()
        post: Post = self._commit("post", chat.id, author_id, content, now, random_id, action)
        self._world.publish(PostNews(chat, PostChange.NEW, (post.id,), chat.history.pts))
        return post

    def write_into(self, chat: Chat, author_id: int, content: Content | str) -> None:
        """Write into a chat of any kind."""
        content = Content(content) if isinstance(content, str) else content
        if chat.is_channel:
            self.post(chat, author_id, content)
        else:
            self.send_to_group(chat, author_id, content)

    def edit_post(self, chat: Chat, post: Post, content: Content) -> None:
        """Change what a post says."""
        self._commit("post edit", chat.id, post.id, content, self._world.now())
        self._world.publish(PostNews(chat, PostChange.EDITED, (post.id,), chat.history.pts))

    def delete_posts(self, chat: Chat, ids: Sequence[int]) -> None:
        """Take posts away for good."""
        if ids:
            self._commit("post delete", chat.id, list(ids))
            news = PostNews(chat, PostChange.DELETED, tuple(ids), chat.history.pts)
            self._world.publish(news)

    def mark_posts_read(self, owner: Account, chat: Chat, up_to: int) -> None:
        """Remember how far an account has read a channel."""
        up_to = min(up_to, chat.history.last_id)
        if up_to > owner.posts_read.get(chat.id, 0):
            self._commit("post read", owner.id, chat.id, up_to)
            self._world.publish(ReadNews(chat, owner.id, up_to))

    # ------------------------------------------------------------------ applying

    def _apply_letter(
        self, sender_id: int, recipient_id: int, words: _Words, at: int, random_id: int
    ) -> list[tuple[int, Event]]:
        self._mail.append(("letter", sender_id, recipient_id, words, at, random_id))
        content = _content(words)
        copies: list[tuple[int, Event]] = []
        sides = [(sender_id, recipient_id)]
        if sender_id != recipient_id:
            sides.append((recipient_id, sender_id))
        for owner_id, peer_id in sides:
            self._keep(copies, owner_id, peer_id, sender_id, content, at, None)
        self._note_copies(copies)
        self._remember(sender_id, random_id)
        return copies

    def _apply_group_letter(  # noqa: PLR0913, PLR0917 - the values of the change
        self,
        chat_id: int,
        author_id: int,
        words: _Words,
        at: int,
        random_id: int,
        readers: list[int],
        action: _Action,
    ) -> list[tuple[int, Event]]:
        self._mail.append(
            ("group letter", chat_id, author_id, words, at, random_id, readers, action)
        )
        copies: list[tuple[int, Event]] = []
        for owner_id in readers:
            self._keep(
                copies, owner_id, mark(chat_id), author_id, _content(words), at, _action(action)
            )
        self._note_copies(copies)
        self._remember(author_id, random_id)
        return copies

    def _keep(  # noqa: PLR0913, PLR0917 - a whole letter
        self,
        copies: list[tuple[int, Event]],
        owner_id: int,
        peer_id: int,
        author_id: int,
        content: Content,
        at: int,
        action: Action | None,
    ) -> None:
        """Put one copy into a mailbox, if its owner is an account."""
        owner = self._world.accounts.get(owner_id)
        if owner is None:
            return
        if content.reply_to and owner_id != author_id:
            content = content._replace(
                reply_to=self._same_letter(author_id, content.reply_to, owner_id)
            )
        owner.mailbox.keep(
            peer_id,
            author_id,
            content,
            at,
            out=owner_id == author_id,
            shared=len(self._copies),
            action=action,
        )
        copies.append((owner_id, owner.mailbox.last_event))

    def _note_copies(self, copies: Sequence[tuple[int, Event]]) -> None:
        self._copies.append([(owner_id, event.ids[0]) for owner_id, event in copies])

    def _remember(self, sender_id: int, random_id: int) -> None:
        if random_id and (sender := self._world.accounts.get(sender_id)):
            sender.mailbox.remember(random_id)

    def _same_letter(self, owner_id: int, number: int, other_id: int) -> int:
        """Return the id that a letter of one account has in the mailbox of another, else 0."""
        owner = self._world.accounts.get(owner_id)
        letter = owner.mailbox.letter(number) if owner else None
        if letter is None:
            return 0
        return next((i for account, i in self._copies[letter.shared] if account == other_id), 0)

    def _apply_edit(
        self, owner_id: int, number: int, words: _Words, at: int
    ) -> list[tuple[int, Event]]:
        self._mail.append(("edit", owner_id, number, words, at))
        changed = []
        for account, letter in self._copies_of(owner_id, number):
            content = _content(words)._replace(reply_to=letter.content.reply_to)
            changed.append((account.id, account.mailbox.edit(letter, content, at)))
        return changed

    def _apply_delete(
        self,
        owner_id: int,
        ids: list[int],
        for_all: bool,  # noqa: FBT001 - a value of the change
    ) -> list[tuple[int, Event]]:
        self._mail.append(("delete", owner_id, ids, for_all))
        gone: dict[int, list[Letter]] = {}
        for number in ids:
            for account, letter in self._copies_of(owner_id, number):
                if for_all or account.id == owner_id:
                    gone.setdefault(account.id, []).append(letter)
        mailboxes = ((i, self._world.accounts[i].mailbox) for i in gone)
        return [(i, mailbox.delete(gone[i])) for i, mailbox in mailboxes]

    def _copies_of(self, owner_id: int, number: int) -> list[tuple[Account, Letter]]:
        """Return the letters that are copies of one, each with the account that keeps it."""
        letter = self._world.accounts[owner_id].mailbox.letter(number)
        if letter is None:
            return []
        kept = (
            (self._world.accounts[i], self._world.accounts[i].mailbox.letter(there))
            for i, there in self._copies[letter.shared]
        )
        return [(account, copy) for account, copy in kept if copy is not None]

    def _apply_read(self, owner_id: int, peer_id: int, up_to: int) -> list[tuple[int, Event]]:
        self._mail.append(("read", owner_id, peer_id, up_to))
        owner, other = self._world.accounts[owner_id], self._world.accounts.get(peer_id)
        events = [(owner_id, owner.mailbox.mark_read(peer_id, up_to))]
        if other is not None and other is not owner:
            read = [
                letter.id
                for letter in owner.mailbox.dialogue(peer_id)
                if letter.id <= up_to and not letter.out
            ]
            seen = self._same_letter(owner_id, read[-1], peer_id) if read else 0
            events.append((peer_id, other.mailbox.mark_read_by_peer(owner_id, seen)))
        return [(i, event) for i, event in events if event is not None]

    def _apply_read_by_peer(
        self, owner_id: int, peer_id: int, up_to: int
    ) -> list[tuple[int, Event]]:
        self._mail.append(("read by peer", owner_id, peer_id, up_to))
        event = self._world.accounts[owner_id].mailbox.mark_read_by_peer(peer_id, up_to)
        return [] if event is None else [(owner_id, event)]

    def _apply_post(
        self, chat_id: int, author_id: int, words: _Words, at: int, random_id: int, action: _Action
    ) -> Post:
        self._note_random_id(author_id, random_id)
        history = self._world.chats[chat_id].history
        return history.add(author_id, _content(words), at, _action(action))

    def _apply_post_edit(self, chat_id: int, number: int, words: _Words, at: int) -> None:
        history = self._world.chats[chat_id].history
        if post := history.post(number):
            history.edit(post, _content(words), at)

    def _apply_post_delete(self, chat_id: int, ids: list[int]) -> None:
        self._world.chats[chat_id].history.delete(ids)

    def _apply_post_read(self, owner_id: int, chat_id: int, up_to: int) -> None:
        self._world.accounts[owner_id].posts_read[chat_id] = up_to

    def _apply_kept_post(self, chat_id: int, *values: Any) -> None:  # noqa: ANN401 - JSON values
        number, author_id, at, words, made_pts, pts, action, edited_at = values
        self._world.chats[chat_id].history.keep(
            Post(number, author_id, at, _content(words), made_pts, pts, _action(action), edited_at)
        )

    def _apply_kept_deletion(self, chat_id: int, number: int, pts: int) -> None:
        self._world.chats[chat_id].history.note_deleted(number, pts)

    def _apply_kept_random_id(self, author_id: int, random_id: int) -> None:
        self._note_random_id(author_id, random_id)

    def _note_random_id(self, author_id: int, random_id: int) -> None:
        if random_id:
            self._post_ids.append((author_id, random_id))
            self._remember(author_id, random_id)

    # ------------------------------------------------------------------ listing

    def _dump(self) -> Iterator[Change]:
        yield from self._mail
        for pair in self._post_ids:
            yield "kept random id", *pair
        for chat in self._world.chats.values():
            yield from _dump_history(chat)
        for account in self._world.accounts.values():
            for chat_id, up_to in account.posts_read.items():
                yield "post read", account.id, chat_id, up_to


def _dump_history(chat: Chat) -> Iterator[Change]:
    for post in chat.history.posts():
        values = post.content, post.made_pts, post.pts, post.action, post.edited_at
        yield "kept post", chat.id, post.id, post.author_id, post.sent_at, *values
    for number, pts in chat.history.deletions():
        yield "kept deletion", chat.id, number, pts


def _content(words: _Words) -> Content:
    return Content(words) if isinstance(words, str) else Content(*words)


def _action(values: _Action) -> Action | None:
    return None if values is None else Action(*values)
