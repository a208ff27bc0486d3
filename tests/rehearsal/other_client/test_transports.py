"""Every framing that kurigram speaks, for the handshake as well as for messages."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from pyrogram.connection import transport

from tests.rehearsal.other_client.clients import connected
from tests.rehearsal.other_client.sign_in import log_in

if TYPE_CHECKING:
    from tests.fakes.rehearsal import Rehearsal


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
