"""Every answer is acknowledged, together with the next request or soon by itself."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import pytest
from telethon.network.mtprotosender import MTProtoSender
from telethon.network.requeststate import RequestState
from telethon.tl.functions import PingRequest
from telethon.tl.types import MsgsAck

from invite_desktop.telegram import acknowledgements
from invite_desktop.telegram.acknowledgements import PatientPacker, send_patiently

if TYPE_CHECKING:
    from collections.abc import Sequence


@pytest.fixture
def packer() -> PatientPacker:
    loggers = defaultdict(lambda: logging.getLogger("test"))
    sender = MTProtoSender(None, loggers=loggers)
    send_patiently(sender)
    return sender._send_queue


def acknowledgement(number: int) -> RequestState:
    return RequestState(MsgsAck([number]))


def request() -> RequestState:
    return RequestState(PingRequest(1))


def kinds(batch: Sequence[Any]) -> list[str]:
    return [type(state.request).__name__ for state in batch]


async def test_an_acknowledgement_waits_for_the_next_request(packer: PatientPacker):
    packer.append(acknowledgement(1))
    getting = asyncio.ensure_future(packer.get())
    await asyncio.sleep(0)
    packer.append(acknowledgement(2))
    await asyncio.sleep(0)
    assert not getting.done()
    packer.append(request())
    batch, data = await getting
    assert kinds(batch) == ["MsgsAck", "MsgsAck", "PingRequest"]
    assert all(state.container_id for state in batch), "one packet for all of them"
    assert data


async def test_without_a_request_it_goes_out_by_itself(
    packer: PatientPacker, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(acknowledgements, "LONGEST_WAIT", 0.01)
    packer.append(acknowledgement(1))
    batch, _ = await asyncio.wait_for(packer.get(), 5)
    assert kinds(batch) == ["MsgsAck"]


async def test_it_goes_out_by_itself_also_from_an_empty_queue(
    packer: PatientPacker, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(acknowledgements, "LONGEST_WAIT", 0.01)
    getting = asyncio.ensure_future(packer.get())
    await asyncio.sleep(0)
    packer.append(acknowledgement(1))
    batch, _ = await asyncio.wait_for(getting, 5)
    assert kinds(batch) == ["MsgsAck"]


async def test_a_request_alone_goes_out_at_once(packer: PatientPacker):
    packer.append(request())
    batch, _ = await packer.get()
    assert kinds(batch) == ["PingRequest"]


async def test_after_it_went_with_a_request_the_next_one_waits_anew(packer: PatientPacker):
    packer.append(acknowledgement(1))
    packer.append(request())
    await packer.get()
    packer.append(acknowledgement(2))
    getting = asyncio.ensure_future(packer.get())
    await asyncio.sleep(0)
    assert not getting.done()
    packer.append(request())
    batch, _ = await getting
    assert kinds(batch) == ["MsgsAck", "PingRequest"]
