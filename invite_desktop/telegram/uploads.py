"""Files on their way to Telegram: in parts, then kept there for many messages."""

from __future__ import annotations

import asyncio
import mimetypes
import secrets
from typing import TYPE_CHECKING

from telethon.tl.functions.messages import UploadMediaRequest
from telethon.tl.functions.upload import SaveBigFilePartRequest, SaveFilePartRequest
from telethon.tl.types import (
    DocumentAttributeFilename,
    InputDocument,
    InputFile,
    InputFileBig,
    InputMediaDocument,
    InputMediaPhoto,
    InputMediaUploadedDocument,
    InputMediaUploadedPhoto,
    InputPeerSelf,
    InputPhoto,
)

from invite_desktop.domain.attachments import AttachmentKind
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.engine.ports.telegram import UploadedFile

if TYPE_CHECKING:
    from pathlib import Path

    from telethon.tl.types import TypeInputMedia

    from invite_desktop.domain.attachments import Attachment
    from invite_desktop.telegram.account_connection import AccountConnection

PART = 512 * 1024
"""Bytes of a part (core.telegram.org/api/files)."""

_BIG = 10 * 1024 * 1024
"""Files above this size go by upload.saveBigFilePart, which knows no checksum."""


async def upload(connection: AccountConnection, attachment: Attachment) -> UploadedFile:
    """Give Telegram a file to keep, which nobody notices.

    Raises CallError, and KnownError when the file cannot be read to its end.
    """
    file = await _send_parts(connection, attachment)
    picture = attachment.kind is AttachmentKind.PICTURE
    media: TypeInputMedia
    if picture:
        media = InputMediaUploadedPhoto(file)
    else:
        name = attachment.path.name
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        attributes = [DocumentAttributeFilename(name)]
        media = InputMediaUploadedDocument(file, kind, attributes, force_file=True)
    answer = await connection.call(UploadMediaRequest(InputPeerSelf(), media))
    kept = answer.photo if picture else answer.document
    return UploadedFile(attachment.kind, kept.id, kept.access_hash, kept.file_reference)


def input_media(file: UploadedFile) -> TypeInputMedia:
    """Return a kept file for a message."""
    if file.kind is AttachmentKind.PICTURE:
        return InputMediaPhoto(InputPhoto(file.id, file.access_hash, file.reference))
    return InputMediaDocument(InputDocument(file.id, file.access_hash, file.reference))


async def _send_parts(
    connection: AccountConnection, attachment: Attachment
) -> InputFile | InputFileBig:
    file_id, big = secrets.randbits(63), attachment.size > _BIG
    parts = -(-attachment.size // PART)
    for number in range(parts):
        data = await asyncio.to_thread(_read, attachment, number)
        if big:
            await connection.call(SaveBigFilePartRequest(file_id, number, parts, data))
        else:
            await connection.call(SaveFilePartRequest(file_id, number, data))
    name = attachment.path.name
    return InputFileBig(file_id, parts, name) if big else InputFile(file_id, parts, name, "")


def _read(attachment: Attachment, number: int) -> bytes:
    """Return a part of a file, which must be as long as it was."""
    expected = min(PART, attachment.size - number * PART)
    try:
        with attachment.path.open("rb") as file:
            file.seek(number * PART)
            data = file.read(PART)
    except OSError as error:
        raise _unreadable(attachment.path) from error
    if len(data) != expected:
        raise _unreadable(attachment.path)
    return data


def _unreadable(path: Path) -> KnownError:
    return KnownError(
        message("The file “{name}” cannot be read, or is no longer there.", name=path.name),
        message("Put it back, or choose another one."),
    )
