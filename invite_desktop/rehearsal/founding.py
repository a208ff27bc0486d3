"""Chats that come into being while a world runs, and what they are called and look like."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invite_desktop.domain.chats import ChatKind
from invite_desktop.rehearsal.chat_story import ChatStory
from invite_desktop.rehearsal.chats import EVERY_RIGHT, Chat, LogKind, Membership
from invite_desktop.rehearsal.letters import Action, ActionKind, Content
from invite_desktop.rehearsal.news import PlaceNews

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from invite_desktop.rehearsal.changes import Change
    from invite_desktop.rehearsal.people import Account
    from invite_desktop.rehearsal.state import WorldState


class Founding(ChatStory):
    """Making, naming and adorning chats."""

    def __init__(self, world: WorldState) -> None:
        world.changes.keep(
            {"made": self._apply_made},
            self._dump_made,
        )
        super().__init__(world)
        # After the chats themselves, some of which have become others.
        world.changes.keep(
            {
                "chat title": self._apply_title,
                "chat about": self._apply_about,
                "chat photo": self._apply_photo,
            },
            self._dump_looks,
        )

    def make_chat(
        self, kind: ChatKind, title: str, creator: Account, first_members: Sequence[int] = ()
    ) -> Chat:
        """Make a chat; its first members, if it is a basic group, are there from the start."""
        number = self._world.next_chat_id()
        with self.changes:
            self._commit("made", number, kind.value, title, creator.id, self._world.now())
            chat = self._world.chats[number]
            for user_id in first_members:
                self._commit("join", number, user_id, creator.id, chat.made_at)
            if chat.is_channel:
                self._mark(chat, creator.id, Action(ActionKind.MADE, creator.id, title))
            else:
                members = (creator.id, *first_members)
                action = Action(ActionKind.GROUP_MADE, creator.id, title, members)
                self._mark(chat, creator.id, action)
            self._world.publish(PlaceNews(chat, creator.id))
        return chat

    def describe(self, chat: Chat, about: str) -> None:
        """Say what a chat is about."""
        self._commit("chat about", chat.id, about)

    def retitle(self, chat: Chat, title: str, by: int) -> None:
        """Give a chat another title."""
        before = chat.title
        with self.changes:
            self._commit("chat title", chat.id, title)
            self._mark(chat, by, Action(ActionKind.RETITLED, by, title))
            self._log(chat, by, LogKind.TITLE, 0, before, title)

    def adorn(self, chat: Chat, photo: int, by: int) -> None:
        """Give a chat a picture, by the number of the stored file; 0 takes it away."""
        before = chat.photo
        with self.changes:
            self._commit("chat photo", chat.id, photo)
            kind = ActionKind.PHOTO if photo else ActionKind.NO_PHOTO
            self._mark(chat, by, Action(kind, photo))
            self._log(chat, by, LogKind.PHOTO, 0, str(before), str(photo))

    def _mark(self, chat: Chat, author_id: int, action: Action) -> None:
        """Leave a service message, in broadcast channels too."""
        if chat.is_channel:
            self.post(chat, author_id, Content(), action=action)
        else:
            self.send_to_group(chat, author_id, Content(), action=action)

    # ------------------------------------------------------------------ applying and listing

    def _apply_made(self, chat_id: int, kind: str, title: str, creator_id: int, at: int) -> None:
        chat = Chat(chat_id, ChatKind(kind), title, None, at, has_regulars=False)
        chat.members[creator_id] = Membership(at, rights=EVERY_RIGHT, creator=True)
        chat.founder_id = creator_id
        self._world.chats[chat_id] = chat

    def _apply_title(self, chat_id: int, title: str) -> None:
        chat = self._world.chats[chat_id]
        chat.title, chat.is_retitled = title, True

    def _apply_about(self, chat_id: int, about: str) -> None:
        self._world.chats[chat_id].about = about

    def _apply_photo(self, chat_id: int, photo: int) -> None:
        self._world.chats[chat_id].photo = photo

    def _dump_made(self) -> Iterator[Change]:
        for chat in self._world.chats.values():
            if chat.founder_id:
                yield "made", chat.id, chat.kind.value, chat.title, chat.founder_id, chat.made_at

    def _dump_looks(self) -> Iterator[Change]:
        for chat in self._world.chats.values():
            if chat.is_retitled:
                yield "chat title", chat.id, chat.title
            if chat.about:
                yield "chat about", chat.id, chat.about
            if chat.photo:
                yield "chat photo", chat.id, chat.photo
