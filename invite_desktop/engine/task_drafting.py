"""From what the user decided to a task that can be stored."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.domain.tasks import TaskKind
from invite_desktop.domain.templates import STOP_LINE, longest_text, with_stop_line
from invite_desktop.engine.message_check import check_text
from invite_desktop.engine.message_files import inspect_file
from invite_desktop.engine.task_use import require_basis

if TYPE_CHECKING:
    from collections.abc import Callable

    from invite_desktop.domain.audiences import Audience
    from invite_desktop.domain.messages import Message
    from invite_desktop.domain.tasks import NewTask
    from invite_desktop.engine.ports.stores import AudienceStore


class TaskDrafting:
    """Checks and completes new tasks. ``namer`` turns a message into text in the user's language.

    That text is stored, so that a change of language renames no task and no message.
    """

    def __init__(self, audiences: AudienceStore, namer: Callable[[Message], str]) -> None:
        self._audiences = audiences
        self._namer = namer

    async def complete(self, new: NewTask, stop_line: str | None) -> tuple[NewTask, str]:
        """Return the task as it is stored, and its name.

        ``stop_line`` None means our own line. Raises KnownError when the audience may not be used,
        the chat is missing, or the message cannot be made for everybody.
        """
        audience = await self._audience(new.audience_id)
        if new.kind is TaskKind.INVITE:
            if new.chat is None:
                raise KnownError(
                    message("There is no chat to invite people to."),
                    message("Give the link of your group or channel."),
                )
            name = message("Invitations to “{title}”", title=new.chat.title)
            return replace(new, text="", attachment=""), new.name or self._namer(name)
        line = self._namer(STOP_LINE) if stop_line is None else stop_line
        text = with_stop_line(new.text, line)
        if new.attachment:
            await inspect_file(new.attachment)
        limit = longest_text(new.attachment)
        check = await check_text(self._audiences, audience.id, text, limit)
        if (refusal := check.refusal) is not None:
            raise refusal
        name = message("Messages to “{audience}”", audience=audience.name)
        return replace(new, text=text, chat=None), new.name or self._namer(name)

    async def _audience(self, audience_id: int) -> Audience:
        found = [a for a in await self._audiences.audiences() if a.id == audience_id]
        if not found:
            raise KnownError(message("This audience is no longer here."))
        require_basis(found[0].basis)
        return found[0]
