"""updates.*: catching up with what happened (core.telegram.org/api/updates)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.tl import functions, types

from invite_desktop.rehearsal import views
from invite_desktop.rehearsal.addressing import channel_at
from invite_desktop.rehearsal.dispatch import answers

if TYPE_CHECKING:
    from telethon.tl.tlobject import TLObject

    from invite_desktop.rehearsal.backend import Call

_MOST_LETTERS = 1000


def state_of(call: Call) -> TLObject:
    """Return up to where the caller's account has come."""
    return types.updates.State(call.me.mailbox.pts, 0, call.world.now(), 0, 0)


@answers(functions.updates.GetStateRequest)
def get_state(call: Call, _request: TLObject) -> TLObject:
    """Return up to where the account has come."""
    return state_of(call)


@answers(functions.updates.GetDifferenceRequest)
def get_difference(call: Call, request: TLObject) -> TLObject:
    """Return the letters since a state, a part at a time when they are many."""
    me = call.me
    letters = me.mailbox.since(request.pts)
    if not letters:
        return types.updates.DifferenceEmpty(call.world.now(), 0)
    part = letters[:_MOST_LETTERS]
    content: tuple[list[TLObject], ...] = (
        [views.letter(letter, me) for letter in part],
        [],
        [],
        [],
        views.users(call.world, (me.id, *(letter.peer_id for letter in part)), me),
    )
    if len(part) == len(letters):
        return types.updates.Difference(*content, state_of(call))
    halfway = types.updates.State(
        me.mailbox.pts - len(letters) + len(part), 0, call.world.now(), 0, 0
    )
    return types.updates.DifferenceSlice(*content, halfway)


@answers(functions.updates.GetChannelDifferenceRequest)
def get_channel_difference(call: Call, request: TLObject) -> TLObject:
    """Return what is new in a channel: nothing is ever written there."""
    channel_at(call, request.channel)
    return types.updates.ChannelDifferenceEmpty(1, final=True, timeout=300)
