"""A frozen account reads and looks after itself; it contacts nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from telethon import errors, functions, types

from invite_desktop.rehearsal import dispatch, methods
from invite_desktop.rehearsal.freezing import REFUSED_WHEN_FROZEN

if TYPE_CHECKING:
    from telethon import TelegramClient

    from tests.fakes.rehearsal import Rehearsal

OLD_CHAT = "rehearsal_old_chat"
READING = ("Get", "Check", "Read", "Resolve", "Search")
OWN_AFFAIRS = {
    functions.account.ResetAuthorizationRequest,
    functions.account.UpdatePasswordSettingsRequest,
    functions.account.UpdateStatusRequest,
    functions.channels.DeleteMessagesRequest,
    functions.channels.LeaveChannelRequest,
    functions.contacts.BlockRequest,
    functions.contacts.DeleteContactsRequest,
    functions.contacts.UnblockRequest,
    functions.folders.EditPeerFoldersRequest,
    functions.help.SaveAppLogRequest,
    functions.messages.DeleteMessagesRequest,
    functions.messages.ReorderPinnedDialogsRequest,
    functions.messages.SetTypingRequest,
    functions.messages.ToggleDialogPinRequest,
    functions.upload.SaveBigFilePartRequest,
    functions.upload.SaveFilePartRequest,
}
METHODS = [kind for kind in dispatch._HANDLERS if methods]


@pytest.mark.parametrize("kind", METHODS, ids=lambda kind: kind.__qualname__)
def test_every_method_reads_or_is_an_own_affair_or_is_refused(kind: type):
    free = kind.__name__.startswith(READING) or kind in OWN_AFFAIRS
    free = free or kind.__module__.endswith("functions.auth")
    assert free != (kind in REFUSED_WHEN_FROZEN)


async def test_a_freeze_and_its_end_are_pushed(rehearsal: Rehearsal, client: TelegramClient):
    heard = []

    async def note(update: object):
        heard.append(type(update))

    client.add_event_handler(note)
    account = rehearsal.accounts[0]
    rehearsal.world.standings.freeze(account)
    told = await client(functions.help.GetAppConfigRequest(0))
    rehearsal.world.standings.unfreeze(account)
    assert (await client(functions.help.GetAppConfigRequest(told.hash))).config.value == []
    assert heard.count(types.UpdateConfig) == 2


async def test_the_others_are_not_told_of_a_freeze(
    rehearsal: Rehearsal, client: TelegramClient, second: TelegramClient
):
    heard = []

    async def note(update: object):
        heard.append(type(update))

    second.add_event_handler(note)
    rehearsal.world.standings.freeze(rehearsal.accounts[0])
    assert (await second(functions.help.GetAppConfigRequest(0))).config.value == []
    assert types.UpdateConfig not in heard


@pytest.mark.parametrize("method", ["history", "posts", "dialogue", "difference"])
async def test_a_chat_that_it_is_not_in_is_closed_to_it(
    rehearsal: Rehearsal, second: TelegramClient, method: str
):
    chat = await second.get_input_entity(OLD_CHAT)
    await second(functions.channels.LeaveChannelRequest(chat))
    request = {
        "history": functions.messages.GetHistoryRequest(chat, 0, None, 0, 9, 0, 0, 0),
        "posts": functions.channels.GetMessagesRequest(chat, [types.InputMessageID(1)]),
        "dialogue": functions.messages.GetPeerDialogsRequest([types.InputDialogPeer(chat)]),
        "difference": functions.updates.GetChannelDifferenceRequest(
            chat, types.ChannelMessagesFilterEmpty(), 1, 9
        ),
    }[method]
    await second(request)
    rehearsal.world.standings.freeze(rehearsal.accounts[1])
    with pytest.raises(errors.RPCError) as caught:
        await second(request)
    assert isinstance(caught.value, errors.FrozenParticipantMissingError)
    assert caught.value.code == 400


async def test_a_chat_that_it_is_in_stays_open_to_it(rehearsal: Rehearsal, client: TelegramClient):
    rehearsal.world.standings.freeze(rehearsal.accounts[0])
    assert (await client.get_messages(OLD_CHAT)).total == 1
