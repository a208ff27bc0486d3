"""The picture or file of a message: looked at on the disk, and uploaded once by each account."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from invite_desktop.domain.attachments import attachment_of
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.domain.outcomes import Outcome, OutcomeCode

if TYPE_CHECKING:
    from invite_desktop.domain.attachments import Attachment
    from invite_desktop.domain.tasks import InviteTask
    from invite_desktop.engine.ports.telegram import Messenger, UploadedFile

_BEGINNING = 256 * 1024
"""Bytes in which the size of a picture is found, behind the thumbnail that a camera puts first."""


async def inspect_file(path: str) -> Attachment:
    """Return a file as it lies on the disk now, read off the loop's thread.

    Raises KnownError when it is not there, cannot be read, or breaks Telegram's rules.
    """
    return await asyncio.to_thread(_inspect, Path(path))


class MessageFiles:
    """What one account has uploaded; a file that has changed since is uploaded anew."""

    def __init__(self) -> None:
        self._uploaded: dict[Attachment, UploadedFile] = {}
        self._proven: set[UploadedFile] = set()

    async def of(self, task: InviteTask, messenger: Messenger) -> UploadedFile | Outcome | None:
        """Return the file of a task's messages as Telegram has it, None for a task without one.

        FILE_UNUSABLE when it is gone or refused; other outcomes are those of the upload.
        """
        if not task.attachment:
            return None
        try:
            attachment = await inspect_file(task.attachment)
            uploaded = self._uploaded.get(attachment) or await messenger.upload(attachment)
        except KnownError:
            return Outcome(OutcomeCode.FILE_UNUSABLE)
        if not isinstance(uploaded, Outcome):
            self._uploaded[attachment] = uploaded
        return uploaded

    def judge(self, file: UploadedFile | None, outcome: Outcome) -> Outcome:
        """Return what the outcome of a message with a file means.

        A file that Telegram no longer knows is uploaded anew for the next message; one that it
        has never known in a message cannot be used.
        """
        if file is None:
            return outcome
        if outcome.code is OutcomeCode.SENT:
            self._proven.add(file)
        elif outcome.code is OutcomeCode.INTERRUPTED:
            self._uploaded = {a: known for a, known in self._uploaded.items() if known != file}
            if file not in self._proven:
                return replace(outcome, code=OutcomeCode.FILE_UNUSABLE)
        return outcome


def _inspect(path: Path) -> Attachment:
    try:
        with path.open("rb") as file:
            beginning = file.read(_BEGINNING)
        facts = path.stat()
    except OSError as error:
        raise KnownError(
            message("The file “{name}” cannot be read, or is no longer there.", name=path.name),
            message("Put it back, or choose another one."),
        ) from error
    return attachment_of(path, facts.st_size, facts.st_mtime_ns, beginning)
