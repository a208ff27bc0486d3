"""Who may write into a chat, and how often."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invite_desktop.domain.chats import ChatKind
from invite_desktop.rehearsal.faults import MethodError

if TYPE_CHECKING:
    from invite_desktop.rehearsal.backend import Call
    from invite_desktop.rehearsal.chats import Chat

_TEXT = frozenset({"send_messages", "send_plain"})
_MEDIA = frozenset({"send_messages", "send_media", "send_photos", "send_docs"})


def check_may_write(call: Call, chat: Chat, *, media: bool) -> None:
    """Raise MethodError in the words of core.telegram.org/method/messages.sendMessage."""
    me, now = call.me, call.world.now()
    if me.id not in chat.members:
        raise MethodError("CHAT_WRITE_FORBIDDEN")
    if chat.kind is ChatKind.CHANNEL:
        if not chat.has_right(me.id, "post_messages"):
            raise MethodError("CHAT_ADMIN_REQUIRED")
        return
    if chat.is_admin(me.id):
        return
    ban = chat.ban_of(me.id, now)
    if ban is not None and ban.rights & (_MEDIA if media else _TEXT):
        raise MethodError("USER_BANNED_IN_CHANNEL")
    if chat.slow_mode:
        _check_pace(chat, me.id, now)


def _check_pace(chat: Chat, user_id: int, now: int) -> None:
    for post in reversed(chat.history.posts()):
        left = post.sent_at + chat.slow_mode - now
        if left <= 0:
            return
        if post.author_id == user_id and post.action is None:
            raise MethodError(f"SLOWMODE_WAIT_{left}")
