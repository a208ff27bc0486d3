"""Whom the server did not let be added or written to, and why."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from telethon.tl import functions

from invite_desktop.domain.messages import message

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from telethon.tl.tlobject import TLObject

    from invite_desktop.domain.messages import Message
    from invite_desktop.rehearsal.changes import Change, Changes
    from invite_desktop.rehearsal.faults import MethodError

_PRIVACY = message("the privacy settings forbid it")
_MEMBER = message("is a member already")
_BOT = message("is a bot")
_PAID = message("takes messages only for Telegram stars")
_REASONS: Mapping[str, Message] = {
    "already": _MEMBER,
    "silent": message("was silently not added"),
    "missing:privacy": _PRIVACY,
    "missing:premium_would_allow_invite": message("lets only Premium accounts do it"),
    "USER_ALREADY_PARTICIPANT": _MEMBER,
    "USER_PRIVACY_RESTRICTED": _PRIVACY,
    "USER_NOT_MUTUAL_CONTACT": message("is not a mutual contact"),
    "USER_CHANNELS_TOO_MUCH": message("is in too many chats"),
    "USER_KICKED": message("was removed from the chat earlier"),
    "USER_BOT": _BOT,
    "BOT_GROUPS_BLOCKED": _BOT,
    "INPUT_USER_DEACTIVATED": message("the account is deleted"),
    "CHAT_MEMBER_ADD_FAILED": message("could not be added"),
    "USER_BLOCKED": message("is blocked in the chat"),
    "USER_IS_BLOCKED": message("has blocked the sender"),
    "PRIVACY_PREMIUM_REQUIRED": message("takes messages only from Premium accounts"),
}
"""The refusals that are about a person, not about the caller or the chat."""

_PAYMENT = re.compile(r"ALLOW_PAYMENT_REQUIRED|BALANCE_TOO_LOW")


def reason_words(name: str) -> Message | None:
    """Return a refusal in words, None for one that is not about a person."""
    return _REASONS.get(name) or (_PAID if _PAYMENT.match(name) else None)


class Refusals:
    """The latest refusal for each person and chat; for messages the chat is 0."""

    def __init__(self, changes: Changes) -> None:
        self._commit = changes.commit
        self._latest: dict[tuple[int, int], tuple[int, int, str]] = {}
        changes.keep({"refused": self._apply}, self._dump)

    def note_fault(
        self, account_id: int | None, request: TLObject, fault: MethodError, now: int
    ) -> None:
        """Keep an error that answers a contacting call and is about the person contacted."""
        if reason_words(fault.name) is not None:
            chat_id, users = _contacted(request)
            for user in users:
                user_id = getattr(user, "user_id", 0)
                self._commit("refused", chat_id, user_id, account_id or 0, now, fault.name)

    def note_results(
        self, account_id: int | None, chat_id: int, users: Sequence[Mapping[str, Any]], now: int
    ) -> None:
        """Keep whom an executed invitation did not add, as the journal describes them."""
        for user in users:
            if reason_words(user["result"]) is not None:
                row = chat_id, user["id"], account_id or 0, now, user["result"]
                self._commit("refused", *row)

    def _apply(self, chat_id: int, user_id: int, account_id: int, at: int, reason: str) -> None:
        self._latest[chat_id, user_id] = account_id, at, reason

    def _dump(self) -> Iterator[Change]:
        for key, rest in self._latest.items():
            yield "refused", *key, *rest


def _contacted(request: TLObject) -> tuple[int, Sequence[TLObject]]:
    """Return the chat and the people of a contacting call, nobody for any other."""
    match request:
        case functions.channels.InviteToChannelRequest():
            return getattr(request.channel, "channel_id", 0), request.users
        case functions.messages.AddChatUserRequest():
            return request.chat_id, [request.user_id]
        case functions.messages.SendMessageRequest() | functions.messages.SendMediaRequest():
            return 0, [request.peer]
    return 0, ()
