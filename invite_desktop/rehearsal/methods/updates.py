"""updates.*: catching up with what happened (core.telegram.org/api/updates)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.tl import functions, types

from invite_desktop.rehearsal import message_views, views
from invite_desktop.rehearsal.addressing import channel_at
from invite_desktop.rehearsal.announcing import chat_changed, mail_updates
from invite_desktop.rehearsal.dispatch import answers
from invite_desktop.rehearsal.faults import MethodError
from invite_desktop.rehearsal.freezing import check_place
from invite_desktop.rehearsal.letters import people_in
from invite_desktop.rehearsal.mailbox import EventKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from telethon.tl.tlobject import TLObject

    from invite_desktop.rehearsal.backend import Call
    from invite_desktop.rehearsal.chats import Chat
    from invite_desktop.rehearsal.history import Missed
    from invite_desktop.rehearsal.mailbox import Event

_PART = 1000
"""Events in one answer."""

_TOO_MANY = 100_000
"""Events after which a client has to begin anew."""

_TIMEOUT = 300
"""Seconds until a client should ask again, if nothing comes."""


def state_of(call: Call) -> TLObject:
    """Return up to where the caller's account has come."""
    return types.updates.State(call.me.mailbox.pts, 0, call.world.now(), 0, 0)


@answers(functions.updates.GetStateRequest)
def get_state(call: Call, _request: TLObject) -> TLObject:
    """Return up to where the account has come."""
    return state_of(call)


@answers(functions.updates.GetDifferenceRequest)
def get_difference(call: Call, request: TLObject) -> TLObject:
    """Return what happened since a state, a part at a time when it is much."""
    mailbox = call.me.mailbox
    _check_state(request, mailbox.pts)
    events = mailbox.since(request.pts)
    chats = [
        call.world.chats[chat_id]
        for chat_id, joined_at in mailbox.chats_joined.items()
        if joined_at > request.date.timestamp()
    ]
    if not events and not chats:
        return types.updates.DifferenceEmpty(call.world.now(), 0)
    if len(events) > (request.pts_total_limit or _TOO_MANY):
        return types.updates.DifferenceTooLong(mailbox.pts)
    part = events[: max(1, min(request.pts_limit or _PART, _PART))]
    if len(part) < len(events):
        halfway = types.updates.State(part[-1].pts, 0, request.date, 0, 0)
        return types.updates.DifferenceSlice(*_difference(call, part, ()), halfway)
    return types.updates.Difference(*_difference(call, part, chats), state_of(call))


def _check_state(request: TLObject, pts: int) -> None:
    if request.pts <= 0:
        raise MethodError("PERSISTENT_TIMESTAMP_EMPTY")
    if request.date is None or request.date.timestamp() <= 0:
        raise MethodError("DATE_EMPTY")
    if request.pts > pts:
        raise MethodError("PERSISTENT_TIMESTAMP_INVALID")


@answers(functions.updates.GetChannelDifferenceRequest)
def get_channel_difference(call: Call, request: TLObject) -> TLObject:
    """Return what happened to the posts of a channel since a state."""
    chat = channel_at(call, request.channel)
    check_place(call, chat)
    if request.pts <= 0:
        raise MethodError("PERSISTENT_TIMESTAMP_EMPTY")
    if request.pts > chat.history.pts:
        raise MethodError("PERSISTENT_TIMESTAMP_INVALID")
    missed = chat.history.since(request.pts)
    if missed is None or len(missed.new) > _PART:
        return _too_long(call, chat)
    if not any(missed):
        return types.updates.ChannelDifferenceEmpty(chat.history.pts, final=True, timeout=_TIMEOUT)
    return _channel_difference(call, chat, missed)


def _difference(
    call: Call, events: Sequence[Event], chats: Iterable[Chat]
) -> tuple[list[TLObject], ...]:
    """Return new messages, encrypted ones, other updates, chats and people."""
    me = call.me
    new = [event for event in events if event.kind is EventKind.NEW]
    letters = [letter for event in new if (letter := me.mailbox.letter(event.ids[0]))]
    others = [
        update
        for event in events
        if event.kind is not EventKind.NEW
        for update in mail_updates(call.world, event, me)
    ]
    others += [chat_changed(chat) for chat in chats]
    groups = dict.fromkeys(chat.id for chat in chats)
    groups |= dict.fromkeys(-letter.peer_id for letter in letters if letter.peer_id < 0)
    peers = [event.peer_id for event in events if event.peer_id > 0]
    return (
        [message_views.letter(call.world, letter, me) for letter in letters],
        [],
        others,
        [views.chat(call.world, call.world.chats[number], me) for number in groups],
        views.users(call.world, [me.id, *people_in(letters), *peers], me),
    )


def _channel_difference(call: Call, chat: Chat, missed: Missed) -> TLObject:
    me, pts = call.me, chat.history.pts
    others: list[TLObject] = [
        types.UpdateEditChannelMessage(message_views.post(call.world, chat, post, me), pts, 0)
        for post in missed.edited
    ]
    if missed.deleted:
        others.append(types.UpdateDeleteChannelMessages(chat.id, missed.deleted, pts, 0))
    return types.updates.ChannelDifference(
        pts,
        [message_views.post(call.world, chat, post, me) for post in missed.new],
        others,
        [views.chat(call.world, chat, me)],
        views.users(call.world, people_in([*missed.new, *missed.edited]), me),
        final=True,
        timeout=_TIMEOUT,
    )


def _too_long(call: Call, chat: Chat) -> TLObject:
    me, history = call.me, chat.history
    latest = history.posts()[-100:]
    read = me.posts_read.get(chat.id, 0)
    dialog = types.Dialog(
        types.PeerChannel(chat.id),
        top_message=history.last_id,
        read_inbox_max_id=read,
        read_outbox_max_id=history.last_id,
        unread_count=history.unread(me.id, read),
        unread_mentions_count=0,
        unread_reactions_count=0,
        unread_poll_votes_count=0,
        notify_settings=types.PeerNotifySettings(),
        pts=history.pts,
    )
    return types.updates.ChannelDifferenceTooLong(
        dialog,
        [message_views.post(call.world, chat, post, me) for post in latest],
        [views.chat(call.world, chat, me)],
        views.users(call.world, people_in(latest), me),
        final=True,
        timeout=_TIMEOUT,
    )
