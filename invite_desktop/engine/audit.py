"""Does what we say agree with what Telegram says?"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from invite_desktop.domain.messages import counted, message
from invite_desktop.domain.outcomes import Outcome, TargetState
from invite_desktop.domain.tasks import TaskKind
from invite_desktop.domain.templates import message_text
from invite_desktop.engine.task_chats import see_chat_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from invite_desktop.domain.messages import Message
    from invite_desktop.domain.tasks import InviteTask
    from invite_desktop.engine.ports.ledger import AddressedTarget, Ledger
    from invite_desktop.engine.ports.stores import AccountStore, TaskStore
    from invite_desktop.engine.ports.telegram import ChatMember, Messenger, TelegramGateway

_IN_THE_CHAT = frozenset({TargetState.JOINED, TargetState.ALREADY_MEMBER})
_NOT_SEEN_IN_THE_CHAT = frozenset({TargetState.INVITED, TargetState.UNCERTAIN})
_DIALOGUE_DEPTH = 20


@dataclass(frozen=True, slots=True)
class AuditReport:
    """The comparison of ledger, counters and Telegram for one task.

    ``ledger`` counts the people we say joined (or were written to), ``telegram`` those of them
    that Telegram says so too; ``findings`` is empty when everything agrees. ``left``: ids of those
    who were seen in the chat and are not there any more; Telegram does not tell when they went.
    """

    ledger: int
    telegram: int
    findings: Sequence[Message]
    left: frozenset[int] = field(default=frozenset())


class Audit:
    """Compares one task's numbers with each other and with Telegram's own lists."""

    def __init__(
        self, gateway: TelegramGateway, accounts: AccountStore, tasks: TaskStore, ledger: Ledger
    ) -> None:
        self._gateway = gateway
        self._accounts = accounts
        self._tasks = tasks
        self._ledger = ledger

    async def of_task(self, task_id: int) -> AuditReport:
        """Return the comparison; what could not be asked is a finding, too."""
        task = await self._tasks.task(task_id)
        findings = await self._bookkeeping(task_id)
        addressed = await self._tasks.addressed(task_id)
        if task.kind is TaskKind.INVITE:
            report = await self._membership(task, addressed)
        else:
            report = await self._dialogues(task, addressed)
        return replace(report, findings=[*findings, *report.findings])

    async def _bookkeeping(self, task_id: int) -> list[Message]:
        findings = []
        if await self._tasks.counters(task_id) != await self._tasks.recount(task_id):
            findings.append(message("The kept counters differ from a recount of the targets."))
        open_calls = [s for s in await self._ledger.unsettled() if s.attempt.task_id == task_id]
        if open_calls:
            findings.append(
                counted(
                    "{count} attempt has no outcome yet.",
                    "{count} attempts have no outcome yet.",
                    len(open_calls),
                )
            )
        return findings

    async def _membership(
        self, task: InviteTask, addressed: Sequence[AddressedTarget]
    ) -> AuditReport:
        joined = {t.peer.user_id for t in addressed if t.state is TargetState.JOINED}
        members = await self._members(task)
        if members is None:
            return AuditReport(
                len(joined), 0, [message("The chat's list of members could not be read.")]
            )
        there = {member.user_id for member in members}
        seen = {t.peer.user_id for t in addressed if t.state in _IN_THE_CHAT}
        unseen = {t.peer.user_id for t in addressed if t.state in _NOT_SEEN_IN_THE_CHAT}
        wrong = unseen & there
        findings = [_disagreement(len(wrong))] if wrong else []
        left = frozenset(seen - there)
        return AuditReport(len(joined), len(joined & there), findings, left)

    async def _members(self, task: InviteTask) -> Sequence[ChatMember] | None:
        if task.chat is None:
            return None
        for messenger in await self._messengers():
            sight = await see_chat_of(messenger, task.chat)
            if isinstance(sight, Outcome) or sight.peer is None:
                continue
            members = await messenger.members(sight.peer)
            if not isinstance(members, Outcome):
                return members
        return None

    async def _messengers(self) -> list[Messenger]:
        opened = [await self._gateway.open(a.id) for a in await self._accounts.accounts()]
        return [messenger for messenger in opened if not isinstance(messenger, Outcome)]

    async def _dialogues(
        self, task: InviteTask, addressed: Sequence[AddressedTarget]
    ) -> AuditReport:
        sent = [target for target in addressed if target.state is TargetState.SENT]
        seen = sum([await self._was_sent_once(task, target) for target in sent])
        wrong = len(sent) - seen
        return AuditReport(len(sent), seen, [_disagreement(wrong)] if wrong else [])

    async def _was_sent_once(self, task: InviteTask, target: AddressedTarget) -> bool:
        messenger = await self._gateway.open(target.account_id)
        if isinstance(messenger, Outcome):
            return False
        own = await messenger.own_messages(target.peer, _DIALOGUE_DEPTH)
        if isinstance(own, Outcome):
            return False
        text = message_text(task.text, (await self._tasks.target(target.target_id)).person)
        return sum(item.text == text for item in own) == 1


def _disagreement(people: int) -> Message:
    return counted(
        "For {count} person Telegram says something else than the ledger.",
        "For {count} people Telegram says something else than the ledger.",
        people,
    )
