"""What goes out over a connection: in parts, in order, and only what is safe."""

from __future__ import annotations

import pytest

from invite_desktop.rehearsal.outgoing import Outgoing
from invite_desktop.rehearsal.transport import Transport

PACKETS = [bytes([number] * 4) for number in range(20)]


class Wire:
    """The pieces that were written, until the connection was cut."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []
        self.is_cut = False

    def write(self, piece: bytes) -> None:
        self.pieces.append(piece)

    def is_closing(self) -> bool:
        return self.is_cut

    def abort(self) -> None:
        self.is_cut = True


class Disk:
    """How many pieces had gone out whenever what happened was made safe."""

    def __init__(self, wire: Wire) -> None:
        self.wire, self.is_full = wire, False
        self.flushed: list[int] = []

    def flush(self) -> None:
        if self.is_full:
            raise OSError("no space left on device")
        self.flushed.append(len(self.wire.pieces))


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest.fixture
def disk(wire: Wire) -> Disk:
    return Disk(wire)


@pytest.fixture
def outgoing(wire: Wire, disk: Disk) -> Outgoing:
    transport = Transport()
    assert not list(transport.receive(b"\xef"))
    found = Outgoing(transport, disk.flush)
    found.wire = wire
    return found


def framed(*packets: bytes) -> bytes:
    return b"".join(b"\x01" + packet for packet in packets)


def test_many_answers_go_out_in_parts(outgoing: Outgoing, wire: Wire):
    outgoing.collect()
    for packet in PACKETS:
        outgoing.write(packet)
    outgoing.send()
    parts = PACKETS[:1], PACKETS[1:9], PACKETS[9:17], PACKETS[17:]
    assert wire.pieces == [framed(*part) for part in parts]


def test_the_first_answer_does_not_wait_for_the_others(outgoing: Outgoing, wire: Wire):
    for number in range(2):
        outgoing.collect()
        outgoing.write(PACKETS[number])
        assert len(wire.pieces) == number + 1
        outgoing.send()
    assert len(wire.pieces) == 2


def test_what_nobody_collects_goes_out_at_once(outgoing: Outgoing, wire: Wire):
    outgoing.write(PACKETS[0])
    outgoing.write(PACKETS[1])
    assert wire.pieces == [framed(PACKETS[0]), framed(PACKETS[1])]


def test_every_part_is_safe_before_it_goes_out(outgoing: Outgoing, disk: Disk):
    outgoing.collect()
    for packet in PACKETS:
        outgoing.write(packet)
    outgoing.close()
    assert disk.flushed == [0, 1, 2, 3]


def test_what_is_not_safe_is_not_told_and_the_connection_is_cut(
    outgoing: Outgoing, wire: Wire, disk: Disk
):
    outgoing.collect()
    outgoing.write(PACKETS[0])
    disk.is_full = True
    for packet in PACKETS[1:]:
        outgoing.write(packet)
    disk.is_full = False
    outgoing.send()
    assert wire.pieces == [framed(PACKETS[0])]
    assert wire.is_cut
    assert not outgoing.is_open
