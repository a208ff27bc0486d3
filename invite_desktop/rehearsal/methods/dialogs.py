"""messages.getDialogs and its kin: the list of chats as an app shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from telethon.tl import functions, types

from invite_desktop.rehearsal import message_views, views
from invite_desktop.rehearsal.addressing import chat_at, person_at
from invite_desktop.rehearsal.dispatch import answers
from invite_desktop.rehearsal.faults import MethodError
from invite_desktop.rehearsal.freezing import check_place
from invite_desktop.rehearsal.letters import Letter, Post, mark, people_in
from invite_desktop.rehearsal.methods.updates import state_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telethon.tl.tlobject import TLObject

    from invite_desktop.rehearsal.backend import Call
    from invite_desktop.rehearsal.chats import Chat

_MAX_PAGE = 100
_MAX_PINNED = 5
_ARCHIVE = 1
"""The folder of archived dialogues (core.telegram.org/api/folders#peer-folders)."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """One dialogue: with a person or a chat (its number is negative), and its last message."""

    date: int
    peer_id: int
    last: Letter | Post | None
    chat: Chat | None = None


@answers(functions.messages.GetDialogsRequest)
def get_dialogs(call: Call, request: TLObject) -> TLObject:
    """Return a page of the dialogues: pinned ones first, then the most recent."""
    entries = _folder(call, request.folder_id or 0)
    if request.exclude_pinned:
        entries = [entry for entry in entries if entry.peer_id not in call.me.pinned]
    start = _start_of_page(entries, request)
    page = entries[start : start + max(0, min(request.limit, _MAX_PAGE))]
    dialogs, messages, chats, people = _shown(call, page)
    if len(page) == len(entries):
        return types.messages.Dialogs(dialogs, messages, chats, people)
    return types.messages.DialogsSlice(len(entries), dialogs, messages, chats, people)


@answers(functions.messages.GetPinnedDialogsRequest)
def get_pinned_dialogs(call: Call, request: TLObject) -> TLObject:
    """Return the pinned dialogues of a folder."""
    pinned = call.me.pinned
    entries = [entry for entry in _folder(call, request.folder_id) if entry.peer_id in pinned]
    return types.messages.PeerDialogs(*_shown(call, entries), state_of(call))


@answers(functions.messages.GetPeerDialogsRequest)
def get_peer_dialogs(call: Call, request: TLObject) -> TLObject:
    """Return the dialogues with some peers."""
    wanted = {_peer_id(call, item.peer) for item in request.peers if hasattr(item, "peer")}
    entries = [entry for entry in _entries(call) if entry.peer_id in wanted]
    return types.messages.PeerDialogs(*_shown(call, entries), state_of(call))


@answers(functions.messages.ToggleDialogPinRequest)
def toggle_dialog_pin(call: Call, request: TLObject) -> bool:
    """Put a dialogue at the top, or back."""
    if not isinstance(request.peer, types.InputDialogPeer):
        raise MethodError("PEER_ID_INVALID")
    peer_id, pinned = _peer_id(call, request.peer.peer), list(call.me.pinned)
    if request.pinned and peer_id not in pinned:
        if len(pinned) >= _MAX_PINNED:
            raise MethodError("PINNED_DIALOGS_TOO_MUCH")
        pinned.insert(0, peer_id)
    elif not request.pinned and peer_id in pinned:
        pinned.remove(peer_id)
    call.world.story.pin(call.me, pinned)
    return True


@answers(functions.messages.ReorderPinnedDialogsRequest)
def reorder_pinned_dialogs(call: Call, request: TLObject) -> bool:
    """Set the order of the pinned dialogues; with ``force`` those left out are pinned no more."""
    wanted = [_peer_id(call, item.peer) for item in request.order if hasattr(item, "peer")]
    wanted = list(dict.fromkeys(wanted))
    rest = [] if request.force else [i for i in call.me.pinned if i not in wanted]
    if len(wanted) + len(rest) > _MAX_PINNED:
        raise MethodError("PINNED_DIALOGS_TOO_MUCH")
    call.world.story.pin(call.me, wanted + rest)
    return True


@answers(functions.folders.EditPeerFoldersRequest)
def edit_peer_folders(call: Call, request: TLObject) -> TLObject:
    """Move dialogues into the archive or out of it."""
    archived = list(call.me.archived)
    moved = []
    for item in request.folder_peers:
        if item.folder_id not in {0, _ARCHIVE}:
            raise MethodError("FOLDER_ID_INVALID")
        peer_id = _peer_id(call, item.peer)
        if peer_id in archived:
            archived.remove(peer_id)
        if item.folder_id == _ARCHIVE:
            archived.append(peer_id)
        moved.append(types.FolderPeer(_peer(call, peer_id), item.folder_id))
    call.world.story.archive(call.me, archived)
    update = types.UpdateFolderPeers(moved, call.me.mailbox.pts, 0)
    return types.Updates([update], [], [], call.world.now(), 0)


@answers(functions.messages.GetDialogFiltersRequest)
def get_dialog_filters(_call: Call, _request: TLObject) -> TLObject:
    """Return the account's own folders: there are none but the one of all chats."""
    return types.messages.DialogFilters([types.DialogFilterDefault()])


def _peer_id(call: Call, address: TLObject) -> int:
    if isinstance(address, types.InputPeerChat | types.InputPeerChannel):
        chat = chat_at(call, address)
        check_place(call, chat)
        return mark(chat.id)
    return person_at(call, address, "PEER_ID_INVALID").id


def _peer(call: Call, peer_id: int) -> TLObject:
    return types.PeerUser(peer_id) if peer_id > 0 else views.peer(call.world.chats[-peer_id])


def _folder(call: Call, folder_id: int) -> list[_Entry]:
    """Return the dialogues of the main list (0) or the archive (1) in their order."""
    if folder_id not in {0, _ARCHIVE}:
        raise MethodError("FOLDER_ID_INVALID")
    archived, pinned = set(call.me.archived), call.me.pinned
    found = [i for i in _entries(call) if (i.peer_id in archived) == bool(folder_id)]
    top = [entry for entry in found if entry.peer_id in pinned]
    top.sort(key=lambda entry: pinned.index(entry.peer_id))
    return top + [entry for entry in found if entry.peer_id not in pinned]


def _entries(call: Call) -> list[_Entry]:
    me = call.me
    entries = []
    for chat in call.world.chats_of(me.id):
        letters = me.mailbox.dialogue(mark(chat.id))
        last = chat.history.last if chat.is_channel else next(reversed(letters), None)
        entries.append(_Entry(last.sent_at if last else chat.made_at, mark(chat.id), last, chat))
    for peer_id in me.mailbox.peers():
        if peer_id > 0:
            letter = me.mailbox.dialogue(peer_id)[-1]
            entries.append(_Entry(letter.sent_at, peer_id, letter))
    entries.sort(key=lambda entry: (entry.date, entry.peer_id), reverse=True)
    return entries


def _start_of_page(entries: Sequence[_Entry], request: TLObject) -> int:
    offset = request.offset_peer
    if not isinstance(offset, types.InputPeerEmpty):
        peer_id = getattr(offset, "user_id", 0)
        peer_id = peer_id or -(getattr(offset, "chat_id", 0) or getattr(offset, "channel_id", 0))
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
    people = [me.id]
    messages, chats = [], []
    for entry in entries:
        if entry.last is not None:
            people += people_in([entry.last])
        if isinstance(entry.last, Post) and entry.chat is not None:
            messages.append(message_views.post(call.world, entry.chat, entry.last, me))
        elif isinstance(entry.last, Letter):
            messages.append(message_views.letter(call.world, entry.last, me))
        elif entry.chat is not None:
            messages.append(views.group_made(entry.chat))
            people.append(entry.chat.creator_id)
        if entry.chat is not None:
            chats.append(views.chat(call.world, entry.chat, me))
    dialogs = [_dialog(call, entry) for entry in entries]
    return dialogs, messages, chats, views.users(call.world, people, me)


def _dialog(call: Call, entry: _Entry) -> TLObject:
    me, chat = call.me, entry.chat
    posts = chat.history if chat is not None and chat.is_channel else None
    top = entry.last.id if entry.last is not None else 1
    if posts is not None and chat is not None:
        read = me.posts_read.get(chat.id, 0)
        unread, read_by_peer = posts.unread(me.id, read), top
    else:
        read = me.mailbox.read_up_to(entry.peer_id)
        unread = me.mailbox.unread(entry.peer_id)
        read_by_peer = me.mailbox.read_by_peer_up_to(entry.peer_id)
    return types.Dialog(
        _peer(call, entry.peer_id),
        top_message=top,
        read_inbox_max_id=read if unread else top,
        read_outbox_max_id=read_by_peer,
        unread_count=unread,
        unread_mentions_count=0,
        unread_reactions_count=0,
        unread_poll_votes_count=0,
        notify_settings=types.PeerNotifySettings(),
        pinned=entry.peer_id in me.pinned or None,
        pts=posts.pts if posts is not None else None,
        folder_id=_ARCHIVE if entry.peer_id in me.archived else None,
    )
