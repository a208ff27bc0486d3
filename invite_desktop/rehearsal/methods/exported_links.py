"""Invite links from inside: making, changing, revoking and listing them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from telethon.tl import functions, types

from invite_desktop.rehearsal import views
from invite_desktop.rehearsal.addressing import chat_at, person_at
from invite_desktop.rehearsal.dispatch import answers
from invite_desktop.rehearsal.faults import MethodError
from invite_desktop.rehearsal.journal import describe_chat

if TYPE_CHECKING:
    from telethon.tl.tlobject import TLObject

    from invite_desktop.rehearsal.backend import Call
    from invite_desktop.rehearsal.chats import Chat, InviteLink

_MAX_TITLE = 32
_MAX_PAGE = 100
_MAX_USES = 99_999


@answers(functions.messages.ExportChatInviteRequest)
def export_chat_invite(call: Call, request: TLObject) -> TLObject:
    """Make an invite link of the caller's own; ``legacy_revoke_permanent`` renews her main one."""
    chat = inviting_at(call, request.peer)
    title = (request.title or "")[:_MAX_TITLE]
    expires_at, limit = _limits(call, request)
    by_request = bool(request.request_needed)
    if by_request and limit:
        raise MethodError("USAGE_LIMIT_INVALID")
    if request.legacy_revoke_permanent:
        return views.invite(_renew(call, chat, call.me.id))
    link = call.world.story.make_link(
        chat, call.me.id, title, expires_at, limit, by_request=by_request
    )
    call.log("messages.exportChatInvite", chat=describe_chat(chat), link=link.address, title=title)
    return views.invite(link)


@answers(functions.messages.EditExportedChatInviteRequest)
def edit_exported_chat_invite(call: Call, request: TLObject) -> TLObject:
    """Change title and limits of a link, or revoke it; a main link is replaced at once."""
    chat, link = _link_at(call, request)
    if link.revoked:
        raise MethodError("INVITE_HASH_EXPIRED")
    if link.permanent:
        return _replace_main(call, chat, link, revoke=bool(request.revoked))
    changed = _changes(call, link, request)
    edited = call.world.story.edit_link(chat, link, call.me.id, **changed)
    method = "messages.editExportedChatInvite"
    call.log(method, chat=describe_chat(chat), link=link.address, revoked=edited.revoked)
    return types.messages.ExportedChatInvite(views.invite(edited, chat), _admins(call, [edited]))


@answers(functions.messages.GetExportedChatInvitesRequest)
def get_exported_chat_invites(call: Call, request: TLObject) -> TLObject:
    """Return a page of the links that an administrator has made, the newest first."""
    chat = inviting_at(call, request.peer)
    admin = person_at(call, request.admin_id, "ADMIN_ID_INVALID")
    found = [
        link
        for link in chat.links.values()
        if link.admin_id == admin.id and link.revoked == bool(request.revoked)
    ]
    found.sort(key=lambda link: (link.permanent, link.made_at), reverse=True)
    start = 0
    if request.offset_link:
        offset = _hash_of(request.offset_link)
        start = next((i for i, link in enumerate(found, 1) if link.hash == offset), len(found))
    page = found[start : start + max(0, min(request.limit, _MAX_PAGE))]
    shown = [views.invite(link, chat) for link in page]
    return types.messages.ExportedChatInvites(len(found), shown, _admins(call, page))


@answers(functions.messages.GetExportedChatInviteRequest)
def get_exported_chat_invite(call: Call, request: TLObject) -> TLObject:
    """Return one link with its uses."""
    chat, link = _link_at(call, request)
    return types.messages.ExportedChatInvite(views.invite(link, chat), _admins(call, [link]))


@answers(functions.messages.DeleteExportedChatInviteRequest)
def delete_exported_chat_invite(call: Call, request: TLObject) -> bool:
    """Forget a revoked link."""
    chat, link = _link_at(call, request)
    if not link.revoked:
        raise MethodError("INVITE_REVOKED_MISSING")
    call.world.story.delete_link(chat, link, call.me.id)
    call.log("messages.deleteExportedChatInvite", chat=describe_chat(chat), link=link.address)
    return True


