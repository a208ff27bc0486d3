"""What clients ask by themselves, and lists of people in files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from telethon import functions, types

from invite_desktop.domain.errors import KnownError
from invite_desktop.rehearsal.people import ListedPerson
from invite_desktop.rehearsal.people_files import read_people
from tests.fakes.rehearsal import CLUB

if TYPE_CHECKING:
    from pathlib import Path

    from telethon import TelegramClient
    from telethon.tl.tlobject import TLRequest

    from tests.fakes.rehearsal import Rehearsal


@pytest.mark.parametrize(
    ("request_", "answer"),
    [
        (functions.help.GetAppConfigRequest(0), types.help.AppConfig),
        (functions.help.GetNearestDcRequest(), types.NearestDc),
        (functions.help.GetCdnConfigRequest(), types.CdnConfig),
        (functions.account.UpdateStatusRequest(offline=False), bool),
        (functions.messages.GetPinnedDialogsRequest(0), types.messages.PeerDialogs),
        (functions.updates.GetStateRequest(), types.updates.State),
        (functions.channels.ReadHistoryRequest(CLUB, 1), bool),
        (
            functions.messages.SetTypingRequest("some_person", types.SendMessageTypingAction()),
            bool,
        ),
        (
            functions.updates.GetChannelDifferenceRequest(
                CLUB, types.ChannelMessagesFilterEmpty(), 1, 100
            ),
            types.updates.ChannelDifferenceEmpty,
        ),
    ],
    ids=lambda value: type(value).__name__,
)
async def test_clients_get_what_they_ask_by_themselves(
    client: TelegramClient, request_: TLRequest, answer: type
):
    assert isinstance(await client(request_), answer)


async def test_every_data_centre_is_this_server(rehearsal: Rehearsal, client: TelegramClient):
    config = await client(functions.help.GetConfigRequest())
    addresses = {(option.ip_address, option.port) for option in config.dc_options}
    assert addresses == {("127.0.0.1", rehearsal.port)}


async def test_the_history_of_a_chat_tells_that_it_was_made(client: TelegramClient):
    (message,) = await client.get_messages(CLUB, limit=10)
    assert message.action.title == "Клуб репетиции"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("p.csv", "username,phone,telegram_id\n@One_Name,+79001112233,5\n,,\n"),
        (
            "p.ndjson",
            '{"username": "One_Name", "phone": "+79001112233", "telegram_id": 5}\n{}\n',
        ),
    ],
)
def test_lists_are_read_in_both_forms(tmp_path: Path, name: str, content: str):
    (tmp_path / name).write_text(content, encoding="utf-8")
    assert list(read_people(tmp_path / name)) == [ListedPerson("One_Name", "+79001112233", 5)]


def test_a_missing_list_is_told_in_words(tmp_path: Path):
    with pytest.raises(KnownError, match="cannot be read"):
        list(read_people(tmp_path / "p.csv"))
