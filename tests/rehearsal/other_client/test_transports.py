"""Every framing that kurigram speaks, for the handshake as well as for messages."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from pyrogram.connection import transport
from pyrogram.crypto import rsa

from tests.rehearsal.other_client.clients import ConnectionHere, connected
from tests.rehearsal.other_client.sign_in import log_in

if TYPE_CHECKING:
    from tests.fakes.rehearsal import Rehearsal


async def test_no_client_of_these_tests_leaves_this_machine(rehearsal: Rehearsal):
    assert list(rsa.server_public_keys) == [rehearsal.server.hub.key.fingerprint]
    elsewhere = ConnectionHere(2, "149.154.167.51", 443, test_mode=False)
    with pytest.raises(AssertionError, match=r"149\.154"):
        await elsewhere.connect()


@pytest.mark.parametrize(
    "framing",
    [
        transport.TCPAbridged,
        transport.TCPAbridgedO,
        transport.TCPIntermediate,
        transport.TCPIntermediateO,
        transport.TCPIntermediatePadded,
        transport.TCPFull,
    ],
)
async def test_every_framing_carries_handshake_and_messages(rehearsal: Rehearsal, framing: type):
    async with connected(rehearsal, protocol_factory=framing) as client:
        await log_in(client)
        for length in (5, 4000):
            text = os.urandom(length).hex()[:length]
            await client.send_message("some_person", text)
            (message,) = [item async for item in client.get_chat_history("some_person", limit=1)]
            assert message.text == text
