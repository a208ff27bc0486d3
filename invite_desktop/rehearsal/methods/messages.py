"""messages.*: sending, changing and deleting messages, in dialogues and in chats."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.tl import functions, types

from invite_desktop.domain.chats import ChatKind
from invite_desktop.rehearsal import message_views
from invite_desktop.rehearsal.addressing import CHAT_PEERS, channel_at, chat_at, person_at
from invite_desktop.rehearsal.dispatch import answers
from invite_desktop.rehearsal.faults import MethodError
from invite_desktop.rehearsal.journal import describe_chat, describe_person
from invite_desktop.rehearsal.letters import Content, Letter, Post
from invite_desktop.rehearsal.methods.files import stored_media
from invite_desktop.rehearsal.methods.reception import check_reception
from invite_desktop.rehearsal.methods.writing import check_may_write

if TYPE_CHECKING:
    from telethon.tl.tlobject import TLObject

    from invite_desktop.rehearsal.backend import Call
    from invite_desktop.rehearsal.chats import Chat
    from invite_desktop.rehearsal.people import Person

_SEND, _SEND_MEDIA = "messages.sendMessage", "messages.sendMedia"
_MAX_TEXT, _MAX_CAPTION = 4096, 1024
_EDITABLE_FOR = 48 * 3600
"""Seconds in which an own message can be changed (core.telegram.org/api/config)."""


@answers(functions.messages.SendMessageRequest)
def send_message(call: Call, request: TLObject) -> TLObject:
    """Send one message; a random_id that was used already is not executed again."""
    if not request.message.strip():
        raise MethodError("MESSAGE_EMPTY")
    _check_length(request.message, _MAX_TEXT, "MESSAGE_TOO_LONG")
    content = _content(request)
    return _deliver(call, request, _checked(call, request, _SEND), content, _SEND)


@answers(functions.messages.SendMediaRequest)
def send_media(call: Call, request: TLObject) -> TLObject:
    """Send a picture or document with words; the random_id is remembered as well."""
    _check_length(request.message, _MAX_CAPTION, "MEDIA_CAPTION_TOO_LONG")
    content = _content(request)
    receiver = _checked(call, request, _SEND_MEDIA)
    content = content._replace(media=stored_media(call, request.media))
    return _deliver(call, request, receiver, content, _SEND_MEDIA)


@answers(functions.messages.EditMessageRequest)
def edit_message(call: Call, request: TLObject) -> TLObject:
    """Change an own message of the last two days."""
    target = _own(call, request)
    if request.message is None:
        raise MethodError("MESSAGE_NOT_MODIFIED")
    if not request.message.strip() and not target.content.media:
        raise MethodError("MESSAGE_EMPTY")
    _check_length(request.message, _MAX_TEXT, "MESSAGE_TOO_LONG")
    if call.world.now() - target.sent_at > _EDITABLE_FOR:
        raise MethodError("MESSAGE_EDIT_TIME_EXPIRED")
    content = target.content._replace(
        text=request.message,
        entities=_formatting(request),
        preview=not request.no_webpage,
    )
    if content == target.content:
        raise MethodError("MESSAGE_NOT_MODIFIED")
    if isinstance(target, Post):
        call.world.story.edit_post(chat_at(call, request.peer), target, content)
    else:
        call.world.story.edit(call.me, target, content)
    call.log("messages.editMessage", id=target.id, text=request.message)
    return call.updates()


@answers(functions.messages.DeleteMessagesRequest)
def delete_messages(call: Call, request: TLObject) -> TLObject:
    """Delete letters, with ``revoke`` the others' copies too."""
    mailbox = call.me.mailbox
    found = [letter for i in dict.fromkeys(request.id) if (letter := mailbox.letter(i))]
    before = mailbox.pts
    call.world.story.delete(call.me, found, for_all=bool(request.revoke))
    if found:
        call.log("messages.deleteMessages", ids=[letter.id for letter in found])
    return types.messages.AffectedMessages(mailbox.pts, mailbox.pts - before)


@answers(functions.channels.DeleteMessagesRequest)
def delete_posts(call: Call, request: TLObject) -> TLObject:
    """Delete posts of a channel: own ones, or any with the right to."""
    chat, me = channel_at(call, request.channel), call.me
    found = [post for i in dict.fromkeys(request.id) if (post := chat.history.post(i))]
    foreign = any(post.author_id != me.id for post in found)
    if foreign and not chat.has_right(me.id, "delete_messages"):
        raise MethodError("MESSAGE_DELETE_FORBIDDEN")
    before = chat.history.pts
    call.world.story.delete_posts(chat, [post.id for post in found])
    return types.messages.AffectedMessages(chat.history.pts, chat.history.pts - before)


