"""No bytes take the server down: properties of the parsers below the methods."""

from __future__ import annotations

import struct
from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from telethon.network.connection.tcpabridged import AbridgedPacketCodec
from telethon.network.connection.tcpfull import FullPacketCodec
from telethon.network.connection.tcpintermediate import IntermediatePacketCodec
from telethon.tl import functions
from telethon.tl.alltlobjects import tlobjects

from invite_desktop.rehearsal import encryption, tl
from invite_desktop.rehearsal.faults import MethodError, ProtocolError
from invite_desktop.rehearsal.session import messages_in
from invite_desktop.rehearsal.transport import Transport

REQUESTS = sorted(number for number, kind in tlobjects.items() if kind.__name__.endswith("Request"))
TAGS = {AbridgedPacketCodec: b"\xef", IntermediatePacketCodec: b"\xee" * 4, FullPacketCodec: b""}


@given(st.binary(max_size=2000), st.integers(1, 64))
@example(b"\xef" + b"\x7f\xff\xff\xff" * 3, 1)
@example(b"\xee" * 8, 5)
def test_a_transport_yields_packets_or_refuses(data: bytes, step: int):
    transport = Transport()
    try:
        for start in range(0, len(data), step):
            for packet in transport.receive(data[start : start + step]):
                assert isinstance(packet, bytes)
    except ProtocolError:
        pass


@pytest.mark.parametrize("codec", TAGS)
@given(
    packets=st.lists(st.binary(min_size=4, max_size=600).map(lambda d: d[: len(d) // 4 * 4])),
    step=st.integers(1, 50),
)
def test_packets_arrive_whole_in_whatever_pieces(codec: type, packets: list[bytes], step: int):
    sender, transport = codec(None), Transport()
    stream = TAGS[codec] + b"".join(sender.encode_packet(packet) for packet in packets)
    arrived = []
    for start in range(0, len(stream), step):
        arrived += transport.receive(stream[start : start + step])
    assert arrived == packets


@given(st.sampled_from(REQUESTS), st.binary(max_size=400))
def test_a_request_is_read_or_refused(constructor: int, rest: bytes):
    with suppress(MethodError, ProtocolError):
        tl.parse(struct.pack("<I", constructor) + rest)


@given(st.binary(max_size=300))
def test_any_body_is_read_or_refused(body: bytes):
    with suppress(MethodError, ProtocolError):
        tl.parse(body)


@given(st.binary(max_size=500), st.sampled_from([0x73F1F8DC, 0x3072CFA1]))
def test_any_container_is_taken_apart_or_refused(rest: bytes, constructor: int):
    try:
        for message in messages_in(4, 1, struct.pack("<I", constructor) + rest):
            assert isinstance(message.body, bytes)
    except ProtocolError:
        pass


@given(st.binary(max_size=400))
def test_what_was_not_sealed_with_the_key_is_refused(packet: bytes):
    with pytest.raises(ProtocolError):
        encryption.decrypt(bytes(range(256)), packet)


def test_requests_survive_the_way_there_and_back():
    request = functions.contacts.ResolveUsernameRequest("some_person")
    assert tl.parse(bytes(request)) == request


@pytest.mark.parametrize(
    ("answer", "data"),
    [
        (True, b"\xb5\x75\x72\x99"),
        (tl.Longs([1 << 40]), struct.pack("<Iiq", 0x1CB5C415, 1, 1 << 40)),
        ([3], struct.pack("<Iii", 0x1CB5C415, 1, 3)),
    ],
)
def test_bare_answers_are_written_as_their_types(answer: tl.Answer, data: bytes):
    assert tl.to_bytes(answer) == data