@answers(functions.messages.DeleteRevokedExportedChatInvitesRequest)
def delete_revoked_exported_chat_invites(call: Call, request: TLObject) -> bool:
    """Forget all revoked links of an administrator."""
    chat = inviting_at(call, request.peer)
    admin = person_at(call, request.admin_id, "ADMIN_ID_INVALID")
    for link in list(chat.links.values()):
        if link.revoked and link.admin_id == admin.id:
            call.world.story.delete_link(chat, link, call.me.id)
    return True


@answers(functions.messages.GetAdminsWithInvitesRequest)
def get_admins_with_invites(call: Call, request: TLObject) -> TLObject:
    """Return the administrators with links, and how many each has."""
    chat = inviting_at(call, request.peer)
    if call.me.id != chat.creator_id:
        raise MethodError("CHAT_ADMIN_REQUIRED")
    ids = dict.fromkeys(link.admin_id for link in chat.links.values())
    counts = [_count(chat, admin_id) for admin_id in ids]
    return types.messages.ChatAdminsWithInvites(counts, views.users(call.world, ids, call.me))


def inviting_at(call: Call, peer: TLObject) -> Chat:
    """Return the chat that the caller addresses, in which she must have the right to invite."""
    chat = chat_at(call, peer)
    if not chat.may_invite(call.me.id):
        raise MethodError("CHAT_ADMIN_REQUIRED")
    return chat


def link_of(chat: Chat, address: str) -> InviteLink:
    """Return a chat's link by its address. Raises MethodError when there is none."""
    link = chat.links.get(_hash_of(address))
    if link is None:
        raise MethodError("INVITE_HASH_EXPIRED")
    return link


def _hash_of(address: str) -> str:
    return address.rpartition("/")[2].lstrip("+")


def _link_at(call: Call, request: TLObject) -> tuple[Chat, InviteLink]:
    """Return a link; those of others are for the creator alone."""
    chat = inviting_at(call, request.peer)
    link = link_of(chat, request.link)
    if call.me.id not in {link.admin_id, chat.creator_id}:
        raise MethodError("CHAT_ADMIN_REQUIRED")
    return chat, link


def _limits(call: Call, request: TLObject) -> tuple[int, int]:
    expires_at = int(request.expire_date.timestamp()) if request.expire_date else 0
    if expires_at and expires_at <= call.world.now():
        raise MethodError("EXPIRE_DATE_INVALID")
    limit = request.usage_limit or 0
    if not 0 <= limit <= _MAX_USES:
        raise MethodError("USAGE_LIMIT_INVALID")
    return expires_at, limit


def _changes(call: Call, link: InviteLink, request: TLObject) -> dict[str, Any]:
    """Return the fields of a link that a request changes; what it leaves out stays."""
    if request.revoked:
        return {"revoked": True}
    expires_at, limit = _limits(call, request)
    changed: dict[str, Any] = {}
    if request.expire_date is not None:
        changed["expires_at"] = expires_at
    if request.usage_limit is not None:
        changed["usage_limit"] = limit
    if request.title is not None:
        changed["title"] = request.title[:_MAX_TITLE]
    if request.request_needed is not None:
        changed["by_request"] = bool(request.request_needed)
    if changed.get("by_request", link.by_request) and changed.get("usage_limit", link.usage_limit):
        raise MethodError("USAGE_LIMIT_INVALID")
    return changed


def _replace_main(call: Call, chat: Chat, link: InviteLink, *, revoke: bool) -> TLObject:
    if not revoke:
        raise MethodError("CHAT_INVITE_PERMANENT")
    renewed = _renew(call, chat, link.admin_id)
    old = chat.links[link.hash]
    people = _admins(call, [old, renewed])
    return types.messages.ExportedChatInviteReplaced(
        views.invite(old, chat), views.invite(renewed, chat), people
    )


def _renew(call: Call, chat: Chat, admin_id: int) -> InviteLink:
    """Revoke an administrator's main link and make another."""
    story = call.world.story
    for link in list(chat.links.values()):
        if link.admin_id == admin_id and link.permanent and not link.revoked:
            story.edit_link(chat, link, call.me.id, revoked=True)
    return story.make_link(chat, admin_id, permanent=True)


def _count(chat: Chat, admin_id: int) -> TLObject:
    own = [link for link in chat.links.values() if link.admin_id == admin_id]
    revoked = sum(link.revoked for link in own)
    return types.ChatAdminWithInvites(admin_id, len(own) - revoked, revoked)


def _admins(call: Call, links: list[InviteLink]) -> list[TLObject]:
    return views.users(call.world, (link.admin_id for link in links), call.me)