@answers(functions.messages.SetTypingRequest)
def set_typing(call: Call, request: TLObject) -> bool:
    """Take note that somebody types."""
    if isinstance(request.peer, CHAT_PEERS):
        chat_at(call, request.peer)
    else:
        person_at(call, request.peer, "PEER_ID_INVALID")
    return True


# ---------------------------------------------------------------------- sending


def _checked(call: Call, request: TLObject, method: str) -> Person | tuple[Chat]:
    """Return who is written to. Raises MethodError for everything that forbids it."""
    me = call.me
    receiver = _receiver(call, request)
    if me.mailbox.was_sent(request.random_id):
        raise MethodError("RANDOM_ID_DUPLICATE")
    call.backend.limits.check(me, method)
    if isinstance(receiver, tuple):
        check_may_write(call, receiver[0], media=method == _SEND_MEDIA)
    else:
        call.backend.limits.contact(me, method, receiver)
        check_reception(call, receiver, request.allow_paid_stars or 0)
    return receiver


def _deliver(
    call: Call, request: TLObject, receiver: Person | tuple[Chat], content: Content, method: str
) -> TLObject:
    if isinstance(receiver, tuple):
        return _send_to_chat(call, receiver[0], content, request.random_id, method)
    me = call.me
    own, _incoming = call.world.story.send(me, receiver, content, request.random_id)
    call.log(
        method, to=describe_person(receiver), random_id=request.random_id, text=request.message
    )
    if own is None:
        raise MethodError("PEER_ID_INVALID")
    if content.media or receiver is me:
        # The short form is for messages in words alone, and for others only.
        return _announced(call, own.id, request.random_id)
    return types.UpdateShortSentMessage(
        own.id,
        me.mailbox.pts,
        1,
        own.sent_at,
        out=True,
        media=message_views.media(call.world, content, me),
        entities=message_views.entities(content) or None,
    )


def _send_to_chat(
    call: Call, chat: Chat, content: Content, random_id: int, method: str
) -> TLObject:
    me = call.me
    sent: Letter | Post | None
    if chat.is_channel:
        sent = call.world.story.post(chat, me.id, content, random_id)
    else:
        sent = call.world.story.send_to_group(chat, me.id, content, random_id)
    if sent is None:
        raise MethodError("CHAT_WRITE_FORBIDDEN")
    call.log(method, chat=describe_chat(chat), random_id=random_id, text=content.text)
    return _announced(call, sent.id, random_id)


def _announced(call: Call, number: int, random_id: int) -> TLObject:
    """Return the updates of a call, with the id that a message has been given at their head."""
    answer = call.updates()
    answer.updates.insert(0, types.UpdateMessageID(number, random_id))
    return answer


def _receiver(call: Call, request: TLObject) -> Person | tuple[Chat]:
    if isinstance(request.peer, CHAT_PEERS):
        return (chat_at(call, request.peer),)
    return person_at(call, request.peer, "PEER_ID_INVALID")


def _content(request: TLObject) -> Content:
    reply = request.reply_to
    answered = reply.reply_to_msg_id if isinstance(reply, types.InputReplyToMessage) else 0
    return Content(
        request.message,
        _formatting(request),
        preview=not getattr(request, "no_webpage", False),
        reply_to=answered,
    )


def _formatting(request: TLObject) -> str:
    """Return the formatting as it is kept. Raises MethodError if it reaches beyond the text."""
    length = _units(request.message)
    for item in request.entities or ():
        if item.offset < 0 or item.length <= 0 or item.offset + item.length > length:
            raise MethodError("ENTITY_BOUNDS_INVALID")
    return message_views.pack_entities(request.entities)


def _check_length(text: str, limit: int, fault: str) -> None:
    if _units(text) > limit:
        raise MethodError(fault)


def _units(text: str) -> int:
    """Return the length as Telegram counts it: in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _own(call: Call, request: TLObject) -> Letter | Post:
    """Return the message that the caller wants to change; it must be her own."""
    me = call.me
    found: Letter | Post | None
    if isinstance(request.peer, types.InputPeerChannel):
        chat = channel_at(call, request.peer)
        found = chat.history.post(request.id)
        foreign = found is not None and found.author_id != me.id
        if foreign and chat.kind is ChatKind.CHANNEL and chat.has_right(me.id, "edit_messages"):
            foreign = False
    else:
        _receiver(call, request)
        found = me.mailbox.letter(request.id)
        foreign = found is not None and not found.out
    if found is None or found.action is not None:
        raise MethodError("MESSAGE_ID_INVALID")
    if foreign:
        raise MethodError("MESSAGE_AUTHOR_REQUIRED")
    return found
