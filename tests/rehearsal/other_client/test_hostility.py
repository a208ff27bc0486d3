"""Requests that the server does not know or cannot read, and bytes that mean harm."""

from __future__ import annotations

import gzip
import struct
from typing import TYPE_CHECKING

import pytest
from pyrogram.raw import functions, types
from pyrogram.raw.core import Bytes, GzipPacked

from tests.rehearsal.other_client.clients import MYSELF, NEAREST, ask
from tests.rehearsal.other_client.line import Line, Raw

if TYPE_CHECKING:
    from pyrogram import Client


class TestUnknown:
    @pytest.mark.parametrize(
        "body",
        [
            struct.pack("<I", 0x0BADF00D),
            functions.contacts.ResolveUsername(username="some_person").write()[:-4],
            struct.pack("<III", functions.users.GetUsers.ID, 0x1CB5C415, 9),
        ],
        ids=["unknown", "torn", "empty"],
    )
    async def test_an_unreadable_request_is_refused_and_the_connection_stays(
        self, line: Line, body: bytes
    ):
        assert (await line.ask(Raw(body))).error_message.startswith("INPUT_")
        assert await line.ask(NEAREST)

    async def test_a_method_that_the_server_lacks_is_refused(self, line: Line):
        answer = await line.ask(functions.account.GetThemes(format="x", hash=0))
        assert (answer.error_code, answer.error_message) == (
            400,
            f"INPUT_METHOD_INVALID_{functions.account.GetThemes.ID}_0",
        )

    @pytest.mark.parametrize(
        ("request_", "answer"),
        [
            (functions.help.GetAppConfig(hash=0), types.help.AppConfig),
            (functions.help.GetCdnConfig(), types.CdnConfig),
            (functions.account.UpdateStatus(offline=False), bool),
            (functions.messages.GetPinnedDialogs(folder_id=0), types.messages.PeerDialogs),
            (functions.updates.GetState(), types.updates.State),
        ],
        ids=lambda value: type(value).__name__,
    )
    async def test_clients_get_what_they_ask_by_themselves(
        self, client: Client, request_: object, answer: type
    ):
        assert isinstance(await ask(client, request_), answer)


class TestHostility:
    @pytest.mark.parametrize(
        "body",
        [
            struct.pack("<I", GzipPacked.ID) + b"\x03abc",
            struct.pack("<I", GzipPacked.ID) + Bytes(gzip.compress(bytes(16 * 1024 * 1024))),
            functions.InvokeWithLayer(layer=200, query=GzipPacked(NEAREST)).write(),
            struct.pack("<Ii", functions.InvokeWithLayer.ID, 1) * 3000,
        ],
        ids=["no gzip", "bomb", "gzip inside", "bottomless"],
    )
    async def test_hostile_messages_of_a_known_key_end_their_connection(
        self, line: Line, client: Client, body: bytes
    ):
        await line.send(Raw(body))
        assert await line.packet() is None
        assert await ask(client, MYSELF)

    @pytest.mark.parametrize("packet", [bytes(24), bytes(4), b"\x01" * 40], ids=len)
    async def test_garbage_ends_its_own_connection_at_most(
        self, line: Line, client: Client, packet: bytes
    ):
        await line.connection.send(packet)
        assert await line.packet() in {None, struct.pack("<i", -404)}
        assert await ask(client, MYSELF)
