"""channels.getAdminLog: what happened in a channel in the last two days."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from telethon.tl import functions, types

from invite_desktop.rehearsal import message_views, views
from invite_desktop.rehearsal.addressing import channel_at, person_at
from invite_desktop.rehearsal.chats import VIEW, Ban, InviteLink, LogKind
from invite_desktop.rehearsal.dispatch import answers
from invite_desktop.rehearsal.faults import MethodError

if TYPE_CHECKING:
    from telethon.tl.tlobject import TLObject

    from invite_desktop.rehearsal.backend import Call
    from invite_desktop.rehearsal.chats import Chat, LogEntry

_KEPT_FOR = 48 * 3600
"""Seconds (core.telegram.org/api/recent-actions)."""

_MAX_PAGE = 100
_FILTERS = {
    LogKind.ADDED: ("invite",),
    LogKind.JOINED: ("join",),
    LogKind.JOINED_BY_LINK: ("join", "invites"),
    LogKind.JOINED_BY_REQUEST: ("join", "invites"),
    LogKind.LEFT: ("leave",),
    LogKind.LINK_EDITED: ("invites",),
    LogKind.LINK_REVOKED: ("invites",),
    LogKind.LINK_DELETED: ("invites",),
    LogKind.SLOW_MODE: ("settings",),
    LogKind.USERNAME: ("info",),
    LogKind.TITLE: ("info",),
    LogKind.PHOTO: ("info",),
}


@answers(functions.channels.GetAdminLogRequest)
def get_admin_log(call: Call, request: TLObject) -> TLObject:
    """Return the recent actions that a filter lets through, newest first."""
    chat = channel_at(call, request.channel)
    if not chat.is_admin(call.me.id):
        raise MethodError("CHAT_ADMIN_REQUIRED")
    admins = {person_at(call, address).id for address in request.admins or ()}
    found = [
        entry
        for entry in reversed(chat.log)
        if call.world.now() - entry.at <= _KEPT_FOR
        and (not request.max_id or entry.id < request.max_id)
        and entry.id > request.min_id
        and (not admins or entry.actor_id in admins)
        and _passes(entry, request.events_filter)
        and _is_about(call, entry, request.q)
    ]
    page = found[: max(0, min(request.limit or _MAX_PAGE, _MAX_PAGE))]
    events = [
        types.ChannelAdminLogEvent(entry.id, entry.at, entry.actor_id, _shown(call, chat, entry))
        for entry in page
    ]
    people = [i for entry in page for i in (entry.actor_id, entry.subject_id) if i]
    chats = [views.chat(call.world, chat, call.me)]
    return types.channels.AdminLogResults(events, chats, views.users(call.world, people, call.me))


def _passes(entry: LogEntry, wanted: TLObject | None) -> bool:
    return wanted is None or any(getattr(wanted, name) for name in _filters(entry))


def _filters(entry: LogEntry) -> tuple[str, ...]:
    """Return the filters that show an entry."""
    kind = LogKind(entry.kind)
    if kind is LogKind.ADMIN:
        return ("promote",) if json.loads(entry.after) else ("demote",)
    if kind is LogKind.BAN:
        kicks = VIEW in json.loads(entry.before) or VIEW in json.loads(entry.after)
        lifted = len(json.loads(entry.after)) < len(json.loads(entry.before))
        return ("unkick" if lifted else "kick",) if kicks else ("unban" if lifted else "ban",)
    return _FILTERS[kind]


def _is_about(call: Call, entry: LogEntry, text: str) -> bool:
    """Return whether a name of the people in an entry starts with a text."""
    if not text:
        return True
    found = (call.world.people.someone(i) for i in (entry.actor_id, entry.subject_id))
    names = (
        name or ""
        for person in found
        if person is not None
        for name in (person.first_name, person.last_name, person.username)
    )
    return any(name.casefold().startswith(text.casefold()) for name in names)


def _shown(call: Call, chat: Chat, entry: LogEntry) -> TLObject:
    kind = LogKind(entry.kind)
    looks = kind in {LogKind.TITLE, LogKind.PHOTO}
    return _changed_look(call, entry, kind) if looks else _action(chat, entry)


def _action(chat: Chat, entry: LogEntry) -> TLObject:
    kind = LogKind(entry.kind)
    if kind is LogKind.ADDED:
        added = types.ChannelParticipant(entry.subject_id, entry.at)
        return types.ChannelAdminLogEventActionParticipantInvite(added)
    if kind in {LogKind.JOINED, LogKind.LEFT}:
        came = kind is LogKind.JOINED
        actions = types.ChannelAdminLogEventActionParticipantJoin
        return actions() if came else types.ChannelAdminLogEventActionParticipantLeave()
    if kind in {LogKind.BAN, LogKind.ADMIN}:
        return _toggled_ban(entry) if kind is LogKind.BAN else _toggled_admin(entry)
    if kind is LogKind.SLOW_MODE:
        before, after = int(entry.before), int(entry.after)
        return types.ChannelAdminLogEventActionToggleSlowMode(before, after)
    if kind is LogKind.USERNAME:
        return types.ChannelAdminLogEventActionChangeUsername(entry.before, entry.after)
    return _link_action(chat, entry, kind)


def _changed_look(call: Call, entry: LogEntry, kind: LogKind) -> TLObject:
    if kind is LogKind.TITLE:
        return types.ChannelAdminLogEventActionChangeTitle(entry.before, entry.after)
    before, after = (
        message_views.stored_photo(call.world, int(number), call.me)
        for number in (entry.before, entry.after)
    )
    return types.ChannelAdminLogEventActionChangePhoto(before, after)


def _link_action(chat: Chat, entry: LogEntry, kind: LogKind) -> TLObject:
    if kind in {LogKind.JOINED_BY_LINK, LogKind.JOINED_BY_REQUEST}:
        link = chat.links.get(entry.before)
        shown = views.invite(link) if link else types.ChatInvitePublicJoinRequests()
        if kind is LogKind.JOINED_BY_LINK:
            return types.ChannelAdminLogEventActionParticipantJoinByInvite(shown)
        return types.ChannelAdminLogEventActionParticipantJoinByRequest(shown, entry.subject_id)
    before = views.invite(InviteLink(**json.loads(entry.before)))
    if kind is LogKind.LINK_REVOKED:
        return types.ChannelAdminLogEventActionExportedInviteRevoke(before)
    if kind is LogKind.LINK_DELETED:
        return types.ChannelAdminLogEventActionExportedInviteDelete(before)
    after = views.invite(InviteLink(**json.loads(entry.after)))
    return types.ChannelAdminLogEventActionExportedInviteEdit(before, after)


def _toggled_ban(entry: LogEntry) -> TLObject:
    before, after = (_standing(entry, json.loads(rights)) for rights in (entry.before, entry.after))
    return types.ChannelAdminLogEventActionParticipantToggleBan(before, after)


def _standing(entry: LogEntry, rights: list[str]) -> TLObject:
    if not rights:
        return types.ChannelParticipant(entry.subject_id, entry.at)
    ban = Ban(entry.actor_id, entry.at, 0, frozenset(rights))
    return types.ChannelParticipantBanned(
        types.PeerUser(entry.subject_id), entry.actor_id, entry.at, views.banned_rights(ban)
    )


def _toggled_admin(entry: LogEntry) -> TLObject:
    before, after = (_office(entry, json.loads(rights)) for rights in (entry.before, entry.after))
    return types.ChannelAdminLogEventActionParticipantToggleAdmin(before, after)


def _office(entry: LogEntry, rights: list[str]) -> TLObject:
    if not rights:
        return types.ChannelParticipant(entry.subject_id, entry.at)
    shown = views.admin_rights(frozenset(rights))
    return types.ChannelParticipantAdmin(entry.subject_id, entry.actor_id, entry.at, shown)
