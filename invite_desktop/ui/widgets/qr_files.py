"""QR codes as pictures that leave the program: PNG, SVG, and the clipboard."""

from __future__ import annotations

import asyncio
import io
from typing import TYPE_CHECKING

import segno
from PySide6.QtGui import QImage

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message

if TYPE_CHECKING:
    from pathlib import Path

_QUIET = 4
"""Modules of white around the code (ISO/IEC 18004)."""

_PIXELS = 16
"""A module's side in a PNG: some 600 pixels for a link, enough for a leaflet."""


def qr_bytes(text: str, kind: str) -> bytes:
    """Return a QR code as an image file; ``kind`` is "png" or "svg"."""
    written = io.BytesIO()
    scale = _PIXELS if kind == "png" else 1
    segno.make_qr(text, error="m").save(
        written, kind=kind, scale=scale, border=_QUIET, light="white"
    )
    return written.getvalue()


def qr_image(text: str) -> QImage:
    """Return a QR code as a picture for the clipboard."""
    return QImage.fromData(qr_bytes(text, "png"))


async def save_qr(text: str, path: Path) -> None:
    """Write a QR code to a file, in the format of its suffix. Raises KnownError."""
    kind = "svg" if path.suffix.lower() == ".svg" else "png"
    try:
        await asyncio.to_thread(path.write_bytes, qr_bytes(text, kind))
    except OSError as error:
        raise KnownError(
            message("“{name}” could not be written to the disk.", name=path.name),
            message("Choose another folder."),
        ) from error
