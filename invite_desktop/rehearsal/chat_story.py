"""What happens in the chats of a world: joins, bans, rights, links, requests, and their traces."""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict, replace
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar, cast

from invite_desktop.domain.chats import ChatKind
from invite_desktop.rehearsal.chats import (
    VIEW,
    Ban,
    Chat,
    Departure,
    InviteLink,
    JoinRequest,
    LogEntry,
    LogKind,
    Membership,
)
from invite_desktop.rehearsal.letters import Action, ActionKind, Content
from invite_desktop.rehearsal.mail_story import MailStory
from invite_desktop.rehearsal.news import PlaceNews, RequestNews

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from invite_desktop.rehearsal.changes import Change
    from invite_desktop.rehearsal.state import WorldState

_Method = TypeVar("_Method", bound="Callable[..., Any]")


def _whole(method: _Method) -> _Method:
    """Let all that a method changes happen together, so that a kill leaves no half of it."""

    @wraps(method)
    def together(story: ChatStory, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - as the method
        with story.changes:
            return method(story, *args, **kwargs)

    return cast("_Method", together)


class ChatStory(MailStory):
    """Everything that happens in chats."""

    def __init__(self, world: WorldState) -> None:
        world.changes.keep(
            {
                "migrate": self._apply_migrate,
                "chat name": self._apply_chat_name,
                "chat settings": self._apply_settings,
                "link": self._apply_link,
                "no link": self._apply_no_link,
                "pardon": self._apply_pardon,
                "join": self._apply_join,
                "leave": self._apply_leave,
                "chat ban": self._apply_ban,
                "rights": self._apply_rights,
                "ask": self._apply_ask,
                "no ask": self._apply_no_ask,
                "log": self._apply_log,
            },
            self._dump_chats,
        )
        super().__init__(world)
        self.changes = world.changes

    # ------------------------------------------------------------------ members

    @_whole
    def join(
        self, chat: Chat, user_id: int, inviter_id: int = 0, link: str = "", approved_by: int = 0
    ) -> None:
        """Make somebody a member: added by a member, by a link's hash, or let in when she asked."""
        asked = user_id in chat.requests
        self._commit("join", chat.id, user_id, inviter_id, self._world.now(), link, approved_by)
        if inviter_id:
            self._serve(chat, inviter_id, Action(ActionKind.ADDED, user_id))
            self._log(chat, inviter_id, LogKind.ADDED, user_id)
        elif approved_by:
            self._serve(chat, user_id, Action(ActionKind.JOINED_BY_REQUEST))
            self._log(chat, user_id, LogKind.JOINED_BY_REQUEST, approved_by, link)
        elif link:
            admin_id = chat.links[link].admin_id if link in chat.links else chat.creator_id
            self._serve(chat, user_id, Action(ActionKind.JOINED_BY_LINK, admin_id))
            self._log(chat, user_id, LogKind.JOINED_BY_LINK, 0, link)
        else:
            self._serve(chat, user_id, Action(ActionKind.ADDED, user_id))
            self._log(chat, user_id, LogKind.JOINED)
        self._world.publish(PlaceNews(chat, user_id))
        if asked:
            self._world.publish(RequestNews(chat))

    def enrol(self, chat: Chat, user_id: int) -> None:
        """Write down the membership of somebody who has been in a chat since before the story."""
        self._commit("join", chat.id, user_id, 0, chat.made_at)

    @_whole
    def leave(self, chat: Chat, user_id: int, removed_by: int = 0) -> None:
        """End a membership; with ``removed_by`` she was thrown out and may not be added again."""
        if removed_by:
            self.ban(chat, user_id, removed_by, frozenset({VIEW}))
            return
        self._commit("leave", chat.id, user_id, 0, self._world.now())
        self._serve(chat, user_id, Action(ActionKind.GONE, user_id))
        self._log(chat, user_id, LogKind.LEFT)
        self._world.publish(PlaceNews(chat, user_id))

    @_whole
    def ban(
        self, chat: Chat, user_id: int, by: int, rights: frozenset[str], until: int = 0
    ) -> None:
        """Take rights from somebody, with view_messages her place too; none: lift the ban."""
        was_member = user_id in chat.members
        before = chat.ban_of(user_id, self._world.now())
        self._commit("chat ban", chat.id, user_id, by, self._world.now(), until, sorted(rights))
        if was_member and VIEW in rights:
            self._serve(chat, by, Action(ActionKind.GONE, user_id))
        old, new = (sorted(before.rights) if before else []), sorted(rights)
        self._log(chat, by, LogKind.BAN, user_id, json.dumps(old), json.dumps(new))
        self._world.publish(PlaceNews(chat, user_id))

    @_whole
    def drop_from_group(self, chat: Chat, user_id: int, by: int) -> None:
        """Take somebody out of a basic group; she may be added again."""
        self._commit("chat ban", chat.id, user_id, by, self._world.now(), 0, [VIEW])
        self._commit("chat ban", chat.id, user_id, by, self._world.now(), 0, [])
        self._serve(chat, by, Action(ActionKind.GONE, user_id))
        self._world.publish(PlaceNews(chat, user_id))

    @_whole
    def set_rights(
        self, chat: Chat, user_id: int, rights: frozenset[str] | None, by: int, rank: str = ""
    ) -> None:
        """Make a member an administrator with these rights; None: one no more."""
        before = chat.members[user_id].rights
        listed = None if rights is None else sorted(rights)
        self._commit("rights", chat.id, user_id, listed, by, rank)
        old, new = json.dumps(sorted(before or ())), json.dumps(listed or [])
        self._log(chat, by, LogKind.ADMIN, user_id, old, new)
        self._world.publish(PlaceNews(chat, user_id))

    # ------------------------------------------------------------------ links and requests

    def make_link(  # noqa: PLR0913 - all there is to a link
        self,
        chat: Chat,
        admin_id: int,
        title: str = "",
        expires_at: int = 0,
        usage_limit: int = 0,
        *,
        by_request: bool = False,
        permanent: bool = False,
    ) -> InviteLink:
        """Make an invite link of an administrator's own."""
        link = InviteLink(
            secrets.token_urlsafe(12),
            admin_id,
            self._world.now(),
            title,
            expires_at,
            usage_limit,
            permanent=permanent,
            by_request=by_request,
        )
        self._commit("link", chat.id, *asdict(link).values())
        return chat.links[link.hash]

    @_whole
    def edit_link(self, chat: Chat, link: InviteLink, by: int, **changed: Any) -> InviteLink:  # noqa: ANN401 - fields of InviteLink
        """Change a link's title, limits or need of approval, or revoke it."""
        before = json.dumps(asdict(link))
        edited = replace(link, **changed)
        self._commit("link", chat.id, *asdict(edited).values())
        kind = LogKind.LINK_REVOKED if changed.get("revoked") else LogKind.LINK_EDITED
        self._log(chat, by, kind, 0, before, json.dumps(asdict(edited)))
        return chat.links[link.hash]

    @_whole
    def delete_link(self, chat: Chat, link: InviteLink, by: int) -> None:
        """Forget a revoked link."""
        self._log(chat, by, LogKind.LINK_DELETED, 0, json.dumps(asdict(link)))
        self._commit("no link", chat.id, link.hash)

    @_whole
    def ask(self, chat: Chat, user_id: int, link: str = "") -> None:
        """Let somebody wait for an administrator to let her in."""
        self._commit("ask", chat.id, user_id, self._world.now(), link)
        self._world.publish(RequestNews(chat))

    @_whole
    def refuse(self, chat: Chat, user_id: int) -> None:
        """Answer somebody who waits with no."""
        self._commit("no ask", chat.id, user_id)
        self._world.publish(RequestNews(chat))

    # ------------------------------------------------------------------ the chat itself

    @_whole
    def rename_chat(self, chat: Chat, username: str | None, by: int) -> None:
        """Give a supergroup or channel another username, or none."""
        before = chat.username or ""
        self._commit("chat name", chat.id, username)
        self._log(chat, by, LogKind.USERNAME, 0, before, username or "")

    @_whole
    def set_slow_mode(self, chat: Chat, seconds: int, by: int) -> None:
        """Let members of a supergroup write only so often; 0: as they like."""
        before = chat.slow_mode
        self._commit("chat settings", chat.id, seconds, chat.join_by_request)
        self._log(chat, by, LogKind.SLOW_MODE, 0, str(before), str(seconds))

    def set_join_by_request(self, chat: Chat, *, needed: bool) -> None:
        """Let who joins a public supergroup wait for an administrator, or not."""
        self._commit("chat settings", chat.id, chat.slow_mode, needed)

    @_whole
    def migrate(self, chat: Chat) -> Chat:
        """Turn a basic group into a supergroup and return it."""
        number = self._world.next_chat_id()
        self._commit("migrate", chat.id, number, self._world.now())
        became = self._world.chats[number]
        creator = chat.creator_id
        self._serve(chat, creator, Action(ActionKind.MIGRATED_TO, number))
        self._serve(became, creator, Action(ActionKind.MIGRATED_FROM, chat.id, chat.title))
        self._world.publish(PlaceNews(became, creator))
        return became

    # ------------------------------------------------------------------ traces

    def _serve(self, chat: Chat, author_id: int, action: Action) -> None:
        """Leave a service message; broadcast channels have none about their subscribers."""
        if chat.kind is ChatKind.SUPERGROUP:
            self.post(chat, author_id, Content(), action=action)
        elif chat.kind is ChatKind.BASIC_GROUP:
            gone = (action.subject,) if action.kind == ActionKind.GONE else ()
            self.send_to_group(chat, author_id, Content(), action=action, also=gone)

    def _log(
        self,
        chat: Chat,
        actor_id: int,
        kind: LogKind,
        subject_id: int = 0,
        before: str = "",
        after: str = "",
    ) -> None:
        if chat.is_channel:
            number = chat.log[-1].id + 1 if chat.log else 1
            entry = LogEntry(number, self._world.now(), actor_id, kind, subject_id, before, after)
            self._commit("log", chat.id, *entry)

    # ------------------------------------------------------------------ applying

    def _apply_join(
        self,
        chat_id: int,
        user_id: int,
        inviter_id: int,
        at: int,
        link: str = "",
        approved_by: int = 0,
    ) -> None:
        chat = self._world.chats[chat_id]
        if account := self._world.accounts.get(user_id):
            account.mailbox.chats_joined[chat_id] = at
        chat.left.discard(user_id)
        chat.departures.pop(user_id, None)
        chat.requests.pop(user_id, None)
        if (ban := chat.bans.get(user_id)) and VIEW in ban.rights:
            del chat.bans[user_id]
        if user_id not in chat.members:
            chat.members[user_id] = Membership(at, inviter_id, link=link, approved_by=approved_by)
            if link in chat.links:
                chat.links[link].usage += 1

    def _apply_leave(self, chat_id: int, user_id: int, removed_by: int = 0, at: int = 0) -> None:
        chat = self._world.chats[chat_id]
        member = chat.members.pop(user_id, None)
        if removed_by:  # as files of earlier versions say it
            chat.bans[user_id] = Ban(removed_by, 0, 0, frozenset({VIEW}))
        else:
            chat.left.add(user_id)
            if member is not None:
                chat.departures[user_id] = Departure(member, at)

    def _apply_ban(
        self, chat_id: int, user_id: int, by: int, at: int, until: int, rights: list[str]
    ) -> None:
        chat = self._world.chats[chat_id]
        if VIEW in rights:
            chat.members.pop(user_id, None)
            chat.requests.pop(user_id, None)
        if rights:
            chat.bans[user_id] = Ban(by, at, until, frozenset(rights))
            return
        chat.bans.pop(user_id, None)
        if user_id not in chat.members:
            chat.pardoned.add(user_id)

    def _apply_pardon(self, chat_id: int, user_id: int) -> None:
        chat = self._world.chats[chat_id]
        chat.members.pop(user_id, None)
        chat.pardoned.add(user_id)

    def _apply_rights(
        self, chat_id: int, user_id: int, rights: list[str] | None, by: int, rank: str
    ) -> None:
        member = self._world.chats[chat_id].members.get(user_id)
        if member is not None:
            member.rights = None if rights is None else frozenset(rights)
            member.promoted_by, member.rank = by, rank

    def _apply_link(self, chat_id: int, link_hash: str, *values: Any) -> None:  # noqa: ANN401 - JSON values
        self._world.keep_link(self._world.chats[chat_id], InviteLink(link_hash, *values))

    def _apply_no_link(self, chat_id: int, link_hash: str) -> None:
        self._world.drop_link(self._world.chats[chat_id], link_hash)

    def _apply_ask(self, chat_id: int, user_id: int, at: int, link: str) -> None:
        self._world.chats[chat_id].requests[user_id] = JoinRequest(at, link)

    def _apply_no_ask(self, chat_id: int, user_id: int) -> None:
        self._world.chats[chat_id].requests.pop(user_id, None)

    def _apply_chat_name(self, chat_id: int, username: str | None) -> None:
        self._world.name_chat(self._world.chats[chat_id], username)

    def _apply_settings(self, chat_id: int, slow_mode: int, by_request: bool) -> None:  # noqa: FBT001 - a value of the change
        chat = self._world.chats[chat_id]
        chat.slow_mode, chat.join_by_request = slow_mode, by_request

    def _apply_migrate(self, chat_id: int, number: int, at: int) -> None:
        old = self._world.chats[chat_id]
        new = Chat(number, ChatKind.SUPERGROUP, old.title, None, at, has_regulars=False)
        new.members = {user_id: replace(member) for user_id, member in old.members.items()}
        new.migrated_from, old.migrated_to = old.id, number
        new.photo, new.about = old.photo, old.about
        self._world.chats[number] = new

    def _apply_log(self, chat_id: int, *values: Any) -> None:  # noqa: ANN401 - JSON values
        self._world.chats[chat_id].log.append(LogEntry(*values))

    # ------------------------------------------------------------------ listing

    def _dump_chats(self) -> Iterator[Change]:
        chats = list(self._world.chats.values())
        for chat in chats:
            # Members of a group that has migrated are those of its last day.
            if not chat.migrated_to:
                continue
            yield from _dump_members(chat)
            yield "migrate", chat.id, chat.migrated_to, self._world.chats[chat.migrated_to].made_at
        for chat in chats:
            yield from _dump_chat(chat)
            if not chat.migrated_to:
                yield from _dump_members(chat)


def _dump_chat(chat: Chat) -> Iterable[Change]:
    # Links come before members: the name of a link stands in a membership.
    for link in chat.links.values():
        # Reading the members, and those who have left, counts the uses again.
        used = sum(member.link == link.hash for _, member in _memberships(chat))
        yield "link", chat.id, *asdict(replace(link, usage=link.usage - used)).values()
    if chat.is_channel:
        yield "chat name", chat.id, chat.username
        yield "chat settings", chat.id, chat.slow_mode, chat.join_by_request
    for entry in chat.log:
        yield "log", chat.id, *entry


def _memberships(chat: Chat) -> list[tuple[int, Membership]]:
    """Return who is a member, and who was one and left, with what is known of it."""
    gone = [(user_id, departure.member) for user_id, departure in chat.departures.items()]
    return [*chat.members.items(), *gone]


def _dump_members(chat: Chat) -> Iterable[Change]:
    for user_id in chat.pardoned:
        yield "pardon", chat.id, user_id
    for user_id, member in _memberships(chat):
        values = member.inviter_id, member.joined_at, member.link, member.approved_by
        yield "join", chat.id, user_id, *values
        if member.promoted_by:
            rights = None if member.rights is None else sorted(member.rights)
            yield "rights", chat.id, user_id, rights, member.promoted_by, member.rank
    for user_id in chat.left:
        departure = chat.departures.get(user_id)
        yield "leave", chat.id, user_id, 0, departure.at if departure else 0
    for user_id, ban in chat.bans.items():
        yield "chat ban", chat.id, user_id, ban.by, ban.at, ban.until, sorted(ban.rights)
    for user_id, request in chat.requests.items():
        yield "ask", chat.id, user_id, request.at, request.link
