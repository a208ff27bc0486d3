"""Where a second start of the program knocks: it hands its files over and leaves.

A local socket by profile (a named pipe on Windows), for the same user only. One line of JSON goes
in, ``{"files": ["/absolute/path", …]}``, and one line of thanks comes out.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

if TYPE_CHECKING:
    from collections.abc import Sequence

    from invite_desktop.app.paths import Profile

_LONGEST_LINE = 1_000_000
"""Bytes; a longer line is no list of files."""
_THANKS = b"thanks\n"
_TRY_EVERY = 0.1


class FrontDoor(QObject):
    """Listens in the program that has the profile. ``knocked``: a list of absolute paths."""

    knocked = Signal(object)

    def __init__(self, profile: Profile) -> None:
        super().__init__()
        self._name = door_name(profile)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._let_in)

    def open(self) -> bool:
        """Listen; return whether that succeeded. What a killed program left behind is removed."""
        # The lock on the profile says that nobody else listens here.
        QLocalServer.removeServer(self._name)
        return self._server.listen(self._name)

    def close(self) -> None:
        """Listen no more."""
        self._server.close()

    def _let_in(self) -> None:
        while (guest := self._server.nextPendingConnection()) is not None:
            guest.readyRead.connect(lambda guest=guest: self._hear(guest))
            guest.disconnected.connect(guest.deleteLater)
            self._hear(guest)

    def _hear(self, guest: QLocalSocket) -> None:
        if not guest.canReadLine():
            if guest.bytesAvailable() > _LONGEST_LINE:
                guest.abort()
            return
        files = _files_of(bytes(guest.readLine(_LONGEST_LINE).data()))
        if files is None:
            guest.abort()
            return
        guest.write(_THANKS)
        guest.flush()  # before the window is busy with the files
        guest.disconnectFromServer()
        self.knocked.emit(files)


def knock(profile: Profile, files: Sequence[Path], patience: float) -> bool:
    """Hand files to the program that has the profile; return whether it took them.

    ``patience`` are the seconds that it may need until it listens.
    """
    end = time.monotonic() + patience
    line = json.dumps({"files": [str(path.absolute()) for path in files]}).encode() + b"\n"
    while not _said(door_name(profile), line):
        if time.monotonic() > end:
            return False
        time.sleep(_TRY_EVERY)
    return True


def door_name(profile: Profile) -> str:
    """Return the socket's name: in the user's own directory where the system has one."""
    place = str(profile.directory.resolve()).encode()
    name = f"invite-desktop-{hashlib.sha256(place).hexdigest()[:16]}"
    own = os.environ.get("XDG_RUNTIME_DIR", "")
    return str(Path(own) / name) if own and Path(own).is_dir() else name


def _said(name: str, line: bytes) -> bool:
    socket = QLocalSocket()
    socket.connectToServer(name)
    if not socket.waitForConnected(1_000):
        return False
    socket.write(line)
    while socket.bytesToWrite() and socket.waitForBytesWritten(1_000):
        pass
    thanks = bytes(socket.readAll().data()) if socket.waitForReadyRead(5_000) else b""
    socket.abort()
    return thanks == _THANKS


def _files_of(line: bytes) -> list[Path] | None:
    """Return the absolute paths of a line, None when it is none of ours."""
    try:
        said = json.loads(line)
        files = [Path(name) for name in said["files"]]
    except (ValueError, TypeError, KeyError):
        return None
    return files if all(path.is_absolute() for path in files) else None
