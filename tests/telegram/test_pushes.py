"""Which pushes ring the bell."""

from __future__ import annotations

import pytest
from telethon.tl.types import (
    Message,
    MessageEmpty,
    PeerUser,
    UpdateEditMessage,
    UpdateNewChannelMessage,
    UpdateNewMessage,
    Updates,
    UpdateShort,
    UpdateShortChatMessage,
    UpdateShortMessage,
    UpdateShortSentMessage,
    UpdatesTooLong,
    UpdateUserStatus,
    UserStatusRecently,
)

from invite_desktop.telegram.incoming import tells_of_a_message


def letter(*, out: bool = False) -> Message:
    return Message(1, PeerUser(5), out=out, message="text")


def several(*updates: object) -> Updates:
    return Updates(list(updates), [], [], None, 0)


EMPTY = MessageEmpty(1, None)
STATUS = UpdateUserStatus(5, UserStatusRecently())


@pytest.mark.parametrize(
    ("push", "rings"),
    [
        (several(STATUS, UpdateNewMessage(letter(), 1, 1)), True),
        (several(UpdateEditMessage(letter(), 1, 1)), True),
        (several(UpdateEditMessage(letter(out=True), 1, 1)), False),
        (several(UpdateNewMessage(EMPTY, 1, 1)), True),
        (several(UpdateNewMessage(letter(out=True), 1, 1)), False),
        (several(UpdateNewChannelMessage(letter(), 1, 1)), False),
        (several(STATUS), False),
        (several(), False),
        (UpdateShort(UpdateNewMessage(letter(), 1, 1), None), True),
        (UpdateShort(STATUS, None), False),
        (UpdateShortMessage(1, 5, "text", 1, 1, None), True),
        (UpdateShortMessage(1, 5, "text", 1, 1, None, out=True), False),
        (UpdateShortChatMessage(1, 5, 7, "text", 1, 1, None), True),
        (UpdateShortSentMessage(1, 1, 1, None), False),
        (UpdatesTooLong(), True),
    ],
    ids=lambda value: type(value).__name__,
)
def test_messages_of_others_ring(push: object, rings: bool):
    assert tells_of_a_message(push) is rings
