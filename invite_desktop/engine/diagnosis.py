"""One look at everything that a task needs: what is wrong, and what mends it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invite_desktop.domain.accounts import LOST_STATES, AccountState
from invite_desktop.domain.diagnosis import Area, Finding, Repair, RepairKind
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import Message, counted, message
from invite_desktop.domain.outcomes import OutcomeCode, TargetState
from invite_desktop.domain.pace import PaceReason
from invite_desktop.domain.tasks import TaskKind
from invite_desktop.domain.words import words_for
from invite_desktop.engine.diagnosis_rules import (
    blocking,
    care,
    data_findings,
    disk_finding,
    fine,
    task_findings,
)
from invite_desktop.engine.message_check import check_text
from invite_desktop.engine.task_chats import is_same_chat
from invite_desktop.engine.task_work import ACTION_OF

if TYPE_CHECKING:
    from collections.abc import Sequence

    from invite_desktop.domain.accounts import Account
    from invite_desktop.domain.statistics import Counters
    from invite_desktop.domain.tasks import InviteTask
    from invite_desktop.engine.account_pace import Pace
    from invite_desktop.engine.account_states import AccountStates
    from invite_desktop.engine.accounts import Accounts
    from invite_desktop.engine.chat_check import ChatChecks
    from invite_desktop.engine.setup import Ports
    from invite_desktop.engine.views import ChatCheck


class Diagnosis:
    """Asks store, keyring and Telegram anew, and changes nothing but what accounts are known to be.

    Each area answers with at least one finding, in the order of ``Area``.
    """

    def __init__(
        self,
        ports: Ports,
        states: AccountStates,
        pace: Pace,
        checks: ChatChecks,
        accounts: Accounts,
    ) -> None:
        self._ports = ports
        self._states = states
        self._pace = pace
        self._checks = checks
        self._accounts = accounts

    async def of_task(self, task_id: int) -> Sequence[Finding]:
        """Look at everything. Nobody is contacted."""
        task = await self._ports.tasks.task(task_id)
        counters = await self._ports.tasks.counters(task_id)
        keyring = await self._keyring()
        rights = await self._rights(task)
        findings = [
            *task_findings(task, counters),
            *await self._audience(task, counters),
            *await self._data(task, counters),
            *self._who_is_there(),
            *rights,
            keyring,
            *await self._network(task),
            *await self._limits(task),
            await self._disk(),
        ]
        places = list(Area)
        return sorted(findings, key=lambda finding: places.index(finding.area))

    # ------------------------------------------------------------ people

    async def _audience(self, task: InviteTask, counters: Counters) -> Sequence[Finding]:
        known = {audience.id: audience for audience in await self._ports.audiences.audiences()}
        audience = known.get(task.audience_id)
        if audience is None:
            words = message(
                "The audience was deleted. The task goes on with the people it was made of."
            )
            return [care(Area.AUDIENCE, words)]
        if not audience.basis.allows_sending:
            words = message(
                "It is not known why the people of “{audience}” may be contacted.",
                audience=audience.name,
            )
            repair = Repair(RepairKind.CHANGE_BASIS, audience.id)
            return [blocking(Area.AUDIENCE, words, repair)]
        return [_people_left(task, counters)]

    async def _data(self, task: InviteTask, counters: Counters) -> Sequence[Finding]:
        pending = await self._ports.tasks.pending_by_key(task.id)
        found = list(data_findings(task, counters, pending))
        if task.kind is TaskKind.MESSAGE and counters.pending:
            checked = await check_text(self._ports.audiences, task.audience_id, task.text)
            if (refusal := checked.refusal) is not None:
                repair = Repair(RepairKind.COPY_TASK, task.id)
                found.insert(0, care(Area.DATA, refusal.explanation, repair))
        return found

    # ------------------------------------------------------------ accounts

    def _who_is_there(self) -> Sequence[Finding]:
        now = self._ports.clock.now()
        accounts = self._states.all()
        if not accounts:
            words = message("There is no account yet.")
            return [blocking(Area.ACCOUNTS, words, Repair(RepairKind.ADD_ACCOUNT))]
        ready = [account for account in accounts if account.is_ready(now)]
        if ready:
            words = counted("{count} account is ready.", "{count} accounts are ready.", len(ready))
            found = [fine(Area.ACCOUNTS, words)]
        else:
            found = [blocking(Area.ACCOUNTS, message("No account is ready."))]
        resting = [self._not_ready(account) for account in accounts if account not in ready]
        return [*found, *resting]

    def _not_ready(self, account: Account) -> Finding:
        state = account.state_at(self._ports.clock.now())
        words = message(
            "{account}: {state}.", account=account.profile.label, state=words_for(state)
        )
        if account.until is not None:
            words = message(
                "{account}: {state} until {time}.",
                account=account.profile.label,
                state=words_for(state),
                time=account.until,
            )
        kind = RepairKind.OPEN_ACCOUNT
        if state is AccountState.SWITCHED_OFF:
            kind = RepairKind.SWITCH_ON_ACCOUNT
        elif state is AccountState.RESTING and account.rests_by_user:
            kind = RepairKind.RELEASE_ACCOUNT
        elif state is AccountState.LOGGED_OUT:
            kind = RepairKind.ADD_ACCOUNT
        return care(Area.ACCOUNTS, words, Repair(kind, account.id))

    async def _rights(self, task: InviteTask) -> Sequence[Finding]:
        if task.chat is None:
            return [fine(Area.RIGHTS, message("Messages need no rights in a chat."))]
        check = (await self._checks.examine_chat(task.chat)).check
        if not check.accounts:
            words = message("Without an account nobody can look at the chat.")
            return [blocking(Area.RIGHTS, words, Repair(RepairKind.ADD_ACCOUNT))]
        if check.info is None:
            words = check.problem or message("None of your accounts can see this chat.")
            first = check.accounts[0].account.id
            return [blocking(Area.RIGHTS, words, Repair(RepairKind.CHECK_ACCOUNT, first))]
        if not is_same_chat(check.info, task.chat):
            words = message(
                "The link {address} now leads to another chat: “{title}”.",
                address=str(task.chat.address),
                title=check.info.title,
            )
            return [blocking(Area.RIGHTS, words, Repair(RepairKind.COPY_TASK, task.id))]
        if check.info.link_only and check.problem is not None:
            repair = Repair(RepairKind.SHOW_LINK, task.id)
            return [blocking(Area.RIGHTS, check.problem, repair)]
        return _admins(check)

    # ------------------------------------------------------------ surroundings

    async def _keyring(self) -> Finding:
        try:
            known = await self._ports.vault.credentials() is not None
        except KnownError as error:
            return blocking(Area.KEYRING, _with_next_step(error))
        if not known:
            words = message("The api_id and api_hash are not entered yet.")
            return blocking(Area.KEYRING, words, Repair(RepairKind.ADD_ACCOUNT))
        return fine(Area.KEYRING, message("The keyring of the system opens."))

    async def _network(self, task: InviteTask) -> Sequence[Finding]:
        """Tell who cannot reach Telegram; the look at the chat has just tried it."""
        now = self._ports.clock.now()
        found = []
        for account in self._states.all():
            if account.state_at(now) in LOST_STATES | {AccountState.SWITCHED_OFF}:
                continue
            if task.chat is None and (trouble := await self._unreachable(account)) is not None:
                found.append(trouble)
            elif (outage := self._states.outage(account.id)) is not None:
                words = message(
                    "{account} has not reached Telegram since {time}.",
                    account=account.profile.label,
                    time=outage.since,
                )
                found.append(blocking(Area.NETWORK, words, Repair(RepairKind.SET_PROXY)))
        return found or [fine(Area.NETWORK, message("Telegram can be reached."))]

    async def _unreachable(self, account: Account) -> Finding | None:
        try:
            await self._accounts.check(account.id)
        except KnownError as error:
            words = message(
                "{account}: {words}", account=account.profile.label, words=_with_next_step(error)
            )
            return blocking(Area.NETWORK, words, Repair(RepairKind.SET_PROXY))
        return None

    async def _limits(self, task: InviteTask) -> Sequence[Finding]:
        now = self._ports.clock.now()
        found = []
        for account in self._states.all():
            if not account.is_ready(now):
                continue
            decision = await self._pace.next_allowed(account.id, ACTION_OF[task.kind])
            if decision.reason in (PaceReason.HOUR, PaceReason.DAY):
                words = message(
                    "{account} {reason}; it goes on by itself at {time}.",
                    account=account.profile.label,
                    reason=words_for(decision.reason),
                    time=decision.at,
                )
                found.append(
                    care(Area.LIMITS, words, Repair(RepairKind.OPEN_ACCOUNT, account.id))
                    if decision.reason is PaceReason.DAY
                    else fine(Area.LIMITS, words)
                )
        return found or [fine(Area.LIMITS, message("No ready account has used up its limits."))]

    async def _disk(self) -> Finding:
        try:
            await self._ports.storage.try_writing()
        except KnownError as error:
            return blocking(Area.DISK, _with_next_step(error))
        return disk_finding(await self._ports.storage.free_bytes())


def _people_left(task: InviteTask, counters: Counters) -> Finding:
    opted_out = counters.by_reason.get((TargetState.SKIPPED, OutcomeCode.OPTED_OUT), 0)
    left = counters.pending + counters.in_work
    words = counted(
        "{count} person is still to be contacted.",
        "{count} people are still to be contacted.",
        left,
    )
    if opted_out * 10 >= counters.total > 0:
        many = message(
            "{opted_out} of {total} people do not want to be contacted: look at where the list "
            "comes from.",
            opted_out=opted_out,
            total=counters.total,
        )
        repair = Repair(
            RepairKind.SHOW_PEOPLE, task.id, TargetState.SKIPPED.value, OutcomeCode.OPTED_OUT.value
        )
        return care(Area.AUDIENCE, many, repair)
    return fine(Area.AUDIENCE, words)


def _admins(check: ChatCheck) -> Sequence[Finding]:
    """Return who may invite there; if nobody may, what each of them is."""
    if check.admins:
        words = counted(
            "{count} account may invite there.",
            "{count} accounts may invite there.",
            len(check.admins),
        )
        return [fine(Area.RIGHTS, words)]
    found = [
        blocking(
            Area.RIGHTS,
            message(
                "{account}: {why}.", account=row.account.profile.label, why=words_for(row.standing)
            ),
            Repair(RepairKind.CHECK_ACCOUNT, row.account.id),
        )
        for row in check.accounts
    ]
    words = check.problem or message("None of your accounts may invite there.")
    return [blocking(Area.RIGHTS, words), *found]


def _with_next_step(error: KnownError) -> Message:
    if error.next_step is None:
        return error.explanation
    return message("{what} {next}", what=error.explanation, next=error.next_step)
