"""News of the world as updates, for everybody who is connected and for who has caused them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from telethon.tl.tlobject import TLObject

    from invite_desktop.rehearsal.chats import Chat
    from invite_desktop.rehearsal.mailbox import Event
    from invite_desktop.rehearsal.news import News
    from invite_desktop.rehearsal.people import Account
    from invite_desktop.rehearsal.world import World


def updates(world: World, items: Iterable[News], account: Account) -> types.Updates:
    """Return what an account is told of several things, with the people and chats in it."""
    found: list[TLObject] = []
    chats: dict[int, Chat] = {}
    people: dict[int, None] = {}
    for news in items:
        if news.concerns(account):
            found += _TELLING[type(news)](world, news, account)
            chats.update((chat.id, chat) for chat in news.chats(world.chats))
            # People who were added come before those who stand in messages: clients take the first.
            people.update(dict.fromkeys(news.people(account)))
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


def _reading(event: Event, account: Account) -> TLObject:
    peer_id, up_to = event.peer_id, event.ids[0]
    peer = types.PeerUser(peer_id) if peer_id > 0 else types.PeerChat(-peer_id)
    if event.kind is EventKind.READ_BY_PEER:
        return types.UpdateReadHistoryOutbox(peer, up_to, event.pts, event.points)
    unread = account.mailbox.unread(peer_id)
    return types.UpdateReadHistoryInbox(peer, up_to, unread, event.pts, event.points)


def _place_updates(_world: World, news: PlaceNews, _account: Account) -> Sequence[TLObject]:
    return [chat_changed(news.chat)]


def _request_updates(_world: World, news: RequestNews, account: Account) -> Sequence[TLObject]:
    waiting = len(news.chat.requests)
    peer, recent = views.peer(news.chat), list(news.people(account))
    return [types.UpdatePendingJoinRequests(peer, waiting, recent)]


def _read_updates(_world: World, news: ReadNews, account: Account) -> Sequence[TLObject]:
    history = news.chat.history
    unread = history.unread(account.id, news.up_to)
    return [types.UpdateReadChannelInbox(news.chat.id, news.up_to, unread, history.pts)]


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


def _name_updates(world: World, news: NameNews, _account: Account) -> Sequence[TLObject]:
    person = world.people.someone(news.user_id)
    if person is None:
        return []
    names = [types.Username(person.username, active=True)] if person.username else []
    return [types.UpdateUserName(person.id, person.first_name, person.last_name, names)]


_TELLING: Mapping[type[News], Callable[[World, Any, Account], Sequence[TLObject]]] = {
    MailNews: lambda world, news, account: mail_updates(world, news.event, account),
    PostNews: _post_updates,
    PlaceNews: _place_updates,
    RequestNews: _request_updates,
    ReadNews: _read_updates,
    NameNews: _name_updates,
    ConfigNews: lambda *_: [types.UpdateConfig()],
}
