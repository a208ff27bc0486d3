"""Every method with senseless arguments of the right and of wrong types: refusals, never bugs."""

from __future__ import annotations

import inspect
import random
from functools import cache
from typing import TYPE_CHECKING

import pytest
from telethon import errors, functions, types
from telethon.tl.tlobject import TLRequest

from invite_desktop.rehearsal import dispatch, methods
from invite_desktop.rehearsal.arguments import check_arguments
from invite_desktop.rehearsal.faults import MethodError
from tests.fakes.rehearsal import CLUB

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from telethon import TelegramClient

    from tests.fakes.rehearsal import Rehearsal

METHODS = [
    kind for kind in dispatch._HANDLERS if kind is not functions.auth.LogOutRequest and methods
]
REQUESTS_A_METHOD = 40
NUMBERS = (0, 1, -1, 5, 2**31 - 1, -(2**31), 2_000_000_003)
TEXTS = ("", "a", CLUB, "+9996620001", "x" * 100, "RehearsalClosedClub0", "\x00", "some_user")
OBJECTS = [
    types.InputPeerSelf(),
    types.InputPeerEmpty(),
    types.InputPeerChat(2_000_000_003),
    types.InputPeerChat(5),
    types.InputPeerUser(3, 4),
    types.InputPeerChannel(4, 5),
    types.InputUserSelf(),
    types.InputUserEmpty(),
    types.InputUser(1, 0),
    types.InputChannelEmpty(),
    types.InputDialogPeer(types.InputPeerEmpty()),
    types.InputDialogPeerFolder(1),
    types.InputChatPhotoEmpty(),
    types.InputChatPhoto(types.InputPhoto(1, 2, b"")),
    types.InputChatUploadedPhoto(),
    types.InputChatUploadedPhoto(types.InputFile(1, 1, "a.png", "")),
    types.InputMessageID(1),
    types.InputMessageID(-5),
    types.InputMessageReplyTo(3),
    types.InputReplyToMessage(3),
    types.ChatAdminRights(invite_users=True),
    types.ChatBannedRights(until_date=None, view_messages=True),
    types.ChatBannedRights(until_date=None),
    types.ChannelAdminLogEventsFilter(join=True, ban=True),
    types.InputFile(1, 1, "a.png", ""),
    types.InputMediaUploadedPhoto(types.InputFile(1, 2, "a.png", "x")),
    types.InputMediaUploadedDocument(types.InputFile(1, 1, "a", ""), "a/b", []),
    types.InputMediaPhoto(types.InputPhoto(1, 2, b"")),
    types.InputMediaEmpty(),
    types.InputPhotoFileLocation(1, 2, b"rehearsal", "c"),
    types.InputPeerPhotoFileLocation(types.InputPeerSelf(), 5),
    types.InputFolderPeer(types.InputPeerSelf(), 1),
    types.InputMessagesFilterUrl(),
    types.MessageEntityBold(0, 1),
    types.MessageEntityBold(-4, 99),
    types.ChannelParticipantsRecent(),
    types.ChannelParticipantsSearch("a"),
    types.ChannelParticipantsMentions(),
    types.ChannelParticipantsAdmins(),
    types.ChannelParticipantsBots(),
    types.ChannelParticipantsKicked(""),
    types.ChannelParticipantsContacts(""),
    types.ChannelMessagesFilterEmpty(),
    types.InputMessagesFilterEmpty(),
    types.InputPhoneContact(1, "+79", "a", "b"),
    types.InputCheckPasswordEmpty(),
    types.InputCheckPasswordSRP(1, b"", b""),
    types.InputCheckPasswordSRP(1, b"\xff" * 300, b""),
    types.CodeSettings(),
    types.JsonNull(),
    types.InputAppEvent(float("nan"), "rehearsal.clock", 0, types.JsonNumber(1.0)),
    types.InputAppEvent(1e300, "rehearsal.clock", 0, types.JsonNumber(1.0)),
    types.InputAppEvent(1.0, "rehearsal.clock", 0, types.JsonNumber(float("inf"))),
    types.InputAppEvent(1.0, "rehearsal.clock", 0, types.JsonObject([])),
    types.SendMessageTypingAction(),
]


