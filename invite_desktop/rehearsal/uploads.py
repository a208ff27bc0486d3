"""Parts of files that clients send before the message that carries them."""

from __future__ import annotations

from collections import OrderedDict
from hashlib import md5

from invite_desktop.rehearsal.faults import MethodError

MAX_FILE = 20 * 1024 * 1024
"""Bytes; more than any picture or document of this product."""

_MAX_PART = 512 * 1024
_MAX_PARTS = 4000
_MAX_OPEN = 16


class Uploads:
    """Unfinished files of all accounts; they are forgotten with the server."""

    def __init__(self) -> None:
        self._files: OrderedDict[tuple[int, int], dict[int, bytes]] = OrderedDict()

    def save(self, account_id: int, file_id: int, number: int, part: bytes) -> None:
        """Keep one part. Raises MethodError (core.telegram.org/method/upload.saveFilePart)."""
        if not 0 <= number < _MAX_PARTS:
            raise MethodError("FILE_PART_INVALID")
        if not part:
            raise MethodError("FILE_PART_EMPTY")
        if len(part) > _MAX_PART:
            raise MethodError("FILE_PART_TOO_BIG")
        parts = self._files.setdefault((account_id, file_id), {})
        self._files.move_to_end((account_id, file_id))
        parts[number] = part
        if sum(map(len, parts.values())) > MAX_FILE:
            del self._files[account_id, file_id]
            raise MethodError("FILE_PARTS_INVALID")
        while len(self._files) > _MAX_OPEN:
            self._files.popitem(last=False)

    def take(self, account_id: int, file_id: int, count: int, checksum: str) -> bytes:
        """Return a whole file and forget its parts; ``checksum`` "" is not looked at."""
        parts = self._files.get((account_id, file_id), {})
        if not 0 < count <= _MAX_PARTS:
            raise MethodError("FILE_PARTS_INVALID")
        for number in range(count):
            if number not in parts:
                raise MethodError(f"FILE_PART_{number}_MISSING")
        data = b"".join(parts[number] for number in range(count))
        if checksum and md5(data, usedforsecurity=False).hexdigest() != checksum.lower():
            raise MethodError("MD5_CHECKSUM_INVALID")
        del self._files[account_id, file_id]
        return data
