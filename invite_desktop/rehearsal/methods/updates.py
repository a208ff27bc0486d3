"""updates.*: catching up with what happened (core.telegram.org/api/updates)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.tl import functions, types

from invite_desktop.rehearsal import views
from invite_desktop.rehearsal.addressing import channel_at
from invite_desktop.rehearsal.dispatch import answers
from invite_desktop.rehearsal.faults import MethodError
from invite_desktop.rehearsal.mailbox import Letter, ReadMark

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from telethon.tl.tlobject import TLObject

    from invite_desktop.rehearsal.backend import Call
    from invite_desktop.rehearsal.chats import Chat

_PART = 1000
"""Events in one answer."""

_TOO_MANY = 100_000
"""Events after which a client has to begin anew."""


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
        return types.updates.DifferenceSlice(*_content(call, part, ()), halfway)
    return types.updates.Difference(*_content(call, part, chats), state_of(call))


def _check_state(request: TLObject, pts: int) -> None:
    if request.pts <= 0:
        raise MethodError("PERSISTENT_TIMESTAMP_EMPTY")
    if request.date is None or request.date.timestamp() <= 0:
        raise MethodError("DATE_EMPTY")
    if request.pts > pts:
        raise MethodError("PERSISTENT_TIMESTAMP_INVALID")


def _content(
    call: Call, events: Sequence[Letter | ReadMark], chats: Iterable[Chat]
) -> tuple[list[TLObject], ...]:
    """Return messages, encrypted ones, other updates, chats and people of a difference."""
    me = call.me
    letters = [event for event in events if isinstance(event, Letter)]
    others: list[TLObject] = [
        views.read_mark(event) for event in events if isinstance(event, ReadMark)
    ]
    others += [
        types.UpdateChannel(chat.id) if chat.is_channel else types.UpdateChat(chat.id)
        for chat in chats
    ]
    return (
        [views.letter(letter, me) for letter in letters],
        [],
        others,
        [views.chat(call.world, chat, me) for chat in chats],
        views.users(call.world, (me.id, *(event.peer_id for event in events)), me),
    )


@answers(functions.updates.GetChannelDifferenceRequest)
def get_channel_difference(call: Call, request: TLObject) -> TLObject:
    """Return what is new in a channel: nothing is ever written there."""
    channel_at(call, request.channel)
    return types.updates.ChannelDifferenceEmpty(1, final=True, timeout=300)
