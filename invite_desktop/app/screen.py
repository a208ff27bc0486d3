"""Is there a screen, and everything that Qt needs to draw on it? Qt itself would abort."""

from __future__ import annotations

import ctypes
import os
import sys

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message

_X11_LIBRARIES = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-shape.so.0": "libxcb-shape0",
}
_ALL_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libglib-2.0.so.0": "libglib2.0-0",
}
"""What Qt loads on Linux, and the Debian package that has it."""


def require_screen() -> None:
    """Raise KnownError when a window could not be drawn on this machine."""
    if sys.platform != "linux":
        return
    platform = os.environ.get("QT_QPA_PLATFORM", "")
    has_x11 = bool(os.environ.get("DISPLAY"))
    if not (platform or has_x11 or os.environ.get("WAYLAND_DISPLAY")):
        raise KnownError(
            message("There is no screen here for the window."),
            message(
                "Without one, “{command}” does the same job.",
                command="invite-desktop rehearse FILE",
            ),
        )
    needed = dict(_ALL_LIBRARIES)
    if platform.startswith("xcb") or (has_x11 and not platform):
        needed |= _X11_LIBRARIES
    missing = [package for library, package in needed.items() if not _can_be_loaded(library)]
    if missing:
        raise KnownError(
            message("The window needs system libraries that are missing here."),
            message("Install them: {command}", command=f"apt-get install {' '.join(missing)}"),
        )


def _can_be_loaded(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
