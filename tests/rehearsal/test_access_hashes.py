"""Whatever a request addresses, it addresses it by the caller's own access hash, or not at all."""

from __future__ import annotations

import inspect
import random
from typing import TYPE_CHECKING

import pytest
from telethon import errors, functions, types

from invite_desktop.rehearsal import dispatch, methods
from tests.fakes.rehearsal import CLUB
from tests.rehearsal.test_hostile_requests import OBJECTS, Raw, value_for

if TYPE_CHECKING:
    from telethon import TelegramClient
    from telethon.tl.tlobject import TLRequest

    from tests.fakes.rehearsal import Rehearsal

ADDRESSES = ("InputUser", "InputPeer", "InputChannel", "InputDialogPeer", "InputFolderPeer")
ATTEMPTS = 60
FAULTS = {
    "ADMIN_ID_INVALID",
    "CHANNEL_INVALID",
    "CONTACT_ID_INVALID",
    "LOCATION_INVALID",
    "PARTICIPANT_ID_INVALID",
    "PEER_ID_INVALID",
    "USER_ID_INVALID",
}


def addressed(parameter: inspect.Parameter) -> str:
    """Return the TL type of an address that a request cannot do without, "" for none."""
    name = str(parameter.annotation).rpartition("Type")[2].strip("')]")
    return name if parameter.default is parameter.empty and name in ADDRESSES else ""


METHODS = [
    kind
    for kind in dispatch._HANDLERS
    if methods
    and kind is not functions.messages.GetDialogsRequest
    and any(map(addressed, inspect.signature(kind).parameters.values()))
]


@pytest.fixture
async def foreign(
    rehearsal: Rehearsal, client: TelegramClient, second: TelegramClient
) -> dict[str, object]:
    """What the second account has met, with the hashes of the first, which knows it too.

    It may do everything in the basic group, whose members only are addressed by hashes.
    """
    group = next(c for c in rehearsal.world.chats.values() if not c.is_channel)
    group.members[rehearsal.accounts[1].id].creator = True
    club, user = await client.get_input_entity(CLUB), await client.get_input_entity("some_user")
    await second.get_input_entity(CLUB)
    await second.get_input_entity("some_user")
    return {
        "InputUser": types.InputUser(user.user_id, user.access_hash),
        "InputPeer": user,
        "InputChannel": types.InputChannel(club.channel_id, club.access_hash),
        "InputDialogPeer": types.InputDialogPeer(user),
        "InputFolderPeer": types.InputFolderPeer(user, 1),
    }


def request_with(
    kind: type[TLRequest], foreign: dict[str, object], dice: random.Random
) -> bytes | None:
    """A request with foreign addresses and otherwise senseless values of the right types."""
    arguments: dict[str, object] = {}
    for parameter in inspect.signature(kind).parameters.values():
        if parameter.default is not parameter.empty:
            continue
        annotation = str(parameter.annotation)
        name = addressed(parameter)
        value = foreign[name] if name else value_for(annotation, dice, OBJECTS)
        arguments[parameter.name] = [value] if "List[" in annotation else value
    try:
        return bytes(kind(**arguments))
    except (TypeError, AttributeError, ValueError, AssertionError):
        return None


@pytest.mark.parametrize("kind", METHODS, ids=lambda kind: kind.__qualname__)
async def test_a_hash_of_another_account_opens_nothing(
    rehearsal: Rehearsal, second: TelegramClient, foreign: dict[str, object], kind: type
):
    dice, met = random.Random(3), set()
    for _ in range(ATTEMPTS):
        body = request_with(kind, foreign, dice)
        if body is None:
            continue
        try:
            answer = await second._sender.send(Raw(body))
        except errors.RPCError as refused:
            met.add(name_of(refused))
        else:
            assert [type(item) for item in answer] == [types.UserEmpty]
            met.add("USER_ID_INVALID")
    assert met & FAULTS
    assert not rehearsal.server.bugs


def name_of(refused: errors.RPCError) -> str:
    """Telegram's name of an error, whether Telethon has a class for it or not."""
    if type(refused).__module__.endswith("rpcbaseerrors"):
        return refused.message
    words = type(refused).__name__.removesuffix("Error")
    return "".join(f"_{c}" if c.isupper() else c.upper() for c in words).lstrip("_")
