"""A disk that takes no more: nobody is told what is not safe, and nothing of it is lost."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

import pytest
from telethon import functions

from invite_desktop.rehearsal.line_file import LineFile
from tests.fakes.rehearsal import CLUB, running_rehearsal

if TYPE_CHECKING:
    from pathlib import Path


class FullFile:
    """A file on a disk with room for so many bytes more."""

    def __init__(self, file: object, room: int) -> None:
        self.file, self.room = file, room

    def write(self, data: memoryview) -> int:
        if not self.room:
            raise OSError(errno.ENOSPC, "no space left on device")
        written = self.file.write(data[: self.room])
        self.room -= written
        return written

    def __getattr__(self, name: str) -> object:
        return getattr(self.file, name)


def test_lines_are_finished_when_there_is_room_again(tmp_path: Path):
    file = LineFile(tmp_path / "lines")
    file._file = full = FullFile(file._file, room=7)
    with pytest.raises(OSError, match="no space"):
        file.write(b"one line\n")
    full.room = 100
    file.write(b"another\n")
    file.close()
    assert (tmp_path / "lines").read_bytes() == b"one line\nanother\n"


async def test_who_was_not_answered_finds_it_done_when_there_is_room_again(tmp_path: Path):
    async with running_rehearsal(state_dir=tmp_path) as rehearsal:
        async with rehearsal.client(
            rehearsal.accounts[0], auto_reconnect=False, connection_retries=1
        ) as client:
            person = await client.get_input_entity("willing_one")
            lines = rehearsal.world.changes._file
            lines._file = full = FullFile(lines._file, room=20)
            with pytest.raises(ConnectionError):
                await client(functions.channels.InviteToChannelRequest(CLUB, [person]))
        full.room = 1_000_000
        async with rehearsal.client(rehearsal.accounts[1]) as other:
            assert "willing_one" in {u.username for u in await other.get_participants(CLUB)}
    async with running_rehearsal(state_dir=tmp_path) as rehearsal:
        assert "willing_one" in {member.username for member in rehearsal.world.members(CLUB)}
