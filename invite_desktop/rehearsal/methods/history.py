"""messages.getHistory and its kin: reading what was written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.tl import functions, types

from invite_desktop.rehearsal import message_views, views
from invite_desktop.rehearsal.addressing import CHAT_PEERS, channel_at, chat_at, person_at
from invite_desktop.rehearsal.dispatch import answers
from invite_desktop.rehearsal.freezing import check_place
from invite_desktop.rehearsal.letters import Letter, Post, mark, people_in

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from telethon.tl.tlobject import TLObject

    from invite_desktop.rehearsal.backend import Call
    from invite_desktop.rehearsal.chats import Chat

_MAX_PAGE = 100
_Written = Letter | Post


@answers(functions.messages.GetHistoryRequest)
def get_history(call: Call, request: TLObject) -> TLObject:
    """Return a page of a dialogue or of a chat, newest first."""
    chat, written = _dialogue(call, request.peer)
    return _answer(call, chat, written, request)


@answers(functions.messages.SearchRequest)
def search(call: Call, request: TLObject) -> TLObject:
    """Return the messages in which a text stands, of one author if wanted."""
    chat, written = _dialogue(call, request.peer)
    text = request.q.casefold()
    found = [item for item in written if item.action is None and text in item.text.casefold()]
    if request.from_id is not None:
        author = person_at(call, request.from_id, "PEER_ID_INVALID")
        found = [item for item in found if item.author_id == author.id]
    first, last = _moment(request.min_date), _moment(request.max_date)
    found = [item for item in found if first < item.sent_at and (not last or item.sent_at < last)]
    if not isinstance(request.filter, types.InputMessagesFilterEmpty):
        found = [item for item in found if _passes(call, item, request.filter)]
    return _answer(call, chat, found, request)


@answers(functions.messages.GetMessagesRequest)
def get_messages(call: Call, request: TLObject) -> TLObject:
    """Return letters by id."""
    mailbox = call.me.mailbox
    numbers = [item.id for item in request.id if isinstance(item, types.InputMessageID)]
    found = [mailbox.letter(number) for number in numbers]
    return types.messages.Messages(
        [_shown(call, None, i) if i else _empty(n) for i, n in zip(found, numbers, strict=True)],
        [],
        _group_views(call, [letter for letter in found if letter]),
        views.users(call.world, people_in(i for i in found if i), call.me),
    )


@answers(functions.channels.GetMessagesRequest)
def get_posts(call: Call, request: TLObject) -> TLObject:
    """Return posts of a channel by id."""
    chat = channel_at(call, request.channel)
    check_place(call, chat)
    numbers = [item.id for item in request.id if isinstance(item, types.InputMessageID)]
    found = [chat.history.post(number) for number in numbers]
    shown = [_shown(call, chat, i) if i else _empty(n) for i, n in zip(found, numbers, strict=True)]
    people = views.users(call.world, people_in(i for i in found if i), call.me)
    chats = [views.chat(call.world, chat, call.me)]
    pts = chat.history.pts
    return types.messages.ChannelMessages(pts, len(shown), shown, [], chats, people)


@answers(functions.messages.ReadHistoryRequest)
def read_history(call: Call, request: TLObject) -> TLObject:
    """Mark the letters of a dialogue as read; the other side is told."""
    me = call.me
    chat, _written = _dialogue(call, request.peer)
    before = me.mailbox.pts
    if chat is not None and chat.is_channel:
        call.world.story.mark_posts_read(me, chat, request.max_id or chat.history.last_id)
    else:
        peer_id = mark(chat.id) if chat else person_at(call, request.peer).id
        up_to = min(request.max_id or me.mailbox.last_id, me.mailbox.last_id)
        call.world.story.mark_read(me, peer_id, up_to)
    return types.messages.AffectedMessages(me.mailbox.pts, me.mailbox.pts - before)


@answers(functions.channels.ReadHistoryRequest)
def read_channel_history(call: Call, request: TLObject) -> bool:
    """Mark the posts of a channel as read."""
    chat = channel_at(call, request.channel)
    call.world.story.mark_posts_read(call.me, chat, request.max_id or chat.history.last_id)
    return True


def _dialogue(call: Call, peer: TLObject) -> tuple[Chat | None, Sequence[_Written]]:
    """Return the chat, if it is one, and what was written, oldest first."""
    if not isinstance(peer, CHAT_PEERS):
        person = person_at(call, peer, "PEER_ID_INVALID")
        return None, call.me.mailbox.dialogue(person.id)
    chat = chat_at(call, peer)
    check_place(call, chat)
    if chat.is_channel:
        return chat, chat.history.posts()
    return chat, call.me.mailbox.dialogue(mark(chat.id))


def _page(written: Sequence[_Written], request: TLObject) -> list[_Written]:
    """Return the part that a request asks for (core.telegram.org/api/offsets), newest first.

    A date says where to begin only if no message does: many are sent within one second.
    """
    newest_first = list(reversed(written))
    until = request.offset_id or 0
    moment = 0 if until else _moment(getattr(request, "offset_date", None))
    start = len(newest_first)
    for position, item in enumerate(newest_first):
        if (not until or item.id < until) and (not moment or item.sent_at < moment):
            start = position
            break
    limit = max(0, min(request.limit, _MAX_PAGE))
    first = start + request.add_offset
    page = newest_first[max(first, 0) : max(first + limit, 0)]
    return [
        item
        for item in page
        if item.id > request.min_id and (not request.max_id or item.id < request.max_id)
    ]


def _moment(date: datetime | None) -> int:
    """Return a date as unix time, 0 for none."""
    return max(0, int(date.timestamp())) if date is not None else 0


def _answer(
    call: Call, chat: Chat | None, written: Sequence[_Written], request: TLObject
) -> TLObject:
    page, total = _page(written, request), len(written)
    messages = [_shown(call, chat, item) for item in page]
    people = views.users(call.world, [call.me.id, *people_in(page)], call.me)
    chats = [views.chat(call.world, chat, call.me)] if chat else []
    if chat is not None and chat.is_channel:
        return types.messages.ChannelMessages(chat.history.pts, total, messages, [], chats, people)
    if len(page) == total:
        return types.messages.Messages(messages, [], chats, people)
    return types.messages.MessagesSlice(total, messages, [], chats, people)


def _shown(call: Call, chat: Chat | None, item: _Written) -> TLObject:
    if isinstance(item, Post) and chat is not None:
        return message_views.post(call.world, chat, item, call.me)
    if isinstance(item, Letter):
        return message_views.letter(call.world, item, call.me)
    raise TypeError(item)


def _empty(number: int) -> TLObject:
    return types.MessageEmpty(number, None)


def _group_views(call: Call, letters: Sequence[Letter]) -> list[TLObject]:
    ids = dict.fromkeys(-letter.peer_id for letter in letters if letter.peer_id < 0)
    return [views.chat(call.world, call.world.chats[i], call.me) for i in ids]


def _passes(call: Call, item: _Written, wanted: TLObject) -> bool:
    carried = message_views.media(call.world, item.content, call.me)
    if isinstance(wanted, types.InputMessagesFilterPhotos):
        return isinstance(carried, types.MessageMediaPhoto)
    if isinstance(wanted, types.InputMessagesFilterDocument):
        return isinstance(carried, types.MessageMediaDocument)
    if isinstance(wanted, types.InputMessagesFilterUrl):
        return any(
            isinstance(part, types.MessageEntityUrl | types.MessageEntityTextUrl)
            for part in message_views.entities(item.content)
        )
    return False
