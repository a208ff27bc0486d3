"""messages.getDialogs and its kin: the list of chats as an app shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from telethon.tl import functions, types

from invite_desktop.rehearsal import views
from invite_desktop.rehearsal.addressing import chat_at, person_at
from invite_desktop.rehearsal.dispatch import answers
from invite_desktop.rehearsal.faults import MethodError
from invite_desktop.rehearsal.methods.updates import state_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telethon.tl.tlobject import TLObject

    from invite_desktop.rehearsal.backend import Call
    from invite_desktop.rehearsal.chats import Chat
    from invite_desktop.rehearsal.mailbox import Letter

_MAX_PAGE = 100


@dataclass(frozen=True, slots=True)
class _Entry:
    """One dialogue: with a person (the last letter) or a chat."""

    date: int
    peer_id: int
    letter: Letter | None = None
    chat: Chat | None = None


@answers(functions.messages.GetDialogsRequest)
def get_dialogs(call: Call, request: TLObject) -> TLObject:
    """Return a page of the dialogues, the most recent first."""
    entries = _entries(call)
    start = _start_of_page(entries, request)
    page = entries[start : start + max(0, min(request.limit, _MAX_PAGE))]
    dialogs, messages, chats, people = _shown(call, page)
    if len(page) == len(entries):
        return types.messages.Dialogs(dialogs, messages, chats, people)
    return types.messages.DialogsSlice(len(entries), dialogs, messages, chats, people)


@answers(functions.messages.GetPinnedDialogsRequest)
def get_pinned_dialogs(call: Call, _request: TLObject) -> TLObject:
    """Return the pinned dialogues: there are none."""
    return types.messages.PeerDialogs([], [], [], [], state_of(call))


@answers(functions.messages.GetPeerDialogsRequest)
def get_peer_dialogs(call: Call, request: TLObject) -> TLObject:
    """Return the dialogues with some peers."""
    wanted = {_peer_id(call, item.peer) for item in request.peers if hasattr(item, "peer")}
    entries = [entry for entry in _entries(call) if entry.peer_id in wanted]
    return types.messages.PeerDialogs(*_shown(call, entries), state_of(call))


def _peer_id(call: Call, address: TLObject) -> int:
    if isinstance(address, types.InputPeerChat | types.InputPeerChannel):
        return chat_at(call, address).id
    return person_at(call, address, "PEER_ID_INVALID").id


def _entries(call: Call) -> list[_Entry]:
    me = call.me
    entries = [_Entry(chat.made_at, chat.id, chat=chat) for chat in call.world.chats_of(me.id)]
    for peer_id in me.mailbox.peers():
        last = me.mailbox.dialogue(peer_id)[-1]
        entries.append(_Entry(last.sent_at, peer_id, letter=last))
    entries.sort(key=lambda entry: (entry.date, entry.peer_id), reverse=True)
    return entries


def _start_of_page(entries: Sequence[_Entry], request: TLObject) -> int:
    offset = request.offset_peer
    if not isinstance(offset, types.InputPeerEmpty):
        names = ("user_id", "chat_id", "channel_id")
        peer_id = next((getattr(offset, name) for name in names if hasattr(offset, name)), 0)
        for position, entry in enumerate(entries):
            if entry.peer_id == peer_id:
                return position + 1
    if request.offset_date is not None and (before := int(request.offset_date.timestamp())) > 0:
        return next((i for i, entry in enumerate(entries) if entry.date < before), len(entries))
    return 0


def _shown(
    call: Call, entries: Sequence[_Entry]
) -> tuple[list[TLObject], list[TLObject], list[TLObject], list[TLObject]]:
    """Return dialogues, their last messages, and the chats and people in them."""
    me = call.me
    people = {me.id}
    dialogs, messages, chats = [], [], []
    for entry in entries:
        if entry.chat is not None:
            dialogs.append(_dialog(views.peer(entry.chat), 1, 0, pts=entry.chat.is_channel))
            messages.append(views.chat_made(entry.chat))
            chats.append(views.chat(call.world, entry.chat, me))
            people.add(entry.chat.creator_id)
        elif entry.letter is not None:
            unread = _unread(call, entry.peer_id)
            dialogs.append(_dialog(types.PeerUser(entry.peer_id), entry.letter.id, unread))
            messages.append(views.letter(entry.letter, me))
            people.add(entry.peer_id)
        else:
            raise MethodError("INTERNAL_SERVER_ERROR")
    return dialogs, messages, chats, views.users(call.world, people, me)


def _dialog(peer: TLObject, top: int, unread: int, *, pts: bool = False) -> TLObject:
    return types.Dialog(
        peer,
        top_message=top,
        read_inbox_max_id=0 if unread else top,
        read_outbox_max_id=top,
        unread_count=unread,
        unread_mentions_count=0,
        unread_reactions_count=0,
        unread_poll_votes_count=0,
        notify_settings=types.PeerNotifySettings(),
        pts=1 if pts else None,
    )


def _unread(call: Call, peer_id: int) -> int:
    mailbox = call.me.mailbox
    return mailbox.unread_in(peer_id)
