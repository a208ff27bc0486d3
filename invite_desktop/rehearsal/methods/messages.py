"""messages.*: sending private messages and reading them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.tl import functions, types

from invite_desktop.rehearsal import views
from invite_desktop.rehearsal.addressing import chat_at, person_at
from invite_desktop.rehearsal.dispatch import answers
from invite_desktop.rehearsal.faults import MethodError
from invite_desktop.rehearsal.journal import describe_person
from invite_desktop.rehearsal.population import Behaviour, Reception

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telethon.tl.tlobject import TLObject

    from invite_desktop.rehearsal.authorizations import AuthKey
    from invite_desktop.rehearsal.backend import Call
    from invite_desktop.rehearsal.chats import Chat
    from invite_desktop.rehearsal.mailbox import Letter
    from invite_desktop.rehearsal.people import Account, Person

_SEND = "messages.sendMessage"
_MAX_TEXT = 4096
_MAX_PAGE = 100
_CHATS = (types.InputPeerChat, types.InputPeerChannel)


@answers(functions.messages.SendMessageRequest)
def send_message(call: Call, request: TLObject) -> TLObject:
    """Send one private message; a random_id that was used already is not executed again."""
    me = call.me
    if isinstance(request.peer, _CHATS):
        chat_at(call, request.peer)
        raise MethodError("CHAT_WRITE_FORBIDDEN")
    person = person_at(call, request.peer, "PEER_ID_INVALID")
    _check_text(request.message)
    if me.mailbox.was_sent(request.random_id):
        raise MethodError("RANDOM_ID_DUPLICATE")
    call.backend.limits.check(me, _SEND)
    call.backend.limits.contact(me, _SEND, person)
    _check_reception(call, person)
    own, incoming = call.world.story.send(me, person, request.message, request.random_id)
    call.log(_SEND, to=describe_person(person), random_id=request.random_id, text=request.message)
    if own is None:
        raise MethodError("PEER_ID_INVALID")
    call.after.append(lambda: _push(call, me, own, call.key))
    if incoming is not None:
        call.after.append(lambda: _push(call, call.world.accounts[person.id], incoming))
    return types.UpdateShortSentMessage(own.id, own.pts, 1, own.sent_at, out=True)


@answers(functions.messages.GetHistoryRequest)
def get_history(call: Call, request: TLObject) -> TLObject:
    """Return a page of a dialogue or of a chat, newest first."""
    if isinstance(request.peer, _CHATS):
        return _chat_history(call, chat_at(call, request.peer))
    person = person_at(call, request.peer, "PEER_ID_INVALID")
    letters = call.me.mailbox.dialogue(person.id)
    return _letters_answer(call, len(letters), _page(letters, request))


@answers(functions.messages.SearchRequest)
def search(call: Call, request: TLObject) -> TLObject:
    """Return the letters of a dialogue in which a text stands."""
    if isinstance(request.peer, _CHATS):
        return _chat_history(call, chat_at(call, request.peer))
    person = person_at(call, request.peer, "PEER_ID_INVALID")
    letters = [
        letter
        for letter in call.me.mailbox.dialogue(person.id)
        if request.q.casefold() in letter.text.casefold()
        and (request.from_id is None or letter.out)
    ]
    return _letters_answer(call, len(letters), _page(letters, request))


@answers(functions.messages.GetMessagesRequest)
def get_messages(call: Call, request: TLObject) -> TLObject:
    """Return private messages by id."""
    me = call.me
    numbers = [item.id for item in request.id if isinstance(item, types.InputMessageID)]
    found = [me.mailbox.letter(number) for number in numbers]
    messages = [
        views.letter(letter, me) if letter else types.MessageEmpty(number, None)
        for number, letter in zip(numbers, found, strict=True)
    ]
    people = views.users(call.world, (letter.peer_id for letter in found if letter), me)
    return types.messages.Messages(messages, [], [], people)


@answers(functions.messages.ReadHistoryRequest)
def read_history(call: Call, request: TLObject) -> TLObject:
    """Mark the letters of a dialogue as read."""
    me = call.me
    person = person_at(call, request.peer, "PEER_ID_INVALID")
    up_to = min(request.max_id or me.mailbox.last_id, me.mailbox.last_id)
    mark = call.world.story.mark_read(me, person.id, up_to)
    if mark is None:
        return types.messages.AffectedMessages(me.mailbox.pts, 0)
    told = types.Updates([views.read_mark(mark)], [], [], call.world.now(), 0)
    call.after.append(lambda: call.backend.push(me.id, lambda: told, call.key))
    return types.messages.AffectedMessages(mark.pts, 1)


@answers(functions.channels.ReadHistoryRequest)
def read_channel_history(call: Call, request: TLObject) -> bool:
    """Mark the messages of a channel as read."""
    chat_at(call, request.channel)
    return True


@answers(functions.messages.SetTypingRequest)
def set_typing(call: Call, request: TLObject) -> bool:
    """Take note that somebody types."""
    person_at(call, request.peer, "PEER_ID_INVALID")
    return True


def _check_text(text: str) -> None:
    if not text.strip():
        raise MethodError("MESSAGE_EMPTY")
    if len(text) > _MAX_TEXT:
        raise MethodError("MESSAGE_TOO_LONG")


def _check_reception(call: Call, person: Person) -> None:
    """Raise MethodError in the words of core.telegram.org/method/messages.sendMessage."""
    conduct = call.world.people.conduct(person)
    if conduct.behaviour is Behaviour.DELETED:
        raise MethodError("INPUT_USER_DEACTIVATED")
    if conduct.reception is Reception.BLOCKS_SENDER or conduct.behaviour is Behaviour.BLOCKED:
        raise MethodError("USER_IS_BLOCKED", 400)
    if conduct.reception is Reception.PREMIUM_REQUIRED and not call.me.premium:
        raise MethodError("PRIVACY_PREMIUM_REQUIRED")
    if conduct.reception is Reception.PAID:
        raise MethodError(f"ALLOW_PAYMENT_REQUIRED_{conduct.stars}")


def _push(call: Call, owner: Account, letter: Letter, but: AuthKey | None = None) -> None:
    """Tell the sessions of an account about a letter, but not the one that has just sent it."""

    def updates() -> TLObject:
        update = types.UpdateNewMessage(views.letter(letter, owner), letter.pts, 1)
        people = views.users(call.world, (letter.peer_id, owner.id), owner)
        return types.Updates([update], people, [], letter.sent_at, 0)

    call.backend.push(owner.id, updates, but)


def _page(letters: Sequence[Letter], request: TLObject) -> list[Letter]:
    """Return the part of a dialogue that a request asks for, newest first."""
    wanted = [
        letter
        for letter in reversed(letters)
        if (not request.offset_id or letter.id < request.offset_id)
        and (not request.max_id or letter.id < request.max_id)
        and letter.id > request.min_id
    ]
    start = max(request.add_offset, 0)
    return wanted[start : start + max(0, min(request.limit, _MAX_PAGE))]


def _letters_answer(call: Call, total: int, letters: Sequence[Letter]) -> TLObject:
    me = call.me
    messages = [views.letter(letter, me) for letter in letters]
    people = views.users(call.world, (me.id, *(letter.peer_id for letter in letters)), me)
    if len(letters) == total:
        return types.messages.Messages(messages, [], [], people)
    return types.messages.MessagesSlice(total, messages, [], [], people)


def _chat_history(call: Call, chat: Chat) -> TLObject:
    shown = [views.chat(call.world, chat, call.me)]
    people = views.users(call.world, (chat.creator_id,), call.me)
    if chat.is_channel:
        return types.messages.ChannelMessages(1, 1, [views.chat_made(chat)], [], shown, people)
    return types.messages.Messages([views.chat_made(chat)], [], shown, people)