class Raw(TLRequest):
    """A request as bytes, so that the client does not make it sensible."""

    CONSTRUCTOR_ID, SUBCLASS_OF_ID = 1, 0

    def __init__(self, data: bytes) -> None:
        self.data = data

    def _bytes(self) -> bytes:
        return self.data


def senseless(kind: type[TLRequest], dice: random.Random, objects: list[object]) -> bytes | None:
    """A request with arguments of about the right types, None if it cannot even be written."""
    arguments = {}
    for parameter in inspect.signature(kind).parameters.values():
        if parameter.default is not parameter.empty and dice.random() < 0.7:
            continue
        annotation = str(parameter.annotation)
        count = dice.randint(0, 3) if "List[" in annotation else 1
        values = [value_for(annotation, dice, objects) for _ in range(count)]
        arguments[parameter.name] = values if "List[" in annotation else values[0]
    try:
        return bytes(kind(**arguments))
    except (TypeError, AttributeError, ValueError, AssertionError):
        return None


def value_for(annotation: str, dice: random.Random, objects: list[object]) -> object:
    if "Type" in annotation:
        wanted = annotation.rpartition("Type")[2].strip("')]")
        known = [item for item in objects if wanted in types_of(type(item))]
        return dice.choice(known if known and dice.random() < 0.8 else objects)
    if "str" in annotation:
        return dice.choice(TEXTS)
    if "bool" in annotation:
        return dice.random() < 0.5
    return b"abc" if "bytes" in annotation else dice.choice(NUMBERS)


@cache
def types_of(constructor: type) -> set[str]:
    """The names of the TL types that have a constructor."""
    return {
        name.removeprefix("Type")
        for name, kind in vars(types).items()
        if name.startswith("Type") and constructor in getattr(kind, "__args__", (kind,))
    }


@pytest.fixture
async def objects(client: TelegramClient) -> list[object]:
    """Objects to put anywhere, with some that lead to people and chats."""
    club, user = await client.get_input_entity(CLUB), await client.get_input_entity("some_user")
    return [
        *OBJECTS,
        club,
        user,
        types.InputUser(user.user_id, user.access_hash),
        types.InputChannel(club.channel_id, club.access_hash),
        types.InputDialogPeer(user),
    ]


@pytest.fixture
async def stranger(rehearsal: Rehearsal) -> AsyncIterator[TelegramClient]:
    """A client that has not logged in."""
    async with rehearsal.client() as connected:
        yield connected


async def test_no_method_is_brought_down(
    rehearsal: Rehearsal, client: TelegramClient, objects: list[object]
):
    dice, answered, broken = random.Random(1), 0, []
    for kind in METHODS:
        for _ in range(REQUESTS_A_METHOD):
            body = senseless(kind, dice, objects)
            if body is None:
                continue
            try:
                await client._sender.send(Raw(body))
                answered += 1
            except errors.ServerError:
                broken.append(body)
            except errors.RPCError:
                continue
    assert answered > 200, "hardly anything was accepted: the arguments are too senseless"
    assert (broken, rehearsal.server.bugs) == ([], [])


async def test_most_methods_are_for_who_is_logged_in(stranger: TelegramClient):
    dice, opened = random.Random(2), []
    for kind in METHODS:
        body = next(filter(None, (senseless(kind, dice, OBJECTS) for _ in range(200))))
        try:
            await stranger._sender.send(Raw(body))
        except errors.AuthKeyUnregisteredError:
            continue
        except errors.RPCError:
            pass
        opened.append(kind)
    assert functions.auth.SendCodeRequest in opened
    assert [kind for kind in opened if not kind.__module__.endswith(("auth", "help"))] == []
    # And it was no stranger for whom nothing was open any more.
    assert await stranger(functions.help.GetConfigRequest())


@pytest.mark.parametrize(
    "request_",
    [
        functions.contacts.ImportContactsRequest([types.InputUserSelf()]),
        functions.messages.GetPeerDialogsRequest([types.InputDialogPeer(types.InputUserSelf())]),
        functions.users.GetFullUserRequest(types.InputChannelEmpty()),
    ],
)
def test_objects_of_wrong_types_are_refused(request_: TLRequest):
    with pytest.raises(MethodError, match="INPUT_CONSTRUCTOR_INVALID"):
        check_arguments(request_)
