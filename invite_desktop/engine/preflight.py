"""The check before every start: can this task do anything at all?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.domain.tasks import ChatRef
from invite_desktop.engine.message_files import inspect_file
from invite_desktop.engine.task_chats import address_by_id, is_same_chat

if TYPE_CHECKING:
    from collections.abc import Mapping

    from invite_desktop.domain.tasks import InviteTask
    from invite_desktop.engine.account_states import AccountStates
    from invite_desktop.engine.chat_check import ChatChecks
    from invite_desktop.engine.ports.telegram import ChatSight
    from invite_desktop.engine.setup import Ports
    from invite_desktop.engine.views import ChatCheck


class Preflight:
    """Looks at chat and accounts anew, whatever a form showed before."""

    def __init__(self, checks: ChatChecks, accounts: AccountStates, ports: Ports) -> None:
        self._checks = checks
        self._accounts = accounts
        self._tasks = ports.tasks
        self._clock = ports.clock

    async def clear(self, task: InviteTask) -> Mapping[int, ChatSight]:
        """Return what the accounts see of the task's chat, by account id.

        Raises KnownError when no account can act now, or when the file of the message is gone. A
        used-up limit of the pace is no such reason: the task waits for the next day by itself.
        """
        if task.attachment:
            await inspect_file(task.attachment)
        if task.chat is None:
            self._require_ready_account()
            return {}
        examination = await self._checks.examine_chat(task.chat)
        chat = await self._followed(task, task.chat, examination.check)
        self._require_same_chat(chat, examination.check)
        self._require_ready_admin(examination.check)
        return examination.sights

    async def _followed(self, task: InviteTask, chat: ChatRef, check: ChatCheck) -> ChatRef:
        """Return the chat of a task, after following it to where it is now.

        A basic group may have become a supergroup, a chat have lost the link by which the task knew
        it; and who had only an invite link learns the chat's id by becoming a member.
        """
        seen, moved = check.info, check.address != chat.address
        if seen is None or seen.chat_id == 0:
            return chat
        became = ChatRef(seen.chat_id, seen.title, seen.kind, address_by_id(seen))
        if seen.migrated_from is not None:
            await self._tasks.follow_chat(seen.migrated_from, became)
        if chat.chat_id == 0:
            await self._tasks.keep_chat(task.id, replace(became, address=chat.address))
        elif moved and seen.chat_id == chat.chat_id:
            await self._tasks.keep_chat(task.id, became)
        return (await self._tasks.task(task.id)).chat or chat

    def _require_ready_account(self) -> None:
        now = self._clock.now()
        if not any(account.is_ready(now) for account in self._accounts.all()):
            raise KnownError(
                message("No account is ready to send messages."),
                message("See on the Accounts tab what keeps them from it."),
            )

    def _require_same_chat(self, chat: ChatRef, check: ChatCheck) -> None:
        if check.info is not None and not is_same_chat(check.info, chat):
            raise KnownError(
                message(
                    "The link {address} now leads to another chat: “{title}”.",
                    address=str(chat.address),
                    title=check.info.title,
                ),
                message("Make a new task with the right link."),
            )

    def _require_ready_admin(self, check: ChatCheck) -> None:
        now = self._clock.now()
        free = [row for row in check.admins if row.account.is_ready(now)]
        link_only = check.info is not None and check.info.link_only
        if free and not link_only:
            return
        problem = check.problem or message("No account can invite there now.")
        first = min((row.until for row in check.admins if row.until is not None), default=None)
        if first is None or link_only:
            raise KnownError(problem)
        raise KnownError(
            problem, message("The first of them is ready again at {time}.", time=first)
        )
