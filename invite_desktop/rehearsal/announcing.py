"""News of the world as updates, for everybody who is connected and for who has caused them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.tl import types

from invite_desktop.rehearsal import message_views, views
from invite_desktop.rehearsal.mailbox import EventKind
from invite_desktop.rehearsal.news import (
    ConfigNews,
    MailNews,
    NameNews,
    PlaceNews,
    PostChange,
    PostNews,
    ReadNews,
    RequestNews,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from telethon.tl.tlobject import TLObject

    from invite_desktop.rehearsal.chats import Chat
    from invite_desktop.rehearsal.letters import Letter, Post
    from invite_desktop.rehearsal.mailbox import Event
    from invite_desktop.rehearsal.news import News
    from invite_desktop.rehearsal.people import Account
    from invite_desktop.rehearsal.world import World

_MOST_SHOWN_REQUESTERS = 10


def concerns(news: News, account: Account) -> bool:
    """Return whether an account is told of something."""
    if isinstance(news, MailNews | ReadNews):
        return news.owner_id == account.id
    if isinstance(news, PostNews):
        return account.id in news.chat.members
    if isinstance(news, PlaceNews):
        return news.user_id == account.id
    if isinstance(news, RequestNews):
        return news.chat.may_invite(account.id)
    if isinstance(news, ConfigNews):
        return news.account_id == account.id
    return (
        news.user_id == account.id
        or news.user_id in account.contacts
        or bool(account.mailbox.dialogue(news.user_id))
    )


def updates(world: World, items: Iterable[News], account: Account) -> types.Updates:
    """Return what an account is told of several things, with the people and chats in it."""
    told = [item for item in items if concerns(item, account)]
    found = [update for item in told for update in _updates_of(world, item, account)]
    # People who were added come before those who stand in messages: clients take the first.
    chats = {chat.id: chat for item in told for chat in _chats_of(world, item)}
    people = dict.fromkeys(i for item in told for i in _people_of(world, item, account))
    return types.Updates(
        found,
        views.users(world, people, account),
        [views.chat(world, chat, account, counted=False) for chat in chats.values()],
        world.now(),
        0,
    )


def mail_updates(world: World, event: Event, account: Account) -> list[TLObject]:
    """Return an event of an account's mailbox; nothing of a letter that is gone already."""
    if event.kind is EventKind.DELETED:
        return [types.UpdateDeleteMessages(list(event.ids), event.pts, event.points)]
    if event.kind in {EventKind.READ, EventKind.READ_BY_PEER}:
        return [_reading(event, account)]
    letter = account.mailbox.letter(event.ids[0])
    if letter is None:
        return [types.UpdateDeleteMessages([], event.pts, event.points)]
    shown = message_views.letter(world, letter, account)
    new = event.kind is EventKind.NEW
    made = types.UpdateNewMessage if new else types.UpdateEditMessage
    return [made(shown, event.pts, event.points)]


def chat_changed(chat: Chat) -> TLObject:
    """Return the update by which clients ask anew for all of a chat."""
    return types.UpdateChannel(chat.id) if chat.is_channel else types.UpdateChat(chat.id)


def people_in(letters: Iterable[Letter | Post]) -> list[int]:
    """Return the ids of the people who stand in messages."""
    found: list[int] = []
    for letter in letters:
        found.append(letter.author_id)
        if letter.action is not None:
            found += [letter.action.subject, *letter.action.members]
        peer_id = getattr(letter, "peer_id", 0)
        if peer_id > 0:
            found.append(peer_id)
    return found


def _reading(event: Event, account: Account) -> TLObject:
    peer_id, up_to = event.peer_id, event.ids[0]
    peer = types.PeerUser(peer_id) if peer_id > 0 else types.PeerChat(-peer_id)
    if event.kind is EventKind.READ_BY_PEER:
        return types.UpdateReadHistoryOutbox(peer, up_to, event.pts, event.points)
    unread = account.mailbox.unread(peer_id)
    return types.UpdateReadHistoryInbox(peer, up_to, unread, event.pts, event.points)


def _updates_of(world: World, news: News, account: Account) -> Sequence[TLObject]:
    if isinstance(news, MailNews):
        return mail_updates(world, news.event, account)
    if isinstance(news, PostNews):
        return _post_updates(world, news, account)
    if isinstance(news, PlaceNews):
        return [chat_changed(news.chat)]
    if isinstance(news, RequestNews):
        waiting = list(news.chat.requests)
        peer, recent = views.peer(news.chat), waiting[-_MOST_SHOWN_REQUESTERS:]
        return [types.UpdatePendingJoinRequests(peer, len(waiting), recent)]
    if isinstance(news, ReadNews):
        history = news.chat.history
        unread = history.unread(account.id, news.up_to)
        return [types.UpdateReadChannelInbox(news.chat.id, news.up_to, unread, history.pts)]
    return [types.UpdateConfig()] if isinstance(news, ConfigNews) else _name_update(world, news)


def _post_updates(world: World, news: PostNews, account: Account) -> list[TLObject]:
    if news.change is PostChange.DELETED:
        ids = list(news.ids)
        return [types.UpdateDeleteChannelMessages(news.chat.id, ids, news.pts, len(ids))]
    new = news.change is PostChange.NEW
    made = types.UpdateNewChannelMessage if new else types.UpdateEditChannelMessage
    posts = [post for i in news.ids if (post := news.chat.history.post(i))]
    return [
        made(message_views.post(world, news.chat, post, account), news.pts, 1) for post in posts
    ]


def _name_update(world: World, news: NameNews) -> list[TLObject]:
    person = world.people.someone(news.user_id)
    if person is None:
        return []
    names = [types.Username(person.username, active=True)] if person.username else []
    return [types.UpdateUserName(person.id, person.first_name, person.last_name, names)]


def _chats_of(world: World, news: News) -> list[Chat]:
    if isinstance(news, PostNews | PlaceNews | RequestNews | ReadNews):
        return [news.chat]
    if isinstance(news, MailNews) and news.event.peer_id < 0:
        return [world.chats[-news.event.peer_id]]
    return []


def _people_of(world: World, news: News, account: Account) -> list[int]:
    if isinstance(news, PostNews):
        posts = (news.chat.history.post(i) for i in news.ids)
        return people_in(post for post in posts if post is not None)
    if isinstance(news, MailNews):
        mailbox = world.accounts[news.owner_id].mailbox
        letters = (mailbox.letter(i) for i in news.event.ids)
        peers = [news.event.peer_id] if news.event.peer_id > 0 else []
        return [*people_in(i for i in letters if i is not None), *peers, account.id]
    if isinstance(news, RequestNews):
        return list(news.chat.requests)[-_MOST_SHOWN_REQUESTERS:]
    if isinstance(news, NameNews | PlaceNews):
        return [news.user_id]
    return []
